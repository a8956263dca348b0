"""Ratification: people take over content that went past the check. Their acts name exactly that content.

An act counts only if its maker may decide by two bases: that of the step which brings the act, and the one before the
oldest step whose faults still stand. So nothing that such a step granted, or a later one, helps anybody.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from itsm_as_code.app.approvals.acts import ACTS
from itsm_as_code.domain.approval.gates import Gate
from itsm_as_code.domain.approval.question import RATIFY
from itsm_as_code.domain.kinds.approval import Decision
from itsm_as_code.evidence.verification import revoked_keys

if TYPE_CHECKING:
    from datetime import datetime

    from itsm_as_code.app.approvals.evaluator import Evaluator, GateResult
    from itsm_as_code.app.approvals.opened_step import OpenedStep
    from itsm_as_code.domain.approval.inquiry import Subject
    from itsm_as_code.domain.approval.verdict import Verdict
    from itsm_as_code.store.snapshot import TreeSnapshot


@dataclass(frozen=True)
class BypassedGate:
    """A gate that a record passed without the acts that it needed, with the commit and the content. `made_before` are
    the acts on it that were there then: they decided on something else, or before the deed."""

    commit: str
    path: str
    name: str
    gate: str
    subject: Subject
    made_before: frozenset[str]

    @staticmethod
    def of(commit: str, gate_result: GateResult, evaluator: Evaluator) -> BypassedGate:
        """Makes a bypass of a gate that was evaluated and is not open."""
        asked = gate_result.verdict.question
        acts = frozenset(act.id for act in evaluator.acts(asked.subject))
        return BypassedGate(commit, gate_result.path, asked.subject, asked.gate, gate_result.subject, acts)

    @property
    def ratified_at(self) -> Gate:
        """The gate at which it is ratified, by the rules of the gate that was passed."""
        return Gate(RATIFY, rules_of=self.gate)


@dataclass(frozen=True)
class Ratifiable:
    """A bypass that people may ratify. `base` are the records of the base of its step; `before` are those by which its
    makers must be entitled, which are older while an older step stands. `cautions` are what they should know."""

    bypassed: BypassedGate
    base: TreeSnapshot
    before: TreeSnapshot
    cautions: tuple[str, ...] = ()


def brings_ratifications(opened: OpenedStep) -> bool:
    """Whether a step brings an approval at gate `ratify`."""
    for change in opened.step.changes:
        act: Any = change.head.record if change.head is not None and change.kind == "approval" else None
        if act is not None and act.gate == RATIFY and act.decision is Decision.APPROVED:
            return True
    return False


def rewritten_acts(opened: OpenedStep) -> Iterator[str]:
    """Yields the subjects on which a step takes an act away or rewrites one. Who refused to ratify is not known any
    more, so nothing of these subjects is ratified."""
    for change in opened.step.changes:
        before, after = (side and side.data for side in (change.base, change.head))
        if change.kind == "approval" and change.base is not None and (before is None or before != after):
            yield change.path.removeprefix(f"{ACTS}/").rpartition("/")[0]


def revoked_before(opened: OpenedStep) -> dict[str, datetime]:
    """Returns the keys that people had revoked on the base of a step that changes these people. A step past the check
    might take a revocation back."""
    people: list[Any] = [each.base.record for each in opened.step.changes if each.kind == "person" and each.base]
    return revoked_keys(person for person in people if person is not None)


def ratifying_acts(bypassed: BypassedGate, present: Evaluator, before: TreeSnapshot) -> tuple[str, ...]:
    """Returns the acts that ratify a bypass by both bases; none if they do not suffice. If the rules of one of them ask
    for nobody, nobody can ratify."""
    verdicts = verdicts_by_both(bypassed, present, before)
    acts = {filled.act for verdict in verdicts for filled in verdict.filled if filled.act is not None}
    return tuple(sorted(acts)) if all(verdict.is_open for verdict in verdicts) else ()


def verdicts_by_both(bypassed: BypassedGate, present: Evaluator, before: TreeSnapshot) -> tuple[Verdict, Verdict]:
    """Returns the verdicts on a ratification by the present base and by the one before, each by the acts alone that may
    fill a seat by both."""
    then = present.by_base(before)
    counting = frozenset(
        act.id
        for act in present.acts(bypassed.name)
        if act.gate == RATIFY and act.decision is Decision.APPROVED and act.id not in bypassed.made_before
        and all(_fills(evaluator, bypassed, act.id) for evaluator in (present, then))
    )  # fmt: skip
    now, earlier = (each.verdict(bypassed.subject, bypassed.ratified_at, counting) for each in (present, then))
    return now, earlier


def _fills(evaluator: Evaluator, bypassed: BypassedGate, act_id: str) -> bool:
    """Whether an act alone would fill a seat."""
    verdict = evaluator.verdict(bypassed.subject, bypassed.ratified_at, frozenset({act_id}))
    return any(filled.act == act_id for filled in verdict.filled)
