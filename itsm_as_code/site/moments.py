"""Writes instants and days for readers in the workspace's zone, with the machine-readable form beside them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from markupsafe import Markup, escape

from itsm_as_code.domain.instants import Duration, Unit, write_instant

_LONG_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_LONG_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December",
)  # fmt: skip


@cache
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


class Moments:
    """Writes instants in one zone. The names of days and months are ours, so that the locale cannot change the
    bytes."""

    def __init__(self, zone: str) -> None:
        self._zone = _zone(zone)

    def local(self, instant: datetime) -> datetime:
        """Returns the instant on the wall clock of the zone."""
        return instant.astimezone(self._zone)

    def day_of(self, instant: datetime) -> date:
        """Returns the calendar day of the instant in the zone."""
        return self.local(instant).date()

    def when(self, instant: datetime) -> Markup:
        """Returns `20 Nov 2026, 10:30 GMT` as a time element."""
        local = self.local(instant)
        words = f"{day_words(local.date())}, {local:%H:%M} {local.tzname()}"
        return _time(write_instant(instant.astimezone(UTC)), words)

    def clock(self, instant: datetime) -> Markup:
        """Returns `10:30` as a time element."""
        return _time(write_instant(instant.astimezone(UTC)), f"{self.local(instant):%H:%M}")

    def between(self, start: datetime, end: datetime) -> Markup:
        """Returns `20 Nov 2026, 22:00–23:30 GMT`, with both days if they differ."""
        if self.day_of(start) != self.day_of(end):
            return self.when(start) + Markup(" – ") + self.when(end)
        first, last = self.local(start), self.local(end)
        zone = Markup(" ") + (last.tzname() or "")
        return Markup("{}, {}–{}{}").format(day(first.date()), self.clock(start), self.clock(end), zone)


def day(value: date) -> Markup:
    """Returns `20 Nov 2026` as a time element."""
    return _time(value.isoformat(), day_words(value))


def day_words(value: date) -> str:
    """Returns `20 Nov 2026`."""
    return f"{value.day} {_MONTHS[value.month - 1]} {value.year}"


def weekday(value: date) -> str:
    """Returns `Friday 20 November`: a heading in a list by days."""
    return f"{_LONG_DAYS[value.weekday()]} {value.day} {_LONG_MONTHS[value.month - 1]}"


def month(value: str) -> str:
    """Returns `2026-11` as `November 2026`."""
    return f"{_LONG_MONTHS[int(value[5:7]) - 1]} {value[:4]}"


def after(start: date, length: Duration) -> date:
    """Returns the day that is `length` after `start`. Business days skip Saturdays and Sundays."""
    if length.unit is not Unit.BUSINESS_DAYS:
        return start + timedelta(seconds=length.seconds)
    weeks, rest = divmod(length.amount, 5)
    current = start + timedelta(weeks=weeks)
    while rest:
        current += timedelta(days=1)
        rest -= current.weekday() < 5
    return current


def _time(machine: str, words: str) -> Markup:
    return Markup('<time datetime="{}">{}</time>').format(machine, escape(words))
