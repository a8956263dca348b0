"""The SLA clocks of all tickets as the site shows them: the status of each as plain values."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from itsm_as_code.app.reading.sla import KINDS_WITH_CLOCKS, clock_rows
from itsm_as_code.domain.clocks.status import ClockState
from itsm_as_code.site.sla_line import SlaLine, SlaLineStatus

if TYPE_CHECKING:
    from itsm_as_code.app.reading.sla import ClockRow
    from itsm_as_code.domain.snapshot import Snapshot
    from itsm_as_code.site.sla_line import SlaLines


def sla_lines(snapshot: Snapshot, at: datetime) -> SlaLines:
    """Returns a map from ticket id to its clocks at `at`, for tickets with a promise that has begun to count.

    Raises CouldNotCheck for an agreement whose calendar is missing or whose condition can't be decided.
    """
    tickets: list[Any] = [record for kind in KINDS_WITH_CLOCKS for record in snapshot.records(kind)]
    found: dict[str, tuple[SlaLine, ...]] = {}
    for row in sorted(clock_rows(snapshot, tickets, at), key=lambda each: (each.ticket.id, each.agreement.sla)):
        if row.clock.current is not None and row.clock.state is not ClockState.NO_TARGET:
            found[row.ticket.id] = (*found.get(row.ticket.id, ()), _line(row))
    return found


def _line(row: ClockRow) -> SlaLine:
    cycle = row.clock.cycles[-1]
    promise = f"{cycle.priority or 'It'} gets {cycle.duration}" if cycle.duration is not None else ""
    paused = f"{cycle.paused_seconds // 60} min paused" if cycle.paused_seconds >= 60 else ""
    return SlaLine(
        sla=row.agreement.sla,
        target=row.clock.target,
        status=SlaLineStatus(cycle.state.value),
        due_at=cycle.due_at,
        elapsed=cycle.elapsed_seconds,
        allowed=cycle.target_seconds or 0,
        why="; ".join(filter(None, (promise, paused, cycle.note or ""))),
    )
