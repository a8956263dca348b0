"""Working time the slow, obvious way: every minute is asked whether it is open. Only tests can afford it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from itsm_as_code.domain.calendars.hours import Hours
from itsm_as_code.domain.kinds.calendar import Break, Calendar, CalendarVersion

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
ALL_DAY = {day: ["00:00-24:00"] for day in WEEKDAYS}
OFFICE = {day: ["08:00-18:00"] for day in WEEKDAYS[:5]}


def calendar(*versions: dict[str, Any], zone: str = "UTC", **first: Any) -> Calendar:
    """A calendar from the given versions, or of a single one with these fields."""
    single = {"effective_from": "2000-01-01", "time_zone": zone, "weekly": OFFICE, **first}
    return Calendar.model_validate(
        {"id": "hours", "kind": "calendar", "schema": 1, "name": "Hours", "versions": list(versions) or [single]}
    )


def at(text: str) -> datetime:
    """An instant from its text."""
    return datetime.fromisoformat(text)


@cache
def opening(zone: str, wall: datetime) -> datetime:
    """The first minute at which clocks show `wall` or later."""
    minute = wall.replace(tzinfo=UTC) - timedelta(hours=16)
    while _shown(minute, zone) < wall:
        minute += MINUTE
    return minute


@cache
def closing(zone: str, wall: datetime) -> datetime:
    """The minute after the last one at which clocks show less than `wall`."""
    minute = wall.replace(tzinfo=UTC) + timedelta(hours=16)
    while _shown(minute, zone) >= wall:
        minute -= MINUTE
    return minute + MINUTE


def _shown(minute: datetime, zone: str) -> datetime:
    return minute.astimezone(ZoneInfo(zone)).replace(tzinfo=None)


def _version(of: Calendar, day: date) -> CalendarVersion:
    begun = [version for version in of.versions if version.effective_from <= day]
    return begun[-1] if begun else of.versions[0]


def _hours(version: CalendarVersion, day: date) -> tuple[Hours, ...]:
    for override in version.overrides:
        if override.date == day:
            return override.hours
    if any(holiday.date == day for holiday in version.holidays.dates):
        return ()
    found: tuple[Hours, ...] = getattr(version.weekly, WEEKDAYS[day.weekday()])
    return found


def _absolute(zone: str, day: date, hours: Hours) -> tuple[datetime, datetime]:
    midnight = datetime(day.year, day.month, day.day)  # noqa: DTZ001 - wall time
    return (
        opening(zone, midnight + timedelta(minutes=hours.start)),
        closing(zone, midnight + timedelta(minutes=hours.end)),
    )


Pair = tuple[datetime, datetime]


def is_open(of: Calendar, minute: datetime) -> bool:
    """Whether work is done in a minute of a calendar that has no country."""
    return _open_in(minute, *_pieces(of, minute, minute))


def _open_in(minute: datetime, opened: list[tuple[Pair, list[Pair]]], breaks: list[Pair]) -> bool:
    """Whether some stretch holds the minute, no dated break of its version does, and no daily break does."""
    inside = (singles for stretch, singles in opened if _holds(stretch, minute))
    return any(not any(_holds(single, minute) for single in singles) for singles in inside) and not any(
        _holds(each, minute) for each in breaks
    )


def _holds(pair: Pair, minute: datetime) -> bool:
    return pair[0] <= minute < pair[1]


def _pieces(of: Calendar, start: datetime, end: datetime) -> tuple[list[tuple[Pair, list[Pair]]], list[Pair]]:
    """All stretches that begin on days around the span, with their dated breaks, and all daily breaks."""
    opened: list[tuple[Pair, list[Pair]]] = []
    breaks: list[Pair] = []
    for n in range(-3, (end - start).days + 4):
        day = start.date() + timedelta(days=n)
        version = _version(of, day)
        singles = [(each.from_, each.until) for each in version.breaks if each.from_ and each.until]
        opened += [(_absolute(version.time_zone, day, hours), singles) for hours in _hours(version, day)]
        daily = (each for each in version.breaks if each.at is not None)
        breaks += [_absolute(version.time_zone, day, each.at) for each in daily if each.at and _is_on(each, day)]
    return opened, breaks


def _is_on(each: Break, day: date) -> bool:
    return each.date == day if each.date else not each.days or WEEKDAYS[day.weekday()] in each.days


def open_seconds(of: Calendar, start: datetime, end: datetime) -> Iterator[tuple[datetime, int]]:
    """Each open minute between two instants with the seconds of it that lie between them."""
    minute = start.replace(second=0, microsecond=0)
    pieces = _pieces(of, start, end)
    while minute < end:
        if _open_in(minute, *pieces):
            inside = min(end, minute + MINUTE) - max(start, minute)
            yield max(start, minute), int(inside.total_seconds())
        minute += MINUTE


def working_seconds(of: Calendar, start: datetime, end: datetime) -> int:
    """Open seconds between two instants."""
    return sum(seconds for _, seconds in open_seconds(of, start, end))


def due(of: Calendar, start: datetime, seconds: int, limit: datetime) -> datetime | None:
    """The earliest instant at which so many open seconds have passed, if before `limit`."""
    left = seconds
    for place, here in open_seconds(of, start, limit):
        if here >= left:
            return place + timedelta(seconds=left)
        left -= here
    return None
