"""Defines the request item: an entry of the request catalogue, with its form and the steps that fulfil it."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, ClassVar

from itsm_as_code.domain.kinds.base import Part, Registered
from itsm_as_code.domain.kinds.policy import Seat
from itsm_as_code.domain.kinds.types import (
    SHOWN,
    ArticleRef,
    Flag,
    Line,
    ServiceRef,
    SlaRef,
    Slug,
    TeamRef,
    Text,
    describe,
)


class FieldType(StrEnum):
    """A field of a form takes one of these types of answers."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    CHOICE = "choice"
    CHOICES = "choices"
    YES_NO = "yes_no"
    NUMBER = "number"
    DATE = "date"
    RECORD = "record"


class FormField(Part):
    """A field of a form asks one question."""

    name: Slug = describe("Write the key that the answer has in `fields` of the request.")
    label: Line = describe("Write the question as people read it.")
    help: Text | None = describe("Say what helps people to answer.", default=None)
    type: FieldType = describe("Say what type of answer the field takes.", default=FieldType.TEXT)
    required: Flag = describe("Write true if the question must be answered.", default=False)
    choices: tuple[Line, ...] = describe("For a choice, list the answers that people can choose from.", default=())
    records: Slug | None = describe("For type record, write the kind of record that people can choose.", default=None)


class RequestItem(Registered):
    """A request item is something that people can ask for. The request catalogue lists it."""

    KIND: ClassVar[str] = "request-item"

    id: Annotated[Slug, SHOWN] = describe("Write the request item's id.")
    title: Annotated[Line, SHOWN] = describe("Say what people get.")
    description: Annotated[Text | None, SHOWN] = describe(
        "Say what it is, whom it is for and how long it takes. Markdown is allowed.", default=None
    )
    category: Annotated[Line | None, SHOWN] = describe(
        "Write the heading under which the catalogue lists the item.", default=None
    )
    service: Annotated[ServiceRef | None, SHOWN] = describe(
        "Write the id of the service that the item belongs to.", default=None
    )
    fields: Annotated[tuple[FormField, ...], SHOWN] = describe("List the questions of the form.", default=())
    team: Annotated[TeamRef, SHOWN] = describe("Write the id of the team that fulfils such requests.")
    sla: Annotated[SlaRef | None, SHOWN] = describe(
        "Write the id of the SLA that applies to such requests.", default=None
    )
    seats: Annotated[tuple[Seat, ...], SHOWN] = describe(
        "List the seats that must be filled before work begins. Without any, nobody has to decide.", default=()
    )
    fulfilment_steps: Annotated[tuple[Line, ...], SHOWN] = describe(
        "List what is done, in order. These steps become the request's tasks.", default=()
    )
    articles: Annotated[tuple[ArticleRef, ...], SHOWN] = describe(
        "List the ids of knowledge articles about the item.", default=()
    )
