"""Hearing a question: the acts of base and head are gathered and verified, the rules and people are those of base."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from itsm_as_code.app.approvals.debts import Accepted, open_debts, overdue_debts
from itsm_as_code.app.approvals.top import Top
from itsm_as_code.app.approvals.workflows import workflow_files
from itsm_as_code.domain.approval.act import Act, act_of
from itsm_as_code.domain.approval.answer import Status, Verdict
from itsm_as_code.domain.approval.debts import entry_fault
from itsm_as_code.domain.approval.freezes import freezes_over
from itsm_as_code.domain.approval.gates import Gate, begins_work, first_gate, gates_of, is_past
from itsm_as_code.domain.approval.inquiry import Subject, facts_of, question
from itsm_as_code.domain.approval.question import EDIT, EXCEPTION
from itsm_as_code.domain.approval.registry import Registry, registry_of
from itsm_as_code.domain.approval.standing import taken_back
from itsm_as_code.domain.approval.verdict import judge
from itsm_as_code.domain.ids import ATTACHMENTS, FOLDERS, RECORDS, parse_path
from itsm_as_code.domain.kinds import KINDS
from itsm_as_code.domain.kinds.approval import Decision
from itsm_as_code.domain.revision import WORKFLOWS_KIND, state_in
from itsm_as_code.evidence.verification import Claim, faults

if TYPE_CHECKING:
    from itsm_as_code.domain.approval.debts import Debt
    from itsm_as_code.domain.approval.question import Question
    from itsm_as_code.domain.kinds.approval import Approval
    from itsm_as_code.store.snapshot import TreeSnapshot
    from itsm_as_code.store.tree import Tree


@dataclass(frozen=True, slots=True)
class Heard:
    """A verdict on one gate of one record; `path` is the record's."""

    path: str
    subject: Subject
    verdict: Verdict


