"""Derives from the annotations of a model: its references, its material fields and its canonical order of keys."""

from __future__ import annotations

import types
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple, TypeAlias, Union, get_args, get_origin

from pydantic import BaseModel

from itsm_as_code.domain.ids import parse_path
from itsm_as_code.domain.kinds import KINDS
from itsm_as_code.domain.kinds.types import NOBODY, NotMaterial, Ref
from itsm_as_code.domain.settings import Settings

if TYPE_CHECKING:
    from itsm_as_code.domain.finding import FieldPath

FIRST_KEYS = (
    "id", "kind", "schema", "revision", "title", "name", "at", "by", "recorded", "recorded_by", "state", "type",
)  # fmt: skip
LAST_KEYS = (
    "response", "note", "public", "redacted", "visibility", "custom", "tags", "aliases", "links", "authors",
    "imported", "timeline", "signature", "body",
)  # fmt: skip


Target: TypeAlias = tuple[str, str]
"""The kind and the id of a record that is referred to."""


@dataclass(frozen=True, slots=True)
class Reference:
    """A reference in a record: its field, the kinds that it may refer to, and its value."""

    field: FieldPath
    kinds: tuple[str, ...]
    value: str

    @property
    def target(self) -> Target:
        """The record that it refers to."""
        return target_of(self.kinds, self.value)


@dataclass(frozen=True, slots=True)
class _Field:
    """Where to find references in one field: in its value (`ref`), in a model inside (`model`), or in many of these."""

    name: str
    key: str
    ref: Ref | None
    model: type[BaseModel] | None
    many: bool


def references(record: BaseModel) -> Iterator[Reference]:
    """Yields all references in a record, in the order of the fields. The word `nobody` is not a reference."""
    return _walk(record, ())


class ReferenceField(NamedTuple):
    """The kinds that the references in a field may refer to, and the word that refers to nothing, if there is one."""

    kinds: tuple[str, ...]
    nobody: str | None


@cache
def reference_fields(model: type[BaseModel]) -> dict[str, ReferenceField]:
    """Returns the fields of a model that hold references themselves, not only in a model inside."""
    refs = ((field.name, field.ref) for field in _plan(model))
    return {name: ReferenceField(ref.kinds, _nobody(ref)) for name, ref in refs if ref is not None}


def target_of(kinds: Sequence[str], value: str) -> Target:
    """Returns the target of a reference. Only if it may have several kinds does its value name the kind."""
    if len(kinds) == 1:
        return kinds[0], value
    kind, _, slug = value.partition("/")
    return kind, slug


def _nobody(ref: Ref) -> str | None:
    return NOBODY if ref.or_nobody else None


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
        if field.ref is not None and value != _nobody(field.ref):
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
    """Returns (reference, model inside, whether in a list or map) for an annotation."""
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


@cache
def material_keys(model: type[BaseModel]) -> frozenset[str]:
    """Returns the top-level keys whose content people approve; `revision` is one of them."""
    return frozenset(
        info.alias or name
        for name, info in model.model_fields.items()
        if not any(isinstance(mark, NotMaterial) for mark in info.metadata)
    )


@cache
def keys_of(model: type[BaseModel]) -> tuple[str, ...]:
    """Returns the keys of a map of this model, in canonical order."""
    own = [info.alias or name for name, info in model.model_fields.items()]
    first = [key for key in FIRST_KEYS if key in own]
    last = [key for key in LAST_KEYS if key in own]
    return (*first, *(key for key in own if key not in first and key not in last), *last)


def inner_model(model: type[BaseModel], path: FieldPath) -> type[BaseModel] | None:
    """Returns the model of the map at `path`, or None if any map is allowed there. List indexes are ignored."""
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
    """Returns the canonical order of the keys of the map at `path` in a record, or () if any order is right."""
    found = inner_model(model, path)
    return keys_of(found) if found is not None else ()


def key_order_at(path: str) -> Callable[[FieldPath], Sequence[str]]:
    """Returns the canonical order of keys for the file at `path`. A path that is not a record's means itsm.yaml."""
    located = parse_path(path)
    model = KINDS[located[0]].model if located else Settings
    return lambda field: key_order(model, field)
