"""JSON Schema of what `itsm check --format json` prints."""

from __future__ import annotations

from typing import Any

from itsm_as_code.domain.rule import Severity
from itsm_as_code.render.findings import JSON_VERSION
from itsm_as_code.render.json_schema import DIALECT


def _field(kind: str | list[str], title: str, description: str, **more: Any) -> dict[str, Any]:
    return {"type": kind, "title": title, "description": description, **more}


def _finding() -> dict[str, Any]:
    """The schema of one finding."""
    return {
        "type": "object",
        "additionalProperties": False,
        "required": ["code", "name", "severity", "path", "line", "column", "field", "message", "help", "fix"],
        "properties": {
            "code": _field("string", "Code", "The check's code.", pattern="^[A-Z]{2,4}[0-9]{3}$"),
            "name": _field("string", "Name", "The check's name."),
            "severity": _field("string", "Severity", "How grave it is.", enum=[*Severity]),
            "path": _field("string", "Path", "The file, relative to the workspace root."),
            "line": _field(["integer", "null"], "Line", "One-based line, where known.", minimum=1),
            "column": _field(["integer", "null"], "Column", "One-based column in characters.", minimum=1),
            "field": _field("array", "Field", "Keys and zero-based indexes.", items={"type": ["string", "integer"]}),
            "message": _field("string", "Message", "What is wrong."),
            "help": _field("string", "Help", "How to mend it."),
            "fix": _field(
                ["object", "null"], "Fix", "What `itsm fix` would do.",
                additionalProperties=False, required=["title", "safe"],
                properties={
                    "title": _field("string", "Title", "What it does."),
                    "safe": _field("boolean", "Safe", "Whether it changes no meaning."),
                },
            ),
        },
    }  # fmt: skip


def report_schema() -> dict[str, Any]:
    """The schema of version 1 of the report."""
    return {
        "$schema": DIALECT,
        "$id": "report.json",
        "title": "Report",
        "description": "What `itsm check --format json` prints. A report without `status` was cut off.",
        "type": "object",
        "additionalProperties": False,
        "required": ["version", "scope", "evaluated", "findings", "suppressed", "status"],
        "properties": {
            "version": _field("integer", "Version", "Version of this format.", const=JSON_VERSION),
            "scope": _field("string", "Scope", "What was checked.", enum=["workspace", "files", "step"]),
            "evaluated": _field(
                "object", "Evaluated", "Kind to number of records looked at.", additionalProperties={"type": "integer"}
            ),
            "findings": _field("array", "Findings", "In a stable order.", items={"$ref": "#/definitions/finding"}),
            "suppressed": _field(
                "array", "Suppressed", "Accepted in itsm.yaml for a time.", items={"$ref": "#/definitions/finding"}
            ),
            "status": _field("string", "Status", "The verdict; it comes last.", enum=["clean", "findings"]),
        },
        "definitions": {"finding": _finding()},
    }
