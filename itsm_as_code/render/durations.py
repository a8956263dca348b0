"""Shows lengths of time for people, such as `3h 12m` and `40h`, and instants in a zone."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo


def length(seconds: int) -> str:
    """Returns at most two units, hours the largest: in opening hours a day has fewer than 24 hours.

    So `5bd` left is never shown as `1d 16h`. Negative lengths get a minus.
    """
    sign = "-" if seconds < 0 else ""
    minutes, rest = divmod(abs(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    parts = [(hours, "h"), (minutes, "m"), (rest, "s")]
    told = [f"{number}{unit}" for number, unit in parts if number]
    return sign + (" ".join(told[:2]) or "0s")


def local(instant: datetime, zone: str) -> str:
    """Returns `Fri 2026-11-20 10:30 GMT` in an IANA zone."""
    return instant.astimezone(ZoneInfo(zone)).strftime("%a %Y-%m-%d %H:%M %Z")
