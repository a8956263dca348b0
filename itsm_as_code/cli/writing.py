"""What the writing commands share: carry out an intent, show what was done and what comes next."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

import click

from itsm_as_code.cli.options import clock, style_of, workspace_of
from itsm_as_code.domain.errors import Exit

if TYPE_CHECKING:
    from itsm_as_code.app.write import Draft, Intent, Written

Make = Callable[[str, datetime], "Intent"]
"""From who acts and the clock to an intent."""


def perform(
    ctx: click.Context, make: Make, message: str, *, push: bool, dry_run: bool, newcomer: str | None = None
) -> int:
    """Carries out the intent; returns the exit code. Findings that stand in the way are shown with their places.

    `newcomer` is who acts where the registry does not know the Git identity yet: the person being made.
    """
    from itsm_as_code.app.actor import acting_person
    from itsm_as_code.app.write import Blocked, Delivery, carry_out

    workspace = workspace_of(ctx)
    now = clock(None)
    who = acting_person(workspace, workspace.snapshot(), newcomer)
    try:
        written = carry_out(workspace, make(who, now), Delivery(now, message, who, push, dry_run))
    except Blocked as blocked:
        show_blocked(ctx, blocked)
        raise
    show_written(ctx, written, dry_run=dry_run)
    return Exit.CLEAN


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
