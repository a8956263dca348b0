"""All commands of `itsm`, with those below groups, by the words that call them."""

from __future__ import annotations

from collections.abc import Iterator

import click

from itsm_as_code.cli.main import itsm


def commands() -> dict[str, click.Command]:
    """Words such as `sla status` to the command; the empty word is `itsm` itself."""
    return dict(_below("", itsm))


def _below(words: str, command: click.Command) -> Iterator[tuple[str, click.Command]]:
    yield words, command
    if isinstance(command, click.Group):
        ctx = click.Context(command)
        for name in command.list_commands(ctx):
            below = command.get_command(ctx, name)
            assert below is not None, name
            yield from _below(f"{words} {name}".strip(), below)


def about(command: click.Command) -> str:
    """What the help says of a command before its options. The options are those that `itsm` itself would show."""
    return command.get_help(click.Context(command, help_option_names=["-h", "--help"])).split("Options:")[0]
