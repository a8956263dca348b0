"""What an audit of the protected branch comes to: steps that went past the check, who took them over, what is owed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from itsm_as_code.domain.approval.debts import Debt
    from itsm_as_code.domain.finding import Finding


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that the check would not have let pass; `ratified_by` are the acts that took it over afterwards."""

    finding: Finding
    ratified_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FaultyStep:
    """A step that went past the check: the commit by which it landed, as it claims to be, and when, as far as can
    be told."""

    commit: str
    committer: str
    subject: str
    landed_at: datetime
    faults: tuple[Fault, ...]


@dataclass(frozen=True, slots=True)
class Audit:
    """All steps from `start` (not judged itself unless it is the `anchor`, the root of trust) to `end`, at a clock.

    `steps` counts them; `approved` and `unguarded` count gates that were passed by people's acts and where nobody
    was needed; `debts` are all that are open.
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

    @property
    def faults(self) -> tuple[Fault, ...]:
        """The faults of all steps."""
        return tuple(fault for step in self.faulty for fault in step.faults)

    @property
    def standing(self) -> tuple[Fault, ...]:
        """Faults that nobody took over."""
        return tuple(fault for fault in self.faults if not fault.ratified_by)

    @property
    def overdue(self) -> tuple[Debt, ...]:
        """Debts whose deadline has passed."""
        return tuple(debt for debt in self.debts if debt.overdue(self.at))

    @property
    def clean(self) -> bool:
        """Whether every step passed the check or was ratified, and no debt is overdue."""
        return not self.standing and not self.overdue
