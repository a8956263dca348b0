"""Computes due times in business days. They need their own function because a working day has no fixed length."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from itsm_as_code.domain.calendars.day_hours import Days, Stretch
from itsm_as_code.domain.calendars.open_times import HORIZON_YEARS, NoWorkingTime, OpenTimes
from itsm_as_code.domain.calendars.zone import at_epoch, epoch, opening_at

_DAY = timedelta(days=1)


def due_in_business_days(open_times: OpenTimes, start: datetime, count: int) -> datetime:
    """Returns the same local time on the `count`-th working day after the start.

    - A day is a working day if open time begins on it. The day of the start is day 0.
    - A start in closed time first moves to the next opening: a ticket of Saturday starts on Monday at 08:00, and
      1bd is Tuesday at 08:00.
    - Hours after midnight belong to the day on which they began: 02:00 in a shift from 22:00 to 06:00 counts as 26:00
      of the day before, and 1bd later is 26:00 of the next working day.
    - If the last day is shorter, a local time outside its hours becomes its first opening or its last closing.
      A local time inside a break stays.
    - For 24x7 every day counts: the result is `count` days later at the same time in UTC.

    Raises NoWorkingTime if the calendar has too few working days within ten years, and ValueError if `count` is
    below 1.
    """
    if count < 1:
        raise ValueError("the number of business days must be at least 1")
    days = open_times.days
    if days is None:
        return start.astimezone(UTC) + count * _DAY
    begins = open_times.next_opening_s(epoch(start))
    first = _owner(days, begins)
    last = _following(days, first, count)
    stretches = days.stretches(last)
    wall = datetime.combine(last, time()) + _since_midnight(days, first, begins)
    due = opening_at(wall, days.zone_on(last))
    return at_epoch(min(max(due, stretches[0][0]), stretches[-1][1]))


def _owner(days: Days, seconds: int) -> date:
    """Returns the day whose hours include an open instant: its own date if possible, otherwise the day before."""
    own = days.day_at(seconds)
    for day in (own, own - _DAY):
        if any(_holds(stretch, seconds) for stretch in days.stretches(day)):
            return day
    return own


def _following(days: Days, first: date, count: int) -> date:
    day = first
    limit = first + timedelta(days=366 * HORIZON_YEARS)
    while count:
        day += _DAY
        if day > limit:
            raise NoWorkingTime(f"calendar {days.calendar.id} has too few working days in {HORIZON_YEARS} years")
        count -= bool(days.stretches(day))
    return day


def _since_midnight(days: Days, day: date, seconds: int) -> timedelta:
    """Returns the local time since midnight at the start of `day`. It is above 24 h for hours after midnight."""
    wall = at_epoch(seconds).astimezone(days.zone_on(day)).replace(tzinfo=None)
    return wall - datetime.combine(day, time())


def _holds(stretch: Stretch, seconds: int) -> bool:
    return stretch[0] <= seconds < stretch[1]
