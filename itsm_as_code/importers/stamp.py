"""Reads times of a source as UTC: local or with offset, day or month first. Each doubt is reported."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING

from itsm_as_code.domain.errors import UsageFault
from itsm_as_code.domain.instants import CLOCK_TOLERANCE

if TYPE_CHECKING:
    from itsm_as_code.importers.draft import Options
    from itsm_as_code.importers.loss import Losses

_TIME = (
    r"(?:[T ,]+(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,]\d+)?)?"
    r"\s*(?P<half>[AaPp]\.?[Mm]\.?)?\s*(?P<zone>Z|z|UTC|GMT|[+-]\d{2}:?\d{2})?)?"
)
_YEAR_FIRST = re.compile(rf"(?P<year>\d{{4}})[-/.](?P<month>\d{{1,2}})[-/.](?P<day>\d{{1,2}}){_TIME}", re.ASCII)
_YEAR_LAST = re.compile(rf"(?P<one>\d{{1,2}})[-/.](?P<two>\d{{1,2}})[-/.](?P<year>\d{{4}}|\d{{2}}){_TIME}", re.ASCII)
_EARLIEST = datetime(1971, 1, 1, tzinfo=UTC)


def day_first(stamps: Iterable[str]) -> bool | None:
    """Returns what times such as 31/12/2016 prove about the order, or None if they prove nothing or contradict each
    other."""
    day, month = False, False
    for stamp in stamps:
        match = _YEAR_LAST.fullmatch(stamp.strip())
        if match is not None:
            day = day or int(match["one"]) > 12
            month = month or int(match["two"]) > 12
    return None if day == month else day


class Stamps:
    """Reads the times of one source."""

    def __init__(self, options: Options, losses: Losses, proof: bool | None = None) -> None:
        self._zone = options.zone
        self._latest = options.now + CLOCK_TOLERANCE
        self._dayfirst = options.dayfirst if options.dayfirst is not None else proof
        self._losses = losses
        self._read: dict[str, datetime | str] = {}

    def read(self, stamp: str, field: str) -> datetime | None:
        """Returns the instant in UTC, or None with a line in the report. Empty text gives None.

        Raises UsageFault if the time needs an option that was not given.
        """
        if not stamp:
            return None
        found = self._read.get(stamp)
        if found is None:
            found = self._read[stamp] = self._parse(stamp.strip(), field)
        if isinstance(found, str):
            self._losses.dropped(field, found, stamp)
            return None
        return found

    def _parse(self, stamp: str, field: str) -> datetime | str:
        match = _YEAR_FIRST.fullmatch(stamp) or _YEAR_LAST.fullmatch(stamp)
        if match is None:
            return "Not a time in a form that is known, such as 2016-12-31 23:59 or 31/12/2016 23:59."
        try:
            local = self._local(match.groupdict(), stamp)
            instant = self._in_utc(local, match["zone"], stamp, field)
        except (ValueError, OverflowError):
            return "No such day or time."
        if match["hour"] is None:
            self._losses.guessed(field, "A day without a time: midnight was taken.", stamp)
        if instant < _EARLIEST:
            return "Before 1971: a placeholder, not a time."
        return instant if instant <= self._latest else "In the future."

    def _local(self, parts: dict[str, str | None], stamp: str) -> datetime:
        year = int(parts["year"] or 0)
        if "month" in parts:
            month, day = int(parts["month"] or 0), int(parts["day"] or 0)
        else:
            first, second = int(parts["one"] or 0), int(parts["two"] or 0)
            day, month = (first, second) if self._is_day_first(stamp) else (second, first)
            year += 2000 if year < 100 else 0
        hour = _hour(int(parts["hour"] or 0), parts["half"])
        return datetime(year, month, day, hour, int(parts["minute"] or 0), int(parts["second"] or 0))  # noqa: DTZ001

    def _is_day_first(self, stamp: str) -> bool:
        if self._dayfirst is None:
            raise UsageFault(
                f'"{stamp}" may be day/month or month/day, and no other time of the source proves which.',
                hint="Say it with --dayfirst or --monthfirst.",
            )
        return self._dayfirst

    def _in_utc(self, local: datetime, zone: str | None, stamp: str, field: str) -> datetime:
        if zone is not None:
            return local.replace(tzinfo=_offset(zone)).astimezone(UTC)
        if self._zone is None:
            raise UsageFault(
                f'"{stamp}" has no time zone.',
                hint="Name the zone of the source, e.g. --timezone Europe/Lisbon; exports of a REST interface"
                " are in UTC: --timezone UTC.",
            )
        first = local.replace(tzinfo=self._zone)
        if first.astimezone(UTC).astimezone(self._zone).replace(tzinfo=None) != local:
            why = "The clock skipped this time (start of summer time): read as if the clock had not changed yet."
            self._losses.guessed(field, why, stamp)
        elif first.replace(fold=1).utcoffset() != first.utcoffset():
            why = "The clock showed this time twice (end of summer time): the earlier one was taken."
            self._losses.guessed(field, why, stamp)
        return first.astimezone(UTC)


def _hour(hour: int, half: str | None) -> int:
    if half is None:
        return hour
    if not 1 <= hour <= 12:
        raise ValueError("no such hour")
    return hour % 12 + (12 if half[0] in "pP" else 0)


def _offset(zone: str) -> timezone:
    if zone[0] not in "+-":
        return UTC
    sign = -1 if zone[0] == "-" else 1
    return timezone(sign * timedelta(hours=int(zone[1:3]), minutes=int(zone[-2:])))
