"""Defines the types of the fields of records, each with its JSON Schema and, for references, the allowed kinds."""

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
from itsm_as_code.domain.patterns import EMAIL_PATTERN, LINE_PATTERN, URL_PATTERN


@dataclass(frozen=True, slots=True)
class Ref:
    """Marks a field as a reference: its value is the id of a record of one of these kinds.

    With one slug kind the value is the slug alone, with several it is `kind/slug`, and for tickets it is the ticket id.
    With `or_nobody`, the value may also be the word `nobody`, which refers to nothing.
    """

    kinds: tuple[str, ...]
    or_nobody: bool = False


@dataclass(frozen=True, slots=True)
class Material:
    """Marks a field that approvals cover. Policies can read it, and approvals become stale when it changes.

    `shown` says whether pages of the site show it. `power` is for kinds whose edits pass no gate: it names what depends
    on the field although nobody approves it, and why that is safe.
    """

    shown: bool
    power: str = ""


@dataclass(frozen=True, slots=True)
class NotMaterial:
    """Marks a field that approvals do not cover. Policies can't read it, and approvals stay valid when it changes.

    `shown` says whether pages of the site show it. `power` names what depends on the field, and what guards that; it is
    empty if nothing does. No gate, no seat, no debt and no published text may depend on such a field unguarded.
    """

    shown: bool
    power: str = ""


SHOWN = Material(shown=True)
UNSEEN = Material(shown=False)
NOT_MATERIAL = NotMaterial(shown=False)
"""Marks a field that no approval covers, that no page shows, and on which nothing depends."""
LOGGED = NotMaterial(shown=True)
"""Marks a field in which a team says how its work went. The ticket's page shows it, and nothing depends on it."""


class Tracked:
    """Marks a field of timeline entries. Its present value is that of the newest entry that sets it."""

    def __repr__(self) -> str:
        return "Tracked()"


TRACKED = Tracked()


def _either(*kinds: str) -> str:
    return rf"^({'|'.join(kinds)})/[a-z0-9][a-z0-9._-]{{0,63}}$"


Whole = Annotated[int, Strict()]
"""A whole number. Text that looks like a number is refused."""
Flag = Annotated[bool, Strict()]
"""true or false. Words such as yes are refused."""
Slug = Annotated[str, Field(pattern=SLUG_PATTERN)]
RuleName = Annotated[str, Field(pattern=rf"^{SLUG_PATTERN[1:-1]}(/{SLUG_PATTERN[1:-1]}){{0,2}}$")]
"""The name of a rule, such as `changes/board`, or its own id alone."""
Line = Annotated[str, Field(min_length=1, max_length=300, pattern=LINE_PATTERN)]
"""One line of text without blanks at its ends."""
Text = Annotated[str, Field(min_length=1, max_length=100_000)]
"""Text of one or more lines. It is shown as Markdown."""
Url = Annotated[str, Field(pattern=URL_PATTERN, max_length=2000)]
Email = Annotated[str, Field(pattern=EMAIL_PATTERN, max_length=254)]
Percent = Annotated[str, Field(pattern=r"^(100|[0-9]{1,2}(\.[0-9]{1,4})?)$")]
"""A percentage as quoted text, so that no reader turns it into a floating-point number."""

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
ServiceOrAssetRef = Annotated[str, Field(pattern=_either("service", "asset")), Ref(("service", "asset"))]
PersonOrTeamRef = Annotated[str, Field(pattern=_either("person", "team")), Ref(("person", "team"))]
IncidentRef = Annotated[str, Field(pattern=ticket_pattern("incident")), Ref(("incident",))]
ChangeRef = Annotated[str, Field(pattern=ticket_pattern("change")), Ref(("change",))]
ProblemRef = Annotated[str, Field(pattern=ticket_pattern("problem")), Ref(("problem",))]
ApprovalRef = Annotated[str, Field(pattern=ticket_pattern("approval")), Ref(("approval",))]
Assignee = Annotated[Slug, Ref(("person",), or_nobody=True)]
"""A person, or the reserved word `nobody` if no member of the team has the ticket."""

NOBODY = "nobody"


class Visibility(StrEnum):
    """This decides who sees the record on the published site. It does not limit who can read Git."""

    PUBLIC = "public"
    STAFF = "staff"
    IT = "it"


class Level(StrEnum):
    """Impact and urgency have these levels: high, medium and low."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Priority(StrEnum):
    """There are five priorities. P1 is the most urgent."""

    P1 = "P1"
    P2 = "P2"
    P3 = "P3"
    P4 = "P4"
    P5 = "P5"


class ActiveState(StrEnum):
    """A record is active while it is in force, and retired afterwards."""

    ACTIVE = "active"
    RETIRED = "retired"


def describe(description: str, **more: Any) -> Any:
    """Returns a pydantic field with a description that editors show on hover."""
    return Field(description=description, **more)
