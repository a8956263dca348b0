"""Tells whether what let a record pass its gate still stands. It was judged at entry; only a few things void it later.

People who have left since, other rules and other teams change nothing: they were judged when the record entered.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from itsm_as_code.domain.approval.active_acts import STRICT, taken_back
from itsm_as_code.domain.approval.judge import judge
from itsm_as_code.domain.approval.question import RATIFY
from itsm_as_code.domain.approval.verdict import GateStatus, Lapse, Verdict
from itsm_as_code.domain.kinds.approval import Decision

if TYPE_CHECKING:
    from datetime import datetime

    from itsm_as_code.domain.approval.act import Act
    from itsm_as_code.domain.approval.directory import Directory
    from itsm_as_code.domain.kinds.policy import Policy


@dataclass(frozen=True, slots=True)
class JudgedEntry:
    """How a record passed its gate: the step's commit, its clock, the verdict, and everything that it was judged by.

    `is_root` says that this was the first commit of the workspace, which nobody judged.
    """

    commit: str
    at: datetime
    verdict: Verdict
    policies: tuple[Policy, ...]
    people: Directory
    acts: tuple[Act, ...]
    is_root: bool = False


def stands(entry: JudgedEntry, later: Iterable[Act], used_at: datetime, latest: datetime) -> Verdict:
    """Returns the verdict at entry as it is now. Its `lapses` say what has been taken back or has expired since.

    `later` are all acts that there are by now, `used_at` is the clock for expiry, and acts dated after `latest` do not
    count. Of the acts that were made since, only those count that make the answer stricter: whoever approves anew is
    judged by the rules and people of today. Refusals are left out here; those of today's verdict count.
    """
    known = {act.id for act in entry.acts}
    against = [act for act in later if act.id not in known and act.decision in STRICT]
    then = entry.verdict
    if not then.is_decided:
        lapses = tuple(_never_decided(entry, against))
    else:
        acts = (*entry.acts, *against)
        again = judge(then.question, entry.policies, acts, entry.people, entry.at, latest, used_at)
        then = replace(again, blocking=())
        lapses = () if then.is_decided else tuple(_lapses(entry.verdict, then))
    return replace(then, status=GateStatus.PENDING if lapses else GateStatus.APPROVED, lapses=lapses)


def ratified(
    entry: JudgedEntry, today: Callable[[frozenset[str] | None], Verdict], acts: Iterable[Act], now: datetime
) -> bool:
    """Tells whether people have taken over what went past the check, by acts that came after it.

    Each of them may decide by both bases: that of the entry, and the one of today. `today` returns today's verdict at
    gate `ratify`, at which no other approvals fill a seat than those that it is given.
    """
    listed, known = tuple(acts), {act.id for act in entry.acts}
    asked = today(None).question
    barred = {**entry.verdict.question.disqualified, **asked.disqualified}
    question = replace(entry.verdict.question, gate=asked.gate, rules_of=asked.rules_of, disqualified=barred)

    def both(counting: frozenset[str]) -> tuple[Verdict, Verdict]:
        then = replace(question, faults=(), held_back=(), counting=counting)
        return today(counting), judge(then, entry.policies, listed, entry.people, now)

    def fills(act: Act) -> bool:
        return all(act.id in {filled.act for filled in verdict.filled} for verdict in both(frozenset({act.id})))

    made = [act for act in listed if act.gate == asked.gate and act.decision is Decision.APPROVED]
    counting = frozenset(act.id for act in made if act.id not in known and fills(act))
    return bool(counting) and all(verdict.is_open for verdict in both(counting))


def _never_decided(entry: JudgedEntry, against: list[Act]) -> Iterator[Lapse]:
    """Yields why the step by which the record entered was not approved, as it is known today."""
    asked = entry.verdict.question
    if entry.is_root:
        if taken_back((*entry.acts, *against), asked.gate):
            yield Lapse("an approval of it was taken back", _anew(asked.subject, asked.gate))
        return
    way_out = _anew(asked.subject, RATIFY)
    void = [gone for gone in entry.verdict.discarded if gone.act.decision is Decision.APPROVED and gone.act.fault]
    for gone in void:
        yield Lapse(_words(gone.act, gone.why), way_out)
    if not void:
        yield Lapse(f"it passed gate {asked.gate} in step {entry.commit[:12]} without the decision it needs", way_out)


def _lapses(then: Verdict, again: Verdict) -> Iterator[Lapse]:
    """Yields what counted at entry and does not count any more."""
    asked = then.question
    counted = {each.act for each in then.filled}
    lost = [gone for gone in again.discarded if gone.act.id in counted]
    for gone in lost:
        yield Lapse(_words(gone.act, gone.why), _anew(asked.subject, asked.gate))
    if again.missing_proposal:
        yield Lapse("its proposal was taken back", f"itsm propose {asked.subject} --gate {asked.gate}")
    elif not lost:
        yield Lapse("the seats that were filled at entry are not filled any more", _anew(asked.subject, asked.gate))


def _words(act: Act, why: str) -> str:
    return f"the approval of {act.stands_for} ({act.id}) no longer counts: {why}"


def _anew(subject: str, gate: str) -> str:
    return f"itsm approve {subject} --gate {gate}"
