"""Gates: which decisions a step needs. A birth, a skip or a material edit passes every gate on its way."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from itsm_as_code.domain.approval.question import EDIT, POST_REVIEW, RATIFY
from itsm_as_code.domain.ids import TICKET_PREFIXES
from itsm_as_code.domain.revision import SETTINGS_KIND, WORKFLOWS_KIND, material_part, state_in

if TYPE_CHECKING:
    from datetime import datetime

    from itsm_as_code.domain.kinds.change import Change

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
    ("change", POST_REVIEW),
    *((kind, EDIT) for kind in EDITED),
)
"""Kind and gate of all that policies must cover. What a request needs is said by its item."""


@dataclass(frozen=True, slots=True)
class Gate:
    """One gate. `replaces` is base's material content, for an edit of what is there; `rules_of` the gate whose
    policies apply, where that is another one."""

    name: str
    replaces: Mapping[str, Any] | None = None
    rules_of: str | None = None


def subject_of(kind: str, record_id: str) -> str:
    """How acts name a record: a ticket by its id, others by kind/slug, itsm.yaml as `workspace`."""
    if kind == SETTINGS_KIND:
        return "workspace"
    if kind == WORKFLOWS_KIND:
        return WORKFLOWS_KIND
    return record_id if kind in TICKET_PREFIXES else f"{kind}/{record_id}"


def first_gate(kind: str) -> str | None:
    """The gate that records of a kind pass: the state they enter, or `edit`; None where they need no decision."""
    return next(iter(BEYOND.get(kind, ())), EDIT if kind in EDITED else None)


def gate_named(kind: str, name: str, base: Mapping[str, Any] | None) -> Gate:
    """The gate of this name for a record that base has as `base`."""
    return Gate(name, base if name == EDIT else None, first_gate(kind) if name == RATIFY else None)


def gates_of(
    kind: str, base: Mapping[str, Any] | None, head: Mapping[str, Any], *, files_changed: bool = False
) -> Iterator[Gate]:
    """The gates that a record passes from base to head.

    Imported tickets pass none: they are over, not judged, and pass nothing else. An imported article is read like
    any other, so it passes what the others pass. `files_changed`: files attached to the record differ, which are
    part of its content.
    """
    changed = files_changed or base is None or material_part(kind, base) != material_part(kind, head)
    if kind in EDITED and changed:
        yield Gate(EDIT, base)
    if "imported" in head and kind in TICKET_PREFIXES:
        return
    before, after = (state_in(kind, base) if base is not None else None), state_in(kind, head)
    for gate, beyond in BEYOND.get(kind, {}).items():
        if after in beyond and (before not in beyond or changed):
            yield Gate(gate)


def begins_work(base: Mapping[str, Any] | None, head: Mapping[str, Any]) -> bool:
    """Whether a change's work begins in the step: from then on a freeze that came later counts as well."""
    under_way = BEYOND["change"]["scheduled"][1:]
    before = state_in("change", base) if base is not None else None
    return "imported" not in head and state_in("change", head) in under_way and before not in under_way


def went_past(change: Change) -> datetime | None:
    """When a change first went past its gate, as its timeline says; None where it stands before it and never began.

    Entries that were taken back count as well: within which ten minutes that was done is the author's word alone,
    and nothing that work leaves open must go away by it.
    """
    scheduled, *under_way = BEYOND["change"]["scheduled"]
    if began(change) is None and change.state != scheduled:
        return None
    return next(entry.at for entry in change.timeline if entry.state in (scheduled, *under_way))


def began(change: Change) -> datetime | None:
    """When work on a change first began, as its timeline says, taken back or not; None where it never did."""
    under_way = BEYOND["change"]["scheduled"][1:]
    return next((entry.at for entry in change.timeline if entry.state in under_way), None)


def is_past(kind: str, gate: str, state: str | None) -> bool:
    """Whether a record in this state has passed the gate."""
    return state in BEYOND.get(kind, {}).get(gate, ())
