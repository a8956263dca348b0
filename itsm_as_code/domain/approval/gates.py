"""Finds the gates that a step passes. New records, skipped states and material edits pass every gate on the way."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from itsm_as_code.domain.approval.question import EDIT, POST_REVIEW, RATIFY
from itsm_as_code.domain.ids import TICKET_PREFIXES
from itsm_as_code.domain.kind_rows import KIND_ROWS
from itsm_as_code.domain.revision import SETTINGS_KIND, WORKFLOWS_KIND, is_readable, material_part, state_in

if TYPE_CHECKING:
    from datetime import datetime

    from itsm_as_code.domain.kinds.change import Change

BEYOND: dict[str, dict[str, tuple[str, ...]]] = {
    "change": {"scheduled": ("scheduled", "implementing", "evaluation", "closed")},
    "request": {"in_progress": ("in_progress", "on_hold", "fulfilled", "closed")},
    "article": {"published": ("published",)},
}
"""Maps each kind and gate to the states that are at or past the gate."""

_NAMED_FIRST = (
    "policy", "person", "team", "service", "request-item", "freeze", "calendar", "sla", "change-model",
)  # fmt: skip
"""The order in which messages name kinds, and nothing else. `edits_need_approval` of a kind's row decides."""

EDITED = (
    *sorted(
        (row.name for row in KIND_ROWS if row.edits_need_approval),
        key=lambda kind: (*_NAMED_FIRST, kind).index(kind),
    ),
    SETTINGS_KIND,
    WORKFLOWS_KIND,
)
"""The kinds whose material edits pass the gate `edit`."""

POLICED = (
    *((kind, gate) for kind, gates in BEYOND.items() for gate in gates if kind != "request"),
    ("change", POST_REVIEW),
    *((kind, EDIT) for kind in EDITED),
)
"""The pairs of kind and gate that policies must cover. Requests are not listed, because their items have the rules."""


@dataclass(frozen=True, slots=True)
class Gate:
    """One gate of a record.

    `replaces` is the content on base that an edit replaces. `rules_of` names the gate whose policies apply, if that is
    another gate.
    """

    name: str
    replaces: Mapping[str, Any] | None = None
    rules_of: str | None = None


def subject_of(kind: str, record_id: str) -> str:
    """Returns the name that acts use for a record: a ticket's id, `kind/slug` for others, `workspace` for itsm.yaml."""
    if kind == SETTINGS_KIND:
        return "workspace"
    if kind == WORKFLOWS_KIND:
        return WORKFLOWS_KIND
    return record_id if kind in TICKET_PREFIXES else f"{kind}/{record_id}"


def first_gate(kind: str) -> str | None:
    """Returns the first gate of a kind (a state to enter, or `edit`), or None if the kind needs no decision."""
    return next(iter(BEYOND.get(kind, ())), EDIT if kind in EDITED else None)


def names_of_gates(kind: str) -> tuple[str, ...]:
    """Returns the gates at which people may decide on records of a kind, the usual one first; () if there are none.

    Changes can also have gates for exceptions from freezes, which are not listed.
    """
    own = (*BEYOND.get(kind, ()), *((EDIT,) if kind in EDITED else ()))
    return (*own, *((POST_REVIEW,) if kind == "change" else ()), *((RATIFY,) if own else ()))


def gate_named(kind: str, name: str, base: Mapping[str, Any] | None) -> Gate:
    """Returns the gate with this name. `base` is the content of the record on base, or None."""
    return Gate(name, base if name == EDIT else None, first_gate(kind) if name == RATIFY else None)


def gates_of(
    kind: str, base: Mapping[str, Any] | None, head: Mapping[str, Any], *, files_changed: bool = False
) -> Iterator[Gate]:
    """Yields the gates that a record passes from base to head.

    An imported ticket passes none, because it has ended already. An imported article passes the same gates as other
    articles, because people read it like them. `files_changed` says that attached files differ; they are part of the
    content. A record that its model can't read passes all gates of its kind, because nobody can say which.
    """
    changed = files_changed or base is None or material_part(kind, base) != material_part(kind, head)
    if kind in EDITED and changed:
        yield Gate(EDIT, base)
    if not is_readable(kind, head):
        yield from map(Gate, BEYOND.get(kind, ()))
        return
    if "imported" in head and kind in TICKET_PREFIXES:
        return
    before, after = (state_in(kind, base) if base is not None else None), state_in(kind, head)
    for gate, beyond in BEYOND.get(kind, {}).items():
        if after in beyond and (before not in beyond or changed):
            yield Gate(gate)


def is_unpublished(kind: str, base: Mapping[str, Any] | None, head: Mapping[str, Any]) -> bool:
    """Tells whether a published article leaves the site in the step: it is retired or taken back to draft."""
    before, after = (state_in(kind, data) if data is not None else None for data in (base, head))
    published = BEYOND["article"]["published"]
    return kind == "article" and before in published and after not in published


def begins_work(base: Mapping[str, Any] | None, head: Mapping[str, Any]) -> bool:
    """Tells whether work on a change begins in the step. Then freezes count that were made after it was scheduled."""
    under_way = BEYOND["change"]["scheduled"][1:]
    before = state_in("change", base) if base is not None else None
    return "imported" not in head and state_in("change", head) in under_way and before not in under_way


def went_past(change: Change) -> datetime | None:
    """Returns when a change first went past its gate by its timeline, or None if it is before the gate and never began.

    Void entries count too. Otherwise an author could void an entry to avoid what the work requires, such as a review.
    """
    scheduled, *under_way = BEYOND["change"]["scheduled"]
    if began(change) is None and change.state != scheduled:
        return None
    return next(entry.at for entry in change.timeline if entry.state in (scheduled, *under_way))


def began(change: Change) -> datetime | None:
    """Returns when work on a change first began by its timeline, void entries included, or None."""
    under_way = BEYOND["change"]["scheduled"][1:]
    return next((entry.at for entry in change.timeline if entry.state in under_way), None)


def is_past(kind: str, gate: str, state: str | None) -> bool:
    """Tells whether a record in this state has passed the gate."""
    return state in BEYOND.get(kind, {}).get(gate, ())
