"""Stretches of a day as records write them: `08:00-18:00`, half-open, in wall time."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

HOURS_PATTERN = r"^([01]\d|2[0-3]):[0-5]\d-(([01]\d|2[0-3]):[0-5]\d|24:00)$"
_HOURS = re.compile(r"(\d\d):(\d\d)-(\d\d):(\d\d)")
MINUTES_A_DAY = 24 * 60


@dataclass(frozen=True, slots=True, order=True)
class Hours:
    """From `start` up to, not including, `end`: minutes after midnight of the day it belongs to.

    An end that is not later than the start lies on the next day: `22:00-06:00` is 1320 to 1800.
    """

    start: int
    end: int

    def __str__(self) -> str:
        end = self.end - MINUTES_A_DAY if self.end > MINUTES_A_DAY else self.end
        return f"{_clock(self.start)}-{_clock(end)}"


def parse_hours(text: object) -> Hours:
    """Hours from text such as `08:00-18:00`, `18:00-24:00` or `22:00-06:00`. Raises ValueError."""
    if isinstance(text, Hours):
        return text
    match = _HOURS.fullmatch(text) if isinstance(text, str) and re.match(HOURS_PATTERN, text) else None
    if match is None:
        raise ValueError("write hours as 08:00-18:00; the day ends at 24:00")
    start, end = int(match[1]) * 60 + int(match[2]), int(match[3]) * 60 + int(match[4])
    if start == end:
        raise ValueError("hours that begin and end at the same time are empty; a whole day is 00:00-24:00")
    return Hours(start, end if end > start else end + MINUTES_A_DAY)


def overlap(hours: tuple[Hours, ...]) -> tuple[Hours, Hours] | None:
    """Two stretches of one day that overlap, or None. Touching is not overlapping."""
    in_order = sorted(hours)
    return next(
        ((one, other) for one, other in pairwise(in_order) if other.start < one.end),
        None,
    )


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"