class Court:
    """Base and head of a step, the people of base, and the clock. Acts are verified once.

    `compromised` (fingerprint to instant) are keys revoked by what came after the step, for those who look back.
    `accepted` knows by its own means whether a gate was passed when the acts landed; it is asked where the people
    of base could no longer let pass what they once did. `top` is the repository's top on both sides, where the
    workspace is a folder of it. `latest` is the latest instant at which the step can have landed, where the clock is
    the earliest: no act may be dated after it.
    """

    def __init__(
        self, base: TreeSnapshot, head: TreeSnapshot, now: datetime, *,
        compromised: Mapping[str, datetime] | None = None, accepted: Accepted | None = None,
        top: Top | None = None,
        latest: datetime | None = None,
    ) -> None:  # fmt: skip
        self.base = base
        self.head = head
        self.now = now
        self.latest = latest or now
        self._compromised = compromised or {}
        self._accepted = accepted
        self.top = top or Top(base.tree, head.tree)
        self._acts: dict[str, tuple[Act, ...]] = {}
        self._by_id: dict[str, dict[str, Act]] = {}
        self._overdue_of: dict[str | None, tuple[Debt, ...]] = {}

    @cached_property
    def registry(self) -> Registry:
        """People and teams of base."""
        people: Iterable[Any] = self.base.records("person")
        teams: Iterable[Any] = self.base.records("team")
        return registry_of(people, teams)

    @cached_property
    def workflows(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """The workflow files of the repository at base and at head, each as one subject."""
        before, after = (workflow_files(tree, self.top.guard) for tree in (self.top.base, self.top.head))
        return before, after

    def hear(self, path: str, subject: Subject) -> Iterator[Heard]:
        """The verdict of every gate that the subject passes in the step."""
        for gate in self.gates(subject):
            verdict = self.verdict(subject, gate)
            if gate.name.startswith(EXCEPTION) and not verdict.passes and self._granted_before(path, subject, verdict):
                continue
            yield Heard(path, subject, verdict)
        yield from self._refused_since(path, subject)

    def _refused_since(self, path: str, subject: Subject) -> Iterator[Heard]:
        """Where work begins on what entered the calendar before: the refusals of it that stand, and acts that can't be
        read, which might be refusals; nothing else."""
        own = first_gate(subject.kind)
        if subject.kind != "change" or own is None or subject.record is None:
            return
        if begins_work(subject.base, subject.head) and own not in (gate.name for gate in self.gates(subject)):
            verdict = self.verdict(subject, Gate(own))
            unread = tuple(self._unreadable_acts(verdict.question.subject))
            if verdict.blocking:
                yield Heard(path, subject, replace(verdict, status=Status.REFUSED, faults=()))
            elif unread:
                yield Heard(path, subject, replace(verdict, status=Status.UNKNOWN, faults=unread))

    def _granted_before(self, path: str, subject: Subject, verdict: Verdict) -> bool:
        """Whether an exception was granted when the change entered the calendar as it is: that is asked again when
        work begins for the sake of freezes that came later, not because somebody has left since."""
        asked, own = verdict.question, first_gate(subject.kind)
        before = state_in(subject.kind, subject.base) if subject.base is not None else None
        if own is None or not is_past(subject.kind, own, before) or verdict.blocking or self._accepted is None:
            return False
        if taken_back(self.acts(asked.subject), asked.gate) or not begins_work(subject.base, subject.head):
            return False
        return self._accepted(path, asked.gate, asked.digest)

    def own_gates(self, subject: Subject) -> tuple[Gate, ...]:
        """The gates of its own that the subject passes in the step. Workflow files have no revision: what an edit
        replaces is named with the commit that brought it, so that no approval fits a second time."""
        if subject.kind == WORKFLOWS_KIND:
            changed = subject.base != subject.head
            return (Gate(EDIT, {**(subject.base or {}), "since": self.top.since()}),) if changed else ()
        return tuple(gates_of(subject.kind, subject.base, subject.head, files_changed=self._files_changed(subject)))

    def gates(self, subject: Subject) -> Iterator[Gate]:
        """The gates that the subject passes in the step: its own, and an exception from each freeze over it."""
        passed = self.own_gates(subject)
        yield from passed
        if subject.kind != "change" or subject.record is None:
            return
        begins = begins_work(subject.base, subject.head)
        if passed or begins:
            change: Any = subject.record
            facts = facts_of(subject, self.base, self.head)
            for freeze in freezes_over(change, facts, self.base, self.now, begins=begins):
                yield Gate(EXCEPTION + freeze.id)
            for freeze_id in self._unreadable_freezes:
                yield Gate(EXCEPTION + freeze_id)

    def verdict(self, subject: Subject, gate: Gate) -> Verdict:
        """The verdict on one gate, by the rules of base."""
        asked = question(subject, gate, self.base, self.head)
        unread = (*self._unreadable_policies, *self._unreadable_acts(asked.subject))
        held_back = tuple(self._held_back(subject, asked))
        asked = replace(
            asked,
            faults=(*asked.faults, *self._entry_faults(subject, asked), *unread),
            held_back=held_back,
            disqualified={**self._proposers(asked), **asked.disqualified},
        )
        policies: Iterable[Any] = self.base.records("policy")
        return judge(asked, policies, self.acts(asked.subject), self.registry, self.now, self.latest)

    def _held_back(self, subject: Subject, asked: Question) -> Iterator[str]:
        """Overdue debts of the owner team, for all changes but emergencies, where they enter the calendar."""
        if asked.kind != "change" or asked.gate != first_gate("change") or asked.reason_wanted:
            return
        for debt in self._overdue(asked.owner_team):
            if debt.change != asked.subject:
                yield f"team {debt.team} first has to pay a debt: {debt.words}"

    def _entry_faults(self, subject: Subject, asked: Question) -> Iterator[str]:
        """What keeps an emergency from going past its gate, besides the rules."""
        own = first_gate(subject.kind)
        if asked.gate == own and asked.reason_wanted:
            base = subject.base or {}
            # What was let in as another type owed nothing: as an emergency it only begins now.
            let_in = base.get("type") == "emergency" and is_past(subject.kind, own, state_in(subject.kind, base))
            fault = entry_fault(subject.id, self.now)
            if fault is not None and not let_in:
                yield fault

    def _proposers(self, asked: Question) -> dict[str, str]:
        """Who proposed it at the record's own gate, in any form: they decide on it at no other gate either."""
        own = first_gate(asked.kind)
        if asked.gate == own:
            return {}
        sound = (act for act in self.acts(asked.subject) if act.fault is None and act.gate == own)
        proposals = [act for act in sound if act.decision is Decision.PROPOSED]
        return {person: "proposed it" for act in proposals for person in (act.by, act.stands_for)}

    @cached_property
    def debts(self) -> tuple[Debt, ...]:
        """What emergency changes of base leave open."""
        return tuple(open_debts(self, self._accepted))

    def _overdue(self, team: str | None) -> tuple[Debt, ...]:
        if team not in self._overdue_of:
            self._overdue_of[team] = tuple(overdue_debts(self, team, self._accepted))
        return self._overdue_of[team]

    @cached_property
    def _unreadable_policies(self) -> tuple[str, ...]:
        """Policies of base that can't be read might have asked for somebody: nothing is approved past them."""
        return tuple(f"{path} on base can't be read" for path in self._unreadable("policy"))

    @cached_property
    def _unreadable_freezes(self) -> tuple[str, ...]:
        """Freezes of base that can't be read might be over any change: nobody can grant an exception from them."""
        located = (parse_path(path) for path in self._unreadable("freeze"))
        return tuple(each[1] for each in located if each is not None)

    def _unreadable(self, kind: str) -> Iterator[str]:
        for _ in self.base.records(kind):
            pass  # reads the folder
        for entry in self.base.tree.entries(f"{RECORDS}/{FOLDERS[kind]}"):
            loaded = self.base.load(entry.path)
            if loaded is None or loaded.record is None:
                yield entry.path

    def _unreadable_acts(self, subject: str) -> Iterator[str]:
        """Acts that can't be read might be refusals: nothing is approved past them."""
        for snapshot in (self.base, self.head):
            for entry in snapshot.tree.entries(f"{RECORDS}/{FOLDERS['approval']}/{subject}"):
                loaded = snapshot.load(entry.path) if entry.mode == "file" and parse_path(entry.path) else None
                if loaded is None or loaded.record is None:
                    yield f"{entry.path} in {snapshot.tree.label} can't be read"

    def subject(
        self, kind: str, record_id: str, base: dict[str, Any] | None, head: dict[str, Any], path: str | None = None
    ) -> Subject:
        """A record of head with its attachments' hashes; `path` is where it lies, where that is known."""
        loaded = self.head.load(path) if path is not None and kind in KINDS else None
        record = loaded.record if loaded is not None else self.head.get(kind, record_id) if kind in KINDS else None
        files = dict(attached_files(self.head.tree, record_id)) if kind == "article" else {}
        return Subject(kind, record_id, base, head, record, files)

    def _files_changed(self, subject: Subject) -> bool:
        """Whether files of an article differ between base and head."""
        if subject.kind != "article":
            return False
        return dict(attached_files(self.base.tree, subject.id)) != dict(subject.attachments)

    def acts(self, subject: str) -> tuple[Act, ...]:
        """All acts on a subject in base and head, each verified against the people of base."""
        if subject not in self._acts:
            self._acts[subject] = tuple(self._verified(subject))
        return self._acts[subject]

    def act(self, subject: str, act_id: str) -> Act | None:
        """One act on a subject."""
        if subject not in self._by_id:
            self._by_id[subject] = {act.id: act for act in self.acts(subject)}
        return self._by_id[subject].get(act_id)

    def _verified(self, subject: str) -> Iterator[Act]:
        claims: dict[str, tuple[Approval, Claim]] = {}
        for snapshot in (self.head, self.base):  # base last: what has landed can't be changed by a proposal
            for record, data in _approvals(snapshot, subject):
                claim = Claim(data, self._signer(record), snapshot is self.base, self._compromised)
                claims[record.id] = (record, claim)
        found = faults([claim for _, claim in claims.values()], self.now)
        for (record, _), fault in zip(claims.values(), found, strict=True):
            yield act_of(record, fault)

    def _signer(self, record: Approval) -> Any:
        return self.base.get("person", record.witness or record.by)


def _approvals(snapshot: TreeSnapshot, subject: str) -> Iterator[tuple[Approval, dict[str, Any]]]:
    for entry in snapshot.tree.entries(f"{RECORDS}/{FOLDERS['approval']}/{subject}"):
        loaded = snapshot.load(entry.path) if entry.mode == "file" and parse_path(entry.path) else None
        record: Any = loaded.record if loaded is not None else None
        if record is not None and loaded is not None and loaded.data is not None and record.subject == subject:
            yield record, loaded.data


def attached_files(tree: Tree, article_id: str) -> Iterator[tuple[str, str]]:
    """The files attached to an article: path to hash."""
    for entry in tree.entries(f"{ATTACHMENTS}/{article_id}"):
        if entry.mode == "file":
            yield entry.path, "sha256:" + hashlib.sha256(tree.read(entry.path)).hexdigest()
