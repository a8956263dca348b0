"""A clock's time as a chain of legs, each in one phase; and where in it an amount of working time was used up."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from itsm_as_code.domain.calendars.open_times import OpenTimes
    from itsm_as_code.domain.clocks.facts import Moment
    from itsm_as_code.domain.clocks.rules import ClockRules


class Phase(StrEnum):
    """What a clock does with passing time."""

    RUNNING = "running"
    PAUSED = "paused"
    STOPPED = "stopped"
    CANCELLED = "cancelled"


ENDED = (Phase.STOPPED, Phase.CANCELLED)


@dataclass(frozen=True, slots=True)
class Leg:
    """A stretch (half-open, seconds since 1970) in one phase, which `cause` put the clock into.

    `base` is the time used when it began and `worked` what it added, both in working seconds against
    `target`, the seconds promised then.
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
        """The facts behind the phase, in words."""
        return self.rules.tell(self.phase, self.cause.facts)


def share(target: int, percent: int) -> int:
    """That many percent of the target, rounded up to the second."""
    return -(-target * percent // 100)


def reached_at(hours: OpenTimes, legs: Iterable[Leg], percent: int, judged: int | None) -> int | None:
    """The first instant at which that share of the target was used, or None.

    `judged` is the target of all legs; without it each leg has its own.
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
    """When the clock stopped for the last time, where its last ended leg began; `now` where it has not."""
    stop = now
    for leg in reversed(legs):
        if leg.phase not in ENDED:
            break
        stop = leg.start
    return stop
