"""Problem: a cause, or potential cause, of one or more incidents. With a workaround it is a known error (ITIL 4)."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, ClassVar

from itsm_as_code.domain.ids import ticket_pattern
from itsm_as_code.domain.kinds.base import Part
from itsm_as_code.domain.kinds.ticket import Ticket, TicketEntry
from itsm_as_code.domain.kinds.types import (
    NOT_MATERIAL,
    TRACKED,
    ArticleRef,
    ChangeRef,
    IncidentRef,
    Line,
    ServiceOrAssetRef,
    ServiceRef,
    Text,
    describe,
)


class ProblemState(StrEnum):
    """States of a problem."""

    NEW = "new"
    ASSESS = "assess"
    ROOT_CAUSE_ANALYSIS = "root_cause_analysis"
    FIX_IN_PROGRESS = "fix_in_progress"
    RESOLVED = "resolved"
    CLOSED = "closed"
    CANCELLED = "cancelled"


class ProblemResolutionCode(StrEnum):
    """How a problem ended."""

    FIXED = "fixed"
    RISK_ACCEPTED = "risk_accepted"
    DUPLICATE = "duplicate"
    CANCELLED = "cancelled"


class ProblemResolution(Part):
    """What ended the problem."""

    code: ProblemResolutionCode = describe("How it ended.")
    summary: Text = describe("What was done, or why the risk is accepted.")


class ProblemEntry(TicketEntry):
    """One thing that happened to a problem."""

    state: Annotated[ProblemState | None, TRACKED] = describe("The state that the problem enters.", default=None)


class Problem(Ticket):
    """A cause, or potential cause, of one or more incidents."""

    KIND: ClassVar[str] = "problem"
    TRACKED_FIELDS: ClassVar[tuple[str, ...]] = (
        "state", "reason", "impact", "urgency", "priority", "assignee", "team",
    )  # fmt: skip

    id: str = describe("PRB-, the UTC date, five characters.", pattern=ticket_pattern("problem"))
    service: ServiceRef | None = describe("The service that suffers.", default=None)
    affects: tuple[ServiceOrAssetRef, ...] = describe("What else is affected: service/… or asset/….", default=())
    category: Line | None = describe("What sort of fault it is.", default=None)
    description: Text | None = describe("What is known; Markdown.", default=None)
    workaround: Text | None = describe("How to get by; with one, the problem is a known error.", default=None)
    root_cause: Text | None = describe("What is behind it.", default=None)
    incidents: tuple[IncidentRef, ...] = describe("Incidents that it caused.", default=())
    changes: tuple[ChangeRef, ...] = describe("Changes that mend it.", default=())
    resolution: Annotated[ProblemResolution | None, NOT_MATERIAL] = describe("What ended it.", default=None)
    articles: Annotated[tuple[ArticleRef, ...], NOT_MATERIAL] = describe("Knowledge articles about it.", default=())
    timeline: Annotated[tuple[ProblemEntry, ...], NOT_MATERIAL] = describe(
        "What happened, oldest first. State, priority, assignee and team exist only here.", min_length=1
    )

    @property
    def known_error(self) -> bool:
        """Whether there is a workaround (ITIL 4: a problem that was analysed but not resolved)."""
        return self.workaround is not None
