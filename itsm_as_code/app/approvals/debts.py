"""Open debts: emergency changes of base whose post-implementation review nobody has accepted yet."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, Protocol

from itsm_as_code.domain.approval.debts import REACH, Debt, debt_of, entered_at
from itsm_as_code.domain.approval.gates import Gate, first_gate, subject_of
from itsm_as_code.domain.approval.inquiry import Subject, question
from itsm_as_code.domain.approval.question import POST_REVIEW
from itsm_as_code.domain.approval.standing import taken_back
from itsm_as_code.domain.ids import FOLDERS, RECORDS, parse_path, ticket_day
from itsm_as_code.store.snapshot import read_data
from itsm_as_code.store.tree import Unreadable

if TYPE_CHECKING:
    from itsm_as_code.domain.approval.act import Act
    from itsm_as_code.domain.approval.answer import Verdict
    from itsm_as_code.domain.kinds.change import Change
    from itsm_as_code.store.snapshot import TreeSnapshot


class Bench(Protocol):
    """What of a court is needed here: both sides, the clock, verdicts and acts."""

    base: TreeSnapshot
    head: TreeSnapshot
    now: datetime

    def verdict(self, subject: Subject, gate: Gate) -> Verdict:
        """The verdict on one gate, by the rules of base."""

    def acts(self, subject: str) -> tuple[Act, ...]:
        """All acts on a subject in base and head, verified."""


Accepted = Callable[[str, str, str], bool]
"""Whether what lies at a path passed a gate, with content of this digest, at the step by which the acts landed."""
_WORD, _ESCAPE = b"emergency", b"\\"
"""What a file that says `emergency` holds: the word, or an escape by which a quoted scalar may write it."""


def open_debts(court: Bench, paid: Accepted | None = None, *, everywhere: bool = False) -> Iterator[Debt]:
    """The debts of base, by path. Only changes within reach by their id's date are looked at, unless `everywhere`.

    A debt is paid where the verdict at the gate `post-review` is approved by the people of base; where it is not,
    `paid` is asked, which may know that it was approved when its acts landed.
    """
    for path, change, since in _entered(court, everywhere=everywhere):
        debt = _debt(court, path, change, since, paid, early=True)
        if debt is not None:
            yield debt


def overdue_debts(court: Bench, team: str | None, paid: Accepted | None = None) -> Iterator[Debt]:
    """The overdue debts of one team, within reach. Verdicts, signatures and history are asked of its changes only."""
    for path, change, since in _entered(court, lambda data: _owner(court, data.get("service")) == team):
        debt = _debt(court, path, change, since, paid)
        if debt is not None and debt.team == team and debt.overdue(court.now):
            yield debt


def _entered(
    court: Bench, wanted: Callable[[Mapping[str, Any]], bool] = lambda data: True, *, everywhere: bool = False
) -> Iterator[tuple[str, Change, datetime]]:
    """Emergency changes of base that went past their gate, with their path and when they did. `wanted` is asked of
    what a file holds before it is understood, which takes longer."""
    months = ("",) if everywhere else _months(court.now)
    for path in _emergencies(court, months, wanted):
        loaded = court.base.load(path)
        change: Any = loaded.record if loaded is not None else None
        since = entered_at(change) if change is not None else None
        if since is not None and (everywhere or _within_reach(change.id, court.now)):
            yield path, change, since


def _owner(court: Bench, service_id: object) -> str | None:
    """The team that answers for a service at base."""
    service: Any = court.base.get("service", service_id) if isinstance(service_id, str) else None
    return service.owner if service is not None else None


def _debt(
    court: Bench, path: str, change: Change, since: datetime, paid: Accepted | None, *, early: bool = False
) -> Debt | None:
    """What a change of base owes, or None where its review, as it stands at head, is accepted.

    Who owes it, and by when, is said by base: a step that edits the change moves neither. `early`: history is asked
    before the debt is overdue too.
    """
    verdict = court.verdict(_subject(path, change, court.head, court.base), Gate(POST_REVIEW))
    if verdict.passes:
        return None
    landed = _subject(path, change, court.base)
    asked = question(landed, Gate(first_gate("change") or ""), court.base, court.base)
    acts = court.acts(subject_of("change", change.id))
    debt = debt_of(change, asked, acts, court.base.settings.deadlines, since)
    asked_for = paid if early or debt.overdue(court.now) else None
    if asked_for is not None and not verdict.blocking and not taken_back(acts, POST_REVIEW):
        return None if asked_for(path, POST_REVIEW, verdict.question.digest) else debt
    return debt


def _subject(path: str, change: Change, *snapshots: TreeSnapshot) -> Subject:
    """The change as the first of the snapshots has it that can be read."""
    for snapshot in snapshots:
        loaded = snapshot.load(path)
        if loaded is not None and loaded.record is not None and loaded.data is not None:
            return Subject("change", change.id, loaded.data, loaded.data, loaded.record, {})
    return Subject("change", change.id, {}, {}, None, {})


def _emergencies(court: Bench, months: Iterable[str], wanted: Callable[[Mapping[str, Any]], bool]) -> list[str]:
    """Paths of changes that are emergencies and wanted, or can't be read, in these month folders."""
    tree = court.base.tree
    found = []
    for month in months:
        entries = tree.entries(f"{RECORDS}/{FOLDERS['change']}/{month}".rstrip("/"))
        paths = [e.path for e in entries if e.mode == "file" and parse_path(e.path)]
        for path, content in tree.read_many(paths):
            if isinstance(content, Unreadable):
                found.append(path)
            elif _WORD in content or _ESCAPE in content:
                data = read_data(path, content).data
                if data is None or (data.get("type") == "emergency" and wanted(data)):
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
