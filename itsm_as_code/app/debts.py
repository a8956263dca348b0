"""Open debts: emergency changes of base whose post-implementation review nobody has accepted yet."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from itsm_as_code.domain.approval.debts import REACH, Debt, debt_of, entered_at
from itsm_as_code.domain.approval.gates import Gate, first_gate, subject_of
from itsm_as_code.domain.approval.inquiry import Subject, question
from itsm_as_code.domain.approval.question import POST_REVIEW
from itsm_as_code.domain.ids import FOLDERS, RECORDS, parse_path
from itsm_as_code.store.tree import Unreadable

if TYPE_CHECKING:
    from itsm_as_code.app.hearing import Court
    from itsm_as_code.domain.kinds.change import Change

_WORD = b"emergency"


def open_debts(court: Court, paid: Callable[[str], bool] | None = None) -> Iterator[Debt]:
    """The debts of base, by path. Only months whose changes can still owe something are looked at.

    A debt is paid where the verdict at the gate `post-review` is approved by the people of base; where it is not,
    `paid` is asked, which may know that it was approved when its acts landed.
    """
    for path in _emergencies(court):
        loaded = court.base.load(path)
        change: Any = loaded.record if loaded is not None else None
        since = entered_at(change) if change is not None and change.type == "emergency" else None
        if since is not None:
            debt = _debt(court, path, change, since)
            if debt is not None and not (debt.overdue(court.now) and paid is not None and paid(path)):
                yield debt


def _debt(court: Court, path: str, change: Change, since: datetime) -> Debt | None:
    """What a change of base owes, or None where its review, as it stands at head, is accepted."""
    loaded = court.head.load(path) or court.base.load(path)
    if loaded is None or loaded.record is None or loaded.data is None:
        loaded = court.base.load(path)
    record: Any = loaded.record if loaded is not None else change
    data = (loaded.data if loaded is not None else None) or {}
    subject = Subject("change", change.id, data, data, record, {})
    if court.verdict(subject, Gate(POST_REVIEW)).passes:
        return None
    asked = question(subject, Gate(first_gate("change") or ""), court.base, court.base)
    acts = court.acts(subject_of("change", change.id))
    return debt_of(change, asked, acts, court.base.settings.deadlines, since)


def _emergencies(court: Court) -> list[str]:
    """Paths of changes that may be emergencies, in the month folders of the last days that count."""
    tree = court.base.tree
    found = []
    for month in _months(court.now):
        entries = tree.entries(f"{RECORDS}/{FOLDERS['change']}/{month}")
        paths = [e.path for e in entries if e.mode == "file" and parse_path(e.path)]
        for path, content in tree.read_many(paths):
            if isinstance(content, Unreadable) or _WORD in content:
                found.append(path)
    return found


def _months(now: datetime) -> Iterator[str]:
    """`2026/11` and so on, from the first month within reach to the clock's."""
    day = (now - REACH - timedelta(days=1)).date().replace(day=1)
    while day <= now.date():
        yield day.strftime("%Y/%m")
        day = (day + timedelta(days=31)).replace(day=1)
