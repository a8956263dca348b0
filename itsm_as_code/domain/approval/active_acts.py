"""Finds the active acts on a subject: those with valid evidence that no other act supersedes.

An act that makes the answer stricter, such as a refusal, only needs valid evidence. So a gate never opens because
somebody leaves or a delegation ends. An act that makes the answer less strict also needs a maker who may decide by
the records of base.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from itsm_as_code.domain.approval.act import ActProof
from itsm_as_code.domain.approval.verdict import DiscardedAct
from itsm_as_code.domain.instants import is_in_future, write_instant
from itsm_as_code.domain.kinds.approval import Decision

if TYPE_CHECKING:
    from itsm_as_code.domain.approval.act import Act
    from itsm_as_code.domain.approval.directory import Directory
    from itsm_as_code.domain.approval.question import Question
    from itsm_as_code.domain.kinds.policy import PolicyRule

STRICT = (Decision.REFUSED, Decision.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class ActiveActs:
    """The acts on a subject, sorted.

    `active` are the acts that nothing supersedes. `entitled` are the ids of all valid acts whose makers may decide by
    the records of base. `discarded` are the acts that do not count, with the reason. `involved` are the people who have
    a part in the matter.
    """

    active: tuple[Act, ...]
    entitled: frozenset[str]
    discarded: tuple[DiscardedAct, ...]
    involved: frozenset[str]


def sift(
    acts: Sequence[Act], question: Question, rules: Sequence[PolicyRule], people: Directory, now: datetime,
    latest: datetime,
) -> ActiveActs:  # fmt: skip
    """Sorts the acts on a subject. It ignores digests, because a refusal blocks even if the content has changed."""
    faults = {act.id: _fault(act, question, latest) for act in acts}
    sound = [act for act in acts if faults[act.id] is None]
    barred = {act.id: _not_entitled(act, people, now) for act in sound}
    entitled = frozenset(act.id for act in sound if barred[act.id] is None)
    involved = _involved(acts, question)
    gone = _superseded(sound, entitled, involved, rules, people)
    # A refusal counts even if its maker has left, so it is not discarded for that reason.
    out = gone | {a.id: why for a in sound if (why := barred[a.id]) and a.decision is not Decision.REFUSED}
    out |= {ref: why for ref, why in faults.items() if why is not None}
    return ActiveActs(
        active=tuple(act for act in sound if act.id not in gone),
        entitled=entitled,
        discarded=tuple(DiscardedAct(act, out[act.id]) for act in acts if act.id in out),
        involved=involved,
    )


def _fault(act: Act, question: Question, latest: datetime) -> str | None:
    """Returns why an act does not count at all, or None."""
    if act.fault is not None:
        return act.fault
    if act.workspace != question.workspace:
        return "it was made in another workspace"
    if act.gate != question.gate:
        return f"it decides on gate {act.gate}, not on {question.gate}"
    if is_in_future(act.at, latest):
        return f"it is dated {write_instant(act.at)}, which is in the future"
    return None


def landing_fault(
    act: Act, workspace: str, people: Directory, now: datetime, latest: datetime | None = None
) -> str | None:
    """Returns why an act may not land at `now`, or None. It is decided at the moment of landing and never changes
    later. No act may be dated after `latest`; without it, that is `now`."""
    if act.fault is not None:
        return act.fault
    if act.workspace != workspace:
        return "it was made in another workspace"
    if is_in_future(act.at, latest or now):
        return f"it is dated {write_instant(act.at)}, which is in the future"
    barred = people.why_not(act.by)
    if barred is not None:
        return barred
    return people.delegation_fault(act.by, act.on_behalf_of, now) if act.on_behalf_of is not None else None


def _not_entitled(act: Act, people: Directory, now: datetime) -> str | None:
    """Returns why the maker may not decide by the records of base, or None."""
    if act.by not in people.members:
        return f"{act.by} is not on base"
    if not people.members[act.by].human:
        return f"{act.by} is a bot"
    if act.on_behalf_of is not None:
        return people.delegation_fault(act.by, act.on_behalf_of, now)
    return None


def _superseded(
    acts: Sequence[Act], entitled: frozenset[str], involved: Set[str], rules: Sequence[PolicyRule], people: Directory
) -> dict[str, str]:
    """Maps the ids of superseded acts to the reason. An act is superseded by another act that names it, if both are of
    the same person or if the other act withdraws a refusal by a role that a rule names.
    """
    by_id = {act.id: act for act in acts}
    gone: dict[str, str] = {}
    for act in acts:
        for earlier in (by_id[ref] for ref in act.supersedes if ref in by_id and ref != act.id):
            lax = act.id in entitled and _weighs(act, earlier) and may_end(act.by, act.stands_for, earlier, involved)
            if earlier.decision in STRICT and not lax:
                continue
            own = earlier.stands_for == act.stands_for
            if own or (earlier.decision is Decision.REFUSED and _may_withdraw(act, rules, people)):
                gone.setdefault(earlier.id, f"superseded by {act.id} of {act.by}")
    return gone


def _involved(acts: Iterable[Act], question: Question) -> frozenset[str]:
    """Returns everybody who has a part in the matter: who wrote or asked for it, and who proposed it at any gate and in
    any form, in person or through a deputy.

    Each of them may end a refusal only if they made it in person.
    """
    proposals = (act for act in acts if act.decision is Decision.PROPOSED and act.fault is None)
    return frozenset(question.disqualified).union(*((act.by, act.stands_for) for act in proposals))


def may_end(by: str, stands_for: str, earlier: Act, involved: Set[str]) -> bool:
    """Tells whether nobody behind an act has a part in the matter that keeps the act from ending `earlier`. What
    somebody did in person is theirs to end, whatever part they have."""
    apart = {by, stands_for} & involved
    return not apart or (earlier.on_behalf_of is None and apart == {earlier.by})


def _weighs(act: Act, earlier: Act) -> bool:
    """Tells whether the evidence of `act` is strong enough: a witnessed review can't take back what a person signed."""
    return act.proof is ActProof.SIGNED or earlier.proof is not ActProof.SIGNED


def _may_withdraw(act: Act, rules: Sequence[PolicyRule], people: Directory) -> bool:
    """Tells whether the maker of an act holds a role that a rule names in `withdraw_by`, so that it may withdraw the
    refusal of somebody else."""
    member = people.members.get(act.by)
    if act.decision is not Decision.WITHDRAWN or member is None or not member.may_decide:
        return False
    return any(set(rule.withdraw_by) & member.roles for rule in rules)


def taken_back(acts: Iterable[Act], gate: str) -> frozenset[str]:
    """Returns the ids of the acts by which people took back approvals at this gate. That the gate was open before such
    an act does not count any more; it counts if it was open again with the act."""
    sound = [act for act in acts if act.fault is None and act.gate == gate]
    approved = {act.id: act.stands_for for act in sound if act.decision is Decision.APPROVED}
    against = (act for act in sound if act.decision in STRICT)
    return frozenset(act.id for act in against if any(approved.get(each) == act.stands_for for each in act.supersedes))


def still_approved(acts: Sequence[Act], gate: str, digest: str) -> bool:
    """Tells whether an approval of this content at this gate is left that its maker did not take back."""
    back = taken_back(acts, gate)
    gone = {each for act in acts if act.id in back for each in act.supersedes}
    return any(
        act.decision is Decision.APPROVED and act.gate == gate and act.digest == digest
        for act in acts if act.fault is None and act.id not in gone
    )  # fmt: skip
