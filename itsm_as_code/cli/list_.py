"""`itsm list`."""

from __future__ import annotations

import shutil
import sys

import click

from itsm_as_code.cli.completion import complete_words
from itsm_as_code.cli.options import format_option, style_of, workspace_of
from itsm_as_code.domain.errors import Exit
from itsm_as_code.domain.wording import counted

EPILOG = """\b
Examples:
  itsm list incidents "priority<=P2" team=network
  itsm list articles state=published title~vpn --format csv
"""


@click.command("list", epilog=EPILOG)
@click.argument("query", nargs=-1, metavar="[KIND]... [FIELD=VALUE]...", shell_complete=complete_words)
@click.option("-a", "--all", "everything", is_flag=True, help="Also records that are closed, cancelled or retired.")
@format_option("table", "csv", "json", "ids")
@click.pass_context
def list_command(ctx: click.Context, query: tuple[str, ...], everything: bool, output: str) -> int:
    """List records that match a condition.

    Without a kind all tickets are meant. `=` takes values with commas between, `!=` the opposite, `<=` and `>=`
    compare, `~` looks for a piece of text. A word without a sign is looked for in titles. Put a term with `<` or
    `>` in quotes, or your shell takes it for a file.
    """
    from itsm_as_code.app.browse import COLUMNS, DISPENSABLE, listed
    from itsm_as_code.app.select import meant_kind
    from itsm_as_code.render.table import columns, formatted

    rows, selection = listed(workspace_of(ctx), query, everything=everything)
    if output == "ids":
        for row in rows:
            click.echo(row["id"])
    elif rows or output != "table":
        if output == "table":
            rows = [row | {"opened": row["opened"][:16].replace("T", " ")} if "opened" in row else row for row in rows]
        width = shutil.get_terminal_size().columns if sys.stdout.isatty() else None
        click.echo(formatted(columns(rows, COLUMNS, "title", DISPENSABLE), output, "records", style_of(ctx), width))
    if not rows:
        meant = meant_kind(query)
        wider = "" if everything else "; --all also looks at ended ones"
        click.echo("no record matches" + (f"; did you mean `{meant}`?" if meant else wider), err=True)
    if selection.unreadable:
        click.echo(
            f"warning: {counted(selection.unreadable, 'record')} can't be read, so not listed: itsm check", err=True
        )
        return Exit.COULD_NOT_CHECK
    return Exit.CLEAN
