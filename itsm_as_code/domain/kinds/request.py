"""Defines the service request: somebody asks for something that the request catalogue offers."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, ClassVar

from itsm_as_code.domain.ids import ticket_pattern
from itsm_as_code.domain.kinds.base import Actor, CustomValue, Gated, Part
from itsm_as_code.domain.kinds.change import Task
from itsm_as_code.domain.kinds.incident import Channel
from itsm_as_code.domain.kinds.ticket import HISTORY, STEP, Ticket, TicketEntry
from itsm_as_code.domain.kinds.types import (
    NOT_MATERIAL,
    TRACKED,
    UNSEEN,
    ArticleRef,
    ItemRef,
    ServiceRef,
    Text,
    describe,
)


class RequestState(StrEnum):
    """A request is submitted, worked on, on hold, fulfilled and closed, or it is rejected or cancelled."""

    SUBMITTED = "submitted"
    IN_PROGRESS = "in_progress"
    ON_HOLD = "on_hold"
    FULFILLED = "fulfilled"
    CLOSED = "closed"
    REJECTED = "rejected"
    CANCELLED = "cancelled"


class Fulfilment(Part):
    """This says what the requester was given."""

    summary: Text = describe("Say what was done or handed over.")


class RequestEntry(TicketEntry):
    """An entry describes one thing that happened to the request."""

    state: Annotated[RequestState | None, TRACKED, STEP] = describe(
        "Write the state that the request enters.", default=None
    )


class Request(Ticket, Gated):
    """With a service request, somebody asks for something that the request catalogue offers."""

    KIND: ClassVar[str] = "request"
    TRACKED_FIELDS: ClassVar[tuple[str, ...]] = (
        "state", "reason", "impact", "urgency", "priority", "assignee", "team",
    )  # fmt: skip

    id: Annotated[str, UNSEEN] = describe(
        "This id is made of REQ-, the date in UTC, and five random characters.", pattern=ticket_pattern("request")
    )
    item: Annotated[ItemRef, UNSEEN] = describe("Write the id of the request item that is asked for.")
    requester: Annotated[Actor, UNSEEN] = describe(
        "Name who asks: a person's id, or a map with `name:` for somebody who has no record here."
    )
    fields: Annotated[dict[str, CustomValue], UNSEEN] = describe(
        "Answer the item's form: write each field's name and its value.", default_factory=dict
    )
    service: Annotated[ServiceRef | None, UNSEEN] = describe(
        "Write the id of the service that the request concerns.", default=None
    )
    channel: Annotated[Channel | None, UNSEEN] = describe("Say how the request reached us.", default=None)
    description: Annotated[Text | None, UNSEEN] = describe("Write what else the requester told us.", default=None)
    tasks: Annotated[tuple[Task, ...], NOT_MATERIAL] = describe("List the pieces of the work.", default=())
    fulfilment: Annotated[Fulfilment | None, NOT_MATERIAL] = describe("Say what the requester was given.", default=None)
    articles: Annotated[tuple[ArticleRef, ...], NOT_MATERIAL] = describe(
        "List the ids of knowledge articles that helped.", default=()
    )
    timeline: Annotated[tuple[RequestEntry, ...], HISTORY] = describe(
        "List what happened, the oldest entry first. State, priority, assignee and team are written only here.",
        min_length=1,
    )
