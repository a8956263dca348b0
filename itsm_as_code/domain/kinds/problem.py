"""Defines the problem: a cause, or potential cause, of incidents. With a workaround it is a known error (ITIL 4)."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, ClassVar

from itsm_as_code.domain.ids import ticket_pattern
from itsm_as_code.domain.kinds.base import Part
from itsm_as_code.domain.kinds.ticket import HISTORY, STEP, Ticket, TicketEntry
from itsm_as_code.domain.kinds.types import (
    LOGGED,
    SHOWN,
    TRACKED,
    UNSEEN,
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
    """A problem is new, assessed, analysed, fixed, resolved and closed, or it is cancelled."""

    NEW = "new"
    ASSESS = "assess"
    ROOT_CAUSE_ANALYSIS = "root_cause_analysis"
    FIX_IN_PROGRESS = "fix_in_progress"
    RESOLVED = "resolved"
    CLOSED = "closed"
    CANCELLED = "cancelled"


class ProblemResolutionCode(StrEnum):
    """A problem ends in one of these ways."""

    FIXED = "fixed"
    RISK_ACCEPTED = "risk_accepted"
    DUPLICATE = "duplicate"
    CANCELLED = "cancelled"


class ProblemResolution(Part):
    """The resolution says what ended the problem."""

    code: ProblemResolutionCode = describe("Say in which way the problem ended.")
    summary: Text = describe("Say what was done, or why the risk is accepted.")


class ProblemEntry(TicketEntry):
    """An entry describes one thing that happened to the problem."""

    state: Annotated[ProblemState | None, TRACKED, STEP] = describe(
        "Write the state that the problem enters.", default=None
    )


class Problem(Ticket):
    """A problem is a cause, or a potential cause, of one or more incidents."""

    KIND: ClassVar[str] = "problem"
    TRACKED_FIELDS: ClassVar[tuple[str, ...]] = (
        "state", "reason", "impact", "urgency", "priority", "assignee", "team",
    )  # fmt: skip

    id: Annotated[str, SHOWN] = describe(
        "This id is made of PRB-, the date in UTC, and five random characters.", pattern=ticket_pattern("problem")
    )
    service: Annotated[ServiceRef | None, SHOWN] = describe(
        "Write the id of the service that is affected.", default=None
    )
    affects: Annotated[tuple[ServiceOrAssetRef, ...], SHOWN] = describe(
        "List what else is affected: service/ or asset/ and an id.", default=()
    )
    category: Annotated[Line | None, UNSEEN] = describe("Say what type of fault this is.", default=None)
    description: Annotated[Text | None, SHOWN] = describe("Write what is known. Markdown is allowed.", default=None)
    workaround: Annotated[Text | None, SHOWN] = describe(
        "Say how users can work despite the problem. With a workaround it is a known error.", default=None
    )
    root_cause: Annotated[Text | None, SHOWN] = describe("Explain what causes the problem.", default=None)
    incidents: Annotated[tuple[IncidentRef, ...], UNSEEN] = describe(
        "List the ids of incidents that the problem caused.", default=()
    )
    changes: Annotated[tuple[ChangeRef, ...], SHOWN] = describe(
        "List the ids of changes that fix the problem.", default=()
    )
    resolution: Annotated[ProblemResolution | None, LOGGED] = describe("Say what ended the problem.", default=None)
    articles: Annotated[tuple[ArticleRef, ...], LOGGED] = describe(
        "List the ids of knowledge articles about the problem.", default=()
    )
    timeline: Annotated[tuple[ProblemEntry, ...], HISTORY] = describe(
        "List what happened, the oldest entry first. State, priority, assignee and team are written only here.",
        min_length=1,
    )

    @property
    def known_error(self) -> bool:
        """Tells whether there is a workaround (ITIL 4: a known error is analysed but not resolved)."""
        return self.workaround is not None
