"""Business days: a named operation of its own, because a day of work is no amount of seconds."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from itsm_as_code.domain.calendars.days import Days, Stretch
from itsm_as_code.domain.calendars.open_times import HORIZON_YEARS, NoWorkingTime, OpenTimes
from itsm_as_code.domain.calendars.zone import at_epoch, epoch, opening_at

_DAY = timedelta(days=1)


def due_in_business_days(open_times: OpenTimes, start: datetime, count: int) -> datetime:
    """The same wall time on the `count`-th following day on which work is done.

    - A day counts where some open time begins on it. The day of the start itself is day 0.
    - A start in closed time moves to the next opening first: Saturday's ticket starts on Monday at 08:00,
      and 1bd is Tuesday 08:00.
    - Hours past midnight belong to the day they began on: 02:00 in a shift from 22:00 to 06:00 is 26:00 of
      the day before, and 1bd later 26:00 of the next working day.
    - Where the last day is shorter, its first opening or last closing stands for a wall time outside it.
      A wall time inside a break stays.
    - 24x7 has no shorter days: `count` times the same wall time in UTC.

    Raises NoWorkingTime where the calendar has not so many working days within ten years, ValueError
    for a count below 1.
    """
    if count < 1:
        raise ValueError("count business days from 1")
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
    """The day whose hours an open instant belongs to; its own date first."""
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
    """Wall time since the midnight at which `day` began; above 24 h for hours past midnight."""
    wall = at_epoch(seconds).astimezone(days.zone_on(day)).replace(tzinfo=None)
    return wall - datetime.combine(day, time())


def _holds(stretch: Stretch, seconds: int) -> bool:
    return stretch[0] <= seconds < stretch[1]
