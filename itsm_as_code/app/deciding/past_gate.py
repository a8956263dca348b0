"""What `itsm approve` should do once a record has passed its gate: accept its review, point to `ratify`, or nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from itsm_as_code.app.approvals.decision_context import DecisionContext, context_at, has_expired
from itsm_as_code.app.approvals.entry_step import EntryStep, entry_step
from itsm_as_code.app.approvals.when_work_begins import until_work_begins
from itsm_as_code.app.checking.audit import unratified
from itsm_as_code.domain.approval.active_acts import STRICT, taken_back
from itsm_as_code.domain.approval.gates import EDITED, first_gate, gate_named, is_past
from itsm_as_code.domain.approval.question import POST_REVIEW, RATIFY
from itsm_as_code.domain.errors import UsageFault
from itsm_as_code.domain.revision import state_in

if TYPE_CHECKING:
    from itsm_as_code.app.checkout.checkout import Checkout


def review_meant(context: DecisionContext) -> DecisionContext | None:
    """Returns the context of the review of an emergency, if it is written and not accepted yet; None if the record's
    own gate is meant."""
    subject = context.subject
    if not _is_over(context) or subject.head.get("type") != "emergency":
        return None
    if not subject.head.get("post_implementation_review"):
        return None
    gate = gate_named(subject.kind, POST_REVIEW, subject.base)
    found = context_at(context.evaluator, context.path, subject, gate, context.stands_for)
    return None if found.verdict.is_open else found


@dataclass(frozen=True, slots=True)
class Settled:
    """What is to be said of a record that is on base as it is here and passes no gate any more: the step by which it
    passed its gate, and in `words` how that was decided. `to_ratify` says that it went past the gate without a
    decision, and that nobody has ratified that yet."""

    entry: EntryStep
    words: str
    to_ratify: bool = False


def settled(checkout: Checkout, context: DecisionContext) -> Settled | None:
    """Returns how a record was decided when it landed, or None if its own gate is still ahead, or asks anew: then an
    approval may help."""
    if not _is_over(context):
        return None
    clone = checkout.require_clone()
    entry = entry_step(clone.line(context.evaluator.now), clone.require_base(), context.path, context.subject)
    if entry is None:
        return None
    subject, gate, commit = context.verdict.question.subject, context.gate.name, entry.commit[:12]
    if entry.base is None:
        return Settled(entry, f"{subject} was in the first commit, which nobody judged: there is nothing to approve")
    if all(verdict.is_open for verdict in entry.verdicts if verdict.question.gate == gate):
        words = f"{subject} was already approved at gate {gate} when it landed"
        return None if _has_lapsed(context) else Settled(entry, words)
    past = f"{subject} went past gate {gate} without approval ({commit})"
    stands = ((each.bypassed.name, each.bypassed.commit) for each in unratified(checkout))
    if (subject, entry.commit) not in stands:
        return Settled(entry, f"{past}, and is ratified already")
    return Settled(entry, past, to_ratify=True)


def nothing_to_approve(checkout: Checkout, context: DecisionContext) -> str | None:
    """Says why an approval at the record's own gate is not needed: the record was approved when it landed.

    Returns None if an approval may help. Raises UsageFault if the record landed without approval: then it needs to be
    ratified.
    """
    found = settled(checkout, context)
    if found is None or not found.to_ratify:
        return found.words if found is not None else None
    subject = context.verdict.question.subject
    raise UsageFault(
        f"{found.words}, so an approval at {context.gate.name} comes too late",
        hint=f"to ratify what is there: itsm approve {subject} --gate {RATIFY}",
    )


def _is_over(context: DecisionContext) -> bool:
    """Whether the record is past its own gate on base, passes no gate here, and has no act of the person that approving
    would take back."""
    subject, gate = context.subject, context.gate.name
    if subject.base is None or gate != first_gate(subject.kind):
        return False
    past = subject.kind in EDITED or is_past(subject.kind, gate, state_in(subject.kind, subject.base))
    against = any(act.decision in STRICT for act in context.mine)
    return past and not against and all(each.name == POST_REVIEW for each in context.evaluator.gates(subject))


def _has_lapsed(context: DecisionContext) -> bool:
    """Whether what let it land does not count any more: refused or taken back since, or expired. Then approving may
    help."""
    if context.verdict.is_open:
        return False
    waiting = until_work_begins(context.evaluator, context.path, context.subject)
    if waiting is not None:
        return not waiting.is_open
    acts = context.evaluator.acts(context.verdict.question.subject)
    expired = any(act.gate == context.gate.name and has_expired(context, act) for act in acts)
    return bool(context.verdict.blocking) or expired or bool(taken_back(acts, context.gate.name))
