"""Defines the types of the fields that conditions read, and the values that each can be compared with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from typing import Any

from itsm_as_code.domain.instants import Duration, parse_date, parse_duration, parse_instant

Scalar = str | int | bool
"""A value that a condition can write."""
Value = Any
"""A value of a subject: str (enums too), int, bool, datetime, date, Duration, a map, a tuple of these, or None."""


class Sort(StrEnum):
    """The kinds of values that a field can have."""

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
class ValueType:
    """The type of one field.

    `TEXT` is prose, for which globs ignore case; `WORD` is an id, slug or path, for which they do not. If the field
    `is_ordered`, its `choices` go from the least to the greatest. If `many`, the field is a list, and a test holds if
    one element passes it; `only` holds if all do. If `optional`, the field may be unset, and no value and no glob
    matches that; otherwise an unset field is an error. `refers` lists the kinds whose ids a `WORD` holds. If
    `or_nobody`, it may also be the word `nobody`. Unless it `takes_not`, no condition may say `not` of it.
    """

    sort: Sort
    choices: tuple[str, ...] = ()
    is_ordered: bool = False
    many: bool = False
    optional: bool = False
    refers: tuple[str, ...] = field(default=(), compare=False)
    or_nobody: bool = field(default=False, compare=False)
    takes_not: bool = True

    def listed(self) -> ValueType:
        """Returns the type of a list of such values."""
        return replace(self, many=True)

    def without_not(self) -> ValueType:
        """Returns the same type for a field of which no condition may say `not`."""
        return replace(self, takes_not=False)

    def or_unset(self) -> ValueType:
        """Returns the same type for a field that may be unset."""
        return replace(self, optional=True)

    @property
    def compares(self) -> bool:
        """Tells whether lt, lte, gt and gte can be used."""
        return self.is_ordered or self.sort in _COMPARABLE


Fields = Mapping[str, ValueType]
"""Maps the name of each field that a condition may name to its type."""

TEXT = ValueType(Sort.TEXT)
WORD = ValueType(Sort.WORD)
NUMBER = ValueType(Sort.NUMBER)
FLAG = ValueType(Sort.FLAG)
INSTANT = ValueType(Sort.INSTANT)
DAY = ValueType(Sort.DAY)
DURATION = ValueType(Sort.DURATION)
PART = ValueType(Sort.PART)


def reference(*kinds: str, or_nobody: bool = False) -> ValueType:
    """Returns the type for ids of records of these kinds."""
    return ValueType(Sort.WORD, refers=kinds, or_nobody=or_nobody)


_COMPARABLE = frozenset((Sort.NUMBER, Sort.INSTANT, Sort.DAY, Sort.DURATION))


def choice(*names: str) -> ValueType:
    """Returns the type for one of these words, which have no order."""
    return ValueType(Sort.CHOICE, tuple(names))


def ordered(*names: str) -> ValueType:
    """Returns the type for one of these words, given from the least to the greatest."""
    return ValueType(Sort.CHOICE, tuple(names), is_ordered=True)


PRIORITY = ordered("P1", "P2", "P3", "P4", "P5")
"""The order of priorities. `priority <= P2` means P1 and P2."""
LEVEL = ordered("low", "medium", "high")


@dataclass(frozen=True, slots=True)
class Stretch:
    """The range on the field's scale that a written value means: from `low` up to, but not including, `high`.

    `high` is None for a single point. For a field of instants, a date means the whole day.
    """

    low: Any
    high: Any = None

    def holds(self, point: Any) -> bool:
        """Tells whether a point on the scale is in the range."""
        return bool(point == self.low if self.high is None else self.low <= point < self.high)


def point_of(field: ValueType, value: Value) -> Any:
    """Returns the point of a subject's value on the field's scale. Raises ValueError if the value has another type."""
    if field.sort is Sort.CHOICE:
        return field.choices.index(value)
    if field.sort is Sort.DURATION:
        return value.seconds
    return value


def stretch_of(field: ValueType, written: Scalar, zone: tzinfo = UTC) -> Stretch:
    """Returns the range that `written` means. Raises ValueError with the allowed values.

    For a field of instants, a date means that day in `zone`.
    """
    match field.sort:
        case Sort.CHOICE:
            return Stretch(_index(field.choices, written))
        case Sort.INSTANT:
            return _instants(written, zone)
        case Sort.DAY:
            return Stretch(_date(written))
        case Sort.DURATION:
            return Stretch(_seconds(written))
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


def _date(written: Scalar) -> date:
    day = _day(written)
    if day is None:
        raise ValueError("must be a date such as 2026-11-21")
    return day


def _seconds(written: Scalar) -> int:
    try:
        duration: Duration = parse_duration(written)
    except ValueError:
        raise ValueError("must be a duration such as 15m, 4h or 2d (24 h each)") from None
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


def scalar_from_text(field: ValueType, text: str) -> Scalar:
    """Converts a word of the command line to the field's type. It stays text if it does not fit."""
    if field.sort is Sort.NUMBER and text.lstrip("-").isascii() and text.lstrip("-").isdigit():
        return int(text)
    if field.sort is Sort.FLAG and text in ("true", "false"):
        return text == "true"
    return text


def words_for(field: ValueType) -> str:
    """Describes the type of a field for a message."""
    words = f"one of {', '.join(field.choices)}" if field.choices else field.sort.value
    return f"list of {words}" if field.many else words
