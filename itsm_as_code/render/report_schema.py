"""JSON Schema of what `itsm check --format json` prints."""

from __future__ import annotations

from typing import Any

from itsm_as_code.domain.rule import Severity
from itsm_as_code.render.findings import JSON_VERSION
from itsm_as_code.render.json_schema import DIALECT


def titled(kind: str | list[str], title: str, description: str, **more: Any) -> dict[str, Any]:
    """The schema of one field, with its words."""
    return {"type": kind, "title": title, "description": description, **more}


def finding_schema() -> dict[str, Any]:
    """The schema of one finding."""
    return {
        "type": "object",
        "additionalProperties": False,
        "required": ["code", "name", "severity", "path", "line", "column", "field", "message", "help", "fix"],
        "properties": {
            "code": titled("string", "Code", "The check's code.", pattern="^[A-Z]{2,4}[0-9]{3}$"),
            "name": titled("string", "Name", "The check's name."),
            "severity": titled("string", "Severity", "How grave it is.", enum=[*Severity]),
            "path": titled("string", "Path", "The file, relative to the workspace root."),
            "line": titled(["integer", "null"], "Line", "One-based line, where known.", minimum=1),
            "column": titled(["integer", "null"], "Column", "One-based column in characters.", minimum=1),
            "field": titled("array", "Field", "Keys and zero-based indexes.", items={"type": ["string", "integer"]}),
            "message": titled("string", "Message", "What is wrong."),
            "help": titled("string", "Help", "How to mend it."),
            "fix": titled(
                ["object", "null"], "Fix", "What `itsm fix` would do.",
                additionalProperties=False, required=["title", "safe"],
                properties={
                    "title": titled("string", "Title", "What it does."),
                    "safe": titled("boolean", "Safe", "Whether it changes no meaning."),
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
            "version": titled("integer", "Version", "Version of this format.", const=JSON_VERSION),
            "scope": titled("string", "Scope", "What was checked.", enum=["workspace", "files", "step"]),
            "evaluated": titled(
                "object", "Evaluated", "Kind to number of records looked at.", additionalProperties={"type": "integer"}
            ),
            "findings": titled("array", "Findings", "In a stable order.", items={"$ref": "#/definitions/finding"}),
            "suppressed": titled(
                "array", "Suppressed", "Accepted in itsm.yaml for a time.", items={"$ref": "#/definitions/finding"}
            ),
            "status": titled("string", "Status", "The verdict; it comes last.", enum=["clean", "findings"]),
        },
        "definitions": {"finding": finding_schema()},
    }
