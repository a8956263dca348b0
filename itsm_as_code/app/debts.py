"""Open debts: emergency changes of base whose post-implementation review nobody has accepted yet."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from itsm_as_code.domain.approval.debts import REACH, Debt, debt_of, entered_at
from itsm_as_code.domain.approval.gates import Gate, first_gate, subject_of
from itsm_as_code.domain.approval.inquiry import Subject, question
from itsm_as_code.domain.approval.question import POST_REVIEW
from itsm_as_code.domain.approval.standing import STRICT
from itsm_as_code.domain.ids import FOLDERS, RECORDS, parse_path, ticket_day
from itsm_as_code.domain.kinds.approval import Decision
from itsm_as_code.store.tree import Unreadable

if TYPE_CHECKING:
    from itsm_as_code.app.hearing import Court
    from itsm_as_code.domain.approval.act import Act
    from itsm_as_code.domain.kinds.change import Change
    from itsm_as_code.store.snapshot import TreeSnapshot

_WORD, _ESCAPE = b"emergency", b"\\"
"""What a file that says `emergency` holds: the word, or an escape by which a quoted scalar may write it."""


def open_debts(court: Court, paid: Callable[[str], bool] | None = None, *, everywhere: bool = False) -> Iterator[Debt]:
    """The debts of base, by path. Only changes within reach by their id's date are looked at, unless `everywhere`.

    A debt is paid where the verdict at the gate `post-review` is approved by the people of base; where it is not,
    `paid` is asked, which may know that it was approved when its acts landed.
    """
    months = ("",) if everywhere else _months(court.now)
    for path in _emergencies(court, months):
        loaded = court.base.load(path)
        change: Any = loaded.record if loaded is not None else None
        since = entered_at(change) if change is not None else None
        if since is not None and (everywhere or _within_reach(change.id, court.now)):
            debt = _debt(court, path, change, since, paid)
            if debt is not None:
                yield debt


def _debt(
    court: Court, path: str, change: Change, since: datetime, paid: Callable[[str], bool] | None
) -> Debt | None:  # fmt: skip
    """What a change of base owes, or None where its review, as it stands at head, is accepted.

    Who owes it, and by when, is said by base: a step that edits the change moves neither.
    """
    verdict = court.verdict(_subject(path, change, court.head, court.base), Gate(POST_REVIEW))
    if verdict.passes:
        return None
    landed = _subject(path, change, court.base)
    asked = question(landed, Gate(first_gate("change") or ""), court.base, court.base)
    acts = court.acts(subject_of("change", change.id))
    debt = debt_of(change, asked, acts, court.base.settings.deadlines, since)
    if debt.overdue(court.now) and paid is not None and not verdict.blocking and not _taken_back(acts):
        return None if paid(path) else debt
    return debt


def _taken_back(acts: Iterable[Act]) -> bool:
    """Whether somebody who accepted the review went back on it: then it does not count that it was accepted."""
    sound = [act for act in acts if act.fault is None and act.gate == POST_REVIEW]
    accepted = {act.id: act.stands_for for act in sound if act.decision is Decision.APPROVED}
    against = (act for act in sound if act.decision in STRICT)
    return any(accepted.get(each) == act.stands_for for act in against for each in act.supersedes)


def _subject(path: str, change: Change, *snapshots: TreeSnapshot) -> Subject:
    """The change as the first of the snapshots has it that can be read."""
    for snapshot in snapshots:
        loaded = snapshot.load(path)
        if loaded is not None and loaded.record is not None and loaded.data is not None:
            return Subject("change", change.id, loaded.data, loaded.data, loaded.record, {})
    return Subject("change", change.id, {}, {}, None, {})


def _emergencies(court: Court, months: Iterable[str]) -> list[str]:
    """Paths of changes that may be emergencies, in these month folders."""
    tree = court.base.tree
    found = []
    for month in months:
        entries = tree.entries(f"{RECORDS}/{FOLDERS['change']}/{month}".rstrip("/"))
        paths = [e.path for e in entries if e.mode == "file" and parse_path(e.path)]
        for path, content in tree.read_many(paths):
            if isinstance(content, Unreadable) or _WORD in content or _ESCAPE in content:
                found.append(path)
    return found


def _months(now: datetime) -> Iterator[str]:
    """`2026/11` and so on in UTC, from the first month within reach to that of tomorrow."""
    last = now.astimezone(UTC).date() + timedelta(days=1)
    day = (last - REACH - timedelta(days=2)).replace(day=1)
    while day <= last:
        yield day.strftime("%Y/%m")
        day = (day + timedelta(days=31)).replace(day=1)


def _within_reach(change_id: str, now: datetime) -> bool:
    day = ticket_day(change_id)
    return day is not None and now - datetime.combine(day, time.min, UTC) <= REACH
