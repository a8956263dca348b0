"""Incidents and SLAs in a few words, for tests of clocks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from itsm_as_code.domain.calendars.open_times import OpenTimes, compile_calendar
from itsm_as_code.domain.clocks.facts import moments_of
from itsm_as_code.domain.clocks.rules import compile_target
from itsm_as_code.domain.clocks.run import run_clock
from itsm_as_code.domain.clocks.status import ClockState, ClockStatus
from itsm_as_code.domain.kinds.incident import Incident
from itsm_as_code.domain.kinds.sla import Sla, Target

MONDAY = datetime(2026, 11, 23, tzinfo=UTC)
ALWAYS = compile_calendar(None)


def hour(hours: float) -> datetime:
    """That many hours after Monday, midnight UTC."""
    return MONDAY + timedelta(hours=hours)


def incident(*entries: tuple[float, dict[str, Any]], **fields: Any) -> Incident:
    """An incident from (hours after Monday, fields of the entry)."""
    timeline = [{"at": hour(hours).isoformat(), "by": "ana", **entry} for hours, entry in entries]
    return Incident.model_validate(
        {
            "id": "INC-20261123-7K3Q9",
            "kind": "incident",
            "schema": 1,
            "title": "Portal is down",
            "timeline": timeline,
            **fields,
        }
    )


def target(duration: str | dict[str, str] = "4h", **fields: Any) -> Target:
    """A target of this duration for every priority."""
    per_priority = {"any": duration} if isinstance(duration, str) else duration
    return Target.model_validate({"duration": per_priority, **fields})


def clock(
    ticket: Incident, of: Target, now: float, *, name: str = "resolution", hours: OpenTimes = ALWAYS
) -> ClockStatus:
    """The status of a target's clock so many hours after Monday."""
    instant = hour(now)
    return run_clock(compile_target(name, of), hours, moments_of(ticket, instant), instant)


def was_breached(status: ClockStatus) -> bool:
    """Whether any cycle of the clock was breached, also one that is over."""
    return any(cycle.state is ClockState.BREACHED for cycle in status.cycles)


def sla(sla_id: str = "gold", *versions: dict[str, Any], **fields: Any) -> Sla:
    """An SLA with these versions, or with one that has these fields."""
    single = {"effective_from": "2026-01-01", "targets": {"resolution": {"duration": {"any": "4h"}}}}
    return Sla.model_validate(
        {
            "id": sla_id,
            "kind": "sla",
            "schema": 1,
            "name": "Gold",
            "versions": list(versions) or [{**single, **fields}],
        }
    )
