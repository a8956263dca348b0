"""A compiled calendar: sorted open stretches with a running total. Each question is a binary search."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from itsm_as_code.domain.calendars.days import Days, Stretch
from itsm_as_code.domain.calendars.zone import at_epoch, epoch
from itsm_as_code.domain.errors import CouldNotCheck

if TYPE_CHECKING:
    from itsm_as_code.domain.kinds.calendar import Calendar

FIRST_YEAR, LAST_YEAR = 1970, 2199
HORIZON_YEARS = 10
"""How far ahead a due time or the next opening is looked for."""
_MARGIN = 3 * 86400
"""Longer than any offset and any hours past midnight: a year's stretches begin and end within it."""


class NoWorkingTime(CouldNotCheck):
    """The calendar has not enough open time, as far as it is looked for."""


class OpenTimes:
    """The open stretches of a calendar, years added as they are asked for.

    Methods take aware datetimes and count whole seconds; those that end in `_s` take and give seconds
    since 1970. Instants they give are in UTC. The same calendar gives the same answers in any order of
    asking. Years before 1970 and after 2199 raise CouldNotCheck.
    """

    def __init__(self, days: Days | None) -> None:
        self.days = days
        self._years: dict[int, list[Stretch]] = {}
        self._starts: list[int] = []
        self._ends: list[int] = []
        self._totals: list[int] = []
        """Open seconds up to and including each stretch."""
        self._from = self._until = 0
        """Between these every stretch is known."""
        if days is None:
            self._from, self._until = _new_year(FIRST_YEAR), _new_year(LAST_YEAR + 1)
            self._set([(self._from, self._until)])

    @property
    def name(self) -> str:
        """What to call the calendar in messages."""
        return self.days.calendar.id if self.days is not None else "24x7"

    def working_seconds(self, start: datetime, end: datetime) -> int:
        """Elapsed real seconds inside open stretches between two instants; 0 where they are not in order."""
        return self.working_s(epoch(start), epoch(end))

    def due(self, start: datetime, seconds: int) -> datetime:
        """The earliest instant at which `seconds` of open time after `start` are used up.

        It may fall on a closing instant; for 0 it is `start`. Raises NoWorkingTime where it lies more than
        ten years ahead, ValueError for a negative amount.
        """
        return at_epoch(self.due_s(epoch(start), seconds))

    def is_open(self, instant: datetime) -> bool:
        """Whether work is done at an instant; at a closing instant it is not."""
        return self.is_open_s(epoch(instant))

    def next_opening(self, instant: datetime) -> datetime:
        """The instant itself where it is open, else the next at which work begins. Raises NoWorkingTime."""
        return at_epoch(self.next_opening_s(epoch(instant)))

    def open_between(self, start: datetime, end: datetime) -> tuple[tuple[datetime, datetime], ...]:
        """The open stretches between two instants, cut to them, in order, none of them touching."""
        pieces = self.open_between_s(epoch(start), epoch(end))
        return tuple((at_epoch(opens), at_epoch(closes)) for opens, closes in pieces)

    def day_at(self, instant: datetime) -> date:
        """The local date at an instant; for 24x7 the date in UTC."""
        return self.days.day_at(epoch(instant)) if self.days is not None else instant.astimezone(UTC).date()

    def working_s(self, start: int, end: int) -> int:
        """As `working_seconds`."""
        if end <= start:
            return 0
        self._cover(start, end)
        return self._before(end) - self._before(start)

    def due_s(self, start: int, seconds: int) -> int:
        """As `due`."""
        if seconds < 0:
            raise ValueError("an amount of working time is never negative")
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
        """As `is_open`."""
        self._cover(seconds, seconds)
        index = bisect_right(self._starts, seconds) - 1
        return index >= 0 and seconds < self._ends[index]

    def next_opening_s(self, seconds: int) -> int:
        """As `next_opening`."""
        if self.is_open_s(seconds):
            return seconds
        for _ in self._further(seconds):
            index = bisect_left(self._starts, seconds)
            if index < len(self._starts) and self._starts[index] <= self._until:
                return self._starts[index]
        raise NoWorkingTime(f"calendar {self.name} does not open within {HORIZON_YEARS} years")

    def open_between_s(self, start: int, end: int) -> Iterator[Stretch]:
        """As `open_between`."""
        if end <= start:
            return
        self._cover(start, end)
        for index in range(bisect_right(self._ends, start), bisect_left(self._starts, end)):
            yield max(start, self._starts[index]), min(end, self._ends[index])

    def _before(self, seconds: int) -> int:
        """Open seconds before an instant, counted from some fixed point."""
        index = bisect_right(self._starts, seconds) - 1
        if index < 0:
            return 0
        return self._totals[index] - max(0, self._ends[index] - seconds)

    def _cover(self, start: int, end: int) -> None:
        if self._from <= start and end <= self._until:
            return
        if self.days is None:
            raise CouldNotCheck(f"instants lie between the years {FIRST_YEAR} and {LAST_YEAR}")
        low, high = _year(start - _MARGIN), _year(end + _MARGIN)
        known = self._years or {low: []}
        self._know(min(low, *known), max(high, *known))

    def _further(self, start: int) -> Iterator[None]:
        """One round with what is known, then one after each year added, up to the horizon."""
        yield
        limit = _year(start) + HORIZON_YEARS
        while self._years and max(self._years) <= limit:
            self._know(min(self._years), max(self._years) + 1)
            yield

    def _know(self, first: int, last: int) -> None:
        if first < FIRST_YEAR - 1 or last > LAST_YEAR + 1:
            raise CouldNotCheck(f"instants lie between the years {FIRST_YEAR} and {LAST_YEAR}")
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
    """The calendar ready for questions; without one, 24x7. Years are compiled when first asked about."""
    return OpenTimes(Days(calendar) if calendar is not None else None)


def _united(stretches: Iterable[Stretch]) -> list[Stretch]:
    """The same instants as disjoint stretches in order; those that overlap or touch become one."""
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
