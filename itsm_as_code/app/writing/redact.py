"""`itsm redact`: removes the texts of one entry and leaves a tombstone with the reason."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from itsm_as_code.app.records.lookup import find, load
from itsm_as_code.app.writing.draft import Draft, Intent
from itsm_as_code.domain.edit import Edit, Remove, SetValue
from itsm_as_code.domain.errors import UsageFault
from itsm_as_code.domain.instants import write_instant
from itsm_as_code.domain.kinds import KINDS
from itsm_as_code.domain.shape import key_order_at
from itsm_as_code.store.editor import apply
from itsm_as_code.store.snapshot import TreeSnapshot


def redact(ref: str, number: int, reason: str, by: str, now: datetime) -> Intent:
    """Redacts the entry with this number, as `itsm show` counts them, from 1."""

    def intent(snapshot: TreeSnapshot) -> tuple[Draft, ...]:
        kind, record_id = find(snapshot, ref)
        if not KINDS[kind].is_ticket:
            raise UsageFault(f"{kind} `{record_id}` has no timeline", hint="edit the text itself")
        path, loaded = load(snapshot, kind, record_id)
        timeline = (loaded.data or {}).get("timeline", [])
        if not 1 <= number <= len(timeline):
            raise UsageFault(f"{record_id} has entries 1 to {len(timeline)}", hint=f"itsm show {record_id}")
        edits = _edits(timeline[number - 1], number - 1, reason, by, now)
        before = snapshot.tree.read(path)
        words = f"redacted entry {number} of {record_id}"
        return (Draft(path, before, apply(before, edits, order=key_order_at(path)), words),)

    return intent


def _edits(entry: dict[str, Any], index: int, reason: str, by: str, now: datetime) -> list[Edit]:
    texts = [key for key in ("note", "public") if key in entry]
    if not texts:
        raise UsageFault("the entry has no text", hint="only texts can be removed; states and fields stay")
    tombstone = {"by": by, "at": write_instant(now), "reason": reason}
    # The tombstone comes first, because an entry must never be without any field.
    return [SetValue(("timeline", index, "redacted"), tombstone), *(Remove(("timeline", index, key)) for key in texts)]  # type: ignore[arg-type]
