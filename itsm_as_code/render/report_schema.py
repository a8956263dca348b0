"""Describes in JSON Schema what `itsm check --format json` prints."""

from __future__ import annotations

from typing import Any

from itsm_as_code.domain.rule import Severity
from itsm_as_code.render.findings import JSON_VERSION
from itsm_as_code.render.json_schema import DIALECT, matching

_CODE = matching("^[A-Z]{2,4}[0-9]{3}$")
_LINE = "This is the number of the line, from 1; null if it is not known."
_COLUMN = "This is the number of the column in characters, from 1; null if it is not known."
_FIELD = "This is the path of the field: keys, and positions in lists from 0."
_KEY_OR_INDEX = {"anyOf": [{"type": "string"}, {"type": "integer"}]}


def titled(kind: str | list[str], title: str, description: str, **more: Any) -> dict[str, Any]:
    """Returns the schema of one field, with its title and description."""
    return {"type": kind, "title": title, "description": description, **more}


def finding_schema() -> dict[str, Any]:
    """Returns the schema of one finding."""
    return {
        "type": "object",
        "additionalProperties": False,
        "required": ["code", "name", "severity", "path", "line", "column", "field", "message", "help", "fix"],
        "properties": {
            "code": titled("string", "Code", "This is the code of the check, such as SCH001.", **_CODE),
            "name": titled("string", "Name", "This is the name of the check."),
            "severity": titled("string", "Severity", "This says how serious the finding is.", enum=[*Severity]),
            "path": titled("string", "Path", "This is the path of the file, from the workspace's root."),
            "line": titled(["integer", "null"], "Line", _LINE, minimum=1),
            "column": titled(["integer", "null"], "Column", _COLUMN, minimum=1),
            "field": titled("array", "Field", _FIELD, items=_KEY_OR_INDEX),
            "message": titled("string", "Message", "This says what is wrong."),
            "help": titled("string", "Help", "This says how to fix it."),
            "fix": titled(
                ["object", "null"], "Fix", "This is what `itsm fix` would do; null if it can do nothing.",
                additionalProperties=False, required=["title", "safe"],
                properties={
                    "title": titled("string", "Title", "This says what the fix does."),
                    "safe": titled("boolean", "Safe", "This is true if the fix changes no meaning."),
                },
            ),
        },
    }  # fmt: skip


def report_schema() -> dict[str, Any]:
    """Returns the schema of version 1 of the report."""
    return {
        "$schema": DIALECT,
        "$id": "report.json",
        "title": "Report",
        "description": "`itsm check --format json` prints this. A report without `status` was cut off.",
        "type": "object",
        "additionalProperties": False,
        "required": ["version", "scope", "at", "evaluated", "findings", "suppressed", "status"],
        "properties": _properties(),
        "definitions": {"finding": finding_schema()},
    }


def _properties() -> dict[str, Any]:
    found = {"$ref": "#/definitions/finding"}
    return {
        "version": titled("integer", "Version", "This is the version of the format.", const=JSON_VERSION),
        "scope": titled(
            "string",
            "Scope",
            "This says what was checked.",
            enum=["workspace", "files", "step"],
        ),
        "at": titled("string", "At", "This is the instant that the check took as now."),
        "evaluated": titled(
            "object",
            "Evaluated",
            "For each kind, this is the number of records that were checked.",
            additionalProperties={"type": "integer"},
        ),
        "findings": titled(
            "array",
            "Findings",
            "These are the findings, in an order that stays the same.",
            items=found,
        ),
        "suppressed": titled(
            "array",
            "Suppressed",
            "These findings are accepted in itsm.yaml for a time.",
            items=found,
        ),
        "status": titled("string", "Status", "This is the verdict. It comes last.", enum=["clean", "findings"]),
    }
