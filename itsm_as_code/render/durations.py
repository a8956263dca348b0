"""Lengths of time for people: `3h 12m`, `40h`; instants in a zone with its offset."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo


def length(seconds: int) -> str:
    """Two units at most, hours the largest: in opening hours a day is no 24 hours, and `5bd` left is no `1d 16h`.

    Negative lengths carry a minus.
    """
    sign = "-" if seconds < 0 else ""
    minutes, rest = divmod(abs(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    parts = [(hours, "h"), (minutes, "m"), (rest, "s")]
    told = [f"{number}{unit}" for number, unit in parts if number]
    return sign + (" ".join(told[:2]) or "0s")


def local(instant: datetime, zone: str) -> str:
    """`Fri 2026-11-20 10:30 GMT` in an IANA zone."""
    return instant.astimezone(ZoneInfo(zone)).strftime("%a %Y-%m-%d %H:%M %Z")
