"""Shows SLA clocks as a table, and the clocks of one ticket interval by interval."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from itsm_as_code.domain.clocks.itemise import Interval
from itsm_as_code.domain.clocks.status import ClockState, ClockStatus
from itsm_as_code.domain.instants import write_utc
from itsm_as_code.render.durations import length, local
from itsm_as_code.render.line import Line, line, strong
from itsm_as_code.render.table import Table

JSON_VERSION = 1
_SPAN_AT = 23
"""The column at which the span of an interval begins."""
FIELDS = (
    "ticket", "priority", "sla", "target", "status", "target_seconds", "used_seconds", "remaining_seconds",
    "started_at", "due_at", "stopped_at", "title",
)  # fmt: skip
"""The fields of a clock that programs get."""
ACCENTS = {"breached": "bold red", "at risk": "bold yellow", "met": "green"}


def clock_table(clock_rows: Iterable[Any], zone: str) -> Table:
    """Returns a table for people with one row per clock. Due times are in `zone`."""
    due = f"due ({zone})"
    headings = ("ticket", "priority", "sla", "target", "status", "used", "of", due, "left", "title")
    rows = tuple(_row(row, zone) for row in clock_rows)
    return Table(headings, rows, "title", ("used", "of", "sla", "priority", due), ACCENTS)


def _row(row: Any, zone: str) -> tuple[str, ...]:
    ticket, clock = row.ticket, row.clock
    cycle = clock.current
    used, of, due, left = "", "", "", ""
    if cycle is not None:
        used = length(cycle.elapsed_seconds)
        of = str(cycle.duration) if cycle.duration else ""
        due = _due(cycle.due_at, zone) if cycle.due_at else ""
        running = clock.state in (ClockState.RUNNING, ClockState.AT_RISK, ClockState.BREACHED, ClockState.PAUSED)
        if running and cycle.remaining_seconds is not None and cycle.stopped_at is None:
            left = length(cycle.remaining_seconds)
    priority = str(ticket.current("priority") or "")
    return (
        ticket.id, priority, row.agreement.sla, clock.target, status_word(clock), used, of, due, left,
        ticket.title,
    )  # fmt: skip


def _due(at: datetime, zone: str) -> str:
    return at.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%d %H:%M")


def clocks_plain(clock_rows: Iterable[Any]) -> Table:
    """Returns a table for spreadsheets: a row for each clock, with the names and values of the JSON, or empty cells."""
    rows = [_data(row) for row in clock_rows]
    return Table(FIELDS, tuple(tuple("" if row[name] is None else str(row[name]) for name in FIELDS) for row in rows))


def clocks_json(clock_rows: Iterable[Any], now: datetime) -> str:
    """Returns the same as JSON: instants in UTC, lengths in working seconds, null for what a clock does not have. `at`
    is the time up to which the clocks have counted."""
    rows = [_data(row) for row in clock_rows]
    return json.dumps({"version": JSON_VERSION, "at": write_utc(now), "clocks": rows}, indent=2, ensure_ascii=True)


def _data(row: Any) -> dict[str, Any]:
    ticket, clock = row.ticket, row.clock
    cycle = clock.current
    data: dict[str, Any] = {
        "ticket": ticket.id, "title": ticket.title, "priority": ticket.current("priority"),
        "sla": row.agreement.sla, "target": clock.target, "status": clock.state.value,
    }  # fmt: skip
    measured = {
        "target_seconds": cycle and cycle.target_seconds,
        "used_seconds": cycle and cycle.elapsed_seconds,
        "remaining_seconds": cycle and cycle.remaining_seconds,
    }
    instants = {"started_at": cycle and cycle.started_at, "due_at": cycle and cycle.due_at,
                "stopped_at": cycle and cycle.stopped_at}  # fmt: skip
    return data | measured | {name: at and write_utc(at) for name, at in instants.items()}


def status_word(clock: ClockStatus) -> str:
    """Returns the state of the clock in words."""
    return clock.state.value.replace("_", " ")


def explained(clocks: Iterable[tuple[Any, tuple[Interval, ...]]], zone: str, at: datetime) -> Iterator[Line]:
    """Yields for each clock what it counted, what it left out, and why."""
    for row, intervals in clocks:
        clock = row.clock
        cycle = clock.current
        head = f"{row.ticket.id} {row.agreement.sla} {clock.target}: {status_word(clock)}"
        yield line(strong(head), f", as of {local(at, zone)}")
        if cycle is None:
            yield line("  the clock has not started")
            continue
        promised = f"{cycle.duration} for {cycle.priority or 'any priority'}" if cycle.duration else "nothing promised"
        used = length(cycle.elapsed_seconds)
        yield line(f"  promised {promised}, in the hours of {clock.calendar}; used {used}", hang=4)
        if cycle.due_at is not None:
            yield line(f"  due {local(cycle.due_at, zone)}")
        if cycle.note:
            yield line(f"  {cycle.note}", hang=4)
        for warning in cycle.warnings:
            when = warning.reached_at or warning.expected_at
            if when is not None:
                verb = "reached" if warning.reached_at else "will be reached"
                yield line(f"  {warning.percent} % {verb} {local(when, zone)}", hang=4)
        for interval in intervals:
            span = f"{local(interval.start, zone)} to {local(interval.end, zone)}"
            told = f"{interval.sort.value:<8} {length(interval.seconds):>8}  {span}  {interval.why}"
            yield line(f"    {told}", hang=_SPAN_AT)
        for other in row.agreement.overlaps:
            yield line(f"  also promised by {other}: two SLAs of the same type apply to this ticket", hang=4)
