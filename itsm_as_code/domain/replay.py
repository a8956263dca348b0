"""Applies local changes of one record to a newer version of it, as edits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from itsm_as_code.domain.edit import AddItem, Edit, Remove, SetValue
from itsm_as_code.domain.errors import Refused
from itsm_as_code.domain.instants import parse_instant

KEPT_BY_US = ("revision", "authors")
TEXTS = ("note", "public")
"""The fields that a redaction removes from an entry."""

_LOOK = "run `git pull`, compare the two versions, and make the edit again"


def replay(base: Mapping[str, Any] | None, local: Mapping[str, Any], tip: Mapping[str, Any]) -> Iterator[Edit]:
    """Yields the edits that apply to `tip` what `local` changed since `base`, their common version (or None).

    New timeline entries are added at their place in time, and redactions are made again. What `tip` has redacted stays
    redacted. Raises Refused if both sides changed one field to different values, or if `local` changed an entry of
    `base`.
    """
    start = base or {}
    for key in dict.fromkeys((*local, *start)):
        if key == "timeline":
            yield from _entries(start.get(key, []), tip.get(key, []), local.get(key, []))
        elif key not in KEPT_BY_US:
            yield from _field(key, start.get(key), local.get(key), tip.get(key))


def _field(key: str, start: Any, here: Any, there: Any) -> Iterator[Edit]:
    if here in (start, there):
        return
    if there != start:
        raise Refused(f"`{key}` was changed here and on the remote", hint=_LOOK)
    yield Remove((key,)) if here is None else SetValue((key,), here)


def _entries(start: list[Any], tip: list[Any], local: list[Any]) -> Iterator[Edit]:
    _refuse_rewriting(start, local)
    timeline = list(tip)
    for entry in local:
        if entry in start or entry in timeline or _find(timeline, entry, redacted=True) is not None:
            continue  # it is not new: it was there before, has landed, or has been redacted since
        index = _find(timeline, entry, redacted=False, but=local) if "redacted" in entry else None
        if index is not None:
            yield from _redaction(timeline[index], entry, index)
            timeline[index] = entry
        elif "redacted" in entry:
            raise Refused("the remote does not have the entry that was redacted here", hint=_LOOK)
        else:
            index = place_in_time(timeline, entry)
            timeline.insert(index, entry)
            yield AddItem(("timeline",), entry, index)


def _refuse_rewriting(start: list[Any], local: list[Any]) -> None:
    for entry in start:
        if entry not in local and _find(local, entry, redacted=True) is None:
            raise Refused(
                f"the entry of {entry.get('at')} was changed or removed here; only `itsm redact` may do that",
                hint="restore it, and correct it in a new entry",
            )


def _find(timeline: Sequence[Any], entry: Mapping[str, Any], *, redacted: bool, but: Sequence[Any] = ()) -> int | None:
    """Returns the index of an entry that differs from `entry` only by a redaction, or None.

    `redacted` says whether the entry must be redacted. Entries in `but` are ignored.
    """
    for index, other in enumerate(timeline):
        if ("redacted" in other) is redacted and other not in but and _kept(other) == _kept(entry):
            return index
    return None


def _kept(entry: Mapping[str, Any]) -> dict[str, Any]:
    """Returns the part of an entry that a redaction does not change."""
    return {key: value for key, value in entry.items() if key != "redacted" and key not in TEXTS}


def _redaction(before: Mapping[str, Any], after: Mapping[str, Any], index: int) -> Iterator[Edit]:
    # `redacted` is set first, so that the entry always has a field.
    yield SetValue(("timeline", index, "redacted"), after["redacted"])
    for key in TEXTS:
        if key in before and key not in after:
            yield Remove(("timeline", index, key))


def place_in_time(timeline: list[Any], entry: Mapping[str, Any]) -> int:
    """Returns the index where an entry belongs: after all entries that did not happen later."""
    at = parse_instant(entry["at"])
    index = len(timeline)
    while index and parse_instant(timeline[index - 1]["at"]) > at:
        index -= 1
    return index
