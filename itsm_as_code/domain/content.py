"""Gathers in one walk what checks ask of every record: the targets of its references, and its texts.

`shape.references` knows the place of each reference too. It is slower, and meant for records with a fault.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Iterable
from datetime import date
from enum import Enum
from functools import cache
from typing import Annotated, Any, NamedTuple, Union, get_args, get_origin

from pydantic import BaseModel

from itsm_as_code.domain.instants import Duration
from itsm_as_code.domain.remember import cache_last
from itsm_as_code.domain.shape import ReferenceField, Target, reference_fields, target_of

TOO_SHORT = 12
"""Texts of so many characters or fewer are left out. Nothing that texts are searched for is as short."""


class Content(NamedTuple):
    """The targets of a record's references, and its texts in any order, each on lines of its own."""

    targets: frozenset[Target]
    texts: str


@cache_last
def content(record: BaseModel) -> Content:
    """Returns what a record says. It runs for every record, so it is written for speed.

    It leaves out defaults, which nobody wrote, and fields that hold neither texts nor references: about half of all.
    """
    targets: set[Target] = set()
    texts: list[str] = []
    parts = [record]
    for part in parts:
        fields = part.__dict__
        telling, referring = _plan(type(part))
        for name in part.__pydantic_fields_set__ & telling:
            value = fields[name]
            kind = type(value)
            if kind is tuple:
                values: Iterable[Any] = value
            elif kind is dict:
                values = value.values()
            else:
                values = (value,)
            reference = referring.get(name)
            for item in values:
                kind = type(item)
                if kind is str:
                    if len(item) > TOO_SHORT:
                        texts.append(item)
                    if reference is not None and item != reference[1]:
                        targets.add(target_of(reference[0], item))
                elif _is_model(kind):
                    parts.append(item)
                elif kind is tuple or kind is dict:
                    _look_into(item, texts, parts)
    return Content(frozenset(targets), "\n".join(texts))


def _look_into(nested: tuple[Any, ...] | dict[Any, Any], texts: list[str], parts: list[BaseModel]) -> None:
    """Adds the texts and models in a list of lists, or in a map of lists, which hold no references."""
    for item in nested.values() if isinstance(nested, dict) else nested:
        if isinstance(item, str):
            texts.append(item)
        elif isinstance(item, BaseModel):
            parts.append(item)
        elif isinstance(item, (tuple, dict)):
            _look_into(item, texts, parts)


_is_model: Callable[[Any], bool] = cache(lambda kind: issubclass(kind, BaseModel))
"""Tells whether a type is a model. It is much faster than `isinstance` for each value."""


@cache
def _plan(model: type[BaseModel]) -> tuple[frozenset[str], dict[str, ReferenceField]]:
    """Returns the names of the fields that can hold a text or a reference, and those that refer themselves."""
    telling = frozenset(name for name, info in model.model_fields.items() if not _is_terse(info.annotation))
    return telling, reference_fields(model)


def _is_terse(annotation: Any) -> bool:
    """Tells whether values of a type can't hold free text: numbers, instants, one of a few words."""
    origin, args = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _is_terse(args[0])
    if origin in (Union, types.UnionType):
        return all(map(_is_terse, args))
    return isinstance(annotation, type) and issubclass(annotation, _TERSE)


_TERSE = (int, date, Duration, Enum, types.NoneType)
