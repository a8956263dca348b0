"""What the site is told about one SLA clock of one ticket. It is computed elsewhere and handed in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class ClockStatus(StrEnum):
    """How a clock stands. `cancelled` clocks count neither as met nor as breached."""

    RUNNING = "running"
    AT_RISK = "at_risk"
    BREACHED = "breached"
    PAUSED = "paused"
    MET = "met"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class SlaLine:
    """One clock: target `target` of the agreement `sla`.

    `due_at` is when the target is used up (None while that is open, as for a paused clock); `elapsed`
    and `allowed` are seconds of working time; `why` says in words what the status follows from.
    """

    sla: str
    target: str
    status: ClockStatus
    due_at: datetime | None
    elapsed: int
    allowed: int
    why: str = ""


SlaLines = Mapping[str, Sequence[SlaLine]]
"""Ticket id to its clocks."""


_USUAL = ("response", "update", "resolution")


def target_order(name: str) -> tuple[int, str]:
    """The key by which targets are shown: as a ticket meets them, own names last."""
    return (_USUAL.index(name) if name in _USUAL else len(_USUAL), name)
