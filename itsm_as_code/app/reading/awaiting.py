"""Lists what a person can decide, on base and on the branches named. A row needs a pending verdict that they could
fill."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from shlex import quote
from typing import TYPE_CHECKING

from itsm_as_code.app.approvals.evaluator import Evaluator
from itsm_as_code.app.approvals.open_proposals import acted_on, kind_and_id, open_proposals, subject_at_base
from itsm_as_code.app.approvals.opened_step import evaluate_step, record_changes
from itsm_as_code.app.approvals.repository_root import roots_of_step
from itsm_as_code.app.checkout.checkout import Checkout
from itsm_as_code.domain.approval.gates import Gate, first_gate, gate_named
from itsm_as_code.domain.approval.question import EDIT, POST_REVIEW
from itsm_as_code.domain.approval.verdict import GateStatus, Verdict
from itsm_as_code.domain.errors import CouldNotCheck, UsageFault
from itsm_as_code.domain.instants import write_utc
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
    from itsm_as_code.git.clone_state import CloneState
    from itsm_as_code.git.repository import Repository
    from itsm_as_code.git.tree import GitTree

COLUMNS = ("id", "title", "gate", "since", "proposed_by", "seat", "where", "command")
DISPENSABLE = ("proposed_by", "since", "seat", "where", "gate", "command")
"""The columns that a narrow terminal can do without, the least important first."""


@dataclass(frozen=True, slots=True)
class _Place:
    """Where the content of a proposal is, and the command that leads there."""

    name: str
    go: str = ""


BASE = _Place("base")


@dataclass(slots=True)
class AwaitingList:
    """Rows of `COLUMNS` for what waits, and in words what could not be looked at.

    `unseen` are proposals whose content is neither on base nor on a branch given, `undecided` are subjects whose
    verdict is unknown, and `left_out` are branches that share no history with base.
    """

    commit: str
    rows: list[dict[str, str]] = field(default_factory=list)
    unseen: list[str] = field(default_factory=list)
    undecided: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)


def awaiting(checkout: Checkout, person: str, wanted: tuple[str, ...]) -> AwaitingList:
    """Returns what waits for `person`. Raises UsageFault if they are not on base, CouldNotCheck for unknown
    branches."""
    from itsm_as_code.git.branches import branches

    checkout.require_same_protection()
    clone = checkout.require_clone()
    base = clone.require_base()
    listed = branches(clone.repository, wanted)
    if listed:
        clone.repository.require_whole_history()
    return _Looking(clone.repository, clone.state, base, clone.require_base_tree(), person, checkout.now).over(listed)


class _Looking:
    """One look at base and the branches. It remembers by digest what it has seen, so that nothing is listed twice."""

    def __init__(
        self, repository: Repository, state: CloneState, base: TreeSnapshot, tree: GitTree, person: str, now: datetime
    ) -> None:
        self.repository = repository
        self.head = state.head
        self.tree = tree
        self.person = person
        self.now = now
        self.base = base
        self.evaluator = Evaluator(self.base, self.base, now, held_back=False)
        self.found = AwaitingList(tree.commit)
        self.seen: set[tuple[str, str, str]] = set()
        self.offered: list[tuple[str, Act]] = []
        self.push = " --push" if state.has_remote else ""

    def over(self, listed: Iterable[Branch]) -> AwaitingList:
        """Looks at base, then at each branch, and then at the proposals whose content was in none of them."""
        people = self.evaluator.directory.members
        if self.person not in people:
            hint = did_you_mean(self.person, people) or "only people on that branch can decide: itsm list people"
            raise UsageFault(f"{self.person} is not on the protected branch", hint=hint)
        for name in acted_on(self.tree):
            self._on_base(name)
        for debt in self.evaluator.debts:
            self._owed(debt.change)
        for branch in listed:
            self._on_branch(branch)
        for name, act in self.offered:
            if (name, act.gate, act.digest) not in self.seen:
                self.found.unseen.append(f"{name} at gate {act.gate}, proposed by {act.stands_for} ({act.id})")
        return self.found

    def _on_base(self, name: str) -> None:
        subject = subject_at_base(self.evaluator, name)
        if subject is None and self._is_there(name):
            self.found.undecided.append(f"{name} ({BASE.name}): it can't be read")
        proposals = open_proposals(self.evaluator, name, subject)
        self.offered += [(name, act) for act in proposals]
        if subject is not None:
            for gate in sorted({act.gate for act in proposals} - {EDIT}):
                verdict = self.evaluator.verdict(subject, gate_named(subject.kind, gate, subject.base))
                self._take(self.evaluator, subject.record, verdict, self._base_place(subject))

    def _base_place(self, subject: Subject) -> _Place:
        """Lists what waits on base. If the checkout has other content of the subject, it adds the command that leads to
        base's."""
        from itsm_as_code.git.tree import GitTree

        if subject.kind not in KINDS or self.head is None or self._is_here(self.tree.commit):
            return BASE
        head = GitTree(self.repository, self.head)
        paths = self.base.paths(subject.kind, subject.id)
        same = all(head.entry(path) == self.tree.entry(path) for path in paths)
        return BASE if same else _Place(BASE.name, f"git switch --detach {self.tree.commit[:12]} && ")

    def _owed(self, change: str) -> None:
        """Lists the reviews that are due. A review waits as soon as it is written, because nobody proposes it."""
        subject = subject_at_base(self.evaluator, change)
        if subject is not None and getattr(subject.record, "post_implementation_review", None) is not None:
            verdict = self.evaluator.verdict(subject, Gate(POST_REVIEW))
            self._take(self.evaluator, subject.record, verdict, self._base_place(subject))

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
        head = TreeSnapshot(trees.head, keep_data=True, known=self.base.known)
        # Base is read once for all branches.
        roots = roots_of_step(self.repository, trees, self.base.settings)
        evaluator = Evaluator(self.base, head, self.now, roots=roots, held_back=False)
        changes = tuple(record_changes(trees, self.base, head))
        records = {change.path: change.head.record for change in changes if change.head is not None}
        switch = "git switch" if branch.local else "git switch --detach"
        go = "" if self._is_here(branch.commit) else f"{switch} {quote(branch.name)} && "
        for gate_result in evaluate_step(evaluator, trees, Step(self.base, head, changes, trees.conflicts)):
            self._take(evaluator, records.get(gate_result.path), gate_result.verdict, _Place(branch.name, go))

    def _is_here(self, commit: str) -> bool:
        return self.head == commit

    def _take(self, evaluator: Evaluator, record: Record | None, verdict: Verdict, place: _Place) -> None:
        """Lists a verdict that waits for the person, once."""
        asked = verdict.question
        key = (asked.subject, asked.gate, asked.digest)
        if key in self.seen:
            return
        self.seen.add(key)
        if verdict.status is GateStatus.UNKNOWN:
            self.found.undecided.append(
                f"{asked.subject} at gate {asked.gate} ({place.name}): {'; '.join(verdict.faults)}"
            )
        if verdict.status is not GateStatus.PENDING:
            return
        for principal in self._decides_for(verdict):
            seats = sorted({str(each.place) for each in verdict.filled if principal in each.could})
            if seats:
                self.found.rows.append(self._row(evaluator, record, verdict, principal, seats, place))
                return

    def _decides_for(self, verdict: Verdict) -> Iterator[str]:
        """Yields the person, and then the people who have delegated to them, unless the person may not decide on this
        one."""
        yield self.person
        if self.person in verdict.question.disqualified or self.person in verdict.proposed_by:
            return
        directory = self.evaluator.directory
        for other in sorted(directory.members):
            if directory.delegation_fault(self.person, other, self.now) is None:
                yield other

    def _row(
        self,
        evaluator: Evaluator,
        record: Record | None,
        verdict: Verdict,
        principal: str,
        seats: list[str],
        place: _Place,
    ) -> dict[str, str]:
        asked = verdict.question
        proposals = [
            act.at for act in evaluator.acts(asked.subject)
            if act.decision is Decision.PROPOSED and (act.gate, act.digest) == (asked.gate, asked.digest)
            and act.fault is None and act.stands_for in verdict.proposed_by
        ]  # fmt: skip
        other = "" if principal == self.person else f" --for {principal}"
        gate = "" if asked.gate == first_gate(asked.kind) else f" --gate {asked.gate}"
        return {
            "id": asked.subject,
            "title": record.label if record is not None else asked.subject,
            "gate": asked.gate,
            "since": write_utc(min(proposals)) if proposals else "",
            "proposed_by": ", ".join(verdict.proposed_by),
            "seat": "; ".join(seats),
            "where": place.name,
            "command": f"{place.go}itsm approve {asked.subject}{gate}{other}{self.push}",
        }
