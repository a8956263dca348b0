"""Incident: an unplanned interruption to a service or reduction in its quality (ITIL 4)."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, ClassVar

from itsm_as_code.domain.ids import ticket_pattern
from itsm_as_code.domain.kinds.base import Actor, Part
from itsm_as_code.domain.kinds.ticket import Ticket, TicketEntry
from itsm_as_code.domain.kinds.types import (
    NOT_MATERIAL,
    TRACKED,
    ArticleRef,
    ChangeRef,
    Day,
    IncidentRef,
    Instant,
    Line,
    PersonOrTeamRef,
    PersonRef,
    ProblemRef,
    ServiceOrAssetRef,
    ServiceRef,
    Text,
    Url,
    describe,
)


class IncidentState(StrEnum):
    """States of an incident."""

    NEW = "new"
    IN_PROGRESS = "in_progress"
    ON_HOLD = "on_hold"
    RESOLVED = "resolved"
    CLOSED = "closed"
    CANCELLED = "cancelled"


class Channel(StrEnum):
    """How a ticket reached us."""

    PHONE = "phone"
    EMAIL = "email"
    SELF_SERVICE = "self_service"
    MONITORING = "monitoring"
    CHAT = "chat"


class ResolutionCode(StrEnum):
    """How an incident was resolved."""

    FIXED = "fixed"
    WORKAROUND = "workaround"
    SELF_RECOVERED = "self_recovered"
    DUPLICATE = "duplicate"
    NOT_REPRODUCIBLE = "not_reproducible"
    NO_FAULT_FOUND = "no_fault_found"
    UNKNOWN = "unknown"


class Major(Part):
    """Who leads a major incident, and where they meet."""

    commander: PersonRef = describe("Who leads the work and decides.")
    communications_lead: PersonRef | None = describe("Who tells users and management.", default=None)
    bridge: Url | None = describe("The call or chat where responders meet.", default=None)


class Resolution(Part):
    """What ended the incident."""

    code: ResolutionCode = describe("How it was resolved.")
    summary: Text = describe("What was done, for those who meet the same fault.")


class ReviewAction(Part):
    """Something that a review decided to do."""

    title: Line = describe("What is to be done.")
    owner: PersonOrTeamRef = describe("Who does it: person/… or team/….")
    due: Day | None = describe("By when.", default=None)
    done: Day | None = describe("When it was done.", default=None)


class PostIncidentReview(Part):
    """What was learnt from the incident, without blame."""

    summary: Text = describe("What happened, for those who were not there.")
    contributing_factors: tuple[Text, ...] = describe("What made it possible or worse.", default=())
    went_well: tuple[Text, ...] = describe("What helped.", default=())
    actions: tuple[ReviewAction, ...] = describe("What will be done about it.", default=())


class IncidentEntry(TicketEntry):
    """One thing that happened to an incident."""

    state: Annotated[IncidentState | None, TRACKED] = describe("The state that the incident enters.", default=None)


class Incident(Ticket):
    """An unplanned interruption to a service or reduction in its quality."""

    KIND: ClassVar[str] = "incident"
    TRACKED_FIELDS: ClassVar[tuple[str, ...]] = (
        "state", "reason", "impact", "urgency", "priority", "assignee", "team",
    )  # fmt: skip

    id: str = describe("INC-, the UTC date, five characters.", pattern=ticket_pattern("incident"))
    service: ServiceRef | None = describe("The service that suffers.", default=None)
    affects: tuple[ServiceOrAssetRef, ...] = describe("What else is affected: service/… or asset/….", default=())
    category: Line | None = describe("What sort of fault it is.", default=None)
    subcategory: Line | None = describe("More closely, what sort of fault it is.", default=None)
    channel: Channel | None = describe("How it was reported.", default=None)
    requester: Actor | None = describe("Who reported it: a person's id, or `name:` of somebody else.", default=None)
    started_at: Instant | None = describe("When the fault began, where known.", default=None)
    detected_at: Instant | None = describe("When it was first noticed.", default=None)
    major: Major | None = describe("Set for a major incident.", default=None)
    parent: IncidentRef | None = describe("The incident that this one is a part of.", default=None)
    duplicate_of: IncidentRef | None = describe("The incident that tells the same.", default=None)
    problem: ProblemRef | None = describe("The problem behind it.", default=None)
    caused_by: ChangeRef | None = describe("The change that caused it.", default=None)
    description: Text | None = describe("What the requester told us; Markdown.", default=None)
    workaround: Text | None = describe("How to get by until it is mended.", default=None)
    resolution: Annotated[Resolution | None, NOT_MATERIAL] = describe("What ended it.", default=None)
    articles: Annotated[tuple[ArticleRef, ...], NOT_MATERIAL] = describe("Knowledge articles that helped.", default=())
    post_incident_review: Annotated[PostIncidentReview | None, NOT_MATERIAL] = describe(
        "What was learnt.", default=None
    )
    timeline: Annotated[tuple[IncidentEntry, ...], NOT_MATERIAL] = describe(
        "What happened, oldest first. State, priority, assignee and team exist only here.", min_length=1
    )
