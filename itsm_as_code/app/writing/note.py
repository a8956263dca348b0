"""`itsm note`: records that something was seen, done or said."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from itsm_as_code.app.records.lookup import find, load
from itsm_as_code.app.writing.draft import Draft, Intent
from itsm_as_code.app.writing.timeline_entry import appended, entry
from itsm_as_code.domain.edit import Plain
from itsm_as_code.domain.errors import UsageFault
from itsm_as_code.domain.instants import write_instant
from itsm_as_code.domain.kinds import KINDS
from itsm_as_code.store.snapshot import TreeSnapshot


@dataclass(frozen=True, slots=True)
class Note:
    """What to add to which ticket."""

    ref: str
    text: str | None
    public: str | None = None
    response: bool = False
    void: datetime | None = None


def note(wanted: Note, by: str, now: datetime, when: datetime | None) -> Intent:
    """Adds the note as an entry of its own."""

    def intent(snapshot: TreeSnapshot) -> tuple[Draft, ...]:
        kind, record_id = find(snapshot, wanted.ref)
        if not KINDS[kind].is_ticket:
            raise UsageFault(f"{kind} `{record_id}` has no timeline", hint="notes go to tickets")
        fields: dict[str, Plain] = {}
        for name, text in (("note", wanted.text), ("public", wanted.public)):
            if text and text.strip():
                fields[name] = text
        if wanted.response:
            fields["response"] = True
        if wanted.void is not None:
            fields["void"] = write_instant(wanted.void)
        if not fields:
            raise UsageFault("nothing to note", hint='itsm note ID "what happened", or --public "what users are told"')
        if wanted.response and kind == "change":
            raise UsageFault("a change has no response", hint="--response is for incidents, problems and requests")
        path, loaded = load(snapshot, kind, record_id)
        added = entry(path, by, now, when, fields)
        return (appended(snapshot.tree, path, loaded, added, f"noted on {record_id}"),)

    return intent
