"""`itsm completion`, and the functions that give a shell ids, states and services to complete."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from itsm_as_code.cli.commands import COMPLETION_VARIABLE
from itsm_as_code.domain.errors import UsageFault

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

Completer = Callable[[click.Context, click.Parameter, str], "list[CompletionItem]"]

EPILOG = """\b
Examples:
  itsm completion bash > ~/.local/share/bash-completion/completions/itsm
  itsm completion fish > ~/.config/fish/completions/itsm.fish
"""
MOST = 50


@click.command("completion", epilog=EPILOG)
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def completion_command(ctx: click.Context, shell: str) -> None:
    """Print the script that completes commands, ids and states in your shell."""
    from click.shell_completion import get_completion_class

    made = get_completion_class(shell)
    if made is None:
        raise UsageFault(f"no completion for {shell}")
    click.echo(made(ctx.find_root().command, {}, "itsm", COMPLETION_VARIABLE).source())


def complete_refs(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Returns ids of records that begin or end with what was typed, newest tickets first, with their kind as help."""
    return _items(ctx, incomplete)


def complete_words(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Returns kinds, and values of `field=`: states, priorities, services, teams, people."""
    from click.shell_completion import CompletionItem

    from itsm_as_code.app.checkout.completions import query_words

    return [CompletionItem(word) for word in query_words(_start(ctx), incomplete, MOST)]


def complete_refs_and_words(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Returns ids, and values of `field=`."""
    words = [item for item in complete_words(ctx, param, incomplete) if "=" in item.value]
    return [*complete_refs(ctx, param, incomplete), *words]


def complete_ids(*kinds: str) -> Completer:
    """Returns a function that completes ids of these kinds."""

    def complete(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        return _items(ctx, incomplete, kinds)

    return complete


def _items(ctx: click.Context, incomplete: str, kinds: tuple[str, ...] | None = None) -> list[CompletionItem]:
    from click.shell_completion import CompletionItem

    from itsm_as_code.app.checkout.completions import ids
    from itsm_as_code.domain.kinds import KINDS

    found = ids(_start(ctx), incomplete, MOST, kinds or tuple(KINDS))
    return [CompletionItem(word, help=about) for word, about in found]


def _start(ctx: click.Context) -> Path:
    return Path(ctx.find_root().params.get("directory") or ".")
