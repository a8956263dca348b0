"""Writes docs/commands.md, which shows the `--help` of every command."""

from __future__ import annotations

import click

from itsm_as_code.cli.commands import COMMANDS, SECTIONS, verbs
from itsm_as_code.render.reference import GENERATED

WIDTH = 100


def commands_page(itsm: click.Group) -> str:
    """Returns the page, in the order of the overview. `itsm` is the group of all commands."""
    context = click.Context(  # those of the commands take over what it sets
        itsm, info_name="itsm", max_content_width=WIDTH, terminal_width=WIDTH,
        help_option_names=itsm.context_settings["help_option_names"],
    )  # fmt: skip
    lines = [GENERATED, "", "# Commands", "", "```text", context.get_help().rstrip(), "```"]
    for section in SECTIONS:
        for listed in (c for c in (*COMMANDS, *verbs()) if c.section == section):
            command = itsm.get_command(context, listed.name)
            assert command is not None
            lines += ["", f"## itsm {listed.name}", "", "```text", _help(command, listed.name, context), "```"]
            if isinstance(command, click.Group):
                inner = click.Context(command, info_name=listed.name, parent=context)
                for name, sub in sorted(command.commands.items()):
                    lines += ["", f"### itsm {listed.name} {name}", "", "```text", _help(sub, name, inner), "```"]
    return "\n".join(lines) + "\n"


def _help(command: click.Command, name: str, parent: click.Context) -> str:
    return click.Context(command, info_name=name, parent=parent).get_help().rstrip()
