"""A compiled calendar: sorted open periods with a running total, so that each question is a binary search."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from itsm_as_code.domain.calendars.day_hours import Days, Stretch
from itsm_as_code.domain.calendars.zone import at_epoch, epoch
from itsm_as_code.domain.errors import CouldNotCheck

if TYPE_CHECKING:
    from itsm_as_code.domain.kinds.calendar import Calendar

FIRST_YEAR, LAST_YEAR = 1970, 2199
HORIZON_YEARS = 10
"""How many years ahead it searches for a due time or the next opening."""
_MARGIN = 3 * 86400
"""Longer than any time zone offset plus any hours past midnight, in seconds. A year's periods stay within it."""


class NoWorkingTime(CouldNotCheck):
    """The calendar does not have enough open time within ten years."""


class OpenTimes:
    """The open periods of a calendar. Years are compiled when they are first needed.

    Methods take aware datetimes, return instants in UTC and count whole seconds. Methods whose names end in `_s` take
    and return seconds since 1970. The answers do not depend on the order of calls. Years before 1970 and after 2199
    raise CouldNotCheck.
    """

    def __init__(self, days: Days | None) -> None:
        self.days = days
        self._years: dict[int, list[Stretch]] = {}
        self._starts: list[int] = []
        self._ends: list[int] = []
        self._totals: list[int] = []
        """Open seconds up to the end of each period."""
        self._from = self._until = 0
        """All periods between these two instants are known."""
        if days is None:
            self._from, self._until = _new_year(FIRST_YEAR), _new_year(LAST_YEAR + 1)
            self._set([(self._from, self._until)])

    @property
    def name(self) -> str:
        """The name of the calendar in messages."""
        return self.days.calendar.id if self.days is not None else "24x7"

    def working_seconds(self, start: datetime, end: datetime) -> int:
        """Returns the open seconds between two instants, or 0 if `end` is not after `start`."""
        return self.working_s(epoch(start), epoch(end))

    def due(self, start: datetime, seconds: int) -> datetime:
        """Returns the earliest instant at which `seconds` of open time after `start` are used up.

        It may be the instant of a closing. For 0 seconds it is `start`. Raises NoWorkingTime if it is more than ten
        years ahead, and ValueError if `seconds` is negative.
        """
        return at_epoch(self.due_s(epoch(start), seconds))

    def is_open(self, instant: datetime) -> bool:
        """Tells whether an instant is in open time. The instant of a closing is not."""
        return self.is_open_s(epoch(instant))

    def day_at(self, instant: datetime) -> date:
        """Returns the local date at an instant. For 24x7 it is the date in UTC."""
        return self.days.day_at(epoch(instant)) if self.days is not None else instant.astimezone(UTC).date()

    def working_s(self, start: int, end: int) -> int:
        """Does the same as `working_seconds`, in seconds since 1970."""
        if end <= start:
            return 0
        self._cover(start, end)
        return self._before(end) - self._before(start)

    def due_s(self, start: int, seconds: int) -> int:
        """Does the same as `due`, in seconds since 1970."""
        if seconds < 0:
            raise ValueError("an amount of working time can't be negative")
        if seconds == 0:
            return start
        self._cover(start, start)
        for _ in self._further(start):
            wanted = self._before(start) + seconds
            index = bisect_left(self._totals, wanted)
            if index < len(self._totals):
                found = self._ends[index] - (self._totals[index] - wanted)
                if found <= self._until:
                    return found
        raise NoWorkingTime(f"calendar {self.name} has less than {seconds} open seconds in {HORIZON_YEARS} years")

    def is_open_s(self, seconds: int) -> bool:
        """Does the same as `is_open`, in seconds since 1970."""
        self._cover(seconds, seconds)
        index = bisect_right(self._starts, seconds) - 1
        return index >= 0 and seconds < self._ends[index]

    def next_opening_s(self, seconds: int) -> int:
        """Returns the instant itself if it is open, else the next opening. Raises NoWorkingTime if there is none."""
        if self.is_open_s(seconds):
            return seconds
        for _ in self._further(seconds):
            index = bisect_left(self._starts, seconds)
            if index < len(self._starts) and self._starts[index] <= self._until:
                return self._starts[index]
        raise NoWorkingTime(f"calendar {self.name} does not open within {HORIZON_YEARS} years")

    def open_between_s(self, start: int, end: int) -> Iterator[Stretch]:
        """Yields the open periods between two instants, in order and cut to them. No two of them touch."""
        if end <= start:
            return
        self._cover(start, end)
        for index in range(bisect_right(self._ends, start), bisect_left(self._starts, end)):
            yield max(start, self._starts[index]), min(end, self._ends[index])

    def _before(self, seconds: int) -> int:
        """Returns the open seconds from a fixed point in the past until an instant."""
        index = bisect_right(self._starts, seconds) - 1
        if index < 0:
            return 0
        return self._totals[index] - max(0, self._ends[index] - seconds)

    def _cover(self, start: int, end: int) -> None:
        if self._from <= start and end <= self._until:
            return
        if self.days is None:
            raise CouldNotCheck(f"instants must be between the years {FIRST_YEAR} and {LAST_YEAR}")
        low, high = _year(start - _MARGIN), _year(end + _MARGIN)
        known = self._years or {low: []}
        self._know(min(low, *known), max(high, *known))

    def _further(self, start: int) -> Iterator[None]:
        """Yields once for what is known, and again after each year that it adds, up to the horizon."""
        yield
        limit = _year(start) + HORIZON_YEARS
        while self._years and max(self._years) <= limit:
            self._know(min(self._years), max(self._years) + 1)
            yield

    def _know(self, first: int, last: int) -> None:
        if first < FIRST_YEAR - 1 or last > LAST_YEAR + 1:
            raise CouldNotCheck(f"instants must be between the years {FIRST_YEAR} and {LAST_YEAR}")
        for year in range(first, last + 1):
            if year not in self._years:
                self._years[year] = self._of_year(year)
        self._set(_united(stretch for year in range(first, last + 1) for stretch in self._years[year]))
        self._from, self._until = _new_year(first) + _MARGIN, _new_year(last + 1) - _MARGIN

    def _of_year(self, year: int) -> list[Stretch]:
        days = self.days
        if days is None:
            return []
        first = date(year, 1, 1)
        length = (date(year + 1, 1, 1) - first).days
        return [stretch for n in range(length) for stretch in days.stretches(first + timedelta(days=n))]

    def _set(self, stretches: Iterable[Stretch]) -> None:
        starts, ends, totals, total = [], [], [], 0
        for opens, closes in stretches:
            total += closes - opens
            starts.append(opens)
            ends.append(closes)
            totals.append(total)
        self._starts, self._ends, self._totals = starts, ends, totals


def compile_calendar(calendar: Calendar | None) -> OpenTimes:
    """Compiles a calendar, or 24x7 if it is None. Years are compiled when they are first needed."""
    return OpenTimes(Days(calendar) if calendar is not None else None)


def _united(stretches: Iterable[Stretch]) -> list[Stretch]:
    """Returns the periods in order. Those that overlap or touch become one."""
    united: list[Stretch] = []
    for opens, closes in sorted(stretches):
        if united and opens <= united[-1][1]:
            united[-1] = (united[-1][0], max(closes, united[-1][1]))
        else:
            united.append((opens, closes))
    return united


def _year(seconds: int) -> int:
    return at_epoch(seconds).year


def _new_year(year: int) -> int:
    return epoch(datetime(year, 1, 1, tzinfo=UTC))
