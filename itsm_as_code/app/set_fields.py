"""`itsm set`: tracked fields become a timeline entry, all others are set in place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from itsm_as_code.app.entries import appended, entry, with_priority
from itsm_as_code.app.lookup import find, load
from itsm_as_code.app.mend import order_of
from itsm_as_code.app.write import Draft, Intent
from itsm_as_code.domain.assignment import Assignment, assignment, split
from itsm_as_code.domain.edit import AddItem, Edit, Plain, Remove, SetValue
from itsm_as_code.domain.errors import UsageFault
from itsm_as_code.domain.kinds import KINDS
from itsm_as_code.domain.kinds.ticket import Ticket
from itsm_as_code.domain.shape import inner_model, keys_of
from itsm_as_code.store.editor import apply
from itsm_as_code.store.snapshot import Loaded, TreeSnapshot

KEPT_BY_US = ("id", "kind", "schema", "revision", "timeline")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which records, and what to set: words such as `assignee=ana`, `tags+=vpn`, `parent=`."""

    refs: tuple[str, ...]
    words: tuple[str, ...]
    condition: str | None = None
    note: str | None = None


def set_fields(wanted: Wanted, by: str, now: datetime, when: datetime | None) -> Intent:
    """Sets the fields of every record that is meant."""

    def intent(snapshot: TreeSnapshot) -> tuple[Draft, ...]:
        targets = [find(snapshot, ref) for ref in wanted.refs]
        if wanted.condition is not None:
            targets += _matching(snapshot, wanted.condition)
        if not targets:
            raise UsageFault("no record is meant", hint="name records, or select them with --where")
        return tuple(_draft(snapshot, *target, wanted, by, now, when) for target in dict.fromkeys(targets))

    return intent


def _matching(snapshot: TreeSnapshot, condition: str) -> list[tuple[str, str]]:
    from itsm_as_code.app.select import select

    return [(record.KIND, record.id) for record in select(snapshot, condition.split()).records]


def _draft(
    snapshot: TreeSnapshot, kind: str, record_id: str, wanted: Wanted, by: str, now: datetime, when: datetime | None
) -> Draft:
    path, loaded = load(snapshot, kind, record_id)
    model = KINDS[kind].model
    tracked = model.TRACKED_FIELDS if issubclass(model, Ticket) else ()
    fields: dict[str, Plain] = {}
    edits: list[Edit] = []
    for field, text, adds in split(wanted.words):
        _refuse_what_is_ours(field, kind)
        if field in tracked and field not in keys_of(model):  # a change has a `reason` of its own
            entry_model = inner_model(model, ("timeline",))
            assert entry_model is not None
            fields[field] = assignment(entry_model, field, text, adds=adds).value
        else:
            edits.append(_edit(assignment(model, field, text, adds=adds), text, loaded))
    words = f"set {', '.join(wanted.words)} on {record_id}"
    if fields or wanted.note:
        return _with_entry(snapshot, path, loaded, fields, edits, words, wanted, by, now, when)
    before = snapshot.tree.read(path)
    return Draft(path, before, apply(before, edits, order=order_of(path)), words)


def _with_entry(
    snapshot: TreeSnapshot, path: str, loaded: Loaded, fields: dict[str, Plain], edits: Sequence[Edit],
    words: str, wanted: Wanted, by: str, now: datetime, when: datetime | None,
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


def _edit(wanted: Assignment, text: str, loaded: Loaded) -> Edit:
    if wanted.adds:
        return AddItem(wanted.path, wanted.value)
    if text == "":
        return Remove(wanted.path)
    return SetValue(wanted.path, wanted.value)


def _refuse_what_is_ours(field: str, kind: str) -> None:
    if field.split(".", maxsplit=1)[0] in KEPT_BY_US:
        raise UsageFault(f"`{field}` is kept by itsm and can't be set", hint=f"see itsm show --help for a {kind}")
    if field == "state":
        raise UsageFault("states are changed by verbs, so that their demands are met", hint="itsm start, hold, close …")
    if field == "priority":
        raise UsageFault("priority follows from impact and urgency", hint="itsm set ID impact=… urgency=…")
