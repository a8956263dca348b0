"""What a clock says: its state, how it came to it, and when it runs out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from itsm_as_code.domain.instants import Duration


class ClockState(StrEnum):
    """The states of a clock."""

    NOT_STARTED = "not_started"
    RUNNING = "running"
    AT_RISK = "at_risk"
    PAUSED = "paused"
    BREACHED = "breached"
    MET = "met"
    CANCELLED = "cancelled"
    NO_TARGET = "no_target"


class Phase(StrEnum):
    """What a clock does with passing time."""

    RUNNING = "running"
    PAUSED = "paused"
    STOPPED = "stopped"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Leg:
    """A stretch (half-open, seconds since 1970) in one phase, since the timeline entry with index `entry`.

    `base` is the time used when it began and `worked` what it added, both in working seconds against
    `target`, the seconds promised then.
    """

    phase: Phase
    start: int
    end: int
    base: int
    worked: int
    target: int | None
    entry: int
    why: str


@dataclass(frozen=True, slots=True)
class Threshold:
    """A share of the target in percent: when it was reached, or, on a running clock, will be."""

    percent: int
    reached_at: datetime | None
    expected_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Cycle:
    """One run of a clock from start to stop. All amounts are working seconds; all instants are UTC.

    `due_at` is the earliest instant at which the target is used up: known for a clock that runs, has
    stopped or is breached; None while paused, because it moves. `note` says why it can't be told.
    """

    state: ClockState
    started_at: datetime
    stopped_at: datetime | None
    elapsed_seconds: int
    paused_seconds: int
    target_seconds: int | None
    duration: Duration | None
    priority: str | None
    due_at: datetime | None
    warnings: tuple[Threshold, ...]
    legs: tuple[Leg, ...]
    note: str | None = None

    @property
    def remaining_seconds(self) -> int | None:
        """Working seconds left; negative when breached. None without a target."""
        return None if self.target_seconds is None else self.target_seconds - self.elapsed_seconds


@dataclass(frozen=True, slots=True)
class ClockStatus:
    """One target's clock: its cycles, oldest first. The last one gives the state."""

    target: str
    calendar: str
    cycles: tuple[Cycle, ...]

    @property
    def current(self) -> Cycle | None:
        """The last cycle; None for a clock that has not started."""
        return self.cycles[-1] if self.cycles else None

    @property
    def state(self) -> ClockState:
        """The state now."""
        return self.cycles[-1].state if self.cycles else ClockState.NOT_STARTED

    @property
    def ever_breached(self) -> bool:
        """Whether any cycle was breached: what attainment counts."""
        return any(cycle.state is ClockState.BREACHED for cycle in self.cycles)

    @property
    def due_at(self) -> datetime | None:
        """When the last cycle's target is used up."""
        return self.cycles[-1].due_at if self.cycles else None
