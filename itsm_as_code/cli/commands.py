"""The table of commands: name, where it lives, what it does in one line. Nothing here imports a command."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple


class Listed(NamedTuple):
    """A command as the overview shows it. `module` and `attribute` are imported when it is used."""

    name: str
    section: str
    summary: str
    module: str
    attribute: str


def _listed(section: str, name: str, summary: str, module: str | None = None) -> Listed:
    plain = name.replace("-", "_")
    return Listed(name, section, summary, f"itsm_as_code.cli.{module or plain}", f"{plain}_command")


SECTIONS = ("Start", "Write", "Verbs", "Decide", "Read", "Publish")

COMMANDS: tuple[Listed, ...] = (
    _listed("Start", "init", "Make a workspace that passes its own check."),
    _listed("Start", "demo", "Show the sample workspace: checks, SLA status, site."),
    _listed("Start", "doctor", "Look whether everything that itsm needs is in order."),
    _listed("Start", "completion", "Print the script that completes words in your shell."),
    _listed("Write", "new", "Make a record: incident, change, article, service …"),
    _listed("Write", "set", "Set fields of records: `itsm set 7K3Q9 assignee=ana`."),
    _listed("Write", "note", "Add a note to a ticket's timeline."),
    _listed("Write", "redact", "Take a text out of a timeline, leaving a tombstone."),
    _listed("Write", "fmt", "Give records their one canonical layout."),
    _listed("Write", "fix", "Mend what a machine can mend."),
    _listed("Write", "import", "Take over records from ServiceNow, cState or Markdown.", "import_"),
    _listed("Decide", "check", "Check the workspace, some files, or a step from base to head."),
    _listed("Decide", "propose", "Say that exactly this content is to be decided on.", "decide"),
    _listed("Decide", "approve", "Approve exactly the content that is shown, with your signature.", "decide"),
    _listed("Decide", "refuse", "Refuse, with a reason.", "decide"),
    _listed("Decide", "withdraw", "Take your own decision back.", "decide"),
    _listed("Read", "explain", "Explain a check, or why a record is as it is."),
    _listed("Read", "show", "Show a record."),
    _listed("Read", "list", "List records that match a condition.", "list_"),
    _listed("Read", "log", "Show a record's history from Git, field by field."),
    _listed("Read", "calendar", "Show changes, freezes and opening hours by day."),
    _listed("Read", "sla", "Show what is met, running, at risk, breached or paused, and why."),
    _listed("Publish", "site", "Build or serve the static site."),
    _listed("Publish", "generate", "Write schemas and reference documents."),
)
"""All commands but the lifecycle verbs, which come from the lifecycle tables."""


def find(name: str) -> Listed | None:
    """The command of that name, or None."""
    return next((command for command in COMMANDS if command.name == name), None)


@cache
def verbs() -> tuple[Listed, ...]:
    """The lifecycle verbs as commands, from the tables; of a verb of several kinds the first one's words."""
    from itsm_as_code.domain.lifecycle import LIFECYCLES

    steps: dict[str, str] = {}
    for table in LIFECYCLES.values():
        for step in table.transitions:
            steps.setdefault(step.verb, step.summary)
    return tuple(
        Listed(verb, "Verbs", words, "itsm_as_code.cli.verbs", "verb_command") for verb, words in steps.items()
    )
