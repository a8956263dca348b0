"""docs/commands.md: every command as `--help` tells it."""

from __future__ import annotations

import click

from itsm_as_code.cli.commands import COMMANDS, SECTIONS, verbs
from itsm_as_code.cli.main import itsm
from itsm_as_code.render.reference import GENERATED

WIDTH = 100


def commands_page() -> str:
    """The page, in the order of the overview."""
    lines = [GENERATED, "", "# Commands", "", "```text", _help(itsm, "itsm", None), "```"]
    for section in SECTIONS:
        for listed in (c for c in (*COMMANDS, *verbs()) if c.section == section):
            context = click.Context(itsm, info_name="itsm")
            command = itsm.get_command(context, listed.name)
            assert command is not None
            lines += ["", f"## itsm {listed.name}", "", "```text", _help(command, listed.name, context), "```"]
            if isinstance(command, click.Group):
                inner = click.Context(command, info_name=listed.name, parent=context)
                for name, sub in sorted(command.commands.items()):
                    lines += ["", f"### itsm {listed.name} {name}", "", "```text", _help(sub, name, inner), "```"]
    return "\n".join(lines) + "\n"


def _help(command: click.Command, name: str, parent: click.Context | None) -> str:
    context = click.Context(command, info_name=name, parent=parent, max_content_width=WIDTH, terminal_width=WIDTH)
    return command.get_help(context).rstrip()
