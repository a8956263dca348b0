"""`itsm check --history`: every step of the protected branch is judged again, by the base that it had."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from itsm_as_code.app.approvals.case import Case, open_case
from itsm_as_code.app.approvals.debts import open_debts
from itsm_as_code.app.approvals.hearing import Court
from itsm_as_code.app.approvals.landed import accepted_when_landed
from itsm_as_code.app.approvals.ratified import Bypassed, ratifying
from itsm_as_code.app.check import is_suppressed
from itsm_as_code.app.check_step import findings_of_step
from itsm_as_code.checks import approvals
from itsm_as_code.domain.approval.audit import Audit, Fault, FaultyStep
from itsm_as_code.domain.approval.gates import first_gate
from itsm_as_code.domain.approval.standing import SKEW
from itsm_as_code.domain.errors import CouldNotCheck, ItsmError
from itsm_as_code.domain.finding import Finding, Spot
from itsm_as_code.domain.instants import write_instant
from itsm_as_code.domain.rule import Severity
from itsm_as_code.domain.settings import SETTINGS_PATH
from itsm_as_code.evidence.verification import revoked_keys
from itsm_as_code.store.snapshot import TreeSnapshot

if TYPE_CHECKING:
    from itsm_as_code.app.workspace import Workspace
    from itsm_as_code.git.history import Commit
    from itsm_as_code.git.repository import Repository

TRUSTED = ("APR", "POL", "LIF", "ID", "YAML")
"""Families that say who decided, what was taken back, and what nobody could judge because it can't be read. How well a
record was written is what a check of the tip says; a newer version of a check must not call an old step wrong for that
(ADR on the audit)."""


def audit(workspace: Workspace, since: str | None, head: str | None, anchor: str | None, at: datetime) -> Audit:
    """Judges every first-parent step of `head` (default: the protected branch as this clone knows it) again.

    `since` is a commit on that line (default: the first one, which holds the first itsm.yaml). Raises CouldNotCheck
    for shallow history, a `since` that is not on the line, and a first commit that is not `anchor`.
    """
    from itsm_as_code.app.protected import base_tree
    from itsm_as_code.git.history import genesis
    from itsm_as_code.git.repository import open_repository
    from itsm_as_code.git.revision import resolve
    from itsm_as_code.git.tree import GitTree

    with open_repository(workspace.root) as repository:
        repository.require_whole_history()
        known = base_tree(workspace) if head is None else None
        tip = known.commit if isinstance(known, GitTree) else resolve(repository, head or "HEAD")
        first = genesis(repository, SETTINGS_PATH, tip)
        if anchor is not None and resolve(repository, anchor) != first:
            raise CouldNotCheck(
                f"the root of trust is {first}, not {anchor}",
                hint="this is another workspace, or its history was rewritten from the beginning",
            )
        start = resolve(repository, since) if since is not None else first
        return _Walk(repository, first, start, tip, at, whole=since is None).audited()


@dataclass
class _Walk:
    """From the oldest step to the newest. Open faults are kept until a later step ratifies them."""

    repository: Repository
    anchor: str
    start: str
    end: str
    now: datetime
    whole: bool
    _landed: dict[str, tuple[Commit, datetime]] = field(default_factory=dict)
    _faults: dict[str, list[Fault]] = field(default_factory=dict)
    _bypassed: list[Bypassed] = field(default_factory=list)
    _passed: Counter[bool] = field(default_factory=Counter)

    def audited(self) -> Audit:
        """Walks all steps; then looks at what is still owed at the tip."""
        from itsm_as_code.git.tree import GitTree

        tip = TreeSnapshot(GitTree(self.repository, self.end), keep_data=True)
        people: Any = tip.records("person")
        compromised = revoked_keys(people)
        clock = self._begin()
        for commit in self._commits():
            clock = max(clock, min(commit.committed_at, self.now))
            self._note(commit, clock, [*self._shape(commit), *self._judge(commit, clock, compromised)])
        court = Court(tip, tip, self.now)
        return Audit(
            self.anchor, self.start, self.end, self.now, len(self._landed), self._passed[True], self._passed[False],
            tuple(self._faulty()), tuple(open_debts(court, self._accepted, everywhere=True)),
        )  # fmt: skip

    def _faulty(self) -> Iterator[FaultyStep]:
        for oid, faults in self._faults.items():
            if faults:
                commit, landed = self._landed[oid]
                who = f"{commit.committer_name} <{commit.committer_email}>"
                yield FaultyStep(oid, who, commit.subject, landed, tuple(faults))

    def _note(self, commit: Commit, clock: datetime, faults: list[Fault]) -> None:
        self._landed[commit.commit] = (commit, clock)
        self._faults[commit.commit] = faults

    def _accepted(self, path: str, gate: str, digest: str) -> bool:
        return accepted_when_landed(self.repository, self.end, path, gate, digest)

    def _begin(self) -> datetime:
        """The clock to begin with. The first commit of all is the root of trust: it is checked as a whole."""
        from itsm_as_code.git.history import commit_of

        start = commit_of(self.repository, self.start)
        clock = min(start.committed_at, self.now)
        if self.whole:
            self._note(start, clock, [*self._genesis(clock)])
        return clock

    def _genesis(self, clock: datetime) -> Iterator[Fault]:
        from itsm_as_code.app.check import check_tree
        from itsm_as_code.git.tree import GitTree

        report = check_tree(GitTree(self.repository, self.start), clock)
        yield from (Fault(finding) for finding in report.findings if _counts(finding))

    def _commits(self) -> list[Commit]:
        """The steps after the start, oldest first."""
        from itsm_as_code.git.history import first_parent_steps

        steps = list(first_parent_steps(self.repository, self.end, self.start))[::-1]
        before = steps[0].parents[0] if steps and steps[0].parents else self.end
        if before != self.start:
            raise CouldNotCheck(
                f"{self.start[:12]} is not a step of the branch that is audited",
                hint="--since takes a commit on the first-parent line of the protected branch",
            )
        return steps

    def _shape(self, commit: Commit) -> Iterator[Fault]:
        """What no push through the lane could have made."""
        if len(commit.parents) > 2:
            yield Fault(Spot("a merge of more than two branches can't be read by people").finding(_PAST, ""))
        if commit.committed_at - self.now > SKEW:
            yield Fault(Spot(f"dated {write_instant(commit.committed_at)}, which has yet to come").finding(_PAST, ""))

    def _judge(self, commit: Commit, clock: datetime, compromised: Mapping[str, datetime]) -> Iterator[Fault]:
        try:
            case = open_case(self.repository, commit.parents[0], commit.commit, clock, compromised, self.now)
            findings = [finding for finding in findings_of_step(case) if _counts(finding)]
        except ItsmError as error:
            yield Fault(Spot(f"can't be judged: {error.message}", help=error.hint).finding(_PAST, ""))
            return
        settings = case.court.base.settings
        self._count(case)
        self._ratify(case)
        bypassed = [Bypassed.of(commit.commit, heard) for heard in case.heard if not heard.verdict.passes]
        self._bypassed += bypassed
        names = {each.path: each.name for each in bypassed}
        for finding in findings:
            if not is_suppressed(finding, settings, clock):
                ratify = finding.rule in _OF_GATES and finding.path in names
                yield Fault(replace(finding, help=_RATIFY.format(names[finding.path])) if ratify else finding)

    def _count(self, case: Case) -> None:
        passed = [heard.verdict for heard in case.heard if heard.verdict.passes]
        self._passed.update(bool(verdict.filled) for verdict in passed)

    def _ratify(self, case: Case) -> None:
        """Marks the faults that acts of this step take over."""
        for bypassed, acts in ratifying(case, self._bypassed):
            faults = self._faults[bypassed.commit]
            faults[:] = [replace(f, ratified_by=acts) if _about(f.finding, bypassed) else f for f in faults]
            self._bypassed.remove(bypassed)


_PAST = approvals.PAST_THE_CHECK
_OF_GATES = (approvals.NOT_APPROVED, approvals.REFUSED, approvals.UNDECIDABLE, approvals.DEBT_OVERDUE)

_RATIFY = "whoever may decide on it takes over what went past, as it is: itsm approve {} --gate ratify --push"


def _counts(finding: Finding) -> bool:
    return finding.severity is Severity.ERROR and finding.code.rstrip("0123456789") in TRUSTED


def _about(finding: Finding, bypassed: Bypassed) -> bool:
    """Whether a finding is what kept just this gate shut; an overdue review does so at the gate that it holds."""
    if finding.path != bypassed.path or finding.rule not in _OF_GATES:
        return False
    held = finding.rule is approvals.DEBT_OVERDUE and bypassed.gate == first_gate(bypassed.subject.kind)
    return held or finding.message.startswith(f"{bypassed.name} at gate {bypassed.gate}: ")
