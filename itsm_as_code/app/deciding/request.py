"""What somebody wants to decide, and which part of it they have decided already."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from itsm_as_code.app.approvals.decision_context import has_expired
from itsm_as_code.domain.approval.act import ActProof
from itsm_as_code.domain.approval.active_acts import STRICT
from itsm_as_code.domain.approval.rule_names import rules_meant
from itsm_as_code.domain.kinds.approval import Decision

if TYPE_CHECKING:
    from itsm_as_code.app.approvals.decision_context import DecisionContext
    from itsm_as_code.domain.approval.act import Act


@dataclass(frozen=True, slots=True)
class DecisionRequest:
    """What somebody wants to decide. `withdraws` are others' refusals to take back, by the ids of their acts."""

    ref: str
    decision: Decision
    gate: str | None = None
    comment: str | None = None
    on_behalf_of: str | None = None
    seat: str | None = None
    key: Path | None = None
    withdraws: tuple[str, ...] = ()


def decision_of(context: DecisionContext, request: DecisionRequest, person: str) -> Act | None:
    """Returns the active decision by which `person` has already signed the whole request on exactly this content.

    Returns None if there is none, or if a new decision would say more or count longer. What somebody took back is
    taken back whatever the content is; while that act has not landed, there is nothing to sign anew.
    """
    if request.decision is Decision.WITHDRAWN:
        return _withdrawal_to_land(context, request, person)
    if request.withdraws or request.decision not in (Decision.APPROVED, Decision.REFUSED):
        return None
    replaced, asked = superseded(context, request), context.verdict.question
    act = next((act for act in context.mine if replaced == (act.id,)), None)
    if act is None or act.proof is not ActProof.SIGNED or has_expired(context, act):
        return None
    same = (act.decision, act.digest, act.replaces) == (request.decision, asked.digest, asked.replaces)
    whose = (act.by, act.on_behalf_of) == (person, request.on_behalf_of)
    aimed = _seat_meant(context, act.seat) == _seat_meant(context, request.seat)
    return act if same and whose and aimed and request.comment in (None, act.comment) else None


def _withdrawal_to_land(context: DecisionContext, request: DecisionRequest, person: str) -> Act | None:
    """Returns the act by which `person` took back the same, if it is not on base yet: with --push it lands as it is."""
    acts = context.evaluator.acts(context.verdict.question.subject)
    gone = {ref for act in acts for ref in act.supersedes}
    found = (
        act for act in acts
        if act.decision is Decision.WITHDRAWN and act.gate == context.gate.name and act.id not in gone
        and (act.by, act.on_behalf_of) == (person, request.on_behalf_of) and act.fault is None
        and not context.evaluator.base.exists("approval", act.id)
    )  # fmt: skip
    named = set(request.withdraws)
    return next((act for act in found if named <= set(act.supersedes)), None)


def rules_with_seats(context: DecisionContext) -> tuple[str, ...]:
    """Returns the names of the rules that ask for somebody here."""
    return tuple(dict.fromkeys(each.place.rule for each in context.verdict.filled))


def seat_in_full(context: DecisionContext, request: DecisionRequest) -> str | None:
    """Returns the name of the rule whose seat is meant, so that no other rule of that id can be."""
    meant = _seat_meant(context, request.seat)
    return meant[0] if meant else request.seat


def _seat_meant(context: DecisionContext, seat: str | None) -> tuple[str, ...] | None:
    return rules_meant(seat, rules_with_seats(context)) if seat is not None else None


def superseded(context: DecisionContext, request: DecisionRequest) -> tuple[str, ...]:
    """Returns the acts that a new one replaces: the person's own active acts, or the refusals that are to be taken
    back.

    A proposal and a decision of one person do not replace each other: they are two statements, and a proposer fills no
    seat. Neither do ratifications of two contents.
    """
    if request.withdraws:
        return tuple(sorted(set(request.withdraws)))
    proposing = request.decision is Decision.PROPOSED
    replaced = (act for act in context.mine if (act.decision is Decision.PROPOSED) is proposing)
    if context.ratifies is not None:
        digest = context.verdict.question.digest
        replaced = (act for act in replaced if act.decision in STRICT or act.digest == digest)
    return tuple(sorted(act.id for act in replaced))
