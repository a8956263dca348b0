"""How the approvals of all changes stand that are not over, and for whom most waits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from itsm_as_code.app.approvals.open_proposals import acted_on, open_proposals, subject_at_base
from itsm_as_code.domain.approval.answer import Status, Verdict
from itsm_as_code.domain.approval.debts import entered_at
from itsm_as_code.domain.approval.freezes import freezes_over
from itsm_as_code.domain.approval.gates import BEYOND, Gate, first_gate, gate_named, is_past
from itsm_as_code.domain.approval.inquiry import facts_of
from itsm_as_code.domain.approval.question import EDIT, EXCEPTION, POST_REVIEW
from itsm_as_code.domain.ids import path_of
from itsm_as_code.domain.lifecycle import LIFECYCLES
from itsm_as_code.domain.revision import state_in

if TYPE_CHECKING:
    from itsm_as_code.app.approvals.hearing import Court
    from itsm_as_code.app.workspace import Workspace
    from itsm_as_code.domain.approval.debts import Debt
    from itsm_as_code.domain.approval.inquiry import Subject
    from itsm_as_code.domain.kinds.change import Change

STRICTEST = (Status.REFUSED, Status.UNKNOWN, Status.PENDING, Status.APPROVED)
"""Of several gates the strictest answer is that of the change."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A change, the verdict of each gate on its way, its own first, and the review that it owes."""

    change: Change
    verdicts: tuple[Verdict, ...]
    debt: Debt | None

    @property
    def status(self) -> Status:
        """The strictest of the verdicts."""
        return min((verdict.status for verdict in self.verdicts), key=STRICTEST.index)


def standings(workspace: Workspace, court: Court) -> list[Standing]:
    """The changes that are not over, as they lie at head: by status, the strictest first, then by id."""
    found = _standings(workspace, court)
    return sorted(found, key=lambda each: (STRICTEST.index(each.status), each.change.id))


def _standings(workspace: Workspace, court: Court) -> Iterator[Standing]:
    changes: Any = court.head.records("change")
    debts = {debt.change: debt for debt in court.debts}
    for change in changes:
        if change.state not in LIFECYCLES["change"].final:
            yield Standing(change, tuple(_verdicts(workspace, court, change)), debts.get(change.id))


def _verdicts(workspace: Workspace, court: Court, change: Change) -> Iterator[Verdict]:
    path = path_of("change", change.id)
    head, base = court.head.load(path), court.base.load(path)
    subject = court.subject("change", change.id, base.data if base else None, (head.data if head else None) or {})
    own = gate_named("change", first_gate("change") or "", subject.base)
    yield _at_entry(workspace, path, subject, court.verdict(subject, own))
    for gate in exceptions(court, subject):
        yield court.verdict(subject, gate)


def further_gates(court: Court, subject: Subject) -> Iterator[Gate]:
    """The gates on a subject's way besides its own: exceptions from freezes, the review of an emergency."""
    yield from exceptions(court, subject)
    change: Any = subject.record
    if subject.kind == "change" and change is not None and entered_at(change) is not None:
        yield Gate(POST_REVIEW)


def exceptions(court: Court, subject: Subject) -> Iterator[Gate]:
    """A gate for each freeze over a change whose work has not begun."""
    change: Any = subject.record
    begun = BEYOND["change"]["scheduled"][1:]
    if subject.kind == "change" and change is not None and change.state not in begun and change.window is not None:
        for freeze in freezes_over(change, facts_of(subject, court.base, court.head), court.base, court.now):
            yield Gate(EXCEPTION + freeze.id)


def _at_entry(workspace: Workspace, path: str, subject: Subject, verdict: Verdict) -> Verdict:
    """The verdict; where it does not hold any more, that of the step by which the change went past the gate."""
    from itsm_as_code.app.approvals.look_back import entry_of

    gate = verdict.question.gate
    if verdict.status in (Status.APPROVED, Status.REFUSED) or not is_past(
        "change", gate, state_in("change", subject.head)
    ):
        return verdict
    entry = entry_of(workspace, path, subject)
    then = (each for each in entry.verdicts if each.question.gate == gate and each.passes) if entry is not None else ()
    return next(iter(then), verdict)


def busiest(court: Court) -> str | None:
    """The person for whom most open proposals of base wait; of several the first by id. None: nothing waits."""
    waiting = Counter(person for name in acted_on(court.base) for person in _awaited(court, name))
    return min(waiting, key=lambda person: (-waiting[person], person), default=None)


def _awaited(court: Court, name: str) -> set[str]:
    """Who could fill a seat that is empty, at any gate of a subject of base that somebody proposed."""
    subject = subject_at_base(court, name)
    if subject is None:
        return set()
    gates = {act.gate for act in open_proposals(court, name, subject)} - {EDIT}
    verdicts = (court.verdict(subject, gate_named(subject.kind, gate, subject.base)) for gate in gates)
    pending = (verdict for verdict in verdicts if verdict.status is Status.PENDING)
    return {person for verdict in pending for each in verdict.filled for person in each.could}
