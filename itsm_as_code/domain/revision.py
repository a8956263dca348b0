"""Revisions and materiality: what of a record people approve, and which revision it must carry (design section 3)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from itsm_as_code.domain.instants import parse_instant
from itsm_as_code.domain.kinds import KINDS
from itsm_as_code.domain.kinds.base import Gated
from itsm_as_code.domain.settings import Settings
from itsm_as_code.domain.shape import material_keys

SETTINGS_KIND = "settings"
"""What itsm.yaml counts as among kinds, where its revision is concerned."""


WORKFLOWS_KIND = "workflows"
"""What the repository's workflow files count as together."""


def counts_revisions(kind: str) -> bool:
    """Whether records of this kind carry `revision` and `authors`."""
    return kind == SETTINGS_KIND or (kind in KINDS and issubclass(KINDS[kind].model, Gated))


def material_part(kind: str, data: Mapping[str, Any]) -> dict[str, Any]:
    """The material fields as written, without the revision itself. Of workflow files everything is material."""
    if kind == WORKFLOWS_KIND:
        return dict(data)
    keys = material_keys(Settings if kind == SETTINGS_KIND else KINDS[kind].model) - {"revision"}
    return {key: value for key, value in data.items() if key in keys}


def state_in(kind: str, data: Mapping[str, Any]) -> str | None:
    """The state as written: of the last timeline entry that sets one and was not taken back, or of the record."""
    entries = data.get("timeline")
    if isinstance(entries, list):
        written = [entry for entry in entries if isinstance(entry, dict)]
        taken_back = _taken_back(written)
        states = [e["state"] for i, e in enumerate(written) if "state" in e and i not in taken_back]
        return states[-1] if states and isinstance(states[-1], str) else None
    state = data.get("state")
    return state if isinstance(state, str) else None


def _taken_back(entries: list[dict[str, Any]]) -> set[int]:
    """Indexes of entries that a later one of the same person takes back, as `Ticket.voided` has it."""
    found: set[int] = set()
    if not any("void" in entry for entry in entries):
        return found
    standing: dict[tuple[str, object], list[int]] = {}
    for index, entry in enumerate(entries):
        who = repr(entry.get("by"))
        if "void" in entry and (earlier := standing.get((who, _instant(entry["void"])))):
            found.add(earlier.pop())  # the newest of that person and instant that still stands
        if (at := _instant(entry.get("at"))) is not None:
            standing.setdefault((who, at), []).append(index)
    return found


def _instant(written: object) -> datetime | None:
    """The instant, or None for what is none."""
    try:
        return parse_instant(written)
    except ValueError:
        return None


def revision_wanted(
    kind: str, base: Mapping[str, Any] | None, head: Mapping[str, Any], *, files_changed: bool = False
) -> int | None:
    """The only right revision of `head`: 1 where it is new, base + 1 where it or the files attached to it change
    materially, or it goes back to draft, else base's. None where base's can't be read."""
    if base is None:
        return 1
    before = base.get("revision", 1)
    if not isinstance(before, int):
        return None
    back_to_draft = state_in(kind, head) == "draft" and state_in(kind, base) not in (None, "draft")
    changed = files_changed or material_part(kind, base) != material_part(kind, head)
    return before + 1 if back_to_draft or changed else before
