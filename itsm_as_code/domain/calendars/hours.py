"""Parses hours of a day such as `08:00-18:00`. They are local time, and the end is not included."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

HOURS_PATTERN = r"^([01][0-9]|2[0-3]):[0-5][0-9]-(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$"
_HOURS = re.compile(r"([0-9]{2}):([0-9]{2})-([0-9]{2}):([0-9]{2})")
MINUTES_A_DAY = 24 * 60


@dataclass(frozen=True, slots=True, order=True)
class Hours:
    """Hours from `start` up to, but not including, `end`, in minutes after midnight.

    If the written end is not later than the start, it is on the next day: `22:00-06:00` is 1320 to 1800.
    """

    start: int
    end: int

    def __str__(self) -> str:
        end = self.end - MINUTES_A_DAY if self.end > MINUTES_A_DAY else self.end
        return f"{_clock(self.start)}-{_clock(end)}"


def parse_hours(text: object) -> Hours:
    """Parses text such as `08:00-18:00`, `18:00-24:00` or `22:00-06:00`. Raises ValueError with a hint."""
    if isinstance(text, Hours):
        return text
    match = _HOURS.fullmatch(text) if isinstance(text, str) and re.match(HOURS_PATTERN, text) else None
    if match is None:
        raise ValueError("write hours as 08:00-18:00; the day ends at 24:00")
    start, end = int(match[1]) * 60 + int(match[2]), int(match[3]) * 60 + int(match[4])
    if start == end:
        raise ValueError("the hours begin and end at the same time; write a whole day as 00:00-24:00")
    return Hours(start, end if end > start else end + MINUTES_A_DAY)


def overlap(hours: tuple[Hours, ...]) -> tuple[Hours, Hours] | None:
    """Returns two entries of one day that overlap, or None. Hours that only touch do not overlap."""
    in_order = sorted(hours)
    return next(
        ((one, other) for one, other in pairwise(in_order) if other.start < one.end),
        None,
    )


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"
