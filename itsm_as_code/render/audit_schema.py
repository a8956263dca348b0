"""JSON Schema of what `itsm check --history --format json` prints."""

from __future__ import annotations

from typing import Any

from itsm_as_code.render.audit import JSON_VERSION
from itsm_as_code.render.json_schema import DIALECT
from itsm_as_code.render.report_schema import finding_schema, titled

_OID = {"pattern": "^[0-9a-f]{40,64}$"}


def audit_schema() -> dict[str, Any]:
    """The schema of version 1 of the audit."""
    return {
        "$schema": DIALECT,
        "$id": "audit.json",
        "title": "Audit",
        "description": "What `itsm check --history --format json` prints. An audit without `status` was cut off.",
    } | _object(
        version=titled("integer", "Version", "Version of this format.", const=JSON_VERSION),
        anchor=titled("string", "Anchor", "The first commit: the root of trust.", **_OID),
        since=titled("string", "Since", "The commit after which the audit begins.", **_OID),
        head=titled("string", "Head", "The newest commit that was judged.", **_OID),
        at=titled("string", "At", "The audit's clock."),
        steps=titled("integer", "Steps", "How many steps were judged.", minimum=0),
        gates={"title": "Gates", "description": "How many gates were passed.", **_gates()},
        faulty=titled("array", "Faulty", "Steps that went past the check, oldest first.", items=_step()),
        debts=titled("array", "Debts", "Reviews that emergency changes still need.", items=_debt()),
        status=titled("string", "Status", "The verdict; it comes last.", enum=["clean", "findings"]),
    )


def _object(**properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object", "additionalProperties": False, "required": list(properties), "properties": properties,
    }  # fmt: skip


def _gates() -> dict[str, Any]:
    return _object(
        approved=titled("integer", "Approved", "By signed acts.", minimum=0),
        unguarded=titled("integer", "Unguarded", "Where the rules ask for nobody.", minimum=0),
    )


def _step() -> dict[str, Any]:
    fault = finding_schema()
    acts = titled("array", "Ratified by", "Acts that took the fault over.", items={"type": "string"})
    fault = {**fault, "required": [*fault["required"], "ratified_by"]}
    fault["properties"] = {**fault["properties"], "ratified_by": acts}
    return _object(
        commit=titled("string", "Commit", "The commit by which the step landed.", **_OID),
        landed_at=titled("string", "Landed at", "The latest commit date up to this step."),
        committer=titled("string", "Committer", "Who it claims to be from; not proved."),
        subject=titled("string", "Subject", "The first line of its message."),
        faults=titled("array", "Faults", "What the check would not have let pass.", items=fault),
    )


def _debt() -> dict[str, Any]:
    return _object(
        change=titled("string", "Change", "The emergency change."),
        team=titled(["string", "null"], "Team", "Who owes the review."),
        since=titled("string", "Since", "When the change entered the calendar."),
        due=titled("string", "Due", "By when the review is due."),
        self_approved=titled("boolean", "Self approved", "Whether an author approved it."),
        overdue=titled("boolean", "Overdue", "Whether the deadline has passed."),
    )
