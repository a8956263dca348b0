"""`itsm set`: tracked fields become a timeline entry; all other fields are set in place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from itsm_as_code.app.records.lookup import find, load
from itsm_as_code.app.writing.draft import Draft, Intent
from itsm_as_code.app.writing.timeline_entry import appended, entry, with_priority
from itsm_as_code.domain.assignment import Assignment, assignment, split
from itsm_as_code.domain.edit import AddItem, Edit, Plain, Remove, SetValue
from itsm_as_code.domain.errors import CouldNotCheck, UsageFault
from itsm_as_code.domain.kinds import KINDS
from itsm_as_code.domain.kinds.base import Record
from itsm_as_code.domain.kinds.ticket import Ticket
from itsm_as_code.domain.shape import inner_model, key_order_at, keys_of
from itsm_as_code.domain.suggest import did_you_mean
from itsm_as_code.domain.wording import counted
from itsm_as_code.store.editor import apply
from itsm_as_code.store.known import Loaded
from itsm_as_code.store.snapshot import TreeSnapshot

KEPT_BY_US = ("id", "kind", "schema", "revision", "timeline")


@dataclass(frozen=True, slots=True)
class SetRequest:
    """The records, and what to set: words such as `assignee=ana`, `tags+=vpn`, `parent=`."""

    refs: tuple[str, ...]
    words: tuple[str, ...]
    condition: str | None = None
    note: str | None = None


def set_fields(wanted: SetRequest, by: str, now: datetime, when: datetime | None) -> Intent:
    """Sets the fields of every record."""

    def intent(snapshot: TreeSnapshot) -> tuple[Draft, ...]:
        if wanted.condition is not None and not wanted.condition.strip():
            raise UsageFault("--where needs a condition", hint='--where "kind=incident state=new"')
        targets = [find(snapshot, ref) for ref in wanted.refs]
        if wanted.condition is not None:
            targets += _matching(snapshot, wanted.condition)
        if not targets:
            raise UsageFault("no record is named", hint="name records, or select them with --where")
        return tuple(_draft(snapshot, *target, wanted, by, now, when) for target in dict.fromkeys(targets))

    return intent


def _matching(snapshot: TreeSnapshot, condition: str) -> list[tuple[str, str]]:
    from itsm_as_code.app.records.query import select

    selection = select(snapshot, condition.split())
    if selection.unreadable:
        number = counted(selection.unreadable, "record")
        raise CouldNotCheck(f"{number} can't be read, so it is unknown whether --where selects them", hint="itsm check")
    return [(record.KIND, record.id) for record in selection.records]


def _draft(
    snapshot: TreeSnapshot, kind: str, record_id: str, wanted: SetRequest, by: str, now: datetime, when: datetime | None
) -> Draft:
    path, loaded = load(snapshot, kind, record_id)
    fields, edits = parted(wanted.words, loaded)
    words = f"set {', '.join(wanted.words)} on {record_id}"
    if when is None:
        fields = {name: value for name, value in fields.items() if not _holds(loaded.record, name, value)}
    if fields or wanted.note:
        return _with_entry(snapshot, path, loaded, fields, edits, words, wanted, by, now, when)
    before = snapshot.tree.read(path)
    return Draft(path, before, apply(before, edits, order=key_order_at(path)), words)


def parted(words: Sequence[str], loaded: Loaded) -> tuple[dict[str, Plain], list[Edit]]:
    """Splits assignments to a record into tracked fields, for a timeline entry, and edits in place.

    Raises UsageFault for fields that the kind lacks or that only `itsm` sets.
    """
    model = KINDS[loaded.kind].model
    tracked = model.TRACKED_FIELDS if issubclass(model, Ticket) else ()
    fields: dict[str, Plain] = {}
    edits: list[Edit] = []
    for field, text, adds in split(words):
        _refuse_what_is_ours(field, model, tracked)
        if field in tracked and field not in keys_of(model):  # the `reason` of a change is another field
            entry_model = inner_model(model, ("timeline",))
            assert entry_model is not None
            fields[field] = assignment(entry_model, field, text, adds=adds).value
        else:
            edits += _edits(assignment(model, field, text, adds=adds), text, loaded, edits)
    return fields, edits


def _with_entry(
    snapshot: TreeSnapshot, path: str, loaded: Loaded, fields: dict[str, Plain], edits: Sequence[Edit],
    words: str, wanted: SetRequest, by: str, now: datetime, when: datetime | None,
) -> Draft:  # fmt: skip
    record: Any = loaded.record
    if not isinstance(record, Ticket):
        raise UsageFault(f"{record.KIND} `{record.id}` has no timeline", hint="leave out --note")
    if loaded.kind != "change":
        fields = with_priority(fields, record, snapshot.settings)
    if wanted.note:
        fields = fields | {"note": wanted.note}
    added = entry(path, by, now, when, fields)
    return appended(snapshot.tree, path, loaded, added, words, *edits)


def _holds(record: Any, name: str, value: Plain) -> bool:
    """Whether a tracked field has the value already. Impact and urgency are always written together, so they count as
    changed."""
    return name not in ("impact", "urgency") and str(record.current(name)) == str(value)


def _edits(wanted: Assignment, text: str, loaded: Loaded, before: Sequence[Edit]) -> list[Edit]:
    """Returns the edits of one assignment. What a list has already is not added; an assignment `before` it may have
    replaced the list."""
    if wanted.adds:
        replaced = [each for each in before if isinstance(each, (SetValue, Remove)) and each.path == wanted.path]
        present: Any = {} if replaced else loaded.data
        if replaced and isinstance(replaced[-1], SetValue) and wanted.value == replaced[-1].value:
            return []
        for step in wanted.path:
            present = present.get(step, []) if isinstance(present, dict) else []
        return [] if wanted.value in present else [AddItem(wanted.path, wanted.value)]
    return [Remove(wanted.path) if text == "" else SetValue(wanted.path, wanted.value)]


_OTHER_WAYS = {
    "timeline": "itsm note and the verbs add entries",
    "revision": "itsm counts it for you",
    "state": "itsm start, hold, close …: each verb asks for what its state demands",
    "priority": "impact and urgency give it: itsm set ID impact=… urgency=…",
}


def _refuse_what_is_ours(field: str, model: type[Record], tracked: Sequence[str]) -> None:
    first = field.split(".", maxsplit=1)[0]
    if first in KEPT_BY_US or first in ("state", "priority"):
        raise UsageFault(f"`{field}` can't be set", hint=_OTHER_WAYS.get(first, "it never changes"))
    known = {*keys_of(model), *tracked}
    if first not in known:
        raise UsageFault(f"there is no field `{field}`", hint=did_you_mean(first, known) or None)
