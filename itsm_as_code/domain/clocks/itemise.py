"""A clock's account, item by item: which time counted, which did not, and why. `explain … sla` prints it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from itsm_as_code.domain.calendars.closures import closed_between
from itsm_as_code.domain.calendars.zone import at_epoch
from itsm_as_code.domain.clocks.legs import Leg, Phase
from itsm_as_code.domain.clocks.status import Cycle

if TYPE_CHECKING:
    from itsm_as_code.domain.calendars.open_times import OpenTimes


class Sort(StrEnum):
    """What a stretch of time did to the clock. Only `counted` adds to it."""

    COUNTED = "counted"
    CLOSED = "closed"
    PAUSED = "paused"
    STOPPED = "stopped"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Interval:
    """A half-open stretch, in UTC, and why it did what it did; `entry` is the index of the timeline entry behind it.

    `seconds` is what it added to the elapsed time: 0 unless counted.
    """

    sort: Sort
    start: datetime
    end: datetime
    seconds: int
    why: str
    entry: int


def intervals_of(cycle: Cycle) -> tuple[Interval, ...]:
    """All time from the cycle's start to its end, in order and without gaps.

    The seconds of the counted intervals add up to the elapsed time, save where a change of priority was
    carried: then time used before it is rescaled, and each leg's `base` says to what.
    """
    return tuple(interval for leg in cycle.legs for interval in _of_leg(leg, cycle.hours))


def _of_leg(leg: Leg, hours: OpenTimes) -> Iterator[Interval]:
    if leg.phase is not Phase.RUNNING:
        yield _interval(Sort(leg.phase.value), leg.start, leg.end, leg.why, leg)
        return
    place = leg.start
    for (closes, opens), reason in closed_between(hours, leg.start, leg.end):
        if place < closes:
            yield _interval(Sort.COUNTED, place, closes, leg.why, leg)
        yield _interval(Sort.CLOSED, closes, opens, reason, leg)
        place = opens
    if place < leg.end:
        yield _interval(Sort.COUNTED, place, leg.end, leg.why, leg)


def _interval(sort: Sort, start: int, end: int, why: str, leg: Leg) -> Interval:
    seconds = end - start if sort is Sort.COUNTED and leg.worked else 0
    return Interval(sort, at_epoch(start), at_epoch(end), seconds, why, leg.cause.entry)
