"""`itsm completion`, and what the shell is told about ids, states and services."""

from __future__ import annotations

from typing import Any

import click
from click.shell_completion import CompletionItem, get_completion_class

from itsm_as_code.domain.errors import UsageFault

EPILOG = """\b
Examples:
  itsm completion bash > ~/.local/share/bash-completion/completions/itsm
  itsm completion fish > ~/.config/fish/completions/itsm.fish
"""
MOST = 50


@click.command("completion", epilog=EPILOG)
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion_command(shell: str) -> None:
    """Print the script that completes commands, ids, states and services in your shell."""
    from itsm_as_code.cli.main import itsm

    made = get_completion_class(shell)
    if made is None:
        raise UsageFault(f"no completion for {shell}")
    click.echo(made(itsm, {}, "itsm", "_ITSM_COMPLETE").source())


def complete_refs(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Ids of records that begin or end with what was typed; newest tickets first, with their path as help."""
    from itsm_as_code.app.words import ids

    return [CompletionItem(word, help=about) for word, about in ids(_start(ctx), incomplete, MOST)]


def complete_words(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Kinds, and values of `field=`: states, priorities, services, teams, people."""
    from itsm_as_code.app.words import query_words

    return [CompletionItem(word) for word in query_words(_start(ctx), incomplete, MOST)]


def _start(ctx: click.Context) -> Any:
    from pathlib import Path

    root = ctx.find_root()
    return Path(root.params.get("directory") or ".")
