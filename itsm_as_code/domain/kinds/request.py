"""Service request: somebody asks for something that the request catalogue offers."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, ClassVar

from itsm_as_code.domain.ids import ticket_pattern
from itsm_as_code.domain.kinds.base import Actor, CustomValue, Gated, Part
from itsm_as_code.domain.kinds.change import Task
from itsm_as_code.domain.kinds.incident import Channel
from itsm_as_code.domain.kinds.ticket import Ticket, TicketEntry
from itsm_as_code.domain.kinds.types import (
    NOT_MATERIAL,
    TRACKED,
    ArticleRef,
    ItemRef,
    ServiceRef,
    Text,
    describe,
)


class RequestState(StrEnum):
    """States of a service request."""

    SUBMITTED = "submitted"
    IN_PROGRESS = "in_progress"
    ON_HOLD = "on_hold"
    FULFILLED = "fulfilled"
    CLOSED = "closed"
    REJECTED = "rejected"
    CANCELLED = "cancelled"


class Fulfilment(Part):
    """What the requester was given."""

    summary: Text = describe("What was done or handed over.")


class RequestEntry(TicketEntry):
    """One thing that happened to a service request."""

    state: Annotated[RequestState | None, TRACKED] = describe("The state that the request enters.", default=None)


class Request(Ticket, Gated):
    """Somebody asks for something that the request catalogue offers."""

    KIND: ClassVar[str] = "request"
    TRACKED_FIELDS: ClassVar[tuple[str, ...]] = (
        "state", "reason", "impact", "urgency", "priority", "assignee", "team",
    )  # fmt: skip

    id: str = describe("REQ-, the UTC date, five characters.", pattern=ticket_pattern("request"))
    item: ItemRef = describe("The request item that is asked for.")
    requester: Actor = describe("Who asks: a person's id, or `name:` of somebody else.")
    fields: dict[str, CustomValue] = describe("Answers to the item's form: field name to value.", default_factory=dict)
    service: ServiceRef | None = describe("The service that it concerns.", default=None)
    channel: Channel | None = describe("How it was asked.", default=None)
    description: Text | None = describe("What else the requester told us.", default=None)
    tasks: Annotated[tuple[Task, ...], NOT_MATERIAL] = describe("The pieces of the work.", default=())
    fulfilment: Annotated[Fulfilment | None, NOT_MATERIAL] = describe("What the requester was given.", default=None)
    articles: Annotated[tuple[ArticleRef, ...], NOT_MATERIAL] = describe("Knowledge articles that helped.", default=())
    timeline: Annotated[tuple[RequestEntry, ...], NOT_MATERIAL] = describe(
        "What happened, oldest first. State, priority, assignee and team exist only here.", min_length=1
    )
