"""SLA standings as a table, and one ticket's clocks interval by interval."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from itsm_as_code.domain.clocks.itemise import Interval
from itsm_as_code.domain.clocks.status import ClockState, ClockStatus
from itsm_as_code.domain.instants import write_instant
from itsm_as_code.render.clean import one_line
from itsm_as_code.render.durations import length, local
from itsm_as_code.render.style import Style
from itsm_as_code.render.table import Table

JSON_VERSION = 1
ACCENTS = {"breached": "bold red", "at risk": "bold yellow", "met": "green"}


def standings_table(standings: Iterable[Any], zone: str | None) -> Table:
    """One row a clock; due times in a zone, for people, or as instants in UTC."""
    due = f"due ({zone})" if zone else "due"
    headings = ("ticket", "priority", "sla", "target", "status", "used", "of", due, "left", "title")
    rows = tuple(_row(standing, zone) for standing in standings)
    return Table(headings, rows, "title", ("used", "of", "sla", "priority", due), ACCENTS)


def _row(standing: Any, zone: str | None) -> tuple[str, ...]:
    ticket, clock = standing.ticket, standing.clock
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
        ticket.id, priority, standing.agreement.sla, clock.target, status_word(clock), used, of, due, left,
        ticket.title,
    )  # fmt: skip


def _due(at: datetime, zone: str | None) -> str:
    return write_instant(at) if zone is None else at.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%d %H:%M")


def standings_json(standings: Iterable[Any]) -> str:
    """The same for programs: instants in UTC, lengths in working seconds; what a clock has not got is null."""
    rows = [_data(standing) for standing in standings]
    return json.dumps({"version": JSON_VERSION, "clocks": rows}, indent=2, ensure_ascii=True)


def _data(standing: Any) -> dict[str, Any]:
    ticket, clock = standing.ticket, standing.clock
    cycle = clock.current
    data: dict[str, Any] = {
        "ticket": ticket.id, "title": ticket.title, "priority": ticket.current("priority"),
        "sla": standing.agreement.sla, "target": clock.target, "status": clock.state.value,
    }  # fmt: skip
    measured = {
        "target_seconds": cycle and cycle.target_seconds,
        "used_seconds": cycle and cycle.elapsed_seconds,
        "remaining_seconds": cycle and cycle.remaining_seconds,
    }
    instants = {"started_at": cycle and cycle.started_at, "due_at": cycle and cycle.due_at,
                "stopped_at": cycle and cycle.stopped_at}  # fmt: skip
    return data | measured | {name: at and write_instant(at) for name, at in instants.items()}


def status_word(clock: ClockStatus) -> str:
    """The state in words."""
    return clock.state.value.replace("_", " ")


def explained(
    clocks: Iterable[tuple[Any, tuple[Interval, ...]]], zone: str, at: datetime, style: Style
) -> Iterator[str]:
    """Each clock with what it counted and what it left out, and why."""
    for standing, intervals in clocks:
        clock = standing.clock
        cycle = clock.current
        head = f"{standing.ticket.id} {standing.agreement.sla} {clock.target}: {status_word(clock)}"
        yield f"{style.strong(one_line(head))}, as of {local(at, zone)}"
        if cycle is None:
            yield "  the clock has not started"
            continue
        promised = f"{cycle.duration} for {cycle.priority or 'any priority'}" if cycle.duration else "nothing promised"
        yield f"  promised {promised}, in the hours of {clock.calendar}; used {length(cycle.elapsed_seconds)}"
        if cycle.due_at is not None:
            yield f"  due {local(cycle.due_at, zone)}"
        if cycle.note:
            yield f"  {one_line(cycle.note)}"
        for warning in cycle.warnings:
            when = warning.reached_at or warning.expected_at
            if when is not None:
                verb = "reached" if warning.reached_at else "will be reached"
                yield f"  {warning.percent} % {verb} {local(when, zone)}"
        for interval in intervals:
            span = f"{local(interval.start, zone)} to {local(interval.end, zone)}"
            yield f"    {interval.sort.value:<8} {length(interval.seconds):>8}  {span}  {one_line(interval.why)}"
        for other in standing.agreement.overlaps:
            yield f"  also promised by {other}: two SLAs of one sort hold for this ticket"
