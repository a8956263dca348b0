"""The types of the fields that conditions read, and what a condition may compare each with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from typing import Any

from itsm_as_code.domain.instants import Duration, parse_date, parse_duration, parse_instant

Scalar = str | int | bool
"""What a condition writes."""
Value = Any
"""What a subject has: str (enums too), int, bool, datetime, date, Duration, a map, a tuple of these, None."""


class Sort(StrEnum):
    """What sort of values a field has."""

    TEXT = "text"
    WORD = "word"
    NUMBER = "whole number"
    FLAG = "true or false"
    INSTANT = "instant"
    DAY = "date"
    DURATION = "duration"
    CHOICE = "choice"
    PART = "map"


@dataclass(frozen=True, slots=True)
class FieldType:
    """The type of one field.

    `TEXT` is prose (globs ignore case), `WORD` an id, slug or path (globs don't). `choices` of an
    `is_ordered` field run from the least to the greatest. `many`: the field is a list, and a test holds
    where some element passes it. `optional`: the field may be unset, which no value and no glob
    matches; without it an unset field is an error.
    """

    sort: Sort
    choices: tuple[str, ...] = ()
    is_ordered: bool = False
    many: bool = False
    optional: bool = False

    def listed(self) -> FieldType:
        """The type of lists of this."""
        return replace(self, many=True)

    def or_unset(self) -> FieldType:
        """The same where the field may be unset."""
        return replace(self, optional=True)

    @property
    def compares(self) -> bool:
        """Whether lt, lte, gt and gte make sense."""
        return self.is_ordered or self.sort in _COMPARABLE


Fields = Mapping[str, FieldType]
"""Field name to type: everything that a condition may name."""

TEXT = FieldType(Sort.TEXT)
WORD = FieldType(Sort.WORD)
NUMBER = FieldType(Sort.NUMBER)
FLAG = FieldType(Sort.FLAG)
INSTANT = FieldType(Sort.INSTANT)
DAY = FieldType(Sort.DAY)
DURATION = FieldType(Sort.DURATION)
PART = FieldType(Sort.PART)
_COMPARABLE = frozenset((Sort.NUMBER, Sort.INSTANT, Sort.DAY, Sort.DURATION))


def choice(*names: str) -> FieldType:
    """One of these words, in no order."""
    return FieldType(Sort.CHOICE, tuple(names))


def ordered(*names: str) -> FieldType:
    """One of these words, the least first."""
    return FieldType(Sort.CHOICE, tuple(names), is_ordered=True)


PRIORITY = ordered("P1", "P2", "P3", "P4", "P5")
"""`priority <= P2` means P1 and P2, as people say it."""
LEVEL = ordered("low", "medium", "high")


@dataclass(frozen=True, slots=True)
class Stretch:
    """What a written value stands for on the field's scale: from `low` up to, not including, `high`.

    `high` is None for a single point; a date on a field of instants stands for the whole day.
    """

    low: Any
    high: Any = None

    def holds(self, point: Any) -> bool:
        """Whether a point of the scale is what was written."""
        return bool(point == self.low if self.high is None else self.low <= point < self.high)


def point_of(field: FieldType, value: Value) -> Any:
    """Where a subject's value lies on the field's scale. Raises ValueError for values of another sort."""
    if field.sort is Sort.CHOICE:
        return field.choices.index(value)
    if field.sort is Sort.DURATION:
        return value.seconds
    return value


def stretch_of(field: FieldType, written: Scalar, zone: tzinfo = UTC) -> Stretch:
    """What `written` stands for. Raises ValueError that names what is allowed.

    A date on a field of instants is that day in `zone`.
    """
    match field.sort:
        case Sort.CHOICE:
            return Stretch(_index(field.choices, written))
        case Sort.INSTANT:
            return _instants(written, zone)
        case Sort.DAY:
            return Stretch(parse_date(written))
        case Sort.DURATION:
            return Stretch(_seconds(parse_duration(written)))
        case _:
            return Stretch(_plain(field.sort, written))


def _index(choices: tuple[str, ...], written: Scalar) -> int:
    if isinstance(written, str) and written in choices:
        return choices.index(written)
    raise ValueError(f"must be one of {', '.join(choices)}")


def _instants(written: Scalar, zone: tzinfo) -> Stretch:
    try:
        return Stretch(parse_instant(written))
    except ValueError:
        day = _day(written)
    if day is None:
        raise ValueError("must be an instant such as 2026-11-21T08:30:00Z or a date such as 2026-11-21")
    return Stretch(_midnight(day, zone), _midnight(day + timedelta(days=1), zone))


def _day(written: Scalar) -> date | None:
    try:
        return parse_date(written)
    except ValueError:
        return None


def _midnight(day: date, zone: tzinfo) -> datetime:
    return datetime.combine(day, time(), zone)


def _seconds(duration: Duration) -> int:
    try:
        return duration.seconds
    except ValueError:
        raise ValueError("can't compare business days; write hours or days of 24 h") from None


_TYPES: dict[Sort, type] = {Sort.TEXT: str, Sort.WORD: str, Sort.NUMBER: int, Sort.FLAG: bool}
_WANTED = {Sort.NUMBER: "a whole number", Sort.FLAG: "true or false"}


def _plain(sort: Sort, written: Scalar) -> Scalar:
    if type(written) is not _TYPES.get(sort):
        hint = " (quote it)" if sort in (Sort.TEXT, Sort.WORD) else ""
        raise ValueError(f"must be {_WANTED.get(sort, 'text')}{hint}")
    return written


def scalar_from_text(field: FieldType, text: str) -> Scalar:
    """The scalar that a word on the command line stands for; left as text where it does not fit."""
    if field.sort is Sort.NUMBER and text.lstrip("-").isascii() and text.lstrip("-").isdigit():
        return int(text)
    if field.sort is Sort.FLAG and text in ("true", "false"):
        return text == "true"
    return text


def words_for(field: FieldType) -> str:
    """What the field holds, for a message."""
    words = f"one of {', '.join(field.choices)}" if field.choices else field.sort.value
    return f"list of {words}" if field.many else words
