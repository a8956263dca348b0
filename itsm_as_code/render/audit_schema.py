"""Describes in JSON Schema what `itsm check --history --format json` prints."""

from __future__ import annotations

from typing import Any

from itsm_as_code.render.audit import JSON_VERSION
from itsm_as_code.render.json_schema import DIALECT, matching
from itsm_as_code.render.report_schema import finding_schema, titled

_OID = matching("^[0-9a-f]{40,64}$")
_REPLACED = "Git shows other objects in place of these, because of refs in refs/replace/. They were judged as they are."
_VOID = "These acts landed as they should, and count for nothing since their keys were revoked. They are no faults."


def audit_schema() -> dict[str, Any]:
    """Returns the schema of version 1 of the audit."""
    return {
        "$schema": DIALECT,
        "$id": "audit.json",
        "title": "Audit",
        "description": "`itsm check --history --format json` prints this. An audit without `status` was cut off.",
    } | _object(
        version=titled("integer", "Version", "This is the version of the format.", const=JSON_VERSION),
        anchor=titled("string", "Anchor", "This is the first commit, which is the root of trust.", **_OID),
        since=titled("string", "Since", "The audit begins after this commit.", **_OID),
        head=titled("string", "Head", "This is the newest commit that was judged.", **_OID),
        at=titled("string", "At", "This is the instant that the audit took as now."),
        steps=titled("integer", "Steps", "This is the number of steps that were judged.", minimum=0),
        gates={"title": "Gates", "description": "These are the numbers of gates that were passed.", **_gates()},
        faulty=titled("array", "Faulty", "These steps went past the check, the oldest first.", items=_step()),
        resting=titled(
            "array",
            "Resting",
            "These steps were judged by a base with a standing fault, the oldest first.",
            items=_resting(),
        ),
        debts=titled("array", "Debts", "Emergency changes still need these reviews.", items=_debt()),
        replaced=titled("array", "Replaced", _REPLACED, items={"type": "string", **_OID}),
        void=titled("array", "Void", _VOID, items=_void()),
        status=titled("string", "Status", "This is the verdict. It comes last.", enum=["clean", "findings"]),
    )


def _void() -> dict[str, Any]:
    return _object(
        commit=titled("string", "Commit", "This step brought the act.", **_OID),
        path=titled("string", "Path", "This is the file of the act."),
        why=titled("string", "Why", "This says since when somebody else may have had the key."),
    )


def _object(**properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object", "additionalProperties": False, "required": list(properties), "properties": properties,
    }  # fmt: skip


def _gates() -> dict[str, Any]:
    return _object(
        approved=titled(
            "integer", "Approved", "This is the number of gates that were passed by signed acts.", minimum=0
        ),
        unguarded=titled(
            "integer", "Unguarded", "This is the number of gates at which the rules ask for nobody.", minimum=0
        ),
    )


def _step() -> dict[str, Any]:
    fault = finding_schema()
    acts = titled("array", "Ratified by", "These acts ratified the fault afterwards.", items={"type": "string"})
    fault = {**fault, "required": [*fault["required"], "ratified_by"]}
    fault["properties"] = {**fault["properties"], "ratified_by": acts}
    return _object(
        commit=titled("string", "Commit", "This is the commit by which the step landed.", **_OID),
        landed_at=titled("string", "Landed at", "This is the latest commit date up to this step."),
        committer=titled("string", "Committer", "The commit claims to be from this person. Nothing proves it."),
        subject=titled("string", "Subject", "This is the first line of the commit's message."),
        faults=titled("array", "Faults", "The check would not have let these faults pass.", items=fault),
        closed_by=titled(
            ["string", "null"], "Closed by",
            "This is the commit that brought the last ratification of these faults; null while one stands.",
        ),
    )  # fmt: skip


def _resting() -> dict[str, Any]:
    passed = "These gates the step passed, each as the subject and the gate."
    return _object(
        commit=titled("string", "Commit", "This is the commit by which the step landed.", **_OID),
        landed_at=titled("string", "Landed at", "This is the latest commit date up to this step."),
        subject=titled("string", "Subject", "This is the first line of the commit's message."),
        passed=titled("array", "Passed", passed, items={"type": "string"}),
    )


def _debt() -> dict[str, Any]:
    return _object(
        change=titled("string", "Change", "This is the id of the emergency change."),
        team=titled(
            ["string", "null"], "Team", "This is the id of the team that owes the review; null if there is none."
        ),
        since=titled("string", "Since", "At this instant the change entered the calendar of changes."),
        due=titled("string", "Due", "The review is due by this instant."),
        self_approved=titled("boolean", "Self approved", "This is true if an author approved the change."),
        overdue=titled("boolean", "Overdue", "This is true if the deadline has passed."),
    )
