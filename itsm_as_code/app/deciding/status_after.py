"""Tells the status of a subject with what was just signed: who must still decide, or that it can land."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from itsm_as_code.app.approvals.decision_context import DecisionContext, subject_meant
from itsm_as_code.app.approvals.guarded_files import WORKFLOWS
from itsm_as_code.app.approvals.ratification import verdicts_by_both
from itsm_as_code.app.checkout.evaluator_here import evaluator_here
from itsm_as_code.app.writing.revision_and_authors import bytes_in
from itsm_as_code.domain.ids import path_of

if TYPE_CHECKING:
    from itsm_as_code.app.approvals.evaluator import Evaluator
    from itsm_as_code.app.checkout.checkout import Checkout
    from itsm_as_code.app.writing.draft import Draft
    from itsm_as_code.domain.approval.inquiry import Subject
    from itsm_as_code.domain.approval.verdict import Verdict


@dataclass(frozen=True, slots=True)
class StatusAfter:
    """The verdicts of the gates that the record passes, whether it still has to land, and which files are not committed
    here yet: its own, and those on which it depends."""

    path: str
    verdicts: tuple[Verdict, ...]
    to_land: bool
    to_commit: tuple[str, ...] = ()


def tickets_behind(evaluator: Evaluator, subject: Subject) -> tuple[str, ...]:
    """Returns the files of the incident and the problem of a change, if they are here and not on base: approvers need
    them."""
    if subject.kind != "change":
        return ()
    named = ((kind, subject.head.get(kind)) for kind in ("incident", "problem"))
    refs = [(kind, ref) for kind, ref in named if isinstance(ref, str)]
    return tuple(
        path_of(kind, ref)
        for kind, ref in refs
        if evaluator.head.exists(kind, ref) and not evaluator.base.exists(kind, ref)
    )


def status_after(checkout: Checkout, context: DecisionContext, drafts: tuple[Draft, ...]) -> StatusAfter:
    """Returns the status of the subject of a context, with these drafts, acts and the record itself, over the files
    here."""
    written = {draft.path: draft.after for draft in drafts}
    evaluator = evaluator_here(checkout.written(written))
    if context.ratifies is not None:
        bypassed = context.ratifies.bypassed
        return StatusAfter(context.path, verdicts_by_both(bypassed, evaluator, context.ratifies.before), to_land=False)
    path, subject = subject_meant(evaluator, context.verdict.question.subject)
    verdicts = {context.gate.name: evaluator.verdict(subject, context.gate)}
    verdicts |= {each.verdict.question.gate: each.verdict for each in evaluator.evaluate_gates(path, subject)}
    if path == WORKFLOWS:
        before, after = evaluator.workflows
        return StatusAfter(path, tuple(verdicts.values()), before != after)
    to_land = bytes_in(evaluator.base.tree, path) != bytes_in(evaluator.head.tree, path)
    paths = (path, *tickets_behind(evaluator, subject))
    dirty = checkout.require_clone().dirty | written.keys()
    return StatusAfter(path, tuple(verdicts.values()), to_land, tuple(each for each in paths if each in dirty))
