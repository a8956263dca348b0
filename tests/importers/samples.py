"""Small exports with one sort of dirt each, and the calls that read them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from itsm_as_code.domain.loss import Loss, LossSort
from itsm_as_code.domain.settings import DEFAULT_MATRIX
from itsm_as_code.importers import cstate, markdown, servicenow
from itsm_as_code.importers.draft import Files, Harvest, ImportedRecord, Known, Options

NOW = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
LISBON = ZoneInfo("Europe/Lisbon")
LOG = (
    "number,incident_state,made_sla,caller_id,opened_by,opened_at,sys_updated_by,sys_updated_at,contact_type,category,"
    "subcategory,u_symptom,impact,urgency,priority,assignment_group,assigned_to,closed_code,resolved_by,resolved_at,"
    "closed_at"
)


def options(**more: Any) -> Options:
    """Options with a clock, a matrix and a zone."""
    return Options(**{"now": NOW, "priorities": DEFAULT_MATRIX, "zone": UTC, **more})


def known(*names: tuple[str, str, str]) -> Known:
    """A workspace that has these records: kind, id, alias."""
    ids = {kind: frozenset(i for k, i, _ in names if k == kind) for kind, _, _ in names}
    return Known({(kind, alias.casefold()): record_id for kind, record_id, alias in names if alias}, ids)


def log_row(**cells: str) -> str:
    """One row of the event log; what is not named has a plain value."""
    row = {
        "number": "INC0000045",
        "incident_state": "New",
        "made_sla": "true",
        "caller_id": "Caller 2403",
        "opened_by": "Opened by  8",
        "opened_at": "29/2/2016 01:16",
        "sys_updated_by": "Updated by 21",
        "sys_updated_at": "29/2/2016 01:23",
        "contact_type": "Phone",
        "category": "Category 55",
        "subcategory": "Subcategory 170",
        "u_symptom": "?",
        "impact": "2 - Medium",
        "urgency": "2 - Medium",
        "priority": "3 - Moderate",
        "assignment_group": "Group 56",
        "assigned_to": "?",
        "closed_code": "code 5",
        "resolved_by": "Resolved by 149",
        "resolved_at": "29/2/2016 11:29",
        "closed_at": "5/3/2016 12:00",
        **cells,
    }
    return ",".join(row[name] for name in LOG.split(","))


def log(*rows: str) -> bytes:
    """An event log."""
    return "\n".join([LOG, *rows, ""]).encode()


def full_log() -> bytes:
    """One incident from its opening to its end."""
    return log(
        log_row(),
        log_row(incident_state="Active", sys_updated_at="29/2/2016 02:00", assignment_group="Group 24"),
        log_row(incident_state="Awaiting User Info", sys_updated_at="29/2/2016 03:00"),
        log_row(incident_state="Resolved", sys_updated_at="29/2/2016 11:29"),
        log_row(incident_state="Closed", sys_updated_at="5/3/2016 12:00", made_sla="false"),
    )


def from_servicenow(data: bytes, mapping: object = None, **more: Any) -> Harvest:
    """Reads an export."""
    return servicenow.read(data, "export.csv", options(**more), mapping)


def from_cstate(texts: Mapping[str, str], mapping: object = None, **more: Any) -> Harvest:
    """Reads a folder of cState."""
    return cstate.read(Files({path: text.encode() for path, text in texts.items()}), options(**more), mapping)


def from_markdown(texts: Mapping[str, str], others: tuple[str, ...] = (), **more: Any) -> Harvest:
    """Reads a folder of Markdown."""
    return markdown.read(Files({path: text.encode() for path, text in texts.items()}, others), options(**more))


def of_kind(harvest: Harvest, kind: str) -> list[ImportedRecord]:
    """The drafts of one kind."""
    return [draft for draft in harvest.drafts if draft.kind == kind]


def only(harvest: Harvest, kind: str = "incident") -> Any:
    """The data of the only draft of a kind."""
    (draft,) = of_kind(harvest, kind)
    return draft.data


def losses(harvest: Harvest, sort: LossSort, field: str) -> list[Loss]:
    """The losses of one sort and field."""
    return [loss for loss in harvest.loss.losses if loss.sort is sort and loss.field == field]
