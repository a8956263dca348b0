"""Carries out an intent: it becomes files, which are checked before they are written, and land all together or not at
all."""

from __future__ import annotations

from dataclasses import dataclass, replace

from itsm_as_code.app.checkout.checkout import Checkout
from itsm_as_code.app.writing.draft import (
    MESSAGE_LENGTH,
    Along,
    BroughtAlong,
    Delivery,
    Draft,
    Intent,
    NotPushed,
    WriteResult,
)
from itsm_as_code.app.writing.push import landed_beside, push_drafts, remove_landed_acts
from itsm_as_code.app.writing.revision_and_authors import with_bookkeeping
from itsm_as_code.app.writing.verify import verified
from itsm_as_code.app.writing.void import require_void_in_time
from itsm_as_code.domain.errors import ItsmError
from itsm_as_code.domain.finding import Finding
from itsm_as_code.store.snapshot import TreeSnapshot


@dataclass(frozen=True, slots=True)
class _Planned:
    """What will be written, as it was checked: the drafts, the notes of the checks, and what comes with them."""

    drafts: tuple[Draft, ...]
    notes: tuple[Finding, ...]
    brought: BroughtAlong


def carry_out(checkout: Checkout, intent: Intent, delivery: Delivery, along: Along | None = None) -> WriteResult:
    """Makes the intent's drafts on the files as they are, checks and writes them, and pushes those that need not wait
    for people.

    Raises Blocked if a record would have errors, and every error of the intent; then nothing was written. If the push
    fails, the local files stay as written, and the error says so.
    """
    from itsm_as_code.store.atomic import write_all

    if delivery.push:
        checkout.require_clone().require_remote()
        checkout.require_same_protection()
    base = checkout.clone.base if checkout.clone is not None else None
    planned = _planned(checkout.here, base, intent, delivery, along)
    require_void_in_time(checkout, planned.drafts, delivery.at)
    waiting, drafts = planned.brought.waiting, (*planned.drafts, *planned.brought.drafts)
    if delivery.dry_run or not drafts:
        return WriteResult(drafts, planned.notes, waiting)
    new = tuple(draft for draft in drafts if draft.after != draft.before)
    write_all(
        {checkout.root / draft.path: draft.after for draft in new},
        expect={checkout.root / draft.path: draft.before for draft in new},
        root=checkout.root,
    )
    held = {each.path for each in waiting}
    ready = tuple(draft for draft in drafts if draft.path not in held)
    if not delivery.push or not ready:
        return WriteResult(drafts, planned.notes, waiting)
    if held:
        delivery = replace(delivery, message="; ".join(draft.words for draft in ready)[:MESSAGE_LENGTH])
    try:
        pushed = push_drafts(checkout.require_clone(), ready, delivery)
    except ItsmError as error:
        raise NotPushed(drafts, error) from error
    remove_landed_acts(checkout, drafts, pushed.commit)
    return WriteResult(drafts, planned.notes, waiting, pushed)


def _planned(
    here: TreeSnapshot, base: TreeSnapshot | None, intent: Intent, delivery: Delivery, along: Along | None
) -> _Planned:
    """Returns the drafts of the intent, with revision and authors up to date, checked. Raises Blocked for errors."""
    tree = base.tree if base is not None else None
    kept = (with_bookkeeping(draft, tree, here.tree, delivery.actor) for draft in intent(here))
    drafts = tuple(draft for draft in kept if draft.after != draft.before)
    after = here.written(landed_beside(tree, drafts) | {draft.path: draft.after for draft in drafts})
    notes = verified(after, [draft.path for draft in drafts], delivery.at)
    if delivery.agreed is not None and not delivery.dry_run:
        delivery.agreed(drafts)
    brought = along(base, after, drafts) if along is not None and base is not None else BroughtAlong()
    fresh = tuple(draft for draft in brought.drafts if draft.before is None)
    if fresh:
        over = brought.after or after.written(landed_beside(tree, fresh) | {each.path: each.after for each in fresh})
        verified(over, [draft.path for draft in fresh], delivery.at)
    return _Planned(drafts, notes, brought)
