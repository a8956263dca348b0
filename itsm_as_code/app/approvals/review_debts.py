"""Finds open debts: emergency changes on base whose post-implementation review nobody has accepted yet."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, Protocol

from itsm_as_code.domain.approval.active_acts import still_approved, taken_back
from itsm_as_code.domain.approval.authorship import objectors, without_objectors
from itsm_as_code.domain.approval.debts import REACH, Debt, debt_of, entered_at
from itsm_as_code.domain.approval.gates import Gate, first_gate, subject_of
from itsm_as_code.domain.approval.inquiry import Subject, question
from itsm_as_code.domain.approval.question import POST_REVIEW
from itsm_as_code.domain.ids import FOLDERS, RECORDS, parse_path, ticket_day
from itsm_as_code.domain.kinds.service import Service
from itsm_as_code.store.tree import Unreadable

if TYPE_CHECKING:
    from itsm_as_code.app.approvals.settled_reviews import SettledReviews
    from itsm_as_code.domain.approval.act import Act
    from itsm_as_code.domain.approval.verdict import Verdict
    from itsm_as_code.domain.kinds.change import Change
    from itsm_as_code.store.snapshot import TreeSnapshot


class GateEvaluator(Protocol):
    """The part of an evaluator that is needed here: both sides, the clock, verdicts, acts, and the reviews that earlier
    steps have settled."""

    base: TreeSnapshot
    head: TreeSnapshot
    now: datetime
    settled: SettledReviews | None

    def verdict(self, subject: Subject, gate: Gate) -> Verdict:
        """Returns the verdict on one gate, by the rules of base."""

    def acts(self, subject: str) -> tuple[Act, ...]:
        """Returns all acts on a subject in base and head, verified."""


Accepted = Callable[[str, str, str, frozenset[str]], bool]
"""Whether the content at a path, with this digest, passed a gate in a step by which acts landed: in one that had the
acts with these ids, by which approvals were taken back."""
Wanted = Callable[[str, bytes], bool]
"""Whether the file at a path, with these bytes, is one to read."""
_WORD, _ESCAPE = b"emergency", b"\\"
"""What a file that says `emergency` has in it: the word, or an escape with which a quoted scalar may write it."""
_BLANK = rb"(?:\s|#[^\n]*\n)*"


def _field(name: bytes, values: Iterable[bytes]) -> re.Pattern[bytes]:
    """Returns what finds a field whose value begins so, in whatever style: blanks, comments, a block header and quotes
    may stand between name and value, and nothing else in a record."""
    header = rb"""["']?""" + _BLANK + b":" + _BLANK + rb"""(?:[|>][-+0-9]*""" + _BLANK + rb""")?["']?"""
    return re.compile(name + header + b"(?:" + (b"|".join(map(re.escape, values)) or b"(?!)") + b")")


_TYPE = _field(b"type", [_WORD])


def open_debts(evaluator: GateEvaluator, paid: Accepted | None = None, *, everywhere: bool = False) -> Iterator[Debt]:
    """Returns the debts of base, by path. Only changes whose id's date is within reach are read, unless `everywhere`.

    A debt is paid if the people of base approve it at the gate `post-review`. If they do not, `paid` is asked, which
    may know that it was approved when its acts landed.
    """
    for path, change, since in _entered(evaluator, everywhere=everywhere):
        debt = _debt(evaluator, path, change, since, paid, early=True)
        if debt is not None:
            yield debt


def overdue_debts(evaluator: GateEvaluator, team: str | None, paid: Accepted | None = None) -> Iterator[Debt]:
    """Returns the overdue debts of one team, within reach. Verdicts, signatures and history are read only for its
    changes."""
    of_team = _field(b"service", (each.id.encode() for each in evaluator.base.all(Service) if each.owner == team))

    def wanted(path: str, content: bytes) -> bool:
        """Parsing takes longer than searching, so a change that names no service of the team is not parsed."""
        if team is not None and not of_team.search(content) and not _escapes(content):
            return False
        loaded = evaluator.base.load(path)
        return loaded is not None and loaded.data is not None and _owner(evaluator, loaded.data.get("service")) == team

    for path, change, since in _entered(evaluator, wanted):
        debt = _debt(evaluator, path, change, since, paid)
        if debt is not None and debt.team == team and debt.overdue(evaluator.now):
            yield debt


def _owner(evaluator: GateEvaluator, service_id: object) -> str | None:
    """Returns the team that owns a service at base."""
    service = evaluator.base.find(Service, service_id) if isinstance(service_id, str) else None
    return service.owner if service is not None else None


def _entered(
    evaluator: GateEvaluator, wanted: Wanted = lambda path, content: True, *, everywhere: bool = False
) -> Iterator[tuple[str, Change, datetime]]:
    """Yields emergency changes of base that passed their gate and are wanted, with their path and the instant."""
    months = ("",) if everywhere else _months(evaluator.now)
    for path in _emergencies(evaluator, months, wanted):
        loaded = evaluator.base.load(path)
        change: Any = loaded.record if loaded is not None else None
        since = entered_at(change) if change is not None else None
        if since is not None and (everywhere or _within_reach(change.id, evaluator.now)):
            yield path, change, since


def _debt(
    evaluator: GateEvaluator, path: str, change: Change, since: datetime, paid: Accepted | None, *, early: bool = False
) -> Debt | None:
    """Returns the debt of a change of base, or None if its review, as head has it, is accepted.

    Base says who owes it, and by when, so a step that edits the change moves neither. With `early`, history is read
    even before the debt is overdue.
    """
    settled, base, head = evaluator.settled, evaluator.base, evaluator.head
    if settled is not None and settled.has(base.tree, head.tree, path, change.id):
        return None
    verdict = evaluator.verdict(_subject(path, change, evaluator.head, evaluator.base), Gate(POST_REVIEW))
    if verdict.is_open:
        return None
    landed = _subject(path, change, evaluator.base)
    asked = question(landed, Gate(first_gate("change") or ""), evaluator.base, evaluator.base)
    acts = evaluator.acts(subject_of("change", change.id))
    barred = without_objectors(asked.disqualified, objectors(acts, asked.digest))
    asked = replace(asked, disqualified=barred)
    debt = debt_of(change, asked, acts, evaluator.base.settings.deadlines, since)
    asked_for = paid if early or debt.overdue(evaluator.now) else None
    content = verdict.question.digest
    back = taken_back(acts, POST_REVIEW)
    if asked_for is not None and not verdict.blocking and (not back or still_approved(acts, POST_REVIEW, content)):
        return None if asked_for(path, POST_REVIEW, content, back) else debt
    return debt


def _subject(path: str, change: Change, *snapshots: TreeSnapshot) -> Subject:
    """Returns the change from the first of the snapshots that has it and can read it."""
    for snapshot in snapshots:
        loaded = snapshot.load(path)
        if loaded is not None and loaded.record is not None and loaded.data is not None:
            return Subject("change", change.id, loaded.data, loaded.data, loaded.record, {})
    return Subject("change", change.id, {}, {}, None, {})


def _emergencies(evaluator: GateEvaluator, months: Iterable[str], wanted: Wanted) -> Iterator[str]:
    """Yields paths in these month folders of changes that may be emergencies, by their bytes, and are wanted."""
    folders = [f"{RECORDS}/{FOLDERS['change']}/{month}".rstrip("/") for month in months]
    for path, content in evaluator.base.tree.read_with(folders, (_WORD, _ESCAPE)):
        if isinstance(content, Unreadable) or not parse_path(path):
            continue
        if _may_be_emergency(content) and wanted(path, content):
            yield path


def _may_be_emergency(content: bytes) -> bool:
    """Tells whether a file may be that of an emergency, in whatever style it is written."""
    return _TYPE.search(content) is not None or _escapes(content)


def _escapes(content: bytes) -> bool:
    """Tells whether a file may write any word in another way: a quoted scalar may hold escapes."""
    return _ESCAPE in content and b'"' in content


def _months(now: datetime) -> Iterator[str]:
    """Yields `2026/11` and so on in UTC, from the first month within reach to the month of tomorrow."""
    last = now.astimezone(UTC).date() + timedelta(days=1)
    day = (last - REACH - timedelta(days=2)).replace(day=1)
    while day <= last:
        yield day.strftime("%Y/%m")
        day = (day + timedelta(days=31)).replace(day=1)


def _within_reach(change_id: str, now: datetime) -> bool:
    day = ticket_day(change_id)
    return day is not None and now - datetime.combine(day, time.min, UTC) <= REACH
