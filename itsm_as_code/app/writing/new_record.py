"""`itsm new`: makes a record that passes its own check, in the first state of its kind."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from itsm_as_code.app.writing.draft import Draft, Intent
from itsm_as_code.app.writing.scaffold import require_all, scaffold
from itsm_as_code.app.writing.timeline_entry import entry, with_priority
from itsm_as_code.domain.assignment import Assignment, assignment, split
from itsm_as_code.domain.edit import Plain, SetValue
from itsm_as_code.domain.errors import UsageFault
from itsm_as_code.domain.ids import is_id_of, new_ticket_id, path_of, slug_of
from itsm_as_code.domain.kind_rows import TICKETS
from itsm_as_code.domain.kinds import KINDS
from itsm_as_code.domain.kinds.base import SCHEMA
from itsm_as_code.domain.kinds.ticket import Ticket
from itsm_as_code.domain.lifecycle import LIFECYCLES
from itsm_as_code.domain.shape import inner_model, key_order_at, keys_of
from itsm_as_code.store.editor import apply
from itsm_as_code.store.emit import emit
from itsm_as_code.store.fences import Parts
from itsm_as_code.store.snapshot import TreeSnapshot, read_data


@dataclass(frozen=True, slots=True)
class NewRecord:
    """What is to be made. `fields` are words such as `service=portal`; with `major`, the person becomes the
    commander."""

    kind: str
    label: str
    id: str | None = None
    fields: tuple[str, ...] = ()
    note: str | None = None
    public: str | None = None
    major: bool = False
    state: str | None = None


def new_record(birth: NewRecord, by: str, now: datetime, when: datetime | None) -> Intent:
    """Makes the record at the path of its id. Raises UsageFault if that id is taken."""
    if birth.kind == "approval":
        raise UsageFault("an approval is made by a decision", hint="itsm approve, itsm refuse")
    record_id = _id(birth, when or now)

    def intent(snapshot: TreeSnapshot) -> tuple[Draft, ...]:
        if snapshot.exists(birth.kind, record_id):
            raise UsageFault(f"{birth.kind} `{record_id}` already exists", hint="choose another with --id")
        path = path_of(birth.kind, record_id)
        data = _data(birth, record_id, path, by, now, when, snapshot)
        content = _content(birth, data, path, snapshot, now)
        return (Draft(path, None, content, f"made {path}"),)

    return intent


def _id(birth: NewRecord, opened: datetime) -> str:
    if birth.kind in TICKETS:
        if birth.id is not None:
            raise UsageFault("tickets get random ids", hint="leave out --id")
        return new_ticket_id(birth.kind, opened, secrets.randbits)
    record_id = birth.id or slug_of(birth.label)
    if not is_id_of(birth.kind, record_id):
        raise UsageFault(f"`{record_id}` is no id", hint="use lower-case letters, digits, `.`, `_` and `-`")
    return record_id


def _data(
    birth: NewRecord, record_id: str, path: str, by: str, now: datetime, when: datetime | None, snapshot: TreeSnapshot
) -> dict[str, Any]:
    model = KINDS[birth.kind].model
    known = keys_of(model)
    data: dict[str, Any] = {"id": record_id, "kind": birth.kind, "schema": SCHEMA}
    data["title" if "title" in known and birth.kind != "person" else "name"] = birth.label
    tracked = model.TRACKED_FIELDS if issubclass(model, Ticket) else ()
    first: dict[str, Plain] = {}
    for field, text, adds in split(birth.fields):
        if field in tracked and field not in known:  # the `reason` of a change says why it is made, not why it waits
            entry_model = inner_model(model, ("timeline",))
            assert entry_model is not None
            first[field] = assignment(entry_model, field, text, adds=adds).value
        else:
            _put(data, assignment(model, field, text, adds=adds))
    if birth.kind == "request":
        data.setdefault("requester", by)
    elif birth.kind == "freeze":
        data.setdefault("scope", {})
    if birth.major:
        data.setdefault("major", {"commander": by})
    if tracked:
        first |= {"state": birth.state or LIFECYCLES[birth.kind].initial}
        first |= {key: text for key, text in (("note", birth.note), ("public", birth.public)) if text}
        if birth.kind != "change":
            first = with_priority(first, None, snapshot.settings)
        data["timeline"] = [entry(path, by, now, when, first)]
    elif birth.kind == "article":
        data |= {"state": birth.state or "draft", "type": data.get("type", "how_to")}
        data.setdefault("summary", birth.label)
    return {key: data[key] for key in sorted(data, key=known.index)}


def _content(birth: NewRecord, data: dict[str, Any], path: str, snapshot: TreeSnapshot, now: datetime) -> bytes:
    """Returns the file: the fields on the template of the kind, if it has one, whose comments are kept."""
    start = scaffold(birth.kind, data["id"], birth.label, snapshot, now)
    present = (read_data(path, start).data or {}) if start is not None else {}
    given = {"body": ""} if birth.kind == "article" else {}
    require_all(birth.kind, present | data | given)
    if start is not None:
        edits = [SetValue((key,), value) for key, value in data.items() if present.get(key) != value]
        return apply(start, edits, order=key_order_at(path))
    content = emit(data, key_order_at(path))
    if birth.kind == "article":
        return Parts("---\n", content.decode(), "---\n", "").text.encode()
    return content


def _put(data: dict[str, Any], wanted: Assignment) -> None:
    *above, last = (str(step) for step in wanted.path)
    for step in above:
        data = data.setdefault(step, {})
    if wanted.adds:
        data.setdefault(last, []).append(wanted.value)
    elif last in data:
        raise UsageFault(f"`{'.'.join((*above, last))}` is set twice")
    else:
        data[last] = wanted.value
