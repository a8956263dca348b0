"""What a clock says: its state, how it came to it, and when it runs out."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING

from itsm_as_code.domain.calendars.open_times import NoWorkingTime, OpenTimes
from itsm_as_code.domain.calendars.zone import at_epoch
from itsm_as_code.domain.clocks.legs import ENDED, Leg, Phase, reached_at, share, stopped_at

if TYPE_CHECKING:
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


@dataclass(frozen=True, slots=True)
class Threshold:
    """A share of the target in percent: when it was reached, or, on a running clock, will be."""

    percent: int
    reached_at: datetime | None
    expected_at: datetime | None = None


@dataclass(frozen=True)
class Cycle:
    """One run of a clock from start to stop, as it stands at `until` in `phase`.

    Amounts are working seconds. `started` and `until` count seconds since 1970; instants are UTC. What a
    report over many tickets does not need is computed when it is read.
    `named_due` is the due time in business days where nothing has moved it. With `one_target` all time
    counts against the last target (retroactive), else each leg against its own.
    """

    phase: Phase
    started: int
    until: int
    elapsed_seconds: int
    target_seconds: int | None
    duration: Duration | None
    priority: str | None
    named_due: int | None
    legs: tuple[Leg, ...]
    one_target: bool
    warn_at: tuple[int, ...]
    hours: OpenTimes = field(repr=False, compare=False)

    @cached_property
    def state(self) -> ClockState:
        """Exactly at the target is not breached; what is breached stays so when it pauses or is cancelled."""
        target, elapsed = self.target_seconds, self.elapsed_seconds
        if target is None:
            return ClockState.NO_TARGET
        if elapsed > target:
            return ClockState.BREACHED
        match self.phase:
            case Phase.STOPPED:
                return ClockState.MET
            case Phase.CANCELLED:
                return ClockState.CANCELLED
            case Phase.PAUSED:
                return ClockState.PAUSED
            case Phase.RUNNING:
                reached = any(elapsed >= share(target, percent) for percent in self.warn_at)
                return ClockState.AT_RISK if reached else ClockState.RUNNING

    @property
    def started_at(self) -> datetime:
        """When the clock started."""
        return at_epoch(self.started)

    @property
    def stopped_at(self) -> datetime | None:
        """When it stopped or was cancelled for the last time; None while it is active."""
        return at_epoch(stopped_at(self.legs, self.until)) if self.phase in ENDED else None

    @property
    def remaining_seconds(self) -> int | None:
        """Working seconds left; negative when breached. None without a target."""
        return None if self.target_seconds is None else self.target_seconds - self.elapsed_seconds

    @property
    def paused_seconds(self) -> int:
        """Working seconds that passed while it was paused."""
        return sum(self.hours.working_s(leg.start, leg.end) for leg in self.legs if leg.phase is Phase.PAUSED)

    @property
    def due_at(self) -> datetime | None:
        """The earliest instant at which the target is, or would have been, used up.

        None without a target, while paused, because it moves, after a cancellation, and where the calendar
        has no such instant (`note`).
        """
        due, _ = self._due
        return at_epoch(due) if due is not None else None

    @property
    def note(self) -> str | None:
        """Why a due time can't be told, where the calendar is the reason."""
        return self._due[1]

    @property
    def warnings(self) -> tuple[Threshold, ...]:
        """The thresholds in rising order; none without a target."""
        return tuple(self._threshold(percent) for percent in self.warn_at if self.target_seconds is not None)

    @cached_property
    def _due(self) -> tuple[int | None, str | None]:
        if self.target_seconds is None or self.state is ClockState.PAUSED:
            return None, None
        due = self.named_due if self.named_due is not None else self._reached(100)
        if due is None and self.phase in (Phase.RUNNING, Phase.STOPPED):
            return self._projected(100, stopped_at(self.legs, self.until))
        return due, None

    def _threshold(self, percent: int) -> Threshold:
        reached = self._reached(percent)
        if reached is not None:
            return Threshold(percent, at_epoch(reached))
        expected = self._projected(percent, self.until)[0] if self.phase is Phase.RUNNING else None
        return Threshold(percent, None, at_epoch(expected) if expected is not None else None)

    def _reached(self, percent: int) -> int | None:
        return reached_at(self.hours, self.legs, percent, self.target_seconds if self.one_target else None)

    def _projected(self, percent: int, start: int) -> tuple[int | None, str | None]:
        """When that share will be used up if the clock runs on from `start`, or why it never will."""
        try:
            return self.hours.due_s(start, share(self.target_seconds or 0, percent) - self.elapsed_seconds), None
        except NoWorkingTime as error:
            return None, error.message


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
