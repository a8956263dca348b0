"""Evaluates the gates of one record: verifies acts from both sides, applies the base's rules and people."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from itsm_as_code.app.approvals.accepted_review import review_asked_again
from itsm_as_code.app.approvals.acts import unreadable_acts, verified_acts
from itsm_as_code.app.approvals.guarded_files import workflow_files
from itsm_as_code.app.approvals.repository_root import RootTrees
from itsm_as_code.app.approvals.review_debts import Accepted, open_debts, overdue_debts
from itsm_as_code.app.approvals.when_work_begins import EntryOf, in_time, where_work_begins
from itsm_as_code.domain.approval.act import Act
from itsm_as_code.domain.approval.active_acts import still_approved, taken_back
from itsm_as_code.domain.approval.authorship import objectors, without_objectors
from itsm_as_code.domain.approval.debts import entry_fault
from itsm_as_code.domain.approval.directory import Directory, directory_of
from itsm_as_code.domain.approval.freezes import freezes_over
from itsm_as_code.domain.approval.gates import Gate, begins_work, first_gate, gates_of, is_past, is_unpublished
from itsm_as_code.domain.approval.inquiry import Subject, content_digest, facts_of, question
from itsm_as_code.domain.approval.judge import judge
from itsm_as_code.domain.approval.question import AUTHORS, EDIT, EXCEPTION, UNPUBLISHED
from itsm_as_code.domain.approval.verdict import Verdict
from itsm_as_code.domain.ids import ATTACHMENTS, FOLDERS, RECORDS, parse_path
from itsm_as_code.domain.kinds import KINDS
from itsm_as_code.domain.kinds.approval import Decision
from itsm_as_code.domain.kinds.person import Person
from itsm_as_code.domain.kinds.policy import Policy
from itsm_as_code.domain.kinds.team import Team
from itsm_as_code.domain.revision import WORKFLOWS_KIND, state_in

if TYPE_CHECKING:
    from itsm_as_code.app.approvals.settled_reviews import SettledReviews
    from itsm_as_code.domain.approval.debts import Debt
    from itsm_as_code.domain.approval.question import Question
    from itsm_as_code.store.snapshot import TreeSnapshot
    from itsm_as_code.store.tree import Tree


@dataclass(frozen=True, slots=True)
class GateResult:
    """A verdict on one gate of one record; `path` is the record's. `passes` is false if the record passed the gate in
    an earlier step, and it is asked about again because work begins."""

    path: str
    subject: Subject
    verdict: Verdict
    passes: bool = True


class Evaluator:
    """Evaluates gates over base and head of a step, with the people of base and one clock. It verifies acts only once.

    `compromised` (fingerprint to instant) are keys that were revoked after the step, for those who judge the past. They
    verify every signature; without it, the acts of base count as they were judged when they landed.
    `accepted` tells whether a gate was open when the acts landed, and `entry_of` how a ticket passed its gate. They are
    asked if the people of base can no longer open the gate. `roots` are both sides from the repository's root on, for a
    workspace in a folder of it. No act may be dated after `latest`. It differs from the clock if the clock is only the
    earliest time at which the step can have landed. `settled` are reviews that earlier steps have settled.
    Without `held_back`, no verdict asks for overdue reviews: who could fill a seat does not depend on them.
    """

    def __init__(
        self, base: TreeSnapshot, head: TreeSnapshot, now: datetime, *,
        compromised: Mapping[str, datetime] | None = None, accepted: Accepted | None = None,
        roots: RootTrees | None = None,
        latest: datetime | None = None,
        entry_of: EntryOf | None = None,
        settled: SettledReviews | None = None,
        held_back: bool = True,
    ) -> None:  # fmt: skip
        self.base = base
        self.head = head
        self.now = now
        self.latest = latest or now
        self.entry_of = entry_of
        self.settled = settled
        self._asks_what_holds_back = held_back
        self._compromised = compromised
        self._accepted = accepted
        self.roots = roots or RootTrees(base.tree, head.tree)
        self._acts: dict[str, tuple[Act, ...]] = {}
        self._by_id: dict[str, dict[str, Act]] = {}
        self._overdue_of: dict[str | None, tuple[Debt, ...]] = {}

    def judged_at(self, now: datetime) -> Evaluator:
        """Returns an evaluator of the same step at another instant. Nothing is read again."""
        return Evaluator(
            self.base, self.head, now, compromised=self._compromised, accepted=self._accepted, roots=self.roots,
            latest=self.latest, entry_of=self.entry_of, settled=self.settled, held_back=self._asks_what_holds_back,
        )  # fmt: skip

    def by_base(self, base: TreeSnapshot, compromised: Mapping[str, datetime] | None = None) -> Evaluator:
        """Returns an evaluator of the same head by another base. Acts of the present base do not count for it unless
        head has them. `compromised` are more keys that were revoked."""
        known = {**(self._compromised or {}), **(compromised or {})}
        return Evaluator(base, self.head, self.now, compromised=known, latest=self.latest)

    @cached_property
    def directory(self) -> Directory:
        """The people and teams of base."""
        return directory_of(self.base.all(Person), self.base.all(Team))

    @cached_property
    def workflows(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """The workflow files of the repository at base and at head, each as one subject."""
        before, after = (workflow_files(tree, self.roots.guard) for tree in (self.roots.base, self.roots.head))
        return before, after

    def evaluate_gates(self, path: str, subject: Subject) -> Iterator[GateResult]:
        """Returns the verdict of every gate that the subject passes in the step, and of its own gate where work begins
        that may not begin."""
        passed = tuple(self.gates(subject))
        own = first_gate(subject.kind)
        for gate in passed:
            verdict = self.verdict(subject, gate)
            if gate.name == own:
                verdict = in_time(self, subject, verdict)
            if gate.name.startswith(EXCEPTION) and not verdict.is_open and self._granted_before(path, subject, verdict):
                continue
            yield GateResult(path, subject, verdict)
        if not any(gate.name == own for gate in passed):
            closed = where_work_begins(self, path, subject)
            if closed is not None:
                yield GateResult(path, subject, closed, passes=False)

    def _granted_before(self, path: str, subject: Subject, verdict: Verdict) -> bool:
        """Whether an exception was granted when the change entered the calendar as it is. The question is asked again
        when work begins because of freezes that came later, not because somebody has left since."""
        asked, own = verdict.question, first_gate(subject.kind)
        before = state_in(subject.kind, subject.base) if subject.base is not None else None
        if own is None or not is_past(subject.kind, own, before) or verdict.blocking or self._accepted is None:
            return False
        acts = self.acts(asked.subject)
        back = taken_back(acts, asked.gate)
        undone = bool(back) and not still_approved(acts, asked.gate, asked.digest)
        if undone or not begins_work(subject.base, subject.head):
            return False
        return self._accepted(path, asked.gate, asked.digest, back)

    def own_gates(self, subject: Subject) -> tuple[Gate, ...]:
        """Returns the gates of its own that the subject passes in the step. Workflow files have no revision, so the
        content that an edit replaces includes the commit that brought it: then no approval fits a second time."""
        if subject.kind == WORKFLOWS_KIND:
            changed = subject.base != subject.head
            return (Gate(EDIT, {**(subject.base or {}), "since": self.roots.since()}),) if changed else ()
        passed = gates_of(subject.kind, subject.base, subject.head, files_changed=subject.files_changed)
        return (*passed, *([Gate(UNPUBLISHED)] if is_unpublished(subject.kind, subject.base, subject.head) else []))

    def gates(self, subject: Subject) -> Iterator[Gate]:
        """Returns the gates that the subject passes in the step: its own, that of an accepted review that changes, and
        an exception from each freeze over it."""
        passed = self.own_gates(subject)
        yield from passed
        yield from review_asked_again(self, subject, self._accepted)
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

    def verdict(
        self, subject: Subject, gate: Gate, counting: frozenset[str] | None = None, *, held_back: bool = True
    ) -> Verdict:  # fmt: skip
        """Returns the verdict on one gate, by the rules of base. With `counting`, no other approvals fill a seat.
        Without `held_back`, nobody asks whether overdue reviews hold the record back, which takes long."""
        asked = question(subject, gate, self.base, self.head)
        unread = (*self._unreadable_policies, *self._unreadable_acts(asked.subject))
        debts = tuple(self._held_back(asked)) if held_back and self._asks_what_holds_back else ()
        asked = replace(
            asked,
            faults=(*asked.faults, *self._entry_faults(subject, asked), *unread),
            held_back=debts,
            counting=counting,
            disqualified={**self._proposers(asked), **self._barred(subject, asked)},
        )
        policies = self.base.all(Policy)
        return judge(asked, policies, self.acts(asked.subject), self.directory, self.now, self.latest)

    def _barred(self, subject: Subject, asked: Question) -> dict[str, str]:
        """Returns authors and requesters with the reason, without those who object to being named as authors."""
        acts = self.acts(asked.subject)
        if not any(act.gate == AUTHORS for act in acts):
            return dict(asked.disqualified)
        return without_objectors(asked.disqualified, objectors(acts, content_digest(subject)))

    def _held_back(self, asked: Question) -> Iterator[str]:
        """Returns the overdue debts of the owner team. They hold up every change but emergencies where it enters the
        calendar."""
        if asked.kind != "change" or asked.gate != first_gate("change") or asked.reason_wanted:
            return
        for debt in self._overdue(asked.owner_team):
            if debt.change != asked.subject:
                yield f"team {debt.team} must first finish an overdue review: {debt.words}"

    def _entry_faults(self, subject: Subject, asked: Question) -> Iterator[str]:
        """Returns what keeps an emergency from passing its gate, besides the rules."""
        own = first_gate(subject.kind)
        if asked.gate == own and asked.reason_wanted:
            base = subject.base or {}
            # It was approved as another type, which owed nothing; as an emergency it begins now.
            let_in = base.get("type") == "emergency" and is_past(subject.kind, own, state_in(subject.kind, base))
            fault = entry_fault(subject.id, self.now)
            if fault is not None and not let_in:
                yield fault

    def _proposers(self, asked: Question) -> dict[str, str]:
        """Returns the people who proposed it at its own gate, in any form: they can't decide on it at another gate
        either."""
        own = first_gate(asked.kind)
        if asked.gate == own:
            return {}
        sound = (act for act in self.acts(asked.subject) if act.fault is None and act.gate == own)
        proposals = [act for act in sound if act.decision is Decision.PROPOSED]
        return {person: "proposed it" for act in proposals for person in (act.by, act.stands_for)}

    @cached_property
    def debts(self) -> tuple[Debt, ...]:
        """Returns the debts of the emergency changes of base."""
        return tuple(open_debts(self, self._accepted))

    def _overdue(self, team: str | None) -> tuple[Debt, ...]:
        if team not in self._overdue_of:
            self._overdue_of[team] = tuple(overdue_debts(self, team, self._accepted))
        return self._overdue_of[team]

    @cached_property
    def _unreadable_policies(self) -> tuple[str, ...]:
        """Returns the policies of base that can't be read. They might ask for somebody, so nothing is approved."""
        return tuple(f"{path} on base can't be read" for path in self._unreadable("policy"))

    @cached_property
    def _unreadable_freezes(self) -> tuple[str, ...]:
        """Returns the freezes of base that can't be read. They might be over any change, and nobody can grant an
        exception."""
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
        """Returns the acts that can't be read. They might be refusals, so nothing is approved."""
        for snapshot in (self.base, self.head):
            for path in unreadable_acts(snapshot, subject):
                yield f"{path} in {snapshot.tree.label} can't be read"

    def subject(
        self, kind: str, record_id: str, base: dict[str, Any] | None, head: dict[str, Any], path: str | None = None
    ) -> Subject:
        """Returns a record of head with its attachments' hashes. `path` is the record's path, if it is known."""
        loaded = self.head.load(path) if path is not None and kind in KINDS else None
        record = loaded.record if loaded is not None else self.head.get(kind, record_id) if kind in KINDS else None
        before, after = (
            dict(attached_files(side.tree, record_id)) if kind == "article" else {} for side in (self.base, self.head)
        )
        return Subject(kind, record_id, base, head, record, after, before != after)

    def acts(self, subject: str) -> tuple[Act, ...]:
        """Returns all acts on a subject in base and head, each verified against the people of base."""
        if subject not in self._acts:
            acts = verified_acts(self.base, self.head, subject, self.now, self._compromised)
            self._acts[subject] = tuple(acts)
        return self._acts[subject]

    def act(self, subject: str, act_id: str) -> Act | None:
        """Returns one act on a subject."""
        if subject not in self._by_id:
            self._by_id[subject] = {act.id: act for act in self.acts(subject)}
        return self._by_id[subject].get(act_id)


def attached_files(tree: Tree, article_id: str) -> Iterator[tuple[str, str]]:
    """Returns the files attached to an article: path to hash."""
    for entry in tree.entries(f"{ATTACHMENTS}/{article_id}"):
        if entry.mode == "file":
            yield entry.path, "sha256:" + hashlib.sha256(tree.read(entry.path)).hexdigest()
