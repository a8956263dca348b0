"""Holds the table of kinds, one row per kind. It imports nothing, so that ids and paths can be built on it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class KindRow:
    """The facts about one kind of record that are needed before any record is read.

    `folder` is under `records/`. `prefix` begins generated ids, e.g. INC; without it, people choose the ids (slugs).
    `registered` records are either active or retired. `edits_need_approval` says whether material edits pass the gate
    `edit`. It has no default, so that it is decided for each new kind. It is false for kinds with gates at states.
    """

    name: str
    plural: str
    model_name: str
    folder: str
    registered: bool
    edits_need_approval: bool
    prefix: str | None = None

    @property
    def is_ticket(self) -> bool:
        """Tells whether records of this kind have a timeline and a date in their id."""
        return self.prefix is not None and self.name != "approval"

    @property
    def has_slug(self) -> bool:
        """Tells whether people choose the ids of this kind."""
        return self.prefix is None


def _ticket(name: str, prefix: str, plural: str, model_name: str) -> KindRow:
    """Returns the row of a kind with generated ids. Its gates are at states, so plain edits need no approval."""
    return KindRow(
        name=name, plural=plural, model_name=model_name, folder=plural, prefix=prefix,
        registered=False, edits_need_approval=False,
    )  # fmt: skip


def _registered(name: str, plural: str, model_name: str, folder: str, *, edits_need_approval: bool) -> KindRow:
    """Returns the row of a kind whose records are active or retired."""
    return KindRow(
        name=name, plural=plural, model_name=model_name, folder=folder,
        registered=True, edits_need_approval=edits_need_approval,
    )  # fmt: skip


KIND_ROWS: tuple[KindRow, ...] = (
    _ticket("incident", "INC", "incidents", "Incident"),
    _ticket("change", "CHG", "changes", "Change"),
    _ticket("problem", "PRB", "problems", "Problem"),
    _ticket("request", "REQ", "requests", "Request"),
    _ticket("approval", "APR", "approvals", "Approval"),
    KindRow(
        name="article", plural="articles", model_name="Article", folder="knowledge",
        registered=False, edits_need_approval=False,
    ),
    _registered("service", "services", "Service", "services", edits_need_approval=True),
    _registered("asset", "assets", "Asset", "assets", edits_need_approval=False),
    _registered("sla", "SLAs", "Sla", "slas", edits_need_approval=True),
    _registered("calendar", "calendars", "Calendar", "calendars", edits_need_approval=True),
    _registered("freeze", "freezes", "Freeze", "freezes", edits_need_approval=True),
    _registered("change-model", "change models", "ChangeModel", "change-models", edits_need_approval=True),
    _registered("request-item", "request items", "RequestItem", "request-items", edits_need_approval=True),
    _registered("policy", "policies", "Policy", "policies", edits_need_approval=True),
    _registered("person", "people", "Person", "people", edits_need_approval=True),
    _registered("team", "teams", "Team", "teams", edits_need_approval=True),
)  # fmt: skip
"""All kinds, tickets first. Commands, messages and generated files name kinds in this order."""

TICKETS = tuple(row.name for row in KIND_ROWS if row.is_ticket)
"""The kinds whose records have a timeline."""
