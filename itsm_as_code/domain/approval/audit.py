"""Defines the result of an audit of the protected branch: unchecked steps, who ratified them, and open reviews."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from itsm_as_code.domain.approval.debts import Debt
    from itsm_as_code.domain.finding import Finding


@dataclass(frozen=True, slots=True)
class AuditFault:
    """A finding that the check would have stopped. `ratified_by` are the acts that ratified it afterwards."""

    finding: Finding
    ratified_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FaultyStep:
    """A step that landed although the check would have stopped it.

    `committer` and `subject` are what its commit claims. `landed_at` is the best estimate of the time. `closed_by` is
    the commit that ratified the last of its faults, or None while one stands.
    """

    commit: str
    committer: str
    subject: str
    landed_at: datetime
    faults: tuple[AuditFault, ...]
    closed_by: str | None = None


@dataclass(frozen=True, slots=True)
class RestingStep:
    """A step that was judged by a base with a standing fault: an earlier step had gone past the check, and nobody had
    ratified all of it yet. `passed` are the gates that it passed, each as `subject at gate`."""

    commit: str
    subject: str
    landed_at: datetime
    passed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class VoidAct:
    """An act that landed as it should, and counts for nothing since: somebody else may have had its key. `path` is its
    file, and `why` says since when. What it let pass is a fault of its own."""

    commit: str
    path: str
    why: str


@dataclass(frozen=True, slots=True)
class Audit:
    """The result for all steps from `start` to `end`, judged at the time `at`.

    `start` itself is judged only if it is the `anchor`, the root of trust. `steps` is the number of steps. `approved`
    counts the gates that people's acts opened, and `unguarded` the gates that needed nobody. `debts` are all open
    reviews of emergencies. `resting` are the steps that were judged by a base with a standing fault. `prefix` is the
    workspace's folder in its repository; it is "" or ends in a slash. `replaced` are ids of objects in whose place Git
    shows others; they were judged as they are. `void` are the acts that a revocation has made void since; they need
    nobody to ratify them.
    """

    anchor: str
    start: str
    end: str
    at: datetime
    steps: int
    approved: int
    unguarded: int
    faulty: tuple[FaultyStep, ...]
    debts: tuple[Debt, ...]
    resting: tuple[RestingStep, ...] = ()
    prefix: str = ""
    replaced: tuple[str, ...] = ()
    void: tuple[VoidAct, ...] = ()

    @property
    def faults(self) -> tuple[AuditFault, ...]:
        """Returns the faults of all steps."""
        return tuple(fault for step in self.faulty for fault in step.faults)

    @property
    def open_faults(self) -> tuple[AuditFault, ...]:
        """Returns the faults that nobody ratified."""
        return tuple(fault for fault in self.faults if not fault.ratified_by)

    @property
    def overdue(self) -> tuple[Debt, ...]:
        """Returns the debts whose deadline has passed."""
        return tuple(debt for debt in self.debts if debt.overdue(self.at))

    @property
    def clean(self) -> bool:
        """Tells whether every step passed the check or was ratified, and no debt is overdue."""
        return not self.open_faults and not self.overdue
