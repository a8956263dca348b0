"""The SLA clocks of all tickets as the site shows them: the engine's verdicts in plain values."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from itsm_as_code.app.sla import KINDS_WITH_CLOCKS, standings
from itsm_as_code.domain.clocks.status import ClockState
from itsm_as_code.site.sla_line import ClockStatus, SlaLine

if TYPE_CHECKING:
    from itsm_as_code.app.sla import Standing
    from itsm_as_code.domain.snapshot import Snapshot
    from itsm_as_code.site.sla_line import SlaLines


def sla_lines(snapshot: Snapshot, at: datetime) -> SlaLines:
    """Ticket id to its clocks at `at`, for tickets with a promise that has begun to count.

    Raises CouldNotCheck for an agreement whose calendar is missing or whose condition can't be decided.
    """
    tickets: list[Any] = [record for kind in KINDS_WITH_CLOCKS for record in snapshot.records(kind)]
    found: dict[str, tuple[SlaLine, ...]] = {}
    for standing in sorted(standings(snapshot, tickets, at), key=lambda each: (each.ticket.id, each.agreement.sla)):
        if standing.clock.current is not None and standing.clock.state is not ClockState.NO_TARGET:
            found[standing.ticket.id] = (*found.get(standing.ticket.id, ()), _line(standing))
    return found


def _line(standing: Standing) -> SlaLine:
    cycle = standing.clock.cycles[-1]
    promise = f"{cycle.priority or 'It'} gets {cycle.duration}" if cycle.duration is not None else ""
    paused = f"{cycle.paused_seconds // 60} min paused" if cycle.paused_seconds >= 60 else ""
    return SlaLine(
        sla=standing.agreement.sla,
        target=standing.clock.target,
        status=ClockStatus(cycle.state.value),
        due_at=cycle.due_at,
        elapsed=cycle.elapsed_seconds,
        allowed=cycle.target_seconds or 0,
        why="; ".join(filter(None, (promise, paused, cycle.note or ""))),
    )
