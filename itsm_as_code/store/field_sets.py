"""Saves memory if there are many records: parts that set the same fields share one set of field names."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

MANY = 20_000
"""With fewer records the saved memory is not worth the time, which is about 2 % of a check."""

_SETS: dict[frozenset[str], set[str]] = {}
_SETS_LIMIT = 10_000
_write = object.__setattr__


def intern_field_sets(record: BaseModel) -> None:
    """Lets a record and its timeline entries share their sets of field names, which take a third of their memory.

    This is safe because models are frozen, so no set changes, and a copy of a model gets its own set.
    """
    _share(record)
    timeline: tuple[Any, ...] = getattr(record, "timeline", ())
    for entry in timeline:
        _share(entry)


def _share(part: BaseModel) -> None:
    names = part.__pydantic_fields_set__
    shared = _SETS.get(key := frozenset(names))
    if shared is not None:
        _write(part, "__pydantic_fields_set__", shared)
    elif len(_SETS) < _SETS_LIMIT:
        _SETS[key] = names
