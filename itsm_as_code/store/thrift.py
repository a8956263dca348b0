"""Many records in less memory: parts that set the same fields share one set of their names."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from itsm_as_code.domain.shape import holders_of_parts, is_model

_SETS: dict[frozenset[str], set[str]] = {}
_SETS_LIMIT = 10_000
_write = object.__setattr__


def share_field_sets(part: BaseModel) -> None:
    """Lets `part` and the parts in it share their sets of fields that were set, a third of what they take.

    Models are frozen, so nobody changes such a set; a copy of a model gets a set of its own.
    """
    names = part.__pydantic_fields_set__
    shared = _SETS.get(key := frozenset(names))
    if shared is not None:
        _write(part, "__pydantic_fields_set__", shared)
    elif len(_SETS) < _SETS_LIMIT:
        _SETS[key] = names
    for name in holders_of_parts(type(part)):
        value: Any = getattr(part, name)
        if value is None:
            continue
        if type(value) is tuple:
            for item in value:
                if is_model(type(item)):
                    share_field_sets(item)
        elif is_model(type(value)):
            share_field_sets(value)
