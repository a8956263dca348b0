"""Computes the hours of one day of a calendar, and the rule that gives them.

The order of precedence is: breaks, then dated overrides, then holidays, then weekly hours. Hours that go past
midnight belong to the day on which they begin, even if the next day is a holiday.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING

from itsm_as_code.domain.calendars.hours import Hours
from itsm_as_code.domain.calendars.public_holidays import country_holidays
from itsm_as_code.domain.calendars.zone import closing_at, epoch, load_zone, opening_at
from itsm_as_code.domain.errors import CouldNotCheck

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from itsm_as_code.domain.kinds.calendar import Break, Calendar, CalendarVersion

Stretch = tuple[int, int]
"""A period from its start up to, but not including, its end, in seconds since 1970."""
_DAY = timedelta(days=1)
_NAMES = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class HoursSource(StrEnum):
    """The rule that gave a day its hours."""

    WEEKLY = "weekly"
    HOLIDAY = "holiday"
    OVERRIDE = "override"


@dataclass(frozen=True, slots=True)
class DayPlan:
    """The hours that begin on one day (before breaks), the rule that gave them, and the reason that the rule states."""

    hours: tuple[Hours, ...]
    source: HoursSource
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Closed:
    """A break with its period and its reason."""

    stretch: Stretch
    reason: str


class Days:
    """The days of one calendar. The results depend only on the calendar, the time zone data and the holiday data."""

    def __init__(self, calendar: Calendar) -> None:
        self.calendar = calendar
        self._overrides = [{each.date: each for each in version.overrides} for version in calendar.versions]
        self._own = [{each.date: each.name for each in v.holidays.dates} for v in calendar.versions]
        self._single_breaks = [_single_breaks(version) for version in calendar.versions]
        self._daily_breaks = lru_cache(maxsize=None)(self._compute_daily_breaks)
        self._stretches = lru_cache(maxsize=None)(self._compute_stretches)

    def version_on(self, day: date) -> int:
        """Returns the index of the version in force on a day. The first version also counts for the time before it."""
        versions = self.calendar.versions
        later = (i for i in range(len(versions) - 1, 0, -1) if versions[i].effective_from <= day)
        return next(later, 0)

    def zone_on(self, day: date) -> ZoneInfo:
        """Returns the time zone in force on a day."""
        return load_zone(self.calendar.versions[self.version_on(day)].time_zone)

    def day_at(self, seconds: int) -> date:
        """Returns the local date at an instant (seconds since 1970)."""
        near = datetime.fromtimestamp(seconds, load_zone("UTC")).date()
        for day in (near + _DAY, near, near - _DAY):
            zone = self.zone_on(day)
            if datetime.fromtimestamp(seconds, zone).date() == day:
                return day
        return near

    def plan(self, day: date) -> DayPlan:
        """Returns the hours that begin on `day` and their rule. Raises CouldNotCheck if there is no holiday data."""
        index = self.version_on(day)
        version = self.calendar.versions[index]
        override = self._overrides[index].get(day)
        if override is not None:
            return DayPlan(override.hours, HoursSource.OVERRIDE, override.reason)
        holiday = self._own[index].get(day) or self._public_holiday(version, day)
        if holiday is not None:
            return DayPlan((), HoursSource.HOLIDAY, holiday)
        return DayPlan(version.weekly.on(day), HoursSource.WEEKLY)

    def _public_holiday(self, version: CalendarVersion, day: date) -> str | None:
        rules = version.holidays
        if rules.country is None or day in rules.working:
            return None
        try:
            return country_holidays(rules.country, rules.subdivision, day.year).get(day)
        except ValueError as error:
            raise CouldNotCheck(f"calendar {self.calendar.id}: {error}") from None

    def gross(self, day: date) -> list[Stretch]:
        """Returns the open periods that begin on `day`, in order, without taking out breaks. None of them is empty."""
        zone = self.zone_on(day)
        found = (_between(day, hours, zone) for hours in sorted(self.plan(day).hours))
        return [stretch for stretch in found if stretch[0] < stretch[1]]

    def stretches(self, day: date) -> tuple[Stretch, ...]:
        """Returns the open periods that begin on `day`, in order, with breaks taken out."""
        return self._stretches(day)

    def _compute_stretches(self, day: date) -> tuple[Stretch, ...]:
        left = self.gross(day)
        if left:
            for closed in self.breaks(day):
                left = [piece for stretch in left for piece in _without(stretch, closed.stretch)]
        return tuple(left)

    def breaks(self, day: date) -> Iterator[Closed]:
        """Yields the breaks that can overlap hours of `day`: those of the days around it, and single breaks."""
        for around in (day - _DAY, day, day + _DAY, day + 2 * _DAY):
            yield from self._daily_breaks(around)
        yield from self._single_breaks[self.version_on(day)]

    def _compute_daily_breaks(self, day: date) -> tuple[Closed, ...]:
        zone = self.zone_on(day)
        return tuple(
            Closed(_between(day, each.at, zone), each.reason)
            for each in self.calendar.versions[self.version_on(day)].breaks
            if each.at is not None and _is_on(each, day)
        )


def _single_breaks(version: CalendarVersion) -> list[Closed]:
    return [
        Closed((epoch(each.from_), epoch(each.until)), each.reason)
        for each in version.breaks
        if each.from_ is not None and each.until is not None
    ]


def _is_on(each: Break, day: date) -> bool:
    if each.date is not None:
        return each.date == day
    return not each.days or _NAMES[day.weekday()] in each.days


def _between(day: date, hours: Hours, zone: ZoneInfo) -> Stretch:
    midnight = datetime.combine(day, time())
    return (
        opening_at(midnight + timedelta(minutes=hours.start), zone),
        closing_at(midnight + timedelta(minutes=hours.end), zone),
    )


def _without(stretch: Stretch, hole: Stretch) -> list[Stretch]:
    """Returns what is left of a period without a hole in it: no, one or two periods."""
    pieces = ((stretch[0], min(stretch[1], hole[0])), (max(stretch[0], hole[1]), stretch[1]))
    return [piece for piece in pieces if piece[0] < piece[1]] if _meet(stretch, hole) else [stretch]


def _meet(one: Stretch, other: Stretch) -> bool:
    return one[0] < other[1] and other[0] < one[1]
