"""Defines the status of a clock: its state, how it came about, and when the time runs out."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING

from itsm_as_code.domain.calendars.open_times import NoWorkingTime, OpenTimes
from itsm_as_code.domain.calendars.zone import at_epoch
from itsm_as_code.domain.clocks.legs import Leg, reached_at, share, stopped_at
from itsm_as_code.domain.clocks.phase import ENDED, Phase

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
    """A percentage of the target, with the instant when it was reached or, on a running clock, will be reached."""

    percent: int
    reached_at: datetime | None
    expected_at: datetime | None = None


@dataclass(frozen=True)
class Cycle:
    """One run of a clock from start to stop, as it is at `until` in `phase`.

    Amounts are working seconds. `started` and `until` are seconds since 1970; properties return instants in UTC.
    Values that a report over many tickets does not need are computed when they are read.
    `named_due` is the due time of a duration in business days, or None if something has moved it. With `one_target`,
    all time counts against the last target (retroactive); otherwise each leg counts against its own.
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
        """The state. A clock exactly at its target is not breached. A breached clock stays breached in every phase."""
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
        """The instant when the clock started."""
        return at_epoch(self.started)

    @property
    def stopped_at(self) -> datetime | None:
        """The instant when it stopped or was cancelled for the last time, or None while it is active."""
        return at_epoch(stopped_at(self.legs, self.until)) if self.phase in ENDED else None

    @property
    def remaining_seconds(self) -> int | None:
        """The working seconds left, negative if breached, or None without a target."""
        return None if self.target_seconds is None else self.target_seconds - self.elapsed_seconds

    @property
    def paused_seconds(self) -> int:
        """The working seconds that passed while it was paused."""
        return sum(self.hours.working_s(leg.start, leg.end) for leg in self.legs if leg.phase is Phase.PAUSED)

    @property
    def due_at(self) -> datetime | None:
        """The earliest instant at which the target is used up, or would have been.

        It is None without a target, while the clock is paused (the due time moves then), after a cancellation, and if
        the calendar has no such instant (see `note`).
        """
        due, _ = self._due
        return at_epoch(due) if due is not None else None

    @property
    def note(self) -> str | None:
        """The reason why the calendar gives no due time, or None."""
        return self._due[1]

    @property
    def warnings(self) -> tuple[Threshold, ...]:
        """The thresholds in rising order. There are none without a target."""
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
        """Returns when `percent` percent will be used up if the clock runs from `start` on, or the reason why never."""
        try:
            return self.hours.due_s(start, share(self.target_seconds or 0, percent) - self.elapsed_seconds), None
        except NoWorkingTime as error:
            return None, error.message


@dataclass(frozen=True, slots=True)
class ClockStatus:
    """The clock of one target with its cycles, the oldest first. The last cycle decides the state."""

    target: str
    calendar: str
    cycles: tuple[Cycle, ...]

    @property
    def current(self) -> Cycle | None:
        """The last cycle, or None if the clock has not started."""
        return self.cycles[-1] if self.cycles else None

    @property
    def state(self) -> ClockState:
        """The present state."""
        return self.cycles[-1].state if self.cycles else ClockState.NOT_STARTED

    @property
    def due_at(self) -> datetime | None:
        """The due time of the last cycle, or None."""
        return self.cycles[-1].due_at if self.cycles else None
