"""Replaying local edits of one record on a newer version of it: what changed here, as edits for there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from itsm_as_code.domain.edit import AddItem, Edit, Remove, SetValue
from itsm_as_code.domain.errors import Refused
from itsm_as_code.domain.instants import parse_instant

KEPT_BY_US = ("revision", "authors")
TEXTS = ("note", "public")
"""What a redaction takes out of an entry."""

_LOOK = "git pull, look at both, and make the edit again"


def replay(base: Mapping[str, Any] | None, local: Mapping[str, Any], tip: Mapping[str, Any]) -> Iterator[Edit]:
    """Edits that bring to `tip` what `local` changed since `base`, the version that both come from (None: neither).

    Timeline entries are added where their instant puts them, redactions are made again, and what `tip` has
    redacted stays so. Raises Refused where both sides changed one field to different values, and where an
    entry of `base` was changed here.
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
            continue  # nothing new: it was there before, has landed, or its text was taken out since
        index = _find(timeline, entry, redacted=False, but=local) if "redacted" in entry else None
        if index is not None:
            yield from _redaction(timeline[index], entry, index)
            timeline[index] = entry
        elif "redacted" in entry:
            raise Refused("the remote has no such entry whose text could be taken out", hint=_LOOK)
        else:
            index = place_in_time(timeline, entry)
            timeline.insert(index, entry)
            yield AddItem(("timeline",), entry, index)


def _refuse_rewriting(start: list[Any], local: list[Any]) -> None:
    for entry in start:
        if entry not in local and _find(local, entry, redacted=True) is None:
            raise Refused(
                f"the entry of {entry.get('at')} was changed or removed here; only `itsm redact` may do that",
                hint="restore it, and say what is right in a new entry",
            )


def _find(timeline: Sequence[Any], entry: Mapping[str, Any], *, redacted: bool, but: Sequence[Any] = ()) -> int | None:
    """The index of the entry that differs from `entry` by a redaction alone, with the tombstone or without."""
    for index, other in enumerate(timeline):
        if ("redacted" in other) is redacted and other not in but and _kept(other) == _kept(entry):
            return index
    return None


def _kept(entry: Mapping[str, Any]) -> dict[str, Any]:
    """What a redaction leaves as it is."""
    return {key: value for key, value in entry.items() if key != "redacted" and key not in TEXTS}


def _redaction(before: Mapping[str, Any], after: Mapping[str, Any], index: int) -> Iterator[Edit]:
    # The tombstone comes first: an entry must not be without any field for a moment.
    yield SetValue(("timeline", index, "redacted"), after["redacted"])
    for key in TEXTS:
        if key in before and key not in after:
            yield Remove(("timeline", index, key))


def place_in_time(timeline: list[Any], entry: Mapping[str, Any]) -> int:
    """The index at which an entry belongs: behind all that did not happen later."""
    at = parse_instant(entry["at"])
    index = len(timeline)
    while index and parse_instant(timeline[index - 1]["at"]) > at:
        index -= 1
    return index
