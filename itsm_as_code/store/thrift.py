"""Many records in less memory: parts that set the same fields share one set of their names."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

MANY = 20_000
"""Below so many records their memory is not worth the time, a fiftieth of a check."""

_SETS: dict[frozenset[str], set[str]] = {}
_SETS_LIMIT = 10_000
_write = object.__setattr__


def share_field_sets(record: BaseModel) -> None:
    """Lets a record and the entries of its timeline share their sets of fields that were set, a third of their size.

    Models are frozen, so nobody changes such a set; a copy of a model gets a set of its own.
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
