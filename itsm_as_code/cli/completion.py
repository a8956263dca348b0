"""`itsm completion`, and what the shell is told about ids, states and services."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

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
def completion_command(shell: str) -> None:
    """Print the script that completes commands, ids and states in your shell."""
    from click.shell_completion import get_completion_class

    from itsm_as_code.cli.main import COMPLETION_VARIABLE, itsm

    made = get_completion_class(shell)
    if made is None:
        raise UsageFault(f"no completion for {shell}")
    click.echo(made(itsm, {}, "itsm", COMPLETION_VARIABLE).source())


def complete_refs(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Ids of records that begin or end with what was typed; newest tickets first, with their kind as help."""
    return _items(ctx, incomplete)


def complete_words(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Kinds, and values of `field=`: states, priorities, services, teams, people."""
    from click.shell_completion import CompletionItem

    from itsm_as_code.app.words import query_words

    return [CompletionItem(word) for word in query_words(_start(ctx), incomplete, MOST)]


def complete_refs_and_words(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Ids, and values of `field=`."""
    words = [item for item in complete_words(ctx, param, incomplete) if "=" in item.value]
    return [*complete_refs(ctx, param, incomplete), *words]


def complete_ids(*kinds: str) -> Completer:
    """What completes ids of these kinds."""

    def complete(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        return _items(ctx, incomplete, kinds)

    return complete


def _items(ctx: click.Context, incomplete: str, kinds: tuple[str, ...] | None = None) -> list[CompletionItem]:
    from click.shell_completion import CompletionItem

    from itsm_as_code.app.words import ids
    from itsm_as_code.domain.kinds import KINDS

    found = ids(_start(ctx), incomplete, MOST, kinds or tuple(KINDS))
    return [CompletionItem(word, help=about) for word, about in found]


def _start(ctx: click.Context) -> Path:
    return Path(ctx.find_root().params.get("directory") or ".")
