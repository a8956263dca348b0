"""Replaying local edits of one record on a newer version of it: what changed here, as edits for there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from itsm_as_code.domain.edit import AddItem, Edit, Remove, SetValue
from itsm_as_code.domain.errors import Refused
from itsm_as_code.domain.instants import parse_instant

KEPT_BY_US = ("revision", "authors")


def replay(base: Mapping[str, Any] | None, local: Mapping[str, Any], tip: Mapping[str, Any]) -> Iterator[Edit]:
    """Edits that bring to `tip` what `local` changed since `base` (None: the record is new here).

    Timeline entries are added where their instant puts them. Raises Refused where both sides changed
    one field to different values.
    """
    start = base or {}
    for key in dict.fromkeys((*local, *start)):
        if key == "timeline":
            yield from _entries(tip.get(key, []), local.get(key, []))
        elif key not in KEPT_BY_US:
            yield from _field(key, start.get(key), local.get(key), tip.get(key))


def _field(key: str, start: Any, here: Any, there: Any) -> Iterator[Edit]:
    if here in (start, there):
        return
    if there != start:
        raise Refused(
            f"`{key}` was changed here and on the remote", hint="git pull, look at both, and make the edit again"
        )
    yield Remove((key,)) if here is None else SetValue((key,), here)


def _entries(tip: list[Any], local: list[Any]) -> Iterator[Edit]:
    timeline = list(tip)
    for entry in local:
        if entry not in timeline:
            index = place_in_time(timeline, entry)
            timeline.insert(index, entry)
            yield AddItem(("timeline",), entry, index)


def place_in_time(timeline: list[Any], entry: Mapping[str, Any]) -> int:
    """The index at which an entry belongs: behind all that did not happen later."""
    at = parse_instant(entry["at"])
    index = len(timeline)
    while index and parse_instant(timeline[index - 1]["at"]) > at:
        index -= 1
    return index
