"""`itsm list`."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

import click

from itsm_as_code.cli.completion import complete_words
from itsm_as_code.cli.options import at_option, checkout_of, format_option
from itsm_as_code.cli.output import note, put, screen, tell_clock
from itsm_as_code.domain.errors import Exit, UsageFault
from itsm_as_code.domain.wording import counted
from itsm_as_code.render.table import FORMATS, columns

if TYPE_CHECKING:
    from itsm_as_code.app.reading.awaiting import AwaitingList

ME = "me"
EPILOG = """\b
Examples:
  itsm list incidents "priority<=P2" team=network
  itsm list --awaiting me --with "origin/*"
"""


@click.command("list", epilog=EPILOG)
@click.argument("query", nargs=-1, metavar="[KIND]... [FIELD=VALUE]...", shell_complete=complete_words)
@click.option(
    "-a", "--all", "everything", is_flag=True, help="Also show records that are closed, cancelled or retired."
)
@click.option("--approvals", is_flag=True, help="Show the approvals of all changes that are not over.")
@click.option("--awaiting", metavar="WHO", help="Show what waits for this person's decision: an id, or `me`.")
@click.option(
    "--with",
    "branches",
    multiple=True,
    metavar="BRANCH",
    help="Also look at this open branch, or at those that fit a pattern.",
)
@at_option
@format_option(*FORMATS, "ids")
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

    Without a kind it lists tickets. `=` takes one value, or several with commas between them; `!=` means the opposite;
    `<=` and `>=` compare; `~` searches for a piece of text. A word without an operator is searched for in titles.
    Put a term with `<` or `>` in quotes; otherwise your shell reads it as the name of a file.

    With --awaiting it lists proposals on the protected branch, and on the open branches that --with names.
    """
    if awaiting is not None:
        if query or everything:
            raise UsageFault("--awaiting takes no query and no --all", hint=f"itsm list --awaiting {awaiting}")
        return _show_queue(ctx, awaiting, branches, at, output)
    if branches:
        raise UsageFault("--with goes with --awaiting", hint="itsm list --awaiting me --with …")
    if approvals:
        if query or everything:
            raise UsageFault("--approvals takes no query and no --all", hint="itsm list --approvals")
        return _show_approvals(ctx, at, output)
    if at is not None:
        raise UsageFault("--at goes with --awaiting or --approvals", hint="itsm list --approvals --at …")
    return _show_records(ctx, query, output, everything=everything)


def _show_approvals(ctx: click.Context, at: datetime | None, output: str) -> int:
    from itsm_as_code.app.checkout.evaluator_here import evaluator_here
    from itsm_as_code.app.reading.change_statuses import change_statuses
    from itsm_as_code.domain.instants import write_utc
    from itsm_as_code.render.approvals import in_short, waits_for

    checkout = checkout_of(ctx, at)
    rows = [
        {
            "id": each.change.id, "approval": each.status.value, "state": str(each.change.state),
            "title": each.change.title, "why": in_short(each.verdicts, each.debt),
            "waits_for": " ".join(waits_for(each.verdicts)),
            "review_due": write_utc(each.debt.due) if each.debt is not None else "",
        }
        for each in change_statuses(checkout.require_clone(), evaluator_here(checkout))
    ]  # fmt: skip
    own = ("why",) if output == "table" else ("waits_for", "review_due")
    order = ("id", "approval", "state", "title", *own)
    _show_rows(rows, order, ("why", "state"), output, "changes", checkout.now)
    if not rows:
        note("no change is open")
    tell_clock(at)
    return Exit.CLEAN


def _show_records(ctx: click.Context, query: tuple[str, ...], output: str, *, everything: bool) -> int:
    from itsm_as_code.app.reading.list_and_show import COLUMNS, DISPENSABLE, listed
    from itsm_as_code.app.records.query import meant_kind

    rows, selection = listed(checkout_of(ctx), query, everything=everything)
    if output == "table":
        rows = [row | {"opened": row["opened"][:16].replace("T", " ")} if "opened" in row else row for row in rows]
    _show_rows(rows, COLUMNS, DISPENSABLE, output, "records")
    for words in selection.notes:
        note(f"warning: {words}")
    if not rows:
        meant = meant_kind(query)
        wider = "" if everything else "; --all also lists ended ones"
        note("no record matches" + (f"; did you mean `{meant}`?" if meant else wider))
    if selection.unreadable:
        note(f"warning: {counted(selection.unreadable, 'record')} can't be read and may be missing here: itsm check")
        return Exit.COULD_NOT_CHECK
    return Exit.CLEAN


def _show_rows(
    rows: list[dict[str, str]],
    order: tuple[str, ...],
    dispensable: tuple[str, ...],
    output: str,
    name: str,
    judged_at: datetime | None = None,
) -> None:
    if output == "ids":
        for row in rows:
            put(row["id"])
    elif rows or output != "table":
        table = replace(columns(rows, order, "title", dispensable), at=judged_at)
        put(FORMATS[output](table, name, screen()))


def _show_queue(ctx: click.Context, who: str, branches: tuple[str, ...], at: datetime | None, output: str) -> int:
    from itsm_as_code.app.reading.awaiting import COLUMNS, DISPENSABLE, awaiting

    checkout = checkout_of(ctx, at)
    person = checkout.person if who == ME else who
    found = awaiting(checkout, person, branches)
    _show_rows(found.rows, COLUMNS, DISPENSABLE, output, "awaiting", checkout.now)
    if not found.rows:
        wider = "" if branches else "; --with 'origin/*' also looks at open branches"
        note(f"nothing waits for {person} on base, which is commit {found.commit[:7]}{wider}")
    for words in _notes(found):
        note(words)
    tell_clock(at)
    return Exit.CLEAN


def _notes(found: AwaitingList) -> list[str]:
    """Returns notes on what could not be looked at, and what to do about it."""
    unseen = [
        f"note: content not found: {words}; --with BRANCH looks at the branch that has it" for words in found.unseen
    ]
    undecided = [f"note: can't be decided: {words}" for words in found.undecided]
    left_out = [f"note: {name} was left out: it shares no history with base" for name in found.left_out]
    return [*unseen, *undecided, *left_out]
