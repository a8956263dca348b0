"""What waits for a person: on base, and on open branches that are given. Verdicts decide, whatever their gate."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from shlex import quote
from typing import TYPE_CHECKING, Any

from itsm_as_code.app.approvals.case import hearings, record_changes
from itsm_as_code.app.approvals.hearing import Court
from itsm_as_code.app.approvals.open_proposals import acted_on, kind_and_id, open_proposals, subject_at_base
from itsm_as_code.app.approvals.top import top_of
from itsm_as_code.app.protected import REMOTE, base_tree
from itsm_as_code.app.workspace import Workspace
from itsm_as_code.domain.approval.answer import Status, Verdict
from itsm_as_code.domain.approval.gates import Gate, first_gate, gate_named
from itsm_as_code.domain.approval.question import EDIT, POST_REVIEW
from itsm_as_code.domain.errors import CouldNotCheck, UsageFault
from itsm_as_code.domain.instants import write_instant
from itsm_as_code.domain.kinds import KINDS
from itsm_as_code.domain.kinds.approval import Decision
from itsm_as_code.domain.step import Step
from itsm_as_code.domain.suggest import did_you_mean
from itsm_as_code.store.snapshot import TreeSnapshot

if TYPE_CHECKING:
    from itsm_as_code.domain.approval.act import Act
    from itsm_as_code.domain.approval.inquiry import Subject
    from itsm_as_code.domain.kinds.base import Record
    from itsm_as_code.git.branches import Branch
    from itsm_as_code.git.repository import Repository
    from itsm_as_code.git.tree import GitTree

COLUMNS = ("id", "title", "gate", "since", "proposed_by", "seat", "where", "command")
DISPENSABLE = ("proposed_by", "since", "seat", "where", "gate", "command")
"""Columns that a narrow terminal can do without, the first first."""


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a matter lies, and the command that leads there."""

    name: str
    go: str = ""


BASE = _Place("base")


@dataclass(slots=True)
class Queue:
    """Rows of `COLUMNS` for what waits; and what could not be looked at, in words.

    `unseen` are proposals whose content is neither on base nor on a branch given, `undecided` subjects whose verdict
    is unknown, `left_out` branches that share no history with base.
    """

    commit: str
    rows: list[dict[str, str]] = field(default_factory=list)
    unseen: list[str] = field(default_factory=list)
    undecided: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)


def queue(workspace: Workspace, person: str, wanted: tuple[str, ...], now: datetime) -> Queue:
    """What waits for `person`. Raises UsageFault where they are nobody on base, CouldNotCheck for unknown branches."""
    from itsm_as_code.git.branches import branches
    from itsm_as_code.git.repository import open_repository

    base: Any = base_tree(workspace)
    if base is None:
        raise CouldNotCheck("there is no commit yet to take the rules from", hint="commit the workspace first")
    with open_repository(workspace.root) as repository:
        listed = branches(repository, wanted)
        if listed:
            repository.require_whole_history()
        return _Looking(repository, base, person, now).over(listed)


