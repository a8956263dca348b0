"""Tells the status of the approvals of all open changes, and who has most to decide."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from itsm_as_code.app.approvals.open_proposals import acted_on, open_proposals, subject_at_base
from itsm_as_code.app.approvals.when_work_begins import until_work_begins
from itsm_as_code.domain.approval.debts import entered_at
from itsm_as_code.domain.approval.freezes import freezes_over
from itsm_as_code.domain.approval.gates import BEYOND, Gate, first_gate, gate_named, is_past
from itsm_as_code.domain.approval.inquiry import facts_of
from itsm_as_code.domain.approval.question import EDIT, EXCEPTION, POST_REVIEW
from itsm_as_code.domain.approval.verdict import GateStatus, Verdict
from itsm_as_code.domain.ids import path_of
from itsm_as_code.domain.kinds.change import Change
from itsm_as_code.domain.lifecycle import LIFECYCLES
from itsm_as_code.domain.revision import state_in

if TYPE_CHECKING:
    from itsm_as_code.app.approvals.decision_context import DecisionContext
    from itsm_as_code.app.approvals.entry_step import EntryStep
    from itsm_as_code.app.approvals.evaluator import Evaluator
    from itsm_as_code.app.checkout.clone import Clone
    from itsm_as_code.domain.approval.debts import Debt
    from itsm_as_code.domain.approval.inquiry import Subject
    from itsm_as_code.git.history import LineClock
    from itsm_as_code.store.snapshot import TreeSnapshot

STRICTEST = (GateStatus.REFUSED, GateStatus.UNKNOWN, GateStatus.PENDING, GateStatus.APPROVED)
"""The order of answers: of several gates, the strictest answer is that of the change."""


@dataclass(frozen=True, slots=True)
class ChangeStatus:
    """A change, the verdict of each gate on its way, its own first, and the review that it owes."""

    change: Change
    verdicts: tuple[Verdict, ...]
    debt: Debt | None

    @property
    def status(self) -> GateStatus:
        """The strictest of the verdicts."""
        return min((verdict.status for verdict in self.verdicts), key=STRICTEST.index)


@dataclass(frozen=True, slots=True)
class _EntrySteps:
    """Looks in the history of base for the steps by which records passed their gates."""

    line: LineClock
    base: TreeSnapshot

    def of(self, path: str, subject: Subject) -> EntryStep | None:
        """Returns the entry step of a subject, or None."""
        from itsm_as_code.app.approvals.entry_step import entry_step

        return entry_step(self.line, self.base, path, subject)


def change_statuses(clone: Clone, evaluator: Evaluator) -> list[ChangeStatus]:
    """Returns the changes that are not over, as head has them: by status, the strictest first, then by id."""
    found = _statuses(_EntrySteps(clone.line(evaluator.now), clone.require_base()), evaluator)
    return sorted(found, key=lambda each: (STRICTEST.index(each.status), each.change.id))


def _statuses(steps: _EntrySteps, evaluator: Evaluator) -> Iterator[ChangeStatus]:
    debts = {debt.change: debt for debt in evaluator.debts}
    for change in evaluator.head.all(Change):
        if change.state not in LIFECYCLES["change"].final:
            yield ChangeStatus(change, tuple(_verdicts(steps, evaluator, change)), debts.get(change.id))


def _verdicts(steps: _EntrySteps, evaluator: Evaluator, change: Change) -> Iterator[Verdict]:
    path = path_of("change", change.id)
    head, base = evaluator.head.load(path), evaluator.base.load(path)
    subject = evaluator.subject("change", change.id, base.data if base else None, (head.data if head else None) or {})
    own = gate_named("change", first_gate("change") or "", subject.base)
    waiting = until_work_begins(evaluator, path, subject)
    yield waiting or _at_entry(steps, path, subject, evaluator.verdict(subject, own))
    for gate in exceptions(evaluator, subject):
        yield evaluator.verdict(subject, gate)


def verdict_by_now(context: DecisionContext) -> Verdict:
    """Returns the verdict of a context. If the record waits for its work, says too why work may not begin."""
    waiting = until_work_begins(context.evaluator, context.path, context.subject)
    return waiting if waiting is not None and waiting.lapses else context.verdict


def further_verdicts(context: DecisionContext) -> Iterator[Verdict]:
    """Yields the verdicts at the other gates of a subject: those that it passes from base to here, and those that are
    still on its way. The check of the step asks for the former, whatever state the subject has by then."""
    evaluator, subject = context.evaluator, context.subject
    passed = (each for each in evaluator.evaluate_gates(context.path, subject) if each.passes)
    found = {each.verdict.question.gate: each.verdict for each in passed}
    for gate in further_gates(evaluator, subject):
        if gate.name not in found:
            found[gate.name] = evaluator.verdict(subject, gate)
    yield from (verdict for name, verdict in found.items() if name != context.gate.name)


def further_gates(evaluator: Evaluator, subject: Subject) -> Iterator[Gate]:
    """Returns the gates on a subject's way besides its own: exceptions from freezes, and the review of an emergency."""
    yield from exceptions(evaluator, subject)
    change: Any = subject.record
    if subject.kind == "change" and change is not None and entered_at(change) is not None:
        yield Gate(POST_REVIEW)


def exceptions(evaluator: Evaluator, subject: Subject) -> Iterator[Gate]:
    """Returns a gate for each freeze over a change whose work has not begun."""
    change: Any = subject.record
    begun = BEYOND["change"]["scheduled"][1:]
    if subject.kind == "change" and change is not None and change.state not in begun and change.window is not None:
        for freeze in freezes_over(
            change, facts_of(subject, evaluator.base, evaluator.head), evaluator.base, evaluator.now
        ):
            yield Gate(EXCEPTION + freeze.id)


def _at_entry(steps: _EntrySteps, path: str, subject: Subject, verdict: Verdict) -> Verdict:
    """Returns the verdict. If it is not open any more, returns that of the step by which the change passed the gate."""
    gate = verdict.question.gate
    if verdict.status in (GateStatus.APPROVED, GateStatus.REFUSED) or not is_past(
        "change", gate, state_in("change", subject.head)
    ):
        return verdict
    entry = steps.of(path, subject)
    then = (each for each in entry.verdicts if each.question.gate == gate and each.is_open) if entry is not None else ()
    return next(iter(then), verdict)


def busiest(evaluator: Evaluator) -> str | None:
    """Returns the person for whom the most open proposals of base wait, or None if nothing waits. If there are several
    such people, returns the first by id."""
    waiting = Counter(person for name in acted_on(evaluator.base.tree) for person in _awaited(evaluator, name))
    return min(waiting, key=lambda person: (-waiting[person], person), default=None)


def _awaited(evaluator: Evaluator, name: str) -> set[str]:
    """Yields the people who could fill an empty seat, at any gate of a subject of base that somebody proposed."""
    subject = subject_at_base(evaluator, name)
    if subject is None:
        return set()
    gates = {act.gate for act in open_proposals(evaluator, name, subject)} - {EDIT}
    verdicts = (evaluator.verdict(subject, gate_named(subject.kind, gate, subject.base)) for gate in gates)
    pending = (verdict for verdict in verdicts if verdict.status is GateStatus.PENDING)
    return {person for verdict in pending for each in verdict.filled for person in each.could}
