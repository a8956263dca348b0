"""Divides a clock's time into legs, each in one phase, and finds when an amount of working time was used up."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from itsm_as_code.domain.clocks.phase import ENDED, Phase

if TYPE_CHECKING:
    from itsm_as_code.domain.calendars.open_times import OpenTimes
    from itsm_as_code.domain.clocks.facts import Moment
    from itsm_as_code.domain.clocks.rules import ClockRules


@dataclass(frozen=True, slots=True)
class Leg:
    """A period in one phase, from `start` up to, but not including, `end` (seconds since 1970).

    `cause` is the moment that put the clock into this phase. `base` is the time used before the leg and `worked` the
    time that it added, both in working seconds. `target` is the number of seconds promised at that time.
    """

    phase: Phase
    start: int
    end: int
    base: int
    worked: int
    target: int | None
    cause: Moment
    rules: ClockRules = field(repr=False, compare=False)

    @property
    def why(self) -> str:
        """Says which facts caused the phase."""
        return self.rules.tell(self.phase, self.cause.facts)


def share(target: int, percent: int) -> int:
    """Returns `percent` percent of the target, rounded up to a whole second."""
    return -(-target * percent // 100)


def reached_at(hours: OpenTimes, legs: Iterable[Leg], percent: int, judged: int | None) -> int | None:
    """Returns the first instant at which `percent` percent of the target were used, or None.

    `judged` is the target for all legs. If it is None, each leg has its own target.
    """
    for leg in legs:
        target = leg.target if judged is None else judged
        if leg.phase is not Phase.RUNNING or target is None:
            continue
        wanted = share(target, percent) - leg.base
        if wanted <= leg.worked:
            return hours.due_s(leg.start, max(0, wanted))
    return None


def stopped_at(legs: tuple[Leg, ...], now: int) -> int:
    """Returns when the clock stopped for the last time, or `now` if it has not stopped."""
    stop = now
    for leg in reversed(legs):
        if leg.phase not in ENDED:
            break
        stop = leg.start
    return stop
