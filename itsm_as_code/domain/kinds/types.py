"""The types that fields of records are made of, each with its JSON Schema and, for references, the kinds it admits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any

from pydantic import Field, PlainSerializer, PlainValidator, Strict, WithJsonSchema

from itsm_as_code.domain.ids import SLUG_PATTERN, ticket_pattern
from itsm_as_code.domain.instants import (
    DATE_PATTERN,
    DURATION_PATTERN,
    INSTANT_PATTERN,
    Duration,
    parse_date,
    parse_duration,
    parse_instant,
    write_instant,
)


@dataclass(frozen=True, slots=True)
class Ref:
    """Marks a field as a reference: its value is an id of one of these kinds.

    One slug kind: the bare slug. Several slug kinds: `kind/slug`. Tickets: the ticket id. `or_nobody`: the word
    `nobody` may stand there, and refers to none.
    """

    kinds: tuple[str, ...]
    or_nobody: bool = False


class NotMaterial:
    """Marks a field that no policy reads and nobody acts on; changing it leaves approvals valid (design, 3)."""

    def __repr__(self) -> str:
        return "NotMaterial()"


NOT_MATERIAL = NotMaterial()


class Tracked:
    """Marks a field of a timeline entry whose current value is that of the newest entry that has it."""

    def __repr__(self) -> str:
        return "Tracked()"


TRACKED = Tracked()


def _either(*kinds: str) -> str:
    return rf"^({'|'.join(kinds)})/[a-z0-9][a-z0-9._-]{{0,63}}$"


Whole = Annotated[int, Strict()]
"""A whole number; text that looks like one is refused."""
Flag = Annotated[bool, Strict()]
"""true or false; words that look like it are refused."""
Slug = Annotated[str, Field(pattern=SLUG_PATTERN)]
Line = Annotated[str, Field(min_length=1, max_length=300, pattern=r"^\S([^\n]*\S)?$")]
"""One line of text without blanks at its ends."""
Text = Annotated[str, Field(min_length=1, max_length=100_000)]
"""Text of several lines; Markdown where it is shown."""
Url = Annotated[str, Field(pattern=r"^(https?://|mailto:|tel:)[^\s<>\"]+$", max_length=2000)]
Email = Annotated[str, Field(pattern=r"^[^@\s<>]+@[^@\s<>]+$", max_length=254)]
Percent = Annotated[str, Field(pattern=r"^(100|[0-9]{1,2}(\.[0-9]{1,4})?)$")]
"""A percentage as quoted text, so that no reader turns it into a binary fraction."""

Instant = Annotated[
    datetime,
    PlainValidator(parse_instant),
    PlainSerializer(write_instant),
    WithJsonSchema({"type": "string", "format": "date-time", "pattern": INSTANT_PATTERN}),
]
Day = Annotated[
    date,
    PlainValidator(parse_date),
    PlainSerializer(date.isoformat),
    WithJsonSchema({"type": "string", "format": "date", "pattern": DATE_PATTERN}),
]
Span = Annotated[
    Duration,
    PlainValidator(parse_duration),
    PlainSerializer(str),
    WithJsonSchema({"type": "string", "pattern": DURATION_PATTERN}),
]

PersonRef = Annotated[Slug, Ref(("person",))]
TeamRef = Annotated[Slug, Ref(("team",))]
ServiceRef = Annotated[Slug, Ref(("service",))]
ArticleRef = Annotated[Slug, Ref(("article",))]
CalendarRef = Annotated[Slug, Ref(("calendar",))]
SlaRef = Annotated[Slug, Ref(("sla",))]
ModelRef = Annotated[Slug, Ref(("change-model",))]
ItemRef = Annotated[Slug, Ref(("request-item",))]
FreezeRef = Annotated[Slug, Ref(("freeze",))]
ServiceOrAssetRef = Annotated[str, Field(pattern=_either("service", "asset")), Ref(("service", "asset"))]
PersonOrTeamRef = Annotated[str, Field(pattern=_either("person", "team")), Ref(("person", "team"))]
IncidentRef = Annotated[str, Field(pattern=ticket_pattern("incident")), Ref(("incident",))]
ChangeRef = Annotated[str, Field(pattern=ticket_pattern("change")), Ref(("change",))]
ProblemRef = Annotated[str, Field(pattern=ticket_pattern("problem")), Ref(("problem",))]
ApprovalRef = Annotated[str, Field(pattern=ticket_pattern("approval")), Ref(("approval",))]
Assignee = Annotated[Slug, Ref(("person",), or_nobody=True)]
"""A person, or the reserved word `nobody` where the ticket lies with the team."""

NOBODY = "nobody"


class Visibility(StrEnum):
    """Who sees the record on the published site (not who reads Git)."""

    PUBLIC = "public"
    STAFF = "staff"
    IT = "it"


class Level(StrEnum):
    """Impact and urgency."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Priority(StrEnum):
    """P1 is the most pressing."""

    P1 = "P1"
    P2 = "P2"
    P3 = "P3"
    P4 = "P4"
    P5 = "P5"


class ActiveState(StrEnum):
    """States of records that are in force or not."""

    ACTIVE = "active"
    RETIRED = "retired"


def describe(description: str, **more: Any) -> Any:
    """A pydantic field with the words that an editor shows on hover."""
    return Field(description=description, **more)
