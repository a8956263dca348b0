"""Request item: an entry of the request catalogue, with its form and the steps that fulfil it."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, ClassVar

from itsm_as_code.domain.kinds.base import Part, Registered
from itsm_as_code.domain.kinds.policy import Seat
from itsm_as_code.domain.kinds.types import (
    NOT_MATERIAL,
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
    """What a form field takes."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    CHOICE = "choice"
    CHOICES = "choices"
    YES_NO = "yes_no"
    NUMBER = "number"
    DATE = "date"
    RECORD = "record"


class FormField(Part):
    """One question of a form."""

    name: Slug = describe("The key of the answer in `fields` of the request.")
    label: Line = describe("The question.")
    help: Text | None = describe("What helps to answer it.", default=None)
    type: FieldType = describe("What it takes.", default=FieldType.TEXT)
    required: Flag = describe("Whether it must be answered.", default=False)
    choices: tuple[Line, ...] = describe("What may be chosen.", default=())
    records: Slug | None = describe("For type record: the kind of record that may be chosen.", default=None)


class RequestItem(Registered):
    """Something that people may ask for."""

    KIND: ClassVar[str] = "request-item"

    id: Slug = describe("The item's id.")
    title: Line = describe("What people get.")
    description: Text | None = describe("What it is, for whom and how long it takes; Markdown.", default=None)
    category: Line | None = describe("Where it stands in the catalogue.", default=None)
    service: ServiceRef | None = describe("The service that it belongs to.", default=None)
    fields: tuple[FormField, ...] = describe("The form.", default=())
    team: TeamRef = describe("The team that fulfils it.")
    sla: SlaRef | None = describe("The agreement that holds for it.", default=None)
    seats: tuple[Seat, ...] = describe("Who must decide before it is fulfilled; none means nobody.", default=())
    fulfilment_steps: tuple[Line, ...] = describe("What is done, in order; becomes the request's tasks.", default=())
    articles: Annotated[tuple[ArticleRef, ...], NOT_MATERIAL] = describe("Articles about it.", default=())
