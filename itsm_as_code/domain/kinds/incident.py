"""Defines the incident: an unplanned interruption to a service or a reduction in its quality (ITIL 4)."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, ClassVar

from itsm_as_code.domain.ids import ticket_pattern
from itsm_as_code.domain.kinds.base import Actor, Part
from itsm_as_code.domain.kinds.ticket import HISTORY, STEP, Ticket, TicketEntry
from itsm_as_code.domain.kinds.types import (
    LOGGED,
    SHOWN,
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
    """An incident is new, worked on, on hold, resolved and closed, or it is cancelled."""

    NEW = "new"
    IN_PROGRESS = "in_progress"
    ON_HOLD = "on_hold"
    RESOLVED = "resolved"
    CLOSED = "closed"
    CANCELLED = "cancelled"


class Channel(StrEnum):
    """A ticket reaches us in one of these ways."""

    PHONE = "phone"
    EMAIL = "email"
    SELF_SERVICE = "self_service"
    MONITORING = "monitoring"
    CHAT = "chat"


class ResolutionCode(StrEnum):
    """An incident is resolved in one of these ways."""

    FIXED = "fixed"
    WORKAROUND = "workaround"
    SELF_RECOVERED = "self_recovered"
    DUPLICATE = "duplicate"
    NOT_REPRODUCIBLE = "not_reproducible"
    NO_FAULT_FOUND = "no_fault_found"
    UNKNOWN = "unknown"


class Major(Part):
    """A major incident has people who lead it and a place where they meet."""

    commander: PersonRef = describe("Write the id of the person who leads the work and decides.")
    communications_lead: PersonRef | None = describe(
        "Write the id of the person who informs users and management.", default=None
    )
    bridge: Url | None = describe("Write the address of the call or chat where responders meet.", default=None)


class Resolution(Part):
    """The resolution says what ended the incident."""

    code: ResolutionCode = describe("Say in which way the incident was resolved.")
    summary: Text = describe("Say what was done, for people who see the same fault later.")


class ReviewAction(Part):
    """An action is something that a review decided to do."""

    title: Line = describe("Say what is to be done.")
    owner: PersonOrTeamRef = describe("Write who does it: person/ or team/ and an id.")
    due: Day | None = describe("Write the day by which it must be done.", default=None)
    done: Day | None = describe("Write the day on which it was done.", default=None)


class PostIncidentReview(Part):
    """The review says what was learnt from the incident. It blames nobody."""

    summary: Text = describe("Say what happened, for people who were not there.")
    contributing_factors: tuple[Text, ...] = describe("List what made the incident possible or worse.", default=())
    went_well: tuple[Text, ...] = describe("List what helped.", default=())
    actions: tuple[ReviewAction, ...] = describe(
        "List what will be done, so that it does not happen again.", default=()
    )


class IncidentEntry(TicketEntry):
    """An entry describes one thing that happened to the incident."""

    state: Annotated[IncidentState | None, TRACKED, STEP] = describe(
        "Write the state that the incident enters.", default=None
    )


class Incident(Ticket):
    """An incident is an unplanned interruption to a service or a reduction in its quality."""

    KIND: ClassVar[str] = "incident"
    TRACKED_FIELDS: ClassVar[tuple[str, ...]] = (
        "state", "reason", "impact", "urgency", "priority", "assignee", "team",
    )  # fmt: skip

    id: Annotated[str, SHOWN] = describe(
        "This id is made of INC-, the date in UTC, and five random characters.", pattern=ticket_pattern("incident")
    )
    service: Annotated[ServiceRef | None, SHOWN] = describe(
        "Write the id of the service that is affected.", default=None
    )
    affects: Annotated[tuple[ServiceOrAssetRef, ...], SHOWN] = describe(
        "List what else is affected: service/ or asset/ and an id.", default=()
    )
    category: Annotated[Line | None, SHOWN] = describe("Say what type of fault this is.", default=None)
    subcategory: Annotated[Line | None, SHOWN] = describe(
        "Say more precisely what type of fault this is.", default=None
    )
    channel: Annotated[Channel | None, SHOWN] = describe("Say how the incident was reported.", default=None)
    requester: Annotated[Actor | None, SHOWN] = describe(
        "Name who reported the incident: a person's id, or a map with `name:` for somebody who has no record here.",
        default=None,
    )
    started_at: Annotated[Instant | None, SHOWN] = describe(
        "Write the instant at which the fault began, if it is known.", default=None
    )
    detected_at: Annotated[Instant | None, SHOWN] = describe(
        "Write the instant at which the fault was first noticed.", default=None
    )
    major: Annotated[Major | None, SHOWN] = describe("Fill this in if this is a major incident.", default=None)
    parent: Annotated[IncidentRef | None, SHOWN] = describe(
        "Write the id of the incident of which this one is a part.", default=None
    )
    duplicate_of: Annotated[IncidentRef | None, SHOWN] = describe(
        "Write the id of the incident that reports the same fault.", default=None
    )
    problem: Annotated[ProblemRef | None, SHOWN] = describe(
        "Write the id of the problem that causes the incident.", default=None
    )
    caused_by: Annotated[ChangeRef | None, SHOWN] = describe(
        "Write the id of the change that caused the incident.", default=None
    )
    description: Annotated[Text | None, SHOWN] = describe(
        "Write what the requester told us. Markdown is allowed.", default=None
    )
    workaround: Annotated[Text | None, SHOWN] = describe(
        "Say how users can work until the incident is resolved.", default=None
    )
    resolution: Annotated[Resolution | None, LOGGED] = describe("Say what ended the incident.", default=None)
    articles: Annotated[tuple[ArticleRef, ...], LOGGED] = describe(
        "List the ids of knowledge articles that helped.", default=()
    )
    post_incident_review: Annotated[PostIncidentReview | None, LOGGED] = describe(
        "Say what was learnt from the incident.", default=None
    )
    timeline: Annotated[tuple[IncidentEntry, ...], HISTORY] = describe(
        "List what happened, the oldest entry first. State, priority, assignee and team are written only here.",
        min_length=1,
    )
