"""The table of commands: the name of each, its module, and one line on what it does. This module imports no command."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple


class Listed(NamedTuple):
    """A command in the overview. `attribute` of `module`, which is in this package, is imported when the command is
    used."""

    name: str
    section: str
    summary: str
    module: str
    attribute: str


def _listed(section: str, name: str, summary: str, module: str | None = None) -> Listed:
    plain = name.replace("-", "_")
    return Listed(name, section, summary, module or plain, f"{plain}_command")


COMPLETION_VARIABLE = "_ITSM_COMPLETE"
"""The environment variable by which a shell asks for completions."""
SECTIONS = ("Start", "Write", "Verbs", "Decide", "Read", "Publish")

COMMANDS: tuple[Listed, ...] = (
    _listed("Start", "init", "Make a workspace that passes its own check."),
    _listed("Start", "demo", "Show the sample workspace: checks, SLA status, site."),
    _listed("Start", "doctor", "Check whether everything that itsm needs is in order."),
    _listed("Start", "completion", "Print the script that completes words in your shell."),
    _listed("Write", "new", "Make a record: incident, change, article, service …"),
    _listed("Write", "set", "Set fields of records: `itsm set 7K3Q9 assignee=ana`."),
    _listed("Write", "note", "Add a note to a ticket's timeline."),
    _listed("Write", "redact", "Remove a text from a timeline and leave a tombstone."),
    _listed("Write", "fmt", "Give records their one canonical layout."),
    _listed("Write", "fix", "Fix what a machine can fix."),
    _listed("Write", "import", "Import records from ServiceNow, cState or Markdown.", "import_"),
    _listed("Decide", "check", "Check the workspace, some files, or a step from base to head."),
    _listed("Decide", "propose", "Ask for a decision on exactly this content.", "decide"),
    _listed("Decide", "approve", "Approve exactly the content that is shown, with your signature.", "decide"),
    _listed("Decide", "refuse", "Refuse, with a reason.", "decide"),
    _listed("Decide", "withdraw", "Take back your own decision.", "decide"),
    _listed("Read", "explain", "Explain a check, or why a record is as it is."),
    _listed("Read", "show", "Show a record."),
    _listed("Read", "list", "List records that match a condition.", "list_"),
    _listed("Read", "log", "Show a record's history from Git, field by field."),
    _listed("Read", "calendar", "Show changes, freezes and opening hours by day."),
    _listed("Read", "sla", "Show which SLA clocks are met, running, at risk, breached or paused."),
    _listed("Publish", "site", "Build or serve the static site."),
    _listed("Publish", "generate", "Write schemas and reference documents."),
)
"""All commands except the lifecycle verbs, which are made from the lifecycle tables."""


def find(name: str) -> Listed | None:
    """Returns the command of that name, or None."""
    return next((command for command in COMMANDS if command.name == name), None)


@cache
def verbs() -> tuple[Listed, ...]:
    """Returns the lifecycle verbs as commands. If several kinds have a verb, the summary is that of the first kind."""
    from itsm_as_code.domain.lifecycle import LIFECYCLES

    steps: dict[str, str] = {}
    for table in LIFECYCLES.values():
        for step in table.transitions:
            steps.setdefault(step.verb, step.summary)
    return tuple(Listed(verb, "Verbs", words, "verbs", "verb_command") for verb, words in steps.items())
