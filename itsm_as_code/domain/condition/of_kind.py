"""Derives the fields that conditions may name from the model of a kind, and makes a record usable as a subject."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel

from itsm_as_code.domain.condition.fields import (
    DAY,
    DURATION,
    FLAG,
    INSTANT,
    NUMBER,
    PART,
    TEXT,
    WORD,
    Fields,
    Value,
    ValueType,
    choice,
    ordered,
    reference,
)
from itsm_as_code.domain.ids import SLUG_PATTERN
from itsm_as_code.domain.instants import Duration

_LEAST_FIRST = frozenset({"Priority", "RiskLevel"})
_LEAST_LAST = frozenset({"Level"})
"""The names of enums whose words have an order. They are given by name so that this module imports no kind."""
_BASES: dict[Any, ValueType] = {
    bool: FLAG,
    int: NUMBER,
    str: TEXT,
    datetime: INSTANT,
    date: DAY,
    Duration: DURATION,
}
_HIDDEN = frozenset({"schema_", "aliases", "links", "custom", "timeline", "imported"})


@cache
def fields_of_kind(model: type[BaseModel]) -> Fields:
    """Maps all fields that a condition may name to their types, including the timeline's tracked fields."""
    fields = {
        info.alias or name: found
        for name, info in model.model_fields.items()
        if name not in _HIDDEN and (found := _type_of(info.annotation, tuple(info.metadata))) is not None
    }
    entry = _entry_model(model)
    for name in getattr(model, "TRACKED_FIELDS", ()):
        info = entry.model_fields[name]
        found = _type_of(info.annotation, tuple(info.metadata))
        if found is not None:
            fields[name] = found.or_unset()
    return fields | {"id": reference(getattr(model, "KIND", "")), "kind": WORD}


def _entry_model(model: type[BaseModel]) -> Any:
    timeline = model.model_fields.get("timeline")
    return get_args(timeline.annotation)[0] if timeline is not None else None


def _type_of(annotation: Any, metadata: tuple[Any, ...]) -> ValueType | None:
    """Returns the field type of an annotation, or None if a condition can't read such values."""
    origin = get_origin(annotation)
    if origin is Annotated:
        inner, *more = get_args(annotation)
        return _type_of(inner, (*more, *metadata))
    if origin in (Union, UnionType):
        return _type_of_union(get_args(annotation), metadata)
    if origin is tuple:
        element = _type_of(get_args(annotation)[0], ())
        return element.listed() if element is not None else None
    if origin is Literal:
        return choice(*(str(word) for word in get_args(annotation)))
    return _type_of_class(annotation, metadata)


def _type_of_union(members: tuple[Any, ...], metadata: tuple[Any, ...]) -> ValueType | None:
    """Returns the first member's type that is a plain value, e.g. the id for "a person's id or an `External`"."""
    types = [_type_of(member, metadata) for member in members if member is not type(None)]
    plain = [each for each in types if each is not None]
    if not plain:
        return None
    best = next((each for each in plain if each is not PART), PART)
    return best.or_unset() if type(None) in members else best


def _type_of_class(annotation: Any, metadata: tuple[Any, ...]) -> ValueType | None:
    if not isinstance(annotation, type):
        return None
    if issubclass(annotation, StrEnum):
        return _type_of_enum(annotation.__name__, [member.value for member in annotation])
    if issubclass(annotation, BaseModel):
        return PART
    found = _BASES.get(annotation)
    if found is not TEXT:
        return found
    ref: Any = next((each for each in metadata if type(each).__name__ == "Ref"), None)
    if ref is not None:
        return reference(*ref.kinds, or_nobody=ref.or_nobody)
    return WORD if _is_word(metadata) else TEXT


def _type_of_enum(name: str, words: list[str]) -> ValueType:
    if name in _LEAST_LAST:
        return ordered(*reversed(words))
    return ordered(*words) if name in _LEAST_FIRST else choice(*words)


def _is_word(metadata: tuple[Any, ...]) -> bool:
    """Tells whether the text is a slug."""
    return any(SLUG_PATTERN in _patterns(each) for each in metadata)


def _patterns(constraint: Any) -> list[str]:
    inner = getattr(constraint, "metadata", [constraint])
    return [pattern for each in inner if (pattern := getattr(each, "pattern", None)) is not None]


@cache
def _attribute(model: type[BaseModel], written: str) -> str:
    """Returns the attribute for the name of a field in records. They differ for names such as `from`."""
    return next((name for name, info in model.model_fields.items() if info.alias == written), written)


class RecordSubject(Mapping[str, Value]):
    """A record as the subject of a condition. For tickets, tracked fields have their current values.

    `more` adds or replaces fields, e.g. values computed from other records.
    """

    def __init__(self, record: BaseModel, more: Mapping[str, Value] | None = None) -> None:
        self._record = record
        self._more = more or {}
        self._tracked = frozenset(getattr(record, "TRACKED_FIELDS", ()))

    def __getitem__(self, name: str) -> Value:
        if name in self._more:
            return self._more[name]
        if name in self._tracked:
            return self._record.current(name)  # type: ignore[attr-defined]
        if name not in fields_of_kind(type(self._record)):
            raise KeyError(name)
        value = getattr(self._record, _attribute(type(self._record), name))
        return getattr(value, "name", value) if isinstance(value, BaseModel) else value

    def __contains__(self, name: object) -> bool:
        return name in self._more or name in fields_of_kind(type(self._record))

    def __iter__(self) -> Iterator[str]:
        return iter(dict.fromkeys((*fields_of_kind(type(self._record)), *self._more)))

    def __len__(self) -> int:
        return len(list(iter(self)))
