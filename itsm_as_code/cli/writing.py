"""What the writing commands share: they carry out an intent, and show what was done and what comes next."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

import click

from itsm_as_code.cli.options import checkout_of
from itsm_as_code.cli.output import note, put, screen, show
from itsm_as_code.domain.errors import Exit
from itsm_as_code.domain.ids import parse_path

if TYPE_CHECKING:
    from itsm_as_code.app.checkout.checkout import Checkout
    from itsm_as_code.app.writing.draft import Along, Draft, Intent, WriteResult
    from itsm_as_code.render.waiting import BranchState

Make = Callable[[str, datetime], "Intent"]
"""Makes an intent from the person who acts and the clock."""


def perform(
    ctx: click.Context, make: Make, message: str, *, push: bool, dry_run: bool, newcomer: str | None = None,
    gated: bool = False, agreed: Callable[[Sequence[Draft]], None] | None = None, only_id: bool = False,
) -> int:  # fmt: skip
    """Carries out the intent and returns the exit code. If findings prevent it, they are shown with their places.

    `newcomer` is the person who acts if the registry does not know the Git identity yet: the one who is being made.
    `gated` means that the step may pass a gate, so that it brings its proposal along and waits for people before it
    lands. `agreed` is called with the records before they are written. With `only_id`, standard output has only the id
    of the new record.
    """
    from itsm_as_code.app.checkout.person import person_of
    from itsm_as_code.app.writing.carry_out import carry_out
    from itsm_as_code.app.writing.draft import Blocked, Delivery

    checkout = checkout_of(ctx)
    now = checkout.now
    who = person_of(checkout.root, checkout.here, newcomer) if newcomer is not None else checkout.person
    along = _proposer(checkout, who, push=push, dry_run=dry_run) if gated else None
    checkout = checkout.fetched() if gated and push else checkout  # to see acts that landed meanwhile
    try:
        written = carry_out(checkout, make(who, now), Delivery(now, message, who, push, dry_run, agreed), along)
    except Blocked as blocked:
        show_blocked(ctx, blocked)
        raise
    show_written(ctx, written, dry_run=dry_run, aside=only_id)
    if only_id:
        put("\n".join(_new_ids(written)))
    if not dry_run:
        _show_outdated(checkout, written)
    if written.waiting and not dry_run:
        _show_waiting(checkout, written)
    return Exit.CLEAN


def _proposer(checkout: Checkout, person: str, *, push: bool, dry_run: bool) -> Along:
    from itsm_as_code.app.deciding.bring_along import Proposer

    return Proposer(person, checkout.home, checkout.now, push, dry_run)


def place_of(checkout: Checkout) -> BranchState:
    """Returns where the checkout is, which decides what the next steps are."""
    from itsm_as_code.render.waiting import BranchState

    clone = checkout.require_clone()
    return BranchState(clone.state.branch, clone.protected, remote=clone.state.has_remote, head=clone.name_of_head)


def _show_outdated(checkout: Checkout, written: WriteResult) -> None:
    """Says, for each record that changed materially, how many acts on it no longer fit."""
    from itsm_as_code.app.deciding.stale_acts import stale_acts
    from itsm_as_code.domain.wording import counted

    for subject, number in stale_acts(checkout, written.drafts):
        fit = f"{counted(number, 'act')} on {subject} no longer {'fits' if number == 1 else 'fit'}"
        note(f"note: {fit} its content; itsm propose {subject} makes a new proposal")


def _show_waiting(checkout: Checkout, written: WriteResult) -> None:
    """Shows what could not land yet, for whom it waits, where it is, and what to do next."""
    from itsm_as_code.domain.ids import is_act
    from itsm_as_code.render.waiting import as_text

    here = place_of(checkout)
    for each in written.waiting:
        if each.unproposed is not None:
            asked = each.verdict.question
            command = f"itsm propose {asked.subject} --gate {asked.gate}"
            note(f"not proposed: {each.unproposed.message}; once that is fixed: {command}")
    landed = written.pushed is not None
    besides = [path for each in written.waiting for path in each.besides]
    besides += [draft.path for draft in written.drafts if is_act(draft.path) and not landed]
    show(*as_text([(each.path, each.verdict) for each in written.waiting], besides, here), err=True)


def show_blocked(ctx: click.Context, blocked: object) -> None:
    from itsm_as_code.app.writing.draft import Blocked
    from itsm_as_code.render.findings import as_text

    assert isinstance(blocked, Blocked)
    shown = [replace(finding, fix=None) for finding in blocked.findings]  # `itsm fix` fixes files, and none was written
    show(*as_text(shown, blocked.sources, width=screen(err=True).width), err=True)


def _new_ids(written: WriteResult) -> list[str]:
    """Returns the ids of the records that were made, without those of the acts on them."""
    made = [parse_path(draft.path) for draft in written.drafts if draft.before is None]
    return [found[1] for found in made if found is not None and found[0] != "approval"]


def show_written(ctx: click.Context, written: WriteResult, *, dry_run: bool, aside: bool = False) -> None:
    """Shows what was written and pushed, on standard error if `aside`."""
    from itsm_as_code.render.difference import as_written

    for draft in written.drafts:
        show(f"would write: {draft.words}" if dry_run else draft.words, err=aside)
        if dry_run:
            show(*as_written(_difference(draft)), err=aside)
    if not written.drafts:
        note("nothing to change")
    for finding in written.notes:
        note(f"{finding.severity}[{finding.code}] {finding.message} ({finding.path})")
    if written.pushed is not None:
        show(f"pushed {written.pushed.commit[:12]}", err=aside)
        if not written.pushed.local.moved and written.pushed.local.why_not:
            note(f"note: {written.pushed.local.why_not}")


def _difference(draft: Draft) -> str:
    from itsm_as_code.app.writing.rewritten import RewrittenFile

    return RewrittenFile(draft.path, draft.before or b"", draft.after).difference()
