"""`propose`, `approve`, `refuse`, `withdraw`: every step of a decision in its order, from what is shown to what lands.

A `DecisionView` shows, says and asks; the order is decided only here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from itsm_as_code.app.approvals.decision_context import also_waiting, context_at, context_for, proposal_of
from itsm_as_code.app.checkout.evaluator_here import evaluator_here
from itsm_as_code.app.deciding.landable import require_landable
from itsm_as_code.app.deciding.past_gate import nothing_to_approve, review_meant
from itsm_as_code.app.deciding.preconditions import cautions, require_decidable, require_sensible
from itsm_as_code.app.deciding.propose import prepare_proposal
from itsm_as_code.app.deciding.ratify import ratification_meant
from itsm_as_code.app.deciding.request import DecisionRequest, decision_of
from itsm_as_code.app.deciding.sign import act_draft, not_landed
from itsm_as_code.app.deciding.statements import require_statement
from itsm_as_code.app.deciding.status_after import StatusAfter, status_after
from itsm_as_code.app.writing.carry_out import carry_out
from itsm_as_code.app.writing.draft import MESSAGE_LENGTH, BroughtAlong, Delivery, Draft, WaitingDraft, WriteResult
from itsm_as_code.domain.approval.question import RATIFY
from itsm_as_code.domain.kinds.approval import Decision

if TYPE_CHECKING:
    from itsm_as_code.app.approvals.decision_context import DecisionContext
    from itsm_as_code.app.checkout.checkout import Checkout
    from itsm_as_code.domain.approval.act import Act

VERBS = {
    Decision.PROPOSED: "propose",
    Decision.APPROVED: "approve",
    Decision.REFUSED: "refuse",
    Decision.WITHDRAWN: "withdraw",
}
"""The names of the commands."""
ASKED = (Decision.APPROVED, Decision.REFUSED)
"""Decisions that the person confirms before they are signed."""


class DecisionView(Protocol):
    """Shows a decision while it is made, and asks the person."""

    def show(self, context: DecisionContext, *, first: bool) -> None:
        """Shows the context of a decision. Of several contexts of one record, only the `first` one shows the record."""

    def say(self, sentence: str) -> None:
        """Says what the person should know, before or instead of signing."""

    def confirm(self, context: DecisionContext) -> bool:
        """Returns whether the person wants to sign what was shown."""


@dataclass(frozen=True, slots=True)
class DecisionResult:
    """The result of a decision. `written` is None if nothing was to be written; `status` is the subject's status with
    it; `declined` means that the person was asked and said no."""

    written: WriteResult | None = None
    status: StatusAfter | None = None
    declined: bool = False


@dataclass(frozen=True, slots=True)
class PreparedDecision:
    """A context, with the acts that are to be written or to land, and the record with the fixes that they need."""

    context: DecisionContext
    acts: tuple[Draft, ...]
    fixed: Draft | None = None


class Declined(Exception):
    """The person was asked, and did not want to sign."""


def decide(
    checkout: Checkout, request: DecisionRequest, view: DecisionView, *, push: bool = False, dry_run: bool = False
) -> DecisionResult:
    """Carries a request out: shows, checks, asks, signs, writes, and pushes if that is wanted.

    Raises UsageFault for what can never count, Blocked (NotSigned) for what could not land, and NotPushed if the acts
    are written here and the push failed.
    """
    require_statement(request)
    _ = checkout.person  # raises for a person whom the workspace does not know, before anything is fetched
    checkout = checkout.fetched() if push else checkout
    prepare = propose if request.decision is Decision.PROPOSED else decide_at_one_gate
    try:
        decided = prepare(checkout, request, view, push=push, dry_run=dry_run)
    except Declined:
        return DecisionResult(declined=True)
    return land(checkout, decided, push=push, dry_run=dry_run) if decided is not None else DecisionResult()


def decide_at_one_gate(
    checkout: Checkout, request: DecisionRequest, view: DecisionView, *, push: bool, dry_run: bool = False
) -> PreparedDecision:
    """Returns the act of a decision at one gate, shown before it is signed; none if it was made already or is
    not needed."""
    person = checkout.person
    context = context_for(evaluator_here(checkout), request.ref, request.gate, request.on_behalf_of or person)
    approves = request.decision is Decision.APPROVED
    own_gate = approves and request.gate is None
    if own_gate:
        context = _or_its_review(context, view)
        context = _or_where_it_waits(context, request, view)
    elif approves and request.gate == RATIFY:
        context = ratification_meant(checkout, context, request, person)
    view.show(context, first=True)
    there = tuple(not_landed(context.evaluator, context.verdict.question.subject)) if push else ()
    made = decision_of(context, request, person)
    needless = nothing_to_approve(checkout, context) if made is None and own_gate else None
    if made is not None:
        view.say(_already_made(context, made, push=push))
    elif needless is not None:
        view.say(f"{needless}; nothing was signed")
    if made is not None or needless is not None:
        return PreparedDecision(context, there)
    require_sensible(context, request, person)
    if approves and context.ratifies is None:
        require_landable(checkout, context)
        require_decidable(context)
    for caution in cautions(context, request):
        view.say(f"note: {caution}")
    if request.decision in ASKED and not dry_run and not view.confirm(context):
        raise Declined
    act = act_draft(context, request, person, checkout.home, checkout.now)
    for gate in also_waiting(context) if request.gate is None else ():
        command = f"itsm {VERBS[request.decision]} {context.verdict.question.subject} --gate {gate}"
        view.say(f"note: gate {gate} also waits for you: {command}")
    return PreparedDecision(context, (act, *there))


def propose(
    checkout: Checkout, request: DecisionRequest, view: DecisionView, *, push: bool, dry_run: bool = False
) -> PreparedDecision | None:
    """Returns the proposals at every gate that needs somebody, except those that were made already; with the record, if
    its revision or authors were not up to date. Returns None if nobody has to decide."""
    found = prepare_proposal(checkout, request)
    if not found.contexts:
        view.say(f"nobody has to decide on {request.ref}, so there is nothing to propose")
        return None
    acts: list[Draft] = []
    for index, context in enumerate(found.contexts):
        view.show(context, first=index == 0)
        made = proposal_of(context)
        if made is None:
            acts.append(act_draft(context, request, checkout.person, checkout.home, checkout.now))
        else:
            who = request.on_behalf_of or checkout.person
            view.say(f"{who} has proposed exactly this at gate {context.gate.name} already ({made.id})")
    first = found.contexts[0]
    if push:
        acts += not_landed(first.evaluator, first.verdict.question.subject)
    return PreparedDecision(first, tuple(acts), found.fixed)


def land(checkout: Checkout, decided: PreparedDecision, *, push: bool, dry_run: bool) -> DecisionResult:
    """Writes the acts, and the record with the fixes that they need. Only acts are pushed."""
    kept = () if decided.fixed is None else (decided.fixed,)
    acts = decided.acts
    if not (*acts, *kept):
        return DecisionResult()
    delivery = Delivery(checkout.now, (*acts, *kept)[0].words[:MESSAGE_LENGTH], checkout.person, push, dry_run)
    new = tuple(act for act in acts if act.before is None)
    there = tuple(act for act in acts if act.before is not None)
    status = status_after(checkout, decided.context, (*acts, *kept))
    waiting = (WaitingDraft(decided.context.path, status.verdicts[0]),) if kept else ()
    written = carry_out(checkout, lambda _: new, delivery, lambda *_: BroughtAlong((*there, *kept), waiting))
    return DecisionResult(written, status)


def _or_its_review(context: DecisionContext, view: DecisionView) -> DecisionContext:
    """Returns the context of an emergency's review, if the emergency is past its gate and its review waits. Says so,
    because the person did not name that gate."""
    review = review_meant(context)
    if review is None:
        return context
    words = f"{context.verdict.question.subject} is past gate {context.gate.name}, and its review is not accepted yet"
    view.say(f"note: this is about gate {review.gate.name}: {words}")
    return review


def _or_where_it_waits(context: DecisionContext, request: DecisionRequest, view: DecisionView) -> DecisionContext:
    """Returns the context of the one gate that waits for the person, if they can fill no empty seat at the record's own
    gate. Says so, because the person did not name that gate."""
    verdict, whose = context.verdict, context.stands_for
    waits_here = any(whose in each.could for each in verdict.filled)
    if waits_here or request.seat is not None or any(whose == each.by for each in verdict.filled):
        return context
    names = also_waiting(context)
    if len(names) != 1:
        return context
    gate = next(each for each in context.evaluator.gates(context.subject) if each.name == names[0])
    view.say(f"note: this is about gate {gate.name}, where it waits for {whose}; nobody waits at {context.gate.name}")
    return context_at(context.evaluator, context.path, context.subject, gate, whose)


def _already_made(context: DecisionContext, made: Act, *, push: bool) -> str:
    """Says that the decision was made already, and whether it still has to land."""
    landed = context.evaluator.base.exists("approval", made.id)
    more = "" if landed or push else "; it is not on the protected branch yet; --push lands it"
    subject = context.verdict.question.subject
    what = f"taken back {', '.join(made.supersedes)}" if made.decision is Decision.WITHDRAWN else made.decision
    this = "" if made.decision is Decision.WITHDRAWN else " exactly this"
    words = f"{made.stands_for} has {what}{this} at gate {context.gate.name} of {subject} already"
    return f"{words} ({made.id}){more}"
