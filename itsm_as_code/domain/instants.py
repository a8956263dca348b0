"""Parses and writes instants (RFC 3339 with an offset) and durations (`15m`, `4h`, `2d`, `3bd`)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

INSTANT_PATTERN = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?(Z|[+-][0-9]{2}:[0-9]{2})$"
DURATION_PATTERN = r"^[1-9][0-9]{0,5}(m|h|d|bd)$"
DATE_PATTERN = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
_INSTANT = re.compile(INSTANT_PATTERN)
_DURATION = re.compile(r"^([1-9][0-9]{0,5})(m|h|d|bd)$")
_DATE = re.compile(DATE_PATTERN)
_WIDEST_OFFSET = timedelta(hours=14)
_FIRST_YEAR, _LAST_YEAR = 1900, 2999
"""The years that records may name. There is room on both sides: no zone and no duration leads out of the calendar of
Python, so one instant can't stop every list, page and clock."""
CLOCK_TOLERANCE = timedelta(minutes=5)
"""The clocks of two machines may differ by this much; what is dated later than now by more is in the future."""


LATE = timedelta(days=1)
"""How old the date of a commit may be when it lands. So a step landed at most this long after its commit's date."""


def is_in_future(instant: datetime, now: datetime) -> bool:
    """Returns whether an instant is later than now by more than the clocks of two machines may differ."""
    return instant - now > CLOCK_TOLERANCE


class Unit(StrEnum):
    """The units of a duration. A day is 24 hours of working time on an SLA clock; `bd` is a business day."""

    MINUTES = "m"
    HOURS = "h"
    DAYS = "d"
    BUSINESS_DAYS = "bd"


_SECONDS = {Unit.MINUTES: 60, Unit.HOURS: 3600, Unit.DAYS: 86400}


@dataclass(frozen=True, slots=True)
class Duration:
    """An amount of one unit. Business days have no fixed length in seconds; it depends on the calendar."""

    amount: int
    unit: Unit

    def __str__(self) -> str:
        return f"{self.amount}{self.unit.value}"

    @property
    def seconds(self) -> int:
        """The length in seconds. Raises ValueError for business days, because their length depends on the calendar."""
        if self.unit is Unit.BUSINESS_DAYS:
            raise ValueError(f"{self} has no fixed length; ask the calendar")
        return self.amount * _SECONDS[self.unit]

    def as_timedelta(self) -> timedelta:
        """Returns the shortest possible length. A business day counts as 24 hours, so that expiry is strict."""
        if self.unit is Unit.BUSINESS_DAYS:
            return timedelta(days=self.amount)
        return timedelta(seconds=self.seconds)


def parse_instant(text: object) -> datetime:
    """Parses RFC 3339 text (section 5.6) into an aware datetime with the same offset. Raises ValueError with a hint."""
    if isinstance(text, datetime):
        if text.tzinfo is None:
            raise ValueError("an instant needs an offset")
        return text
    if not isinstance(text, str) or _INSTANT.fullmatch(text) is None:
        raise ValueError("write an instant as 2026-11-21T08:30:00Z or with an offset such as +01:00")
    instant = datetime.fromisoformat(text)
    offset = instant.utcoffset()
    if offset is None or abs(offset) > _WIDEST_OFFSET:
        raise ValueError("an offset must be between -14:00 and +14:00")
    _require_in_range(instant.year)
    return instant


def _require_in_range(year: int) -> None:
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        raise ValueError(f"the year must be one from {_FIRST_YEAR} to {_LAST_YEAR}")


def parse_duration(text: object) -> Duration:
    """Parses a duration such as `15m`, `4h`, `2d` or `3bd`. Raises ValueError with a hint."""
    if isinstance(text, Duration):
        return text
    match = _DURATION.fullmatch(text) if isinstance(text, str) else None
    if match is None:
        raise ValueError("write a duration as 15m, 4h, 2d (24 h each) or 3bd (business days)")
    return Duration(int(match[1]), Unit(match[2]))


def parse_date(text: object) -> date:
    """Parses a date such as `2026-11-21`. Raises ValueError with a hint."""
    if isinstance(text, date) and not isinstance(text, datetime):
        return text
    if not isinstance(text, str) or _DATE.fullmatch(text) is None:
        raise ValueError("write a date as 2026-11-21")
    day = date.fromisoformat(text)
    _require_in_range(day.year)
    return day


def write_instant(instant: datetime) -> str:
    """Writes an instant as RFC 3339 text in whole seconds. UTC is written as `Z`; other offsets stay."""
    whole = instant.replace(microsecond=0)
    return whole.isoformat().replace("+00:00", "Z")


def write_utc(instant: datetime) -> str:
    """Writes an instant for programs: in UTC, whatever zone its record, its commit or `--at` was written in."""
    return write_instant(instant.astimezone(UTC))
