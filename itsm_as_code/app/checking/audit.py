"""`itsm check --history`: judges every step of the protected branch again, by the base that it had."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

from itsm_as_code.app.approvals.evaluator import Evaluator
from itsm_as_code.app.approvals.opened_step import open_step
from itsm_as_code.app.approvals.past_approval import accepted_when_landed
from itsm_as_code.app.approvals.ratification import BypassedGate
from itsm_as_code.app.approvals.review_debts import open_debts
from itsm_as_code.app.approvals.settled_reviews import StepMemory
from itsm_as_code.app.checking.landing import counts, trusted_faults
from itsm_as_code.app.checking.report import without_secrets
from itsm_as_code.app.checking.standing_faults import OF_GATES, StandingFaults, Unratified
from itsm_as_code.app.checking.void_acts import void_since
from itsm_as_code.checks import approvals
from itsm_as_code.domain.approval.audit import Audit, AuditFault, RestingStep, VoidAct
from itsm_as_code.domain.errors import CouldNotCheck, ItsmError
from itsm_as_code.domain.finding import Finding, Spot
from itsm_as_code.domain.instants import LATE, is_in_future, write_instant
from itsm_as_code.domain.kinds.person import Person
from itsm_as_code.domain.settings import SETTINGS_PATH
from itsm_as_code.evidence.verification import revoked_keys
from itsm_as_code.store.snapshot import TreeSnapshot

if TYPE_CHECKING:
    from itsm_as_code.app.approvals.evaluator import GateResult
    from itsm_as_code.app.checkout.checkout import Checkout
    from itsm_as_code.git.history import Commit, LineClock
    from itsm_as_code.git.line import LineStep
    from itsm_as_code.git.repository import Repository


def audit(checkout: Checkout, since: str | None, head: str | None, anchor: str | None) -> Audit:
    """Judges every first-parent step of `head` again (default: the protected branch as this clone knows it).

    `since` is a commit on that line (default: the first one, which has the first itsm.yaml). Raises CouldNotCheck for
    shallow history, a `since` that is not on the line, and a first commit that is not `anchor`.
    """
    from itsm_as_code.git.history import genesis
    from itsm_as_code.git.revision import resolve

    if head is None:
        checkout.require_same_protection()
    clone = checkout.require_clone()
    repository = clone.repository
    repository.require_whole_history()
    known = clone.base_tree if head is None else None
    tip = known.commit if known is not None else resolve(repository, head or "HEAD")
    first = genesis(repository, SETTINGS_PATH, tip)
    if anchor is not None and resolve(repository, anchor) != first:
        raise CouldNotCheck(
            f"the root of trust is {first}, not {anchor}",
            hint="this is another workspace, or its history was rewritten from the beginning",
        )
    start = resolve(repository, since) if since is not None else first
    return _Walk(repository, first, start, tip, checkout.now, whole=since is None).audited()


def unratified(checkout: Checkout) -> tuple[Unratified, ...]:
    """Returns what went past a gate on the protected branch and is not ratified, the oldest first. It walks the whole
    history, as an audit does."""
    from itsm_as_code.git.history import genesis

    clone = checkout.require_clone()
    clone.repository.require_whole_history()
    tip = clone.require_base_tree().commit
    first = genesis(clone.repository, SETTINGS_PATH, tip)
    return _Walk(clone.repository, first, first, tip, checkout.now, whole=True).unratified()


@dataclass
class _Walk:
    """Walks from the oldest step to the newest."""

    repository: Repository
    anchor: str
    start: str
    end: str
    now: datetime
    whole: bool
    _steps: int = 0
    _passed: Counter[bool] = field(default_factory=Counter)
    _resting: list[RestingStep] = field(default_factory=list)
    _void: list[VoidAct] = field(default_factory=list)
    _memory: StepMemory = field(default_factory=StepMemory.new)

    @cached_property
    def _standing(self) -> StandingFaults:
        return StandingFaults(self.repository, self.start)

    @cached_property
    def _tip(self) -> TreeSnapshot:
        from itsm_as_code.git.tree import GitTree

        return TreeSnapshot(GitTree(self.repository, self.end), keep_data=True, known=self._memory.records)

    def audited(self) -> Audit:
        """Walks all steps, and then looks at the debts at the tip."""
        from itsm_as_code.git.refs import replaced_objects

        self._walk()
        settled = self._memory.reviews
        evaluator = Evaluator(self._tip, self._tip, self.now, compromised={}, settled=settled)
        return Audit(
            self.anchor, self.start, self.end, self.now, self._steps, self._passed[True], self._passed[False],
            tuple(self._standing.faulty()), tuple(open_debts(evaluator, self._accepted, everywhere=True)),
            tuple(self._resting), self.repository.prefix, replaced_objects(self.repository), tuple(self._void),
        )  # fmt: skip

    def unratified(self) -> tuple[Unratified, ...]:
        """Walks all steps, and returns the bypasses that nobody ratified."""
        self._walk()
        return tuple(self._standing.unratified())

    def _walk(self) -> None:
        from itsm_as_code.git.history import LineClock

        compromised = revoked_keys(self._tip.all(Person))
        line = LineClock(self.repository, self.end, self.now)
        self._begin(line)
        for step in self._line():
            self._steps += 1
            self._judge(step, line.of(step.commit.commit), compromised)

    def _accepted(self, path: str, gate: str, digest: str, back: frozenset[str]) -> bool:
        return accepted_when_landed(self.repository, self.end, path, gate, digest, back, self.now)

    def _begin(self, line: LineClock) -> None:
        """Checks the very first commit as a whole, because it is the root of trust."""
        from itsm_as_code.git.history import commit_of

        if self.whole:
            start = commit_of(self.repository, self.start)
            clock = line.of(start.commit)
            self._steps += 1
            self._standing.add(start, clock, [*self._genesis(clock)], ())

    def _genesis(self, clock: datetime) -> Iterator[AuditFault]:
        from itsm_as_code.app.checking.whole import check_tree
        from itsm_as_code.git.tree import GitTree

        report = check_tree(GitTree(self.repository, self.start), clock)
        yield from (AuditFault(finding) for finding in report.findings if counts(finding))

    def _line(self) -> Iterator[LineStep]:
        """Yields the steps after the start, oldest first."""
        from itsm_as_code.git.line import line_steps

        steps = line_steps(self.repository, self.end, self.start)
        first = next(steps, None)
        before = first.commit.parents[0] if first is not None and first.commit.parents else self.end
        if before != self.start:
            raise CouldNotCheck(
                f"{self.start[:12]} is not a step of the branch that is audited",
                hint="--since takes a commit on the first-parent line of the protected branch",
            )
        if first is not None:
            yield first
            yield from steps

    def _shape(self, commit: Commit) -> Iterator[AuditFault]:
        """Yields faults of a step that the push gate would have refused."""
        if len(commit.parents) > 2:
            yield AuditFault(Spot("people can't review a merge of more than two branches").finding(_PAST, ""))
        if is_in_future(commit.committed_at, self.now):
            yield AuditFault(
                Spot(f"dated {write_instant(commit.committed_at)}, which is in the future").finding(_PAST, "")
            )

    def _judge(self, step: LineStep, clock: datetime, compromised: Mapping[str, datetime]) -> None:
        """Judges a step by its base, and what it ratifies of the steps before."""
        commit = step.commit
        faults = list(self._shape(commit))
        try:
            latest = min(self.now, clock + LATE)
            opened = open_step(
                self.repository, commit.parents[0], commit.commit, clock, compromised, latest, self._memory,
                step.authors,
            )  # fmt: skip
            found = [*without_secrets(trusted_faults(opened), opened.trees.head)]
            void = void_since(opened, found)
            findings = [each for each in found if each not in void]
            results = opened.gate_results
            self._memory.reviews.settle(opened.evaluator, opened.step)
        except ItsmError as error:
            faults.append(AuditFault(Spot(f"can't be judged: {error.message}", help=error.hint).finding(_PAST, "")))
            self._rest(commit, clock, ())
            self._standing.add(commit, clock, faults, ())
            return
        self._void += (VoidAct(commit.commit, each.path, each.message) for each in void)
        self._passed.update(bool(each.verdict.filled) for each in results if each.verdict.is_open)
        self._rest(commit, clock, results)
        self._standing.ratify(commit.commit, opened)
        bypassed = [
            BypassedGate.of(commit.commit, result, opened.evaluator) for result in results if not result.verdict.is_open
        ]
        names = {each.path: each.name for each in bypassed}
        faults += (AuditFault(_ratifiable(finding, names.get(finding.path))) for finding in findings)
        self._standing.add(commit, clock, faults, bypassed)

    def _rest(self, commit: Commit, clock: datetime, results: Iterable[GateResult]) -> None:
        """Remembers a step that is judged by a base with a standing fault, with the gates that it passes."""
        if self._standing.any():
            asked = [each.verdict.question for each in results if each.verdict.is_open]
            passed = tuple(f"{each.subject} at {each.gate}" for each in asked)
            self._resting.append(RestingStep(commit.commit, commit.subject, clock, passed))


_PAST = approvals.PAST_THE_CHECK
_RATIFY = "people who may decide on it can ratify what went past the check: itsm approve {} --gate ratify --push"


def _ratifiable(finding: Finding, name: str | None) -> Finding:
    """Returns a finding about a gate that was bypassed with the way to ratify it, and any other as it is."""
    return replace(finding, help=_RATIFY.format(name)) if name is not None and finding.rule in OF_GATES else finding
