"""Converts local times to instants, correctly even where clocks change."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from difflib import get_close_matches
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

ZONE_PATTERN = r"^[A-Z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+)*$"
"""Excludes names that mean different zones on different machines: localtime, posixrules, right/…, posix/…."""
_ZONE = re.compile(ZONE_PATTERN)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SECOND = timedelta(seconds=1)


@cache
def load_zone(name: str) -> ZoneInfo:
    """Returns the IANA zone with this name. Raises ValueError with a suggestion if there is none."""
    try:
        if _ZONE.match(name) is not None and name != "Factory":
            return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        pass
    close = get_close_matches(name, sorted(available_timezones()), n=1)
    hint = f"did you mean {close[0]}?" if close else "write e.g. Europe/Berlin or UTC"
    raise ValueError(f"there is no time zone {name[:40]}; {hint}")


def epoch(instant: datetime) -> int:
    """Returns whole seconds since 1970 in UTC. Fractions are dropped, because clocks count whole seconds."""
    return (instant - _EPOCH) // _SECOND


def at_epoch(seconds: int) -> datetime:
    """Returns the instant in UTC that is `seconds` after the start of 1970."""
    return _EPOCH + timedelta(seconds=seconds)


def opening_at(wall: datetime, zone: ZoneInfo) -> int:
    """Returns the first instant (as from `epoch`) at which clocks in `zone` show the local time `wall` or a later one.

    If clocks skip `wall`, that is the instant of the change. If they show it twice, it is the first time (PEP 495
    describes both readings).
    """
    before, after = _offsets(wall, zone)
    if before < after:
        return _jump(wall, before, after, zone)
    return _naive_epoch(wall) - before


def closing_at(wall: datetime, zone: ZoneInfo) -> int:
    """Returns the instant (as from `epoch`) after which clocks in `zone` never show a time before `wall` again.

    If clocks show `wall` twice, that is the second time. If the repeated hour begins exactly at `wall`, it is the
    first time, because clocks never go below it again.
    """
    before, after = _offsets(wall, zone)
    if before < after:
        return _jump(wall, before, after, zone)
    second = _naive_epoch(wall) - after
    if before > after and _wall(second - 1, zone) >= wall:
        return _naive_epoch(wall) - before
    return second


def _offsets(wall: datetime, zone: ZoneInfo) -> tuple[int, int]:
    """Returns the offsets in seconds before and after a change of clocks at `wall`. They are equal if there is none."""
    first, second = zone.utcoffset(wall), zone.utcoffset(wall.replace(fold=1))
    if first is None or second is None:  # pragma: no cover - ZoneInfo always answers for a datetime
        raise ValueError("zone without offsets")
    return first // _SECOND, second // _SECOND


def _jump(wall: datetime, before: int, after: int, zone: ZoneInfo) -> int:
    """Returns the instant at which clocks skip `wall`: the first instant with the new offset."""
    low, high = _naive_epoch(wall) - after, _naive_epoch(wall) - before
    while high - low > 1:
        middle = (low + high) // 2
        if _wall(middle, zone) > wall:
            high = middle
        else:
            low = middle
    return high


def _naive_epoch(wall: datetime) -> int:
    return (wall - _EPOCH.replace(tzinfo=None)) // _SECOND


def _wall(seconds: int, zone: ZoneInfo) -> datetime:
    return at_epoch(seconds).astimezone(zone).replace(tzinfo=None)
