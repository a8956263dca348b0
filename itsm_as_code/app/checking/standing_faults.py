"""The faults that stand while history is walked: what went past the check, and which acts ratified it from when on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING

from itsm_as_code.app.approvals.ratification import (
    BypassedGate,
    brings_ratifications,
    ratifying_acts,
    revoked_before,
    rewritten_acts,
)
from itsm_as_code.checks import approvals
from itsm_as_code.domain.approval.audit import AuditFault, FaultyStep
from itsm_as_code.store.snapshot import TreeSnapshot

if TYPE_CHECKING:
    from itsm_as_code.app.approvals.opened_step import OpenedStep
    from itsm_as_code.domain.finding import Finding
    from itsm_as_code.git.history import Commit
    from itsm_as_code.git.repository import Repository

OF_GATES = (
    approvals.NOT_APPROVED, approvals.REFUSED, approvals.UNDECIDABLE, approvals.DEBT_OVERDUE, approvals.MAY_NOT_BEGIN,
)  # fmt: skip
"""The findings that say why a gate is not open. People can ratify these."""


@dataclass(frozen=True, slots=True)
class Unratified:
    """A bypass that nobody has ratified: the commit `before` its step, the oldest step whose faults stand, and the
    commit before that, by which an audit judges who may ratify. With `rewritten`, acts on it were taken away, so nobody
    can."""

    bypassed: BypassedGate
    before: str
    oldest: str
    before_oldest: str
    rewritten: bool


@dataclass
class StandingFaults:
    """The faults of the steps so far, the oldest first. The step `start`, with which a walk begins, is taken as it is:
    it is the root of trust, or somebody has examined it."""

    repository: Repository
    start: str
    _steps: dict[str, tuple[Commit, datetime]] = field(default_factory=dict)
    _faults: dict[str, list[AuditFault]] = field(default_factory=dict)
    _bypassed: list[BypassedGate] = field(default_factory=list)
    _closed_by: dict[str, str] = field(default_factory=dict)
    _rewritten: set[str] = field(default_factory=set)
    _revoked: dict[str, datetime] = field(default_factory=dict)

    def add(self, commit: Commit, landed: datetime, faults: list[AuditFault], bypassed: Iterable[BypassedGate]) -> None:
        """Adds a step, if it has faults."""
        if faults:
            self._steps[commit.commit] = (commit, landed)
            self._faults[commit.commit] = faults
        self._bypassed += bypassed

    def any(self) -> bool:
        """Whether a fault stands."""
        return any(map(self._stands, self._faults))

    def ratify(self, commit: str, opened: OpenedStep) -> None:
        """Marks the faults that acts ratify from this step on. When the oldest of the steps that stood is ratified, the
        newer ones are looked at by a newer base, so the search begins anew."""
        self._rewritten.update(rewritten_acts(opened))
        self._revoked |= revoked_before(opened)
        present = opened.evaluator.by_base(opened.evaluator.base, self._revoked)
        while brings_ratifications(opened) and (oldest := self._oldest()) is not None:
            before = self._records_before(oldest)
            there = [e for e in self._bypassed if e.name not in self._rewritten and e.commit in self._faults]
            for bypassed, acts in [(each, ratifying_acts(each, present, before)) for each in there]:
                if acts:
                    self._close(bypassed, acts, commit)
            if oldest == self._oldest():
                return

    def faulty(self) -> Iterator[FaultyStep]:
        """Yields the steps with faults, also those that were ratified."""
        for oid, faults in self._faults.items():
            commit, landed = self._steps[oid]
            who = f"{commit.committer_name} <{commit.committer_email}>"
            yield FaultyStep(oid, who, commit.subject, landed, tuple(faults), self._closed_by.get(oid))

    def unratified(self) -> Iterator[Unratified]:
        """Yields the bypasses that nobody ratified, the oldest first."""
        oldest = self._oldest()
        for each in self._bypassed:
            if oldest is not None and each.commit in self._steps:
                before, before_oldest = (self._steps[oid][0].parents[0] for oid in (each.commit, oldest))
                yield Unratified(each, before, oldest, before_oldest, each.name in self._rewritten)

    def _stands(self, oid: str) -> bool:
        return any(not fault.ratified_by for fault in self._faults[oid])

    def _oldest(self) -> str | None:
        return next((oid for oid in self._faults if oid != self.start and self._stands(oid)), None)

    def _records_before(self, oid: str) -> TreeSnapshot:
        from itsm_as_code.git.tree import GitTree

        return TreeSnapshot(GitTree(self.repository, self._steps[oid][0].parents[0]), keep_data=True)

    def _close(self, bypassed: BypassedGate, acts: tuple[str, ...], commit: str) -> None:
        faults = self._faults[bypassed.commit]
        faults[:] = [replace(f, ratified_by=acts) if _about(f.finding, bypassed) else f for f in faults]
        self._bypassed.remove(bypassed)
        if not self._stands(bypassed.commit):
            self._closed_by[bypassed.commit] = commit


def _about(finding: Finding, bypassed: BypassedGate) -> bool:
    """Whether a finding says why exactly this gate is not open. An overdue review says so at the gate it blocks."""
    return finding.rule in OF_GATES and (finding.path, finding.gate) == (bypassed.path, bypassed.gate)
