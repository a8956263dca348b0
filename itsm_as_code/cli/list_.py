"""`itsm list`."""

from __future__ import annotations

import shutil
import sys
from datetime import datetime
from typing import TYPE_CHECKING

import click

from itsm_as_code.cli.completion import complete_words
from itsm_as_code.cli.options import at_option, clock, format_option, style_of, workspace_of
from itsm_as_code.domain.errors import Exit, UsageFault
from itsm_as_code.domain.wording import counted

if TYPE_CHECKING:
    from itsm_as_code.app.approvals.queue import Queue

ME = "me"
EPILOG = """\b
Examples:
  itsm list incidents "priority<=P2" team=network
  itsm list --awaiting me --with "origin/*"
"""


@click.command("list", epilog=EPILOG)
@click.argument("query", nargs=-1, metavar="[KIND]... [FIELD=VALUE]...", shell_complete=complete_words)
@click.option("-a", "--all", "everything", is_flag=True, help="Also records that are closed, cancelled or retired.")
@click.option("--approvals", is_flag=True, help="How the approvals of all changes stand that are not over.")
@click.option("--awaiting", metavar="WHO", help="What waits for a person's decision: a person's id, or `me`.")
@click.option(
    "--with", "branches", multiple=True, metavar="BRANCH", help="An open branch to look at too, or a pattern of them."
)
@at_option
@format_option("table", "csv", "json", "ids")
@click.pass_context
def list_command(
    ctx: click.Context,
    query: tuple[str, ...],
    everything: bool,
    approvals: bool,
    awaiting: str | None,
    branches: tuple[str, ...],
    at: datetime | None,
    output: str,
) -> int:
    """List records that match a condition, or what waits for somebody's decision.

    Without a kind all tickets are meant. `=` takes values with commas between, `!=` the opposite, `<=` and `>=`
    compare, `~` looks for a piece of text. A word without a sign is looked for in titles. Put a term with `<` or
    `>` in quotes, or your shell takes it for a file.

    With --awaiting: proposals on the protected branch, and on the open branches that --with names.
    """
    if awaiting is not None:
        if query or everything:
            raise UsageFault("--awaiting takes no query and no --all", hint=f"itsm list --awaiting {awaiting}")
        return _show_queue(ctx, awaiting, branches, clock(at), output)
    if branches:
        raise UsageFault("--with goes with --awaiting", hint="itsm list --awaiting me --with …")
    if approvals:
        if query or everything:
            raise UsageFault("--approvals takes no query and no --all", hint="itsm list --approvals")
        return _show_approvals(ctx, clock(at), output)
    if at is not None:
        raise UsageFault("--at goes with --awaiting or --approvals", hint="itsm list --approvals --at …")
    return _show_records(ctx, query, output, everything=everything)


def _show_approvals(ctx: click.Context, at: datetime, output: str) -> int:
    from itsm_as_code.app.approvals.decide import court_here
    from itsm_as_code.app.approvals.overview import standings
    from itsm_as_code.render.approvals import in_short

    workspace = workspace_of(ctx)
    rows = [
        {
            "id": each.change.id, "approval": each.status.value, "state": str(each.change.state),
            "title": each.change.title, "why": in_short(each.verdicts, each.debt),
        }
        for each in standings(workspace, court_here(workspace, at))
    ]  # fmt: skip
    _show_rows(ctx, rows, ("id", "approval", "state", "title", "why"), ("why", "state"), output, "changes")
    if not rows:
        click.echo("no change is open", err=True)
    return Exit.CLEAN


def _show_records(ctx: click.Context, query: tuple[str, ...], output: str, *, everything: bool) -> int:
    from itsm_as_code.app.browse import COLUMNS, DISPENSABLE, listed
    from itsm_as_code.app.select import meant_kind

    rows, selection = listed(workspace_of(ctx), query, everything=everything)
    if output == "table":
        rows = [row | {"opened": row["opened"][:16].replace("T", " ")} if "opened" in row else row for row in rows]
    _show_rows(ctx, rows, COLUMNS, DISPENSABLE, output, "records")
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


def _show_rows(
    ctx: click.Context,
    rows: list[dict[str, str]],
    order: tuple[str, ...],
    dispensable: tuple[str, ...],
    output: str,
    name: str,
) -> None:
    from itsm_as_code.render.table import columns, formatted

    if output == "ids":
        for row in rows:
            click.echo(row["id"])
    elif rows or output != "table":
        width = shutil.get_terminal_size().columns if sys.stdout.isatty() else None
        click.echo(formatted(columns(rows, order, "title", dispensable), output, name, style_of(ctx), width))


def _show_queue(ctx: click.Context, who: str, branches: tuple[str, ...], now: datetime, output: str) -> int:
    from itsm_as_code.app.actor import acting_person
    from itsm_as_code.app.approvals.queue import COLUMNS, DISPENSABLE, queue

    workspace = workspace_of(ctx)
    person = acting_person(workspace, workspace.snapshot()) if who == ME else who
    found = queue(workspace, person, branches, now)
    _show_rows(ctx, found.rows, COLUMNS, DISPENSABLE, output, "awaiting")
    if not found.rows:
        wider = "" if branches else "; --with 'origin/*' also looks at open branches"
        click.echo(f"nothing waits for {person}, base being commit {found.commit[:7]}{wider}", err=True)
    for note in _notes(found):
        click.echo(note, err=True)
    return Exit.CLEAN


def _notes(found: Queue) -> list[str]:
    """What could not be looked at, and the way out."""
    from itsm_as_code.render.clean import one_line

    unseen = [f"note: not in sight: {words}; --with BRANCH looks where its content is" for words in found.unseen]
    undecided = [f"note: can't be decided: {words}" for words in found.undecided]
    left_out = [f"note: {name} was left out: it shares no history with base" for name in found.left_out]
    return [one_line(note) for note in (*unseen, *undecided, *left_out)]
