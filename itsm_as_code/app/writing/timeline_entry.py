"""Makes timeline entries in canonical key order, and puts them in their place in time."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from itsm_as_code.app.writing.draft import Draft
from itsm_as_code.domain.edit import AddItem, Edit, Plain
from itsm_as_code.domain.errors import UsageFault
from itsm_as_code.domain.instants import is_in_future, write_instant
from itsm_as_code.domain.kinds.types import Level
from itsm_as_code.domain.replay import place_in_time
from itsm_as_code.domain.settings import Settings
from itsm_as_code.domain.shape import key_order_at
from itsm_as_code.store.editor import apply
from itsm_as_code.store.known import Loaded
from itsm_as_code.store.tree import Tree


def entry(path: str, by: str, now: datetime, when: datetime | None, fields: dict[str, Plain]) -> dict[str, Any]:
    """Makes a new entry: `at` is when it happened; `recorded` is kept if that was earlier. None values are left out.

    Raises UsageFault for an instant in the future.
    """
    if when is not None and is_in_future(when, now):
        raise UsageFault(f"{write_instant(when)} is in the future", hint="--when says when something happened")
    made: dict[str, Plain] = {"at": write_instant(when or now), "by": by}
    if when is not None and when < now:
        made["recorded"] = write_instant(now)
    made |= {key: value for key, value in fields.items() if value is not None}
    order = list(key_order_at(path)(("timeline", 0)))
    return {key: made[key] for key in sorted(made, key=order.index)}


def with_priority(fields: dict[str, Plain], record: Any, settings: Settings) -> dict[str, Plain]:
    """Returns the fields with the priority that the matrix gives, where impact or urgency is set. The entry keeps it,
    so that a later matrix rewrites nothing."""
    if "impact" not in fields and "urgency" not in fields:
        return fields
    known = {name: fields.get(name) or (record and record.current(name)) for name in ("impact", "urgency")}
    missing = [name for name, value in known.items() if value is None]
    if missing:
        raise UsageFault(f"impact and urgency go together: {missing[0]} is missing", hint=f"add {missing[0]}=…")
    return fields | {"priority": str(settings.priority(Level(str(known["impact"])), Level(str(known["urgency"]))))}


def appended(tree: Tree, path: str, loaded: Loaded, added: dict[str, Any], words: str, *more: Edit) -> Draft:
    """Returns a draft of the record with the entry in its place in time, and further edits."""
    timeline = (loaded.data or {}).get("timeline", [])
    place = place_in_time(timeline, added)
    if place == 0 and timeline:
        raise UsageFault(
            f"{loaded.id} begins at {timeline[0]['at']}, later than {added['at']}", hint="--when can't be before that"
        )
    edits = (AddItem(("timeline",), added, place), *more)
    before = tree.read(path)
    return Draft(path, before, apply(before, edits, order=key_order_at(path)), words)
