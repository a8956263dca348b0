"""The SLA clocks of all tickets as the site shows them: the engine's verdicts in plain values."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from itsm_as_code.domain.clocks.sla_status import SlaBook
from itsm_as_code.domain.clocks.status import ClockState
from itsm_as_code.domain.kinds.calendar import Calendar
from itsm_as_code.domain.kinds.incident import Incident
from itsm_as_code.domain.kinds.problem import Problem
from itsm_as_code.domain.kinds.service import Service
from itsm_as_code.domain.kinds.sla import Sla
from itsm_as_code.site.sla_line import ClockStatus, SlaLine

if TYPE_CHECKING:
    from itsm_as_code.domain.clocks.status import Cycle
    from itsm_as_code.domain.snapshot import Snapshot
    from itsm_as_code.site.sla_line import SlaLines

_SILENT = (ClockState.NOT_STARTED, ClockState.NO_TARGET)


def sla_lines(snapshot: Snapshot, at: datetime) -> SlaLines:
    """Ticket id to its clocks at `at`, for incidents and problems with a promise.

    Raises CouldNotCheck for an agreement whose calendar is missing or whose condition can't be decided.
    """
    slas = (record for record in snapshot.records("sla") if isinstance(record, Sla))
    calendars = (record for record in snapshot.records("calendar") if isinstance(record, Calendar))
    book = SlaBook(slas, calendars)
    found: dict[str, tuple[SlaLine, ...]] = {}
    for kind in ("incident", "problem"):
        for ticket in snapshot.records(kind):
            if isinstance(ticket, Incident | Problem):
                lines = tuple(_lines(book, snapshot, ticket, at))
                found |= {ticket.id: lines} if lines else {}
    return found


def _lines(book: SlaBook, snapshot: Snapshot, ticket: Incident | Problem, at: datetime) -> Iterator[SlaLine]:
    service = snapshot.get("service", ticket.service) if ticket.service is not None else None
    own = service.slas if isinstance(service, Service) else ()
    for status in book.status(ticket, at, candidates=own):
        for clock in status.clocks:
            if clock.current is not None and clock.state not in _SILENT:
                yield _line(status.sla, clock.target, clock.current)


def _line(sla: str, target: str, cycle: Cycle) -> SlaLine:
    promise = f"{cycle.priority or 'It'} gets {cycle.duration}" if cycle.duration is not None else ""
    paused = f"{cycle.paused_seconds // 60} min paused" if cycle.paused_seconds >= 60 else ""
    return SlaLine(
        sla=sla,
        target=target,
        status=ClockStatus(cycle.state.value),
        due_at=cycle.due_at,
        elapsed=cycle.elapsed_seconds,
        allowed=cycle.target_seconds or 0,
        why="; ".join(filter(None, (promise, paused, cycle.note or ""))),
    )
