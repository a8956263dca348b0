"""Compares a draft with the record that an earlier import made. It adds what is newer and overwrites nothing here."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from itsm_as_code.domain.edit import AddItem, Edit, SetValue
from itsm_as_code.domain.instants import parse_instant
from itsm_as_code.importers.timeline import TRACKED

if TYPE_CHECKING:
    from itsm_as_code.domain.edit import Plain
    from itsm_as_code.importers.draft import ImportedRecord

_OWN = ("schema", "revision", "timeline", "tags", "aliases", "imported", "id", "kind")
_ARTICLE = ("title", "summary", "body")
_MADE = ("made-sla", "missed-sla")

_ANOTHER = (
    "has the same key but was opened at {here}, not {there}: the zone differs, or it is from another system"
    " (give that a name of its own with --system)"
)

Entry = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Merge:
    """The edits that bring a record up to date with the source, and sentences on what was not changed here."""

    edits: tuple[Edit, ...] = ()
    kept: tuple[str, ...] = ()


def merged(existing: Mapping[str, Any], draft: ImportedRecord) -> Merge:
    """Returns what a later import does to a record.

    `existing` is the record's data as written. An incident gets newer entries, and the resolution that its new
    state demands. Everything else that differs is reported and not changed, because nobody can say whether the
    source or somebody here changed it. Articles are never changed.
    """
    if draft.kind != "incident":
        ours = {**draft.data, "body": draft.body}
        return Merge(kept=tuple(_differing(existing, ours, [key for key in _ARTICLE if key in existing])))
    theirs: Any = draft.data["timeline"]
    if _at(existing["timeline"][0]) != _at(theirs[0]):
        return Merge(kept=(_ANOTHER.format(here=existing["timeline"][0]["at"], there=theirs[0]["at"]),))
    entries = _Entries(existing["timeline"], theirs)
    fields = [key for key in draft.data if key not in _OWN and not (key == "resolution" and key not in existing)]
    kept = [*_differing(existing, draft.data, fields), *entries.kept]
    edits = list(entries.edits)
    if edits and "resolution" in draft.data and "resolution" not in existing:
        edits.append(SetValue(("resolution",), draft.data["resolution"]))
    return Merge((*edits, *_verdict_on_agreements(existing, draft.data)), tuple(kept))


def _differing(existing: Mapping[str, Any], ours: Mapping[str, Any], fields: Sequence[str]) -> Iterator[str]:
    for key in fields:
        if _same(_bare(existing.get(key)), _bare(ours.get(key))):
            continue
        yield f"`{key}` differs from the source and was left as it is here"


def _verdict_on_agreements(existing: Mapping[str, Any], ours: Mapping[str, Any]) -> Iterator[Edit]:
    """Yields the edit of the source's own verdict on its SLAs if that is a tag, because only the source decides it."""
    tag = next((tag for tag in ours.get("tags", ()) if tag in _MADE), None)
    for index, other in enumerate(existing.get("tags", ()) if tag else ()):
        if other in _MADE and other != tag:
            yield SetValue(("tags", index), str(tag))


class _Entries:
    """Two timelines of one ticket: the one in the file, and the source's timeline of today."""

    def __init__(self, here: Sequence[Entry], theirs: Sequence[Entry]) -> None:
        self._here = here
        self._taken_over = [entry for entry in here if entry.get("imported") is True]
        self.edits: list[Edit] = []
        self.kept: list[str] = []
        known = {_canonical(entry) for entry in self._taken_over}
        fresh = [entry for entry in theirs if _canonical(entry) not in known]
        if fresh:
            self._add(fresh, theirs)

    def _add(self, fresh: Sequence[Entry], theirs: Sequence[Entry]) -> None:
        last = max((_at(entry) for entry in self._taken_over), default=_at(self._here[0]))
        now = _folded(self._taken_over)
        late = list(_changing([entry for entry in fresh if _at(entry) > last], now))
        goal = _folded(theirs)
        missing = {key: value for key, value in goal.items() if _folded([now, *late]).get(key) != value}
        if missing and _at(theirs[-1]) > last:
            late.append({**_who(theirs[-1]), **missing})
        elif missing:
            self.kept.append("the source now tells the past differently; the timeline was left as it is here")
        if late and any(set(TRACKED) & entry.keys() for entry in self._here if entry.get("imported") is not True):
            self.kept.append("work went on here after the import; newer entries of the source were not added")
            return
        for added, entry in enumerate(late):
            place = sum(_at(other) <= _at(entry) for other in self._here) + added
            self.edits.append(AddItem(("timeline",), _plain(entry), place))


def _changing(entries: Sequence[Entry], before: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Yields entries without values that held already. Entries that change nothing and say nothing are left out."""
    now = dict(before)
    for entry in entries:
        changes = {key: entry[key] for key in TRACKED if key in entry and entry[key] != now.get(key)}
        if "priority" in entry and changes.keys() & {"impact", "urgency", "priority"}:
            changes |= {key: entry[key] for key in ("impact", "urgency", "priority") if key in entry}
        now.update(changes)
        said = {key: entry[key] for key in ("note", "public") if key in entry}
        if changes or said:
            yield {**_who(entry), **changes, **said}


def _folded(entries: Sequence[Entry]) -> dict[str, Any]:
    return {key: entry[key] for entry in entries for key in TRACKED if key in entry}


def _who(entry: Entry) -> dict[str, Any]:
    return {key: entry[key] for key in ("at", "by", "imported", "recorded") if key in entry}


def _at(entry: Entry) -> datetime:
    return parse_instant(entry["at"])


def _plain(entry: Mapping[str, Any]) -> Plain:
    return dict(entry)


def _canonical(entry: Entry) -> str:
    return json.dumps(entry, sort_keys=True)


def _bare(value: Any) -> Any:
    """Returns a text without the blank lines around it, which mean nothing."""
    return value.strip("\n") if isinstance(value, str) else value


def _same(one: Any, other: Any) -> bool:
    return _canonical({"": one}) == _canonical({"": other})
