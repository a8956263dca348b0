"""Lists a clock's time in intervals: which time counted, which did not, and why. `explain … sla` prints it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from itsm_as_code.domain.calendars.closed_reasons import closed_between
from itsm_as_code.domain.calendars.zone import at_epoch
from itsm_as_code.domain.clocks.legs import Leg
from itsm_as_code.domain.clocks.phase import Phase
from itsm_as_code.domain.clocks.status import Cycle

if TYPE_CHECKING:
    from itsm_as_code.domain.calendars.open_times import OpenTimes


class IntervalSort(StrEnum):
    """The effect of an interval on the clock. Only `counted` adds to the elapsed time."""

    COUNTED = "counted"
    CLOSED = "closed"
    PAUSED = "paused"
    STOPPED = "stopped"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Interval:
    """An interval in UTC with its effect and the reason. The end is not included.

    `seconds` is what it added to the elapsed time, which is 0 unless it was counted. `entry` is the index of the
    timeline entry that caused it.
    """

    sort: IntervalSort
    start: datetime
    end: datetime
    seconds: int
    why: str
    entry: int


def intervals_of(cycle: Cycle) -> tuple[Interval, ...]:
    """Returns the intervals from the start of a cycle to its end, in order and without gaps.

    The seconds of the counted intervals add up to the elapsed time. The exception is a change of priority with
    `carry`: it rescales the time used before, and `base` of the next leg is the rescaled value.
    """
    return tuple(interval for leg in cycle.legs for interval in _of_leg(leg, cycle.hours))


def _of_leg(leg: Leg, hours: OpenTimes) -> Iterator[Interval]:
    if leg.phase is not Phase.RUNNING:
        yield _interval(IntervalSort(leg.phase.value), leg.start, leg.end, leg.why, leg)
        return
    place = leg.start
    for (closes, opens), reason in closed_between(hours, leg.start, leg.end):
        if place < closes:
            yield _interval(IntervalSort.COUNTED, place, closes, leg.why, leg)
        yield _interval(IntervalSort.CLOSED, closes, opens, reason, leg)
        place = opens
    if place < leg.end:
        yield _interval(IntervalSort.COUNTED, place, leg.end, leg.why, leg)


def _interval(sort: IntervalSort, start: int, end: int, why: str, leg: Leg) -> Interval:
    seconds = end - start if sort is IntervalSort.COUNTED and leg.worked else 0
    return Interval(sort, at_epoch(start), at_epoch(end), seconds, why, leg.cause.entry)
