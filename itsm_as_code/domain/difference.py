"""Finds the differences between two versions of a record, by field. A new timeline entry is one difference."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from itsm_as_code.domain.finding import FieldPath


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field with its value before and after. None means that it is absent."""

    field: FieldPath
    before: Any
    after: Any


def differences(before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> Iterator[FieldChange]:
    """Yields the changes from one version to the next, in the order of the keys.

    Maps are compared key by key. Lists are compared as a whole, except for the timeline, whose entries are compared
    one by one.
    """
    yield from _maps(before or {}, after or {}, ())


def _maps(before: Mapping[str, Any], after: Mapping[str, Any], path: FieldPath) -> Iterator[FieldChange]:
    for key in dict.fromkeys((*before, *after)):
        old, new = before.get(key), after.get(key)
        if old == new:
            continue
        if isinstance(old, Mapping) and isinstance(new, Mapping):
            yield from _maps(old, new, (*path, key))
        elif key == "timeline" and not path:
            yield from _entries(old or [], new or [])
        else:
            yield FieldChange((*path, key), old, new)


def _entries(before: list[Any], after: list[Any]) -> Iterator[FieldChange]:
    gone = [entry for entry in before if entry not in after]
    for index, entry in enumerate(after):
        if entry not in before:
            was = next((old for old in gone if _same_moment(old, entry)), None)
            if was is not None:
                gone.remove(was)
            yield FieldChange(("timeline", index), was, entry)
    for entry in gone:
        yield FieldChange(("timeline", before.index(entry)), entry, None)


def _same_moment(one: Any, other: Any) -> bool:
    return isinstance(one, dict) and isinstance(other, dict) and one.get("at") == other.get("at")
