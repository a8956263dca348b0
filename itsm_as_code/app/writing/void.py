"""Refuses a `void` that would not land, before it is written: base knows when the entry landed that it takes back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from itsm_as_code.app.approvals.landed_entries import landed_entries
from itsm_as_code.app.checking.report import place
from itsm_as_code.app.writing.draft import Blocked, Draft
from itsm_as_code.checks.registry import StepContext
from itsm_as_code.checks.steps_void import CHECKS
from itsm_as_code.domain.finding import Finding, in_order
from itsm_as_code.domain.ids import parse_path
from itsm_as_code.domain.kinds import KINDS
from itsm_as_code.domain.step import RecordChange, Side, Step

if TYPE_CHECKING:
    from itsm_as_code.app.checkout.checkout import Checkout
    from itsm_as_code.store.snapshot import TreeSnapshot


def require_void_in_time(checkout: Checkout, drafts: Iterable[Draft], at: datetime) -> None:
    """Raises Blocked if a draft makes an entry of base void that may not be taken back any more at `at`."""
    voiding = [draft for draft in drafts if b"void" in draft.after and draft.after != draft.before]
    if not voiding or checkout.clone is None or checkout.clone.base is None:
        return
    clone, after = checkout.clone, checkout.here.written({draft.path: draft.after for draft in voiding})
    changes = tuple(_changes(clone.require_base(), after, voiding))
    landed = landed_entries(clone.repository, clone.require_base_tree().commit, changes)
    step = Step(clone.require_base(), after, changes, landed=landed)
    findings = [*_findings(StepContext(step, at))]
    if findings:
        placed, sources = place(findings, after.tree)
        raise Blocked(in_order(placed), sources)


def _changes(base: TreeSnapshot, after: TreeSnapshot, drafts: Iterable[Draft]) -> Iterator[RecordChange]:
    for draft in drafts:
        located = parse_path(draft.path)
        before, written = base.load(draft.path), after.load(draft.path)
        if located is not None and KINDS[located[0]].is_ticket and before is not None and written is not None:
            old, new = Side(before.data, before.record), Side(written.data, written.record)
            yield RecordChange(draft.path, *located, old, new)


def _findings(ctx: StepContext) -> Iterator[Finding]:
    for change in ctx.step.changes:
        for check in CHECKS:
            for spot in check.run(change, ctx):
                yield spot.finding(check.rule, change.path)
