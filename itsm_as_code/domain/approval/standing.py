"""Which acts on a subject stand: sound ones that no act which may do so takes the place of.

What can only make an answer stricter asks for sound evidence alone, so that nobody's leaving, and no delegation's end,
ever opens a gate. What makes it laxer asks as well that its maker may act so at base.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from itsm_as_code.domain.approval.act import Proof
from itsm_as_code.domain.approval.answer import Discarded
from itsm_as_code.domain.instants import write_instant
from itsm_as_code.domain.kinds.approval import Decision

if TYPE_CHECKING:
    from itsm_as_code.domain.approval.act import Act
    from itsm_as_code.domain.approval.question import Question
    from itsm_as_code.domain.approval.registry import Registry
    from itsm_as_code.domain.kinds.policy import PolicyRule

SKEW = timedelta(minutes=5)
STRICT = (Decision.REFUSED, Decision.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class Sifted:
    """The acts that stand, the ids of those whose makers may act so at base, and the others with the reason."""

    standing: tuple[Act, ...]
    entitled: frozenset[str]
    discarded: tuple[Discarded, ...]


def sift(
    acts: Sequence[Act], question: Question, rules: Sequence[PolicyRule], people: Registry, now: datetime,
    latest: datetime,
) -> Sifted:  # fmt: skip
    """Sorts the acts on a subject. Digests are not looked at: a refusal blocks whatever it was about."""
    faults = {act.id: _fault(act, question, latest) for act in acts}
    sound = [act for act in acts if faults[act.id] is None]
    barred = {act.id: _not_entitled(act, people, now) for act in sound}
    entitled = frozenset(act.id for act in sound if barred[act.id] is None)
    gone = _superseded(sound, entitled, question, rules, people)
    # A refusal stands also where its maker has left, so that is no reason to leave it out.
    out = gone | {a.id: why for a in sound if (why := barred[a.id]) and a.decision is not Decision.REFUSED}
    out |= {ref: why for ref, why in faults.items() if why is not None}
    return Sifted(
        standing=tuple(act for act in sound if act.id not in gone),
        entitled=entitled,
        discarded=tuple(Discarded(act, out[act.id]) for act in acts if act.id in out),
    )


def _fault(act: Act, question: Question, now: datetime) -> str | None:
    """Why an act counts for nothing at all, or None."""
    if act.fault is not None:
        return act.fault
    if act.workspace != question.workspace:
        return "made in another workspace"
    if act.gate != question.gate:
        return f"decides on {act.gate}, not on {question.gate}"
    if act.at - now > SKEW:
        return f"dated {write_instant(act.at)}, which has yet to come"
    return None


def landing_fault(act: Act, workspace: str, people: Registry, now: datetime) -> str | None:
    """Why an act may not land, or None: it is judged when it lands, and time can't mend it afterwards."""
    if act.fault is not None:
        return act.fault
    if act.workspace != workspace:
        return "made in another workspace"
    if act.at - now > SKEW:
        return f"dated {write_instant(act.at)}, which has yet to come"
    barred = people.why_not(act.by)
    if barred is not None:
        return barred
    return people.delegation_fault(act.by, act.on_behalf_of, now) if act.on_behalf_of is not None else None


def _not_entitled(act: Act, people: Registry, now: datetime) -> str | None:
    """Why the maker may not act so at base, or None."""
    if act.by not in people.people:
        return f"{act.by} is nobody at base"
    if not people.people[act.by].human:
        return f"{act.by} is a bot"
    if act.on_behalf_of is not None:
        return people.delegation_fault(act.by, act.on_behalf_of, now)
    return None


def _superseded(
    acts: Sequence[Act], entitled: frozenset[str], question: Question, rules: Sequence[PolicyRule], people: Registry
) -> dict[str, str]:
    """Act that a later one of the same person names, or refusal that a named role withdraws, to the reason."""
    by_id = {act.id: act for act in acts}
    proposals = [act for act in acts if act.decision is Decision.PROPOSED]
    involved = {*question.disqualified, *(person for act in proposals for person in (act.by, act.stands_for))}
    gone: dict[str, str] = {}
    for act in acts:
        for earlier in (by_id[ref] for ref in act.supersedes if ref in by_id and ref != act.id):
            if earlier.decision in STRICT and not (act.id in entitled and _weighs(act, earlier)):
                continue
            own = earlier.stands_for == act.stands_for
            if own or (earlier.decision is Decision.REFUSED and _may_withdraw(act, involved, rules, people)):
                gone.setdefault(earlier.id, f"superseded by {act.id} of {act.by}")
    return gone


def _weighs(act: Act, earlier: Act) -> bool:
    """What somebody signed is taken back by a signature only: a witness speaks for nobody who has spoken."""
    return act.proof is Proof.SIGNED or earlier.proof is not Proof.SIGNED


def _may_withdraw(act: Act, involved: set[str], rules: Sequence[PolicyRule], people: Registry) -> bool:
    """Whether an act takes back somebody else's refusal: its maker holds a role that a rule names for that, and has
    neither written, asked for nor proposed what was refused."""
    member = people.people.get(act.by)
    if act.decision is not Decision.WITHDRAWN or member is None or not member.may_decide:
        return False
    if act.by in involved or act.stands_for in involved:
        return False
    return any(set(rule.withdraw_by) & member.roles for rule in rules)


def taken_back(acts: Iterable[Act], gate: str) -> bool:
    """Whether somebody who approved at a gate went back on it: then it does not help that it was approved once."""
    sound = [act for act in acts if act.fault is None and act.gate == gate]
    approved = {act.id: act.stands_for for act in sound if act.decision is Decision.APPROVED}
    against = (act for act in sound if act.decision in STRICT)
    return any(approved.get(each) == act.stands_for for act in against for each in act.supersedes)
