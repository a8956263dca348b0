"""Gates: which decisions a step needs. A birth, a skip or a material edit passes every gate on its way."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from itsm_as_code.domain.approval.question import EDIT
from itsm_as_code.domain.ids import TICKET_PREFIXES
from itsm_as_code.domain.revision import SETTINGS_KIND, WORKFLOWS_KIND, material_part, state_in

BEYOND: dict[str, dict[str, tuple[str, ...]]] = {
    "change": {"scheduled": ("scheduled", "implementing", "evaluation", "closed")},
    "request": {"in_progress": ("in_progress", "on_hold", "fulfilled", "closed")},
    "article": {"published": ("published",)},
}
"""Kind to gate to the states at or past it."""

EDITED = (
    "policy", "person", "team", "service", "request-item", "freeze", "calendar", "sla", "change-model", SETTINGS_KIND,
    WORKFLOWS_KIND,
)  # fmt: skip
"""Kinds whose material edits pass the gate `edit` (design section 4)."""

POLICED = (
    *((kind, gate) for kind, gates in BEYOND.items() for gate in gates if kind != "request"),
    *((kind, EDIT) for kind in EDITED),
)
"""Kind and gate of all that policies must cover. What a request needs is said by its item."""


@dataclass(frozen=True, slots=True)
class Gate:
    """One gate that a step passes. `replaces` is base's material content, for an edit of what is there."""

    name: str
    replaces: Mapping[str, Any] | None = None


def subject_of(kind: str, record_id: str) -> str:
    """How acts name a record: a ticket by its id, others by kind/slug, itsm.yaml as `workspace`."""
    if kind == SETTINGS_KIND:
        return "workspace"
    if kind == WORKFLOWS_KIND:
        return WORKFLOWS_KIND
    return record_id if kind in TICKET_PREFIXES else f"{kind}/{record_id}"


def gates_of(kind: str, base: Mapping[str, Any] | None, head: Mapping[str, Any]) -> Iterator[Gate]:
    """The gates that a record passes from base to head; imported records pass none: they are not judged."""
    changed = base is None or material_part(kind, base) != material_part(kind, head)
    if kind in EDITED and changed:
        yield Gate(EDIT, base)
    if "imported" in head:
        return
    before, after = (state_in(kind, base) if base is not None else None), state_in(kind, head)
    for gate, beyond in BEYOND.get(kind, {}).items():
        if after in beyond and (before not in beyond or changed):
            yield Gate(gate)


def is_past(kind: str, gate: str, state: str | None) -> bool:
    """Whether a record in this state has passed the gate."""
    return state in BEYOND.get(kind, {}).get(gate, ())
