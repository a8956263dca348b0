"""The shape of a model, read off its annotations once: references, material fields, canonical key order."""

from __future__ import annotations

import types
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel

from itsm_as_code.domain.kinds.types import NOBODY, NotMaterial, Ref
from itsm_as_code.domain.remember import for_the_last

if TYPE_CHECKING:
    from itsm_as_code.domain.finding import FieldPath

FIRST_KEYS = (
    "id", "kind", "schema", "revision", "title", "name", "at", "by", "recorded", "recorded_by", "state", "type",
)  # fmt: skip
LAST_KEYS = (
    "response", "note", "public", "redacted", "visibility", "custom", "tags", "aliases", "links", "authors",
    "imported", "timeline", "signature", "body",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reference:
    """One reference in a record: where it stands, which kinds it admits, what it says."""

    field: FieldPath
    kinds: tuple[str, ...]
    value: str

    @property
    def target(self) -> tuple[str, str]:
        """The (kind, id) referred to."""
        if len(self.kinds) == 1:
            return self.kinds[0], self.value
        return _split(self.value)


@dataclass(frozen=True, slots=True)
class _Field:
    """How to find references below one field: itself (`ref`), in a model (`model`), in a list or map of them."""

    name: str
    key: str
    ref: Ref | None
    model: type[BaseModel] | None
    many: bool


def references(record: BaseModel) -> Iterator[Reference]:
    """All references in a record, in field order. Where a field admits `nobody`, this is no reference."""
    return _walk(record, ())


@for_the_last
def targets(record: BaseModel) -> frozenset[tuple[str, str]]:
    """The targets of all references in a record, without their places: for what nearly every record passes."""
    found: set[tuple[tuple[str, ...], str]] = set()
    _gather(record, found)
    return frozenset((kinds[0], value) if len(kinds) == 1 else _split(value) for kinds, value in found)


def _gather(part: BaseModel, found: set[tuple[tuple[str, ...], str]]) -> None:
    """Every record passes through here, field by field: it is written for speed."""
    for name, kinds, none in _references_of(type(part)):
        value = getattr(part, name)
        if value is None:
            continue
        if type(value) is str:
            if kinds is not None and value != none:
                found.add((kinds, value))
        elif is_model(type(value)):
            _gather(value, found)
        elif isinstance(value, (tuple, dict)):
            for item in value.values() if isinstance(value, dict) else value:
                if type(item) is not str:
                    _gather(item, found)
                elif kinds is not None and item != none:
                    found.add((kinds, item))


@cache
def _references_of(model: type[BaseModel]) -> tuple[tuple[str, tuple[str, ...] | None, str | None], ...]:
    """(name, kinds referred to, the word that refers to none) of the fields that hold references."""
    plan = _plan(model) if issubclass(model, BaseModel) else ()
    return tuple((field.name, field.ref.kinds if field.ref else None, _none(field.ref)) for field in plan)


def _none(ref: Ref | None) -> str | None:
    return NOBODY if ref is not None and ref.or_nobody else None


def _split(value: str) -> tuple[str, str]:
    kind, _, slug = value.partition("/")
    return kind, slug


def _walk(part: BaseModel, path: FieldPath) -> Iterator[Reference]:
    for field in _plan(type(part)):
        value = getattr(part, field.name)
        if value is None or value == ():
            continue
        if not field.many:
            yield from _leaf(field, value, (*path, field.key))
            continue
        pairs = value.items() if isinstance(value, dict) else enumerate(value)
        for step, item in pairs:
            yield from _leaf(field, item, (*path, field.key, step))


def _leaf(field: _Field, value: Any, path: FieldPath) -> Iterator[Reference]:
    if isinstance(value, str):
        if field.ref is not None and value != _none(field.ref):
            yield Reference(path, field.ref.kinds, value)
    elif isinstance(value, BaseModel):
        yield from _walk(value, path)


@cache
def _plan(model: type[BaseModel]) -> tuple[_Field, ...]:
    plan = []
    for name, info in model.model_fields.items():
        marks = [mark for mark in info.metadata if isinstance(mark, Ref)]
        ref, inner, many = _look_into(info.annotation)
        if marks:
            ref = marks[0]
        if ref is not None or (inner is not None and _plan(inner)):
            plan.append(_Field(name, info.alias or name, ref, inner, many))
    return tuple(plan)


def _look_into(annotation: Any) -> tuple[Ref | None, type[BaseModel] | None, bool]:
    """(what is referred to, model inside, whether in a list or map) of an annotation."""
    origin, args = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        ref, model, many = _look_into(args[0])
        marks = [mark for mark in args[1:] if isinstance(mark, Ref)]
        return (marks[0] if marks else ref), model, many
    if origin in (Union, types.UnionType):
        found = [_look_into(arg) for arg in args]
        ref = next((f[0] for f in found if f[0] is not None), None)
        model = next((f[1] for f in found if f[1] is not None), None)
        return ref, model, any(f[2] for f in found)
    if origin in (tuple, list):
        ref, model, _ = _look_into(args[0])
        return ref, model, True
    if origin is dict:
        ref, model, _ = _look_into(args[1])
        return ref, model, True
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return None, annotation, False
    return None, None, False


is_model: Callable[[Any], bool] = cache(lambda kind: issubclass(kind, BaseModel))
"""Whether values of a type are models: many times as fast as asking pydantic about each value."""


@cache
def material_keys(model: type[BaseModel]) -> frozenset[str]:
    """Top-level keys whose content is what people approve (design section 3); `revision` is one of them."""
    return frozenset(
        info.alias or name
        for name, info in model.model_fields.items()
        if not any(isinstance(mark, NotMaterial) for mark in info.metadata)
    )


@cache
def keys_of(model: type[BaseModel]) -> tuple[str, ...]:
    """The keys of a map of this model, in canonical order."""
    own = [info.alias or name for name, info in model.model_fields.items()]
    first = [key for key in FIRST_KEYS if key in own]
    last = [key for key in LAST_KEYS if key in own]
    return (*first, *(key for key in own if key not in first and key not in last), *last)


def inner_model(model: type[BaseModel], path: FieldPath) -> type[BaseModel] | None:
    """The model of the map at `path` (list indexes are passed over), or None where any map may stand."""
    current: type[BaseModel] | None = model
    for step in path:
        if current is None:
            return None
        if isinstance(step, int):
            continue
        info = next((i for n, i in current.model_fields.items() if (i.alias or n) == step), None)
        current = _look_into(info.annotation)[1] if info is not None else None
    return current


def key_order(model: type[BaseModel], path: FieldPath) -> tuple[str, ...]:
    """Canonical order of the keys of the map at `path` in a record; empty where any order is right."""
    found = inner_model(model, path)
    return keys_of(found) if found is not None else ()
