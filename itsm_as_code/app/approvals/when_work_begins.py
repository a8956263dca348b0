"""Asks again where work begins: whether what let a record pass its gate still stands, and whether it is time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from itsm_as_code.app.approvals.acts import unreadable_acts
from itsm_as_code.app.approvals.review_debts import GateEvaluator
from itsm_as_code.domain.approval.gates import Gate, first_gate, gate_named, is_past
from itsm_as_code.domain.approval.question import RATIFY
from itsm_as_code.domain.approval.standing import JudgedEntry, ratified, stands
from itsm_as_code.domain.approval.verdict import GateStatus, Lapse, Verdict
from itsm_as_code.domain.approval.work import UNDER_WAY, Work, outside_window, window_over, work_in
from itsm_as_code.domain.revision import state_in

if TYPE_CHECKING:
    from itsm_as_code.domain.approval.inquiry import Subject

EntryOf = Callable[[str, str], JudgedEntry | None]
"""Returns how the ticket at a path passed a gate, by the history of base."""


class HistoryEvaluator(GateEvaluator, Protocol):
    """The part of an evaluator that is needed here. Without `entry_of`, it is trusted that what base has was judged."""

    latest: datetime
    entry_of: EntryOf | None

    def verdict(
        self, subject: Subject, gate: Gate, counting: frozenset[str] | None = None, *, held_back: bool = True
    ) -> Verdict:  # fmt: skip
        """Returns the verdict on one gate, by the rules of base. With `counting`, no other approvals fill a seat.
        Without `held_back`, overdue reviews are not asked for."""


def where_work_begins(evaluator: HistoryEvaluator, path: str, subject: Subject) -> Verdict | None:
    """Returns the verdict where work begins, or goes on after a wait, on a record that passed its gate in an earlier
    step. Returns None if nothing stops the work.

    Work that goes on after a wait has begun in time. So only what people have said since counts, and no clock.
    """
    work = work_in(subject.kind, subject.base, subject.head)
    if work is None:
        return None
    verdict = in_time(evaluator, subject, standing(evaluator, path, subject, expires=work is Work.BEGINS))
    return None if verdict.is_open else verdict


def in_time(evaluator: HistoryEvaluator, subject: Subject, verdict: Verdict) -> Verdict:
    """Returns the verdict, closed if work on the change begins in this step and it is not the time for it."""
    change: Any = subject.record
    if change is None or work_in(subject.kind, subject.base, subject.head) is not Work.BEGINS:
        return verdict
    return _closed(verdict, outside_window(change, evaluator.now, evaluator.latest))


def until_work_begins(evaluator: HistoryEvaluator, path: str, subject: Subject) -> Verdict | None:
    """Returns the verdict on a change that base has past its gate and whose work has not begun: what would be said if
    it began now. Returns None for all others."""
    change: Any = subject.record
    gate = first_gate("change") or ""
    if subject.kind != "change" or change is None or subject.base is None or change.state in UNDER_WAY:
        return None
    if not all(is_past("change", gate, state) for state in (state_in("change", subject.base), change.state)):
        return None
    return _closed(standing(evaluator, path, subject), window_over(change, evaluator.now))


def standing(evaluator: HistoryEvaluator, path: str, subject: Subject, *, expires: bool = True) -> Verdict:
    """Returns the verdict on a record that base has past its own gate: whether what let it pass still stands.

    It does if the people and rules of today approve it; otherwise history is asked. Refusals count, and so do acts that
    can't be read, because they might be refusals. Overdue reviews hold up no work that was planned before.
    """
    gate = first_gate(subject.kind) or ""
    today = evaluator.verdict(subject, Gate(gate), held_back=False)
    if today.blocking:
        return replace(today, status=GateStatus.REFUSED, faults=())
    unread = tuple(_unreadable(evaluator, today.question.subject))
    if unread:
        return replace(today, status=GateStatus.UNKNOWN, faults=unread)
    if today.is_decided or evaluator.entry_of is None:
        return replace(today, status=GateStatus.APPROVED, faults=())
    entry = evaluator.entry_of(path, gate)
    then = _at_entry(evaluator, entry, today, expires=expires)
    if then.is_open or (entry is not None and _is_ratified(evaluator, subject, entry)):
        return replace(then, status=GateStatus.APPROVED, lapses=())
    return replace(today, lapses=then.lapses)


def _at_entry(evaluator: HistoryEvaluator, entry: JudgedEntry | None, today: Verdict, *, expires: bool) -> Verdict:
    """Returns the verdict at entry as it is now."""
    asked = today.question
    if entry is None:
        why = "the history of base does not show how it passed its gate"
        return _closed(today, (Lapse(why, f"itsm approve {asked.subject} --gate {asked.gate}"),))
    used_at = evaluator.now if expires else entry.at
    return stands(entry, evaluator.acts(asked.subject), used_at, evaluator.latest)


def _is_ratified(evaluator: HistoryEvaluator, subject: Subject, entry: JudgedEntry) -> bool:
    """Whether people have taken the record over as it is, although it went past the check."""
    gate = gate_named(subject.kind, RATIFY, subject.base)
    acts = evaluator.acts(entry.verdict.question.subject)
    return ratified(entry, lambda counting: evaluator.verdict(subject, gate, counting), acts, evaluator.now)


def _unreadable(evaluator: HistoryEvaluator, subject: str) -> Iterator[str]:
    for snapshot in (evaluator.base, evaluator.head):
        yield from (f"{path} in {snapshot.tree.label} can't be read" for path in unreadable_acts(snapshot, subject))


def _closed(verdict: Verdict, reasons: Iterator[Lapse] | tuple[Lapse, ...]) -> Verdict:
    """Returns the verdict with further reasons why work may not begin, if there are any."""
    lapses = (*verdict.lapses, *reasons)
    if lapses == verdict.lapses:
        return verdict
    status = GateStatus.PENDING if verdict.status is GateStatus.APPROVED else verdict.status
    return replace(verdict, status=status, lapses=lapses)
