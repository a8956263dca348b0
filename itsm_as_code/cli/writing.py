"""What the writing commands share: carry out an intent, show what was done and what comes next."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

import click

from itsm_as_code.cli.options import clock, style_of, workspace_of
from itsm_as_code.domain.errors import Exit
from itsm_as_code.domain.ids import FOLDERS, RECORDS

if TYPE_CHECKING:
    from itsm_as_code.app.workspace import Workspace
    from itsm_as_code.app.write import Along, Draft, Intent, Written

ACTS = f"{RECORDS}/{FOLDERS['approval']}/"
Make = Callable[[str, datetime], "Intent"]
"""From who acts and the clock to an intent."""


def perform(
    ctx: click.Context, make: Make, message: str, *, push: bool, dry_run: bool, newcomer: str | None = None,
    gated: bool = False,
) -> int:  # fmt: skip
    """Carries out the intent; returns the exit code. Findings that stand in the way are shown with their places.

    `newcomer` is who acts where the registry does not know the Git identity yet: the person being made. `gated`: the
    step may pass a gate, so that it brings its proposal along and waits for people before it lands.
    """
    from itsm_as_code.app.actor import acting_person
    from itsm_as_code.app.write import Blocked, Delivery, carry_out

    workspace = workspace_of(ctx)
    now = clock(None)
    who = acting_person(workspace, workspace.snapshot(), newcomer)
    along = _proposer(who, now, push=push, dry_run=dry_run) if gated else None
    try:
        written = carry_out(workspace, make(who, now), Delivery(now, message, who, push, dry_run), along)
    except Blocked as blocked:
        show_blocked(ctx, blocked)
        raise
    show_written(ctx, written, dry_run=dry_run)
    if not dry_run:
        _show_outdated(workspace, written)
    if written.waiting and not dry_run:
        _show_waiting(ctx, workspace, written)
    return Exit.CLEAN


def _proposer(person: str, now: datetime, *, push: bool, dry_run: bool) -> Along:
    from pathlib import Path

    from itsm_as_code.app.approvals.proposals import Proposer

    return Proposer(person, Path.home(), now, push, dry_run)


def _show_outdated(workspace: Workspace, written: Written) -> None:
    """Of each record that changed materially, how many acts on it no longer fit."""
    from itsm_as_code.app.approvals.outdated import outdated
    from itsm_as_code.domain.wording import counted

    for subject, number in outdated(workspace, written.drafts):
        fit = f"{counted(number, 'act')} on {subject} no longer {'fits' if number == 1 else 'fit'}"
        click.echo(f"note: {fit} its content; itsm propose {subject} makes the proposal anew", err=True)


def _show_waiting(ctx: click.Context, workspace: Workspace, written: Written) -> None:
    """What could not land yet, whom it waits for, where it is, and what to do next."""
    import sys

    from itsm_as_code.app.protected import branch_here, branch_of, has_remote, head_here
    from itsm_as_code.render.clean import one_line
    from itsm_as_code.render.waiting import Place, as_text

    here = Place(branch_here(workspace), branch_of(workspace), remote=has_remote(workspace), head=head_here(workspace))
    style = style_of(ctx, sys.stderr)
    for each in written.waiting:
        if each.unproposed is not None:
            asked = each.verdict.question
            command = f"itsm propose {asked.subject} --gate {asked.gate}"
            click.echo(one_line(f"not proposed: {each.unproposed.message}; once that is mended: {command}"), err=True)
    landed = written.pushed is not None
    besides = [path for each in written.waiting for path in each.besides]
    besides += [draft.path for draft in written.drafts if draft.path.startswith(ACTS) and not landed]
    for line in as_text([(each.path, each.verdict) for each in written.waiting], besides, here, style):
        click.echo(line, err=True)


def show_blocked(ctx: click.Context, blocked: object) -> None:
    import sys

    from itsm_as_code.app.write import Blocked
    from itsm_as_code.render.findings import as_text

    assert isinstance(blocked, Blocked)
    shown = [replace(finding, fix=None) for finding in blocked.findings]  # `itsm fix` mends files, and there is none
    for line in as_text(shown, blocked.sources, style_of(ctx, sys.stderr)):
        click.echo(line, err=True)


def show_written(ctx: click.Context, written: Written, *, dry_run: bool) -> None:
    from itsm_as_code.render.clean import clean, one_line

    for draft in written.drafts:
        click.echo(one_line(f"would write: {draft.words}" if dry_run else draft.words))
        if dry_run:
            click.echo(clean(_difference(draft)))
    if not written.drafts:
        click.echo("nothing to change", err=True)
    for finding in written.notes:
        click.echo(one_line(f"{finding.severity}[{finding.code}] {finding.message} ({finding.path})"), err=True)
    if written.pushed is not None:
        click.echo(f"pushed {written.pushed.commit[:12]}")
        if not written.pushed.local.moved and written.pushed.local.why_not:
            click.echo(f"note: {clean(written.pushed.local.why_not)}", err=True)


def _difference(draft: Draft) -> str:
    from itsm_as_code.app.mend import Rewritten

    return Rewritten(draft.path, draft.before or b"", draft.after).difference()
