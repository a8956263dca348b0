"""Revisions and materiality: what of a record people approve, and which revision it must carry (design section 3)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from itsm_as_code.domain.kinds import KINDS
from itsm_as_code.domain.kinds.base import Gated
from itsm_as_code.domain.settings import Settings
from itsm_as_code.domain.shape import material_keys

SETTINGS_KIND = "settings"
"""What itsm.yaml counts as among kinds, where its revision is concerned."""


def counts_revisions(kind: str) -> bool:
    """Whether records of this kind carry `revision` and `authors`."""
    return kind == SETTINGS_KIND or issubclass(KINDS[kind].model, Gated)


def material_part(kind: str, data: Mapping[str, Any]) -> dict[str, Any]:
    """The material fields as written, without the revision itself."""
    keys = material_keys(Settings if kind == SETTINGS_KIND else KINDS[kind].model) - {"revision"}
    return {key: value for key, value in data.items() if key in keys}


def state_in(kind: str, data: Mapping[str, Any]) -> str | None:
    """The state as written: of the last timeline entry that sets one, or of the record."""
    entries = data.get("timeline")
    if isinstance(entries, list):
        states = [entry.get("state") for entry in entries if isinstance(entry, dict) and "state" in entry]
        return states[-1] if states and isinstance(states[-1], str) else None
    state = data.get("state")
    return state if isinstance(state, str) else None


def revision_wanted(kind: str, base: Mapping[str, Any] | None, head: Mapping[str, Any]) -> int | None:
    """The only right revision of `head`: 1 where it is new, base + 1 where it changes materially or goes
    back to draft, else base's. None where base's can't be read."""
    if base is None:
        return 1
    before = base.get("revision", 1)
    if not isinstance(before, int):
        return None
    back_to_draft = state_in(kind, head) == "draft" and state_in(kind, base) not in (None, "draft")
    return before + 1 if back_to_draft or material_part(kind, base) != material_part(kind, head) else before
