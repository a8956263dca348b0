"""What `itsm approve --gate ratify` is about: the newest content that went past a gate and waits for this person."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from itsm_as_code.app.approvals.decision_context import DecisionContext, context_at
from itsm_as_code.app.approvals.ratification import Ratifiable, verdicts_by_both
from itsm_as_code.app.checking.audit import unratified
from itsm_as_code.domain.errors import UsageFault
from itsm_as_code.domain.kinds.approval import Decision
from itsm_as_code.domain.kinds.person import Person
from itsm_as_code.evidence.verification import keys_of_both
from itsm_as_code.store.snapshot import TreeSnapshot

if TYPE_CHECKING:
    from itsm_as_code.app.approvals.evaluator import Evaluator
    from itsm_as_code.app.approvals.ratification import BypassedGate
    from itsm_as_code.app.checking.standing_faults import Unratified
    from itsm_as_code.app.checkout.checkout import Checkout
    from itsm_as_code.app.deciding.request import DecisionRequest
    from itsm_as_code.git.repository import Repository


def ratification_meant(
    checkout: Checkout, context: DecisionContext, request: DecisionRequest, person: str
) -> DecisionContext:
    """Returns the context of the bypass that an approval at gate `ratify` is about: the newest on this subject that the
    person could ratify and has not signed for, or else the newest. So a step that gives back what an older one took is
    ratified while the rights before both still count.

    Raises UsageFault if nothing of it waits to be ratified, and if no act of the person could ever count.
    """
    name = context.verdict.question.subject
    waiting = [each for each in reversed(unratified(checkout)) if each.bypassed.name == name]
    if not waiting:
        raise UsageFault(
            f"there is nothing to ratify of {name}: nothing of it went past a gate, or it is ratified already",
            hint="itsm check --history says what went past the check",
        )
    if waiting[0].rewritten:
        raise UsageFault(
            f"acts on {name} were taken away or rewritten past the check, so nobody can ratify it",
            hint=_examine(waiting[0].bypassed.commit),
        )
    repository = checkout.require_clone().repository
    found = [_context(repository, context, each) for each in waiting]
    never = [_why_never(each, request, person) for each in found]
    could = [each for each, fault in zip(found, never, strict=True) if fault is None]
    if not could and never[0] is not None:
        raise never[0]
    unsigned = (each for each in could if not any(_approves(each, act.digest, act.decision) for act in each.mine))
    return next(unsigned, could[0])


def _approves(context: DecisionContext, digest: str, decision: Decision) -> bool:
    return decision is Decision.APPROVED and digest == context.verdict.question.digest


def _context(repository: Repository, context: DecisionContext, waiting: Unratified) -> DecisionContext:
    """Returns the context of one bypass. If the record still has the content that went past, it is shown as it is."""
    evaluator, bypassed = context.evaluator, waiting.bypassed
    found = context_at(evaluator, context.path, bypassed.subject, bypassed.ratified_at, context.stands_for)
    here = evaluator.verdict(context.subject, bypassed.ratified_at).question.digest
    subject = context.subject if here == found.verdict.question.digest else bypassed.subject
    base, before = (_at(repository, commit) for commit in (waiting.before, waiting.before_oldest))
    cautions = tuple(_cautions(bypassed, evaluator, before, context.stands_for or "", waiting.oldest))
    verdicts = verdicts_by_both(bypassed, evaluator, before)
    verdict = next((each for each in verdicts if not each.is_open), verdicts[0])
    ratifies = Ratifiable(bypassed, base, before, cautions if waiting.oldest != bypassed.commit else ())
    mine = (act for act in found.mine if act.decision is not Decision.APPROVED or act.id not in bypassed.made_before)
    return replace(found, subject=subject, verdict=verdict, ratifies=ratifies, mine=tuple(mine))


def _at(repository: Repository, commit: str) -> TreeSnapshot:
    from itsm_as_code.git.tree import GitTree

    return TreeSnapshot(GitTree(repository, commit), keep_data=True)


def _why_never(context: DecisionContext, request: DecisionRequest, person: str) -> UsageFault | None:
    """Returns why an act of the person could never ratify this, neither by the base of the step that went past nor by
    the older one that counts now; or None."""
    assert context.ratifies is not None, "the context is that of a bypass"
    bypassed = context.ratifies.bypassed
    bases = [context.evaluator.by_base(base) for base in (context.ratifies.base, context.ratifies.before)]
    barred = [next(_barred(bypassed, base, context.evaluator, request, person), None) for base in bases]
    why, then = barred[0], bases[0]
    if why is None or None in barred:
        return None
    who = _entitled(bypassed, context.evaluator, then)
    way_out = f"{' or '.join(who)} could" if who else f"nobody could: {_examine(bypassed.commit)}"
    words = f"{why} on the base before {bypassed.commit[:12]}, the step that went past the check"
    return UsageFault(f"{words}, so this could never ratify it", hint=way_out)


def _examine(commit: str) -> str:
    """Says what is left to do where nobody can ratify."""
    return (
        "give back by a new step what was taken from people, or examine the step and begin audits after it: "
        f"itsm check --history --since {commit[:12]}"
    )


def _barred(
    bypassed: BypassedGate, then: Evaluator, present: Evaluator, request: DecisionRequest, person: str
) -> Iterator[str]:
    """Yields why a person might not decide by the base of that time."""
    whose, people = request.on_behalf_of or person, then.directory
    there = then.base.find(Person, person)
    if there is None or people.why_not(person) is not None:
        yield f"{person} might not decide"
    elif not keys_of_both(present.base.find(Person, person), there, present.now):
        yield f"no key of {person} was registered that is in force now"
    if request.on_behalf_of is not None and people.delegation_fault(person, whose, present.now) is not None:
        yield f"{whose} had not delegated to {person}"
    verdict = then.verdict(bypassed.subject, bypassed.ratified_at, frozenset())
    if not verdict.filled:
        yield "the rules asked for nobody" if verdict.rules else "no rule applied"
    elif not any(people.eligible(whose, each.seat, verdict.question.owner_team) for each in verdict.filled):
        yield f"{whose} might fill no seat"


def _entitled(bypassed: BypassedGate, present: Evaluator, then: Evaluator) -> list[str]:
    """Returns the people who may fill a seat by both bases and have a key that both list."""
    may = [
        {person for each in evaluator.verdict(bypassed.subject, bypassed.ratified_at, frozenset()).filled
         for person in each.could}
        for evaluator in (present, then)
    ]  # fmt: skip
    with_keys = (
        name for name in may[0] & may[1]
        if keys_of_both(present.base.find(Person, name), then.base.find(Person, name), present.now)
    )  # fmt: skip
    return sorted(with_keys)


def _cautions(
    bypassed: BypassedGate, present: Evaluator, before: TreeSnapshot, person: str, oldest: str
) -> Iterator[str]:
    """Yields what keeps an act from counting now, although it may count later: an older step that stands."""
    if person not in _entitled(bypassed, present, present.by_base(before)):
        yield (
            f"{oldest[:12]}, an older step, went past the check too: until all of it is ratified, only people who are "
            "entitled by the base before it count; audits that begin after it, with --since, leave it out"
        )
