"""What differs between two versions of a record, field by field; timeline entries as additions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from itsm_as_code.domain.finding import FieldPath


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field before and after; None stands for absent."""

    field: FieldPath
    before: Any
    after: Any


def differences(before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> Iterator[FieldChange]:
    """Changes from one version to the next, in the order of the keys. Maps are looked into, lists are not,
    save that an entry added to a timeline is a change of its own."""
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