class _Looking:
    """One look over base and branches; what was seen is remembered by digest, so that nothing is listed twice."""

    def __init__(self, repository: Repository, base: GitTree, person: str, now: datetime) -> None:
        self.repository = repository
        self.tree = base
        self.person = person
        self.now = now
        self.base = TreeSnapshot(base, keep_data=True)
        self.court = Court(self.base, self.base, now)
        self.found = Queue(base.commit)
        self.seen: set[tuple[str, str, str]] = set()
        self.offered: list[tuple[str, Act]] = []
        self.push = " --push" if repository.ask("config", "--get", f"remote.{REMOTE}.url").status == 0 else ""

    def over(self, listed: Iterable[Branch]) -> Queue:
        """Base first, then each branch; then the proposals of which neither showed the content."""
        people = self.court.registry.people
        if self.person not in people:
            hint = did_you_mean(self.person, people) or "the protected branch says who there is: itsm list people"
            raise UsageFault(f"{self.person} is nobody on the protected branch", hint=hint)
        for name in acted_on(self.base):
            self._on_base(name)
        for debt in self.court.debts:
            self._owed(debt.change)
        for branch in listed:
            self._on_branch(branch)
        for name, act in self.offered:
            if (name, act.gate, act.digest) not in self.seen:
                self.found.unseen.append(f"{name} at gate {act.gate}, proposed by {act.stands_for} ({act.id})")
        return self.found

    def _on_base(self, name: str) -> None:
        subject = subject_at_base(self.court, name)
        if subject is None and self._is_there(name):
            self.found.undecided.append(f"{name} ({BASE.name}): it can't be read")
        proposals = open_proposals(self.court, name, subject)
        self.offered += [(name, act) for act in proposals]
        if subject is not None:
            for gate in sorted({act.gate for act in proposals} - {EDIT}):  # an edit that base holds has landed
                verdict = self.court.verdict(subject, gate_named(subject.kind, gate, subject.base))
                self._take(self.court, subject.record, verdict, self._base_place(subject))

    def _base_place(self, subject: Subject) -> _Place:
        """Base; where the checkout has other content of the subject, with the way to what base has."""
        from itsm_as_code.git.revision import resolve
        from itsm_as_code.git.tree import GitTree

        if subject.kind not in KINDS or self._is_here(self.tree.commit):
            return BASE
        head = GitTree(self.repository, resolve(self.repository, "HEAD"))
        paths = self.base.paths(subject.kind, subject.id)
        same = all(head.entry(path) == self.tree.entry(path) for path in paths)
        return BASE if same else _Place(BASE.name, f"git switch --detach {self.tree.commit[:12]} && ")

    def _owed(self, change: str) -> None:
        """A review that is due waits once it is written: nobody proposes it, it is there."""
        subject = subject_at_base(self.court, change)
        if subject is not None and getattr(subject.record, "post_implementation_review", None) is not None:
            verdict = self.court.verdict(subject, Gate(POST_REVIEW))
            self._take(self.court, subject.record, verdict, self._base_place(subject))

    def _is_there(self, name: str) -> bool:
        kind, record_id = kind_and_id(name)
        return kind not in KINDS or self.base.exists(kind, record_id)

    def _on_branch(self, branch: Branch) -> None:
        from itsm_as_code.git.step import step

        try:
            trees = step(self.repository, self.tree.commit, branch.commit)
        except CouldNotCheck:
            if branch.meant:
                raise
            self.found.left_out.append(branch.name)
            return
        head = TreeSnapshot(trees.head, keep_data=True)
        # Base is read once for all branches.
        court = Court(self.base, head, self.now, top=top_of(self.repository, trees, self.base.settings))
        changes = tuple(record_changes(trees, self.base, head))
        records = {change.path: change.head.record for change in changes if change.head is not None}
        switch = "git switch" if branch.local else "git switch --detach"
        go = "" if self._is_here(branch.commit) else f"{switch} {quote(branch.name)} && "
        for heard in hearings(court, trees, Step(self.base, head, changes, trees.conflicts)):
            self._take(court, records.get(heard.path), heard.verdict, _Place(branch.name, go))

    def _is_here(self, commit: str) -> bool:
        return self.repository.read("rev-parse", "HEAD").decode().strip() == commit

    def _take(self, court: Court, record: Record | None, verdict: Verdict, place: _Place) -> None:
        """Lists a verdict that waits for the person, once."""
        asked = verdict.question
        key = (asked.subject, asked.gate, asked.digest)
        if key in self.seen:
            return
        self.seen.add(key)
        if verdict.status is Status.UNKNOWN:
            self.found.undecided.append(
                f"{asked.subject} at gate {asked.gate} ({place.name}): {'; '.join(verdict.faults)}"
            )
        if verdict.status is not Status.PENDING:
            return
        for principal in self._decides_for(verdict):
            seats = sorted({str(each.place) for each in verdict.filled if principal in each.could})
            if seats:
                self.found.rows.append(self._row(court, record, verdict, principal, seats, place))
                return

    def _decides_for(self, verdict: Verdict) -> Iterator[str]:
        """The person, then those who have delegated to them, unless the person may not decide on this one."""
        yield self.person
        if self.person in verdict.question.disqualified or self.person in verdict.proposed_by:
            return
        registry = self.court.registry
        for other in sorted(registry.people):
            if registry.delegation_fault(self.person, other, self.now) is None:
                yield other

    def _row(
        self, court: Court, record: Record | None, verdict: Verdict, principal: str, seats: list[str], place: _Place
    ) -> dict[str, str]:
        asked = verdict.question
        proposals = [
            act.at for act in court.acts(asked.subject)
            if act.decision is Decision.PROPOSED and (act.gate, act.digest) == (asked.gate, asked.digest)
            and act.fault is None and act.stands_for in verdict.proposed_by
        ]  # fmt: skip
        other = "" if principal == self.person else f" --for {principal}"
        gate = "" if asked.gate == first_gate(asked.kind) else f" --gate {asked.gate}"
        return {
            "id": asked.subject,
            "title": record.label if record is not None else asked.subject,
            "gate": asked.gate,
            "since": write_instant(min(proposals)) if proposals else "",
            "proposed_by": ", ".join(verdict.proposed_by),
            "seat": "; ".join(seats),
            "where": place.name,
            "command": f"{place.go}itsm approve {asked.subject}{gate}{other}{self.push}",
        }
