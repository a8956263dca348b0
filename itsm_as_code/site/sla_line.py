"""Defines what the site is told about one SLA clock of one ticket. The clock is computed elsewhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class SlaLineStatus(StrEnum):
    """The state of a clock. `cancelled` clocks count neither as met nor as breached."""

    RUNNING = "running"
    AT_RISK = "at_risk"
    BREACHED = "breached"
    PAUSED = "paused"
    MET = "met"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class SlaLine:
    """One clock, for the target `target` of the agreement `sla`.

    `due_at` is when the target is used up; it is None while that is open, as for a paused clock. `elapsed` and
    `allowed` are seconds of working time. `why` says in words why the clock has this status.
    """

    sla: str
    target: str
    status: SlaLineStatus
    due_at: datetime | None
    elapsed: int
    allowed: int
    why: str = ""


SlaLines = Mapping[str, Sequence[SlaLine]]
"""Maps a ticket id to its clocks."""


_USUAL = ("response", "update", "resolution")


def target_order(name: str) -> tuple[int, str]:
    """Returns the sort key of a target: known targets in the order in which a ticket meets them, then other names."""
    return (_USUAL.index(name) if name in _USUAL else len(_USUAL), name)
