"""Settings: `itsm.yaml` at the workspace root. What the whole workspace agrees on."""

from __future__ import annotations

from enum import StrEnum
from itertools import pairwise
from typing import Annotated, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, Field, model_validator

from itsm_as_code.domain.instants import Duration, Unit, parse_duration
from itsm_as_code.domain.kinds.base import SCHEMA, Part
from itsm_as_code.domain.kinds.types import (
    Day,
    Flag,
    Level,
    Line,
    Priority,
    Slug,
    Span,
    Text,
    Url,
    Visibility,
    Whole,
    describe,
)

SETTINGS_PATH = "itsm.yaml"


def _existing_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError("name an IANA time zone such as Europe/Berlin") from None
    return name


Zone = Annotated[str, Field(min_length=1, max_length=64), AfterValidator(_existing_zone)]

PriorityMatrix = dict[Level, dict[Level, Priority]]
"""Impact to urgency to priority."""

DEFAULT_MATRIX: PriorityMatrix = {
    Level.HIGH: {Level.HIGH: Priority.P1, Level.MEDIUM: Priority.P2, Level.LOW: Priority.P3},
    Level.MEDIUM: {Level.HIGH: Priority.P2, Level.MEDIUM: Priority.P3, Level.LOW: Priority.P4},
    Level.LOW: {Level.HIGH: Priority.P3, Level.MEDIUM: Priority.P4, Level.LOW: Priority.P5},
}


class Forge(Part):
    """Where pull requests are made."""

    type: Annotated[str, Field(pattern=r"^(github|gitlab|gitea|none)$")] = describe("github, gitlab, gitea or none.")
    repository: Line | None = describe("owner/name on the forge.", default=None)
    protected_ref: Annotated[str, Field(pattern=r"^refs/heads/[^\s~^:?*\[\\]+$")] = describe(
        "The full name of the protected branch.", default="refs/heads/main"
    )


class SiteSettings(Part):
    """How the site is published."""

    base_url: Url | None = describe("Its address; needed for feeds and permanent links only.", default=None)
    audiences: tuple[Visibility, ...] = describe("For whom sites are built.", default=(Visibility.STAFF,))
    status_promise: Span | None = describe("How old the status page may be before it says so.", default=None)


class AutoClose(Part):
    """When resolved tickets close."""

    resolved_after: Span | None = describe("How long after its resolution an incident closes.", default=None)


def _within_90_days(span: Duration) -> Duration:
    """A debt falls due within 180 days of the date in the change's id, with time left to schedule the change."""
    if span.amount <= 0 or (span.amount > 90 if span.unit is Unit.BUSINESS_DAYS else span.seconds > 90 * 86_400):
        raise ValueError("write a time of at most 90 days, and more than none")
    return span


class Deadlines(Part):
    """By when what an emergency leaves open is due, counted from its entry into the calendar of changes.

    A business day counts as a day here, which is the stricter reading.
    """

    post_review: Annotated[Span, AfterValidator(_within_90_days)] = describe(
        "The post-implementation review of an emergency change.", default_factory=lambda: parse_duration("5d")
    )
    post_review_self_approved: Annotated[Span, AfterValidator(_within_90_days)] = describe(
        "The same where an author approved it.", default_factory=lambda: parse_duration("2d")
    )


class CustomType(StrEnum):
    """What a custom field takes."""

    TEXT = "text"
    CHOICE = "choice"
    YES_NO = "yes_no"
    NUMBER = "number"
    LIST = "list"


class CustomField(Part):
    """A field that this workspace adds to a kind, under `custom`."""

    type: CustomType = describe("text, choice, yes_no, number or list.", default=CustomType.TEXT)
    label: Line = describe("What people call it.")
    required: Flag = describe("Whether every record of the kind must have it.", default=False)
    choices: tuple[Line, ...] = describe("For a choice or list: what it admits.", default=())
    material: Flag = describe("Whether approvals go stale when it changes.", default=True)

    @model_validator(mode="after")
    def _choices_where_chosen(self) -> Self:
        if self.type is CustomType.CHOICE and not self.choices:
            raise ValueError("a field of type choice needs `choices`")
        return self


_NEVER_ACCEPTED = ("YAML", "APR", "POL", "LIF02", "LIF03")
"""What can't be read, what changes history, who decides: accepting these would open what the checks close."""


def _acceptable(code: str) -> str:
    if code.startswith(_NEVER_ACCEPTED):
        raise ValueError(f"{code} can't be accepted: it guards what all other checks rest on")
    return code


class Suppression(Part):
    """A finding that is accepted for a time. It is reported as suppressed, never hidden."""

    code: Annotated[str, Field(pattern=r"^[A-Z]{2,4}[0-9]{3}$"), AfterValidator(_acceptable)] = describe(
        "The check's code. What can't be read and what changes history can't be accepted."
    )
    path: Line | None = describe("The record's path; none means everywhere.", default=None)
    reason: Text = describe("Why it is accepted.")
    until: Day = describe("The last day on which it is.")


def _place(path: str) -> str:
    if {"", ".", ".."} & {*path.split("/")} or any(each in path for each in "\\*?[]:"):
        raise ValueError("write the path of a file or folder from the repository's top, such as ops/deploy.sh")
    return path


class Settings(Part):
    """The whole of itsm.yaml."""

    name: Line = describe("What the workspace is called.")
    id: Annotated[str, Field(pattern=r"^[0-9a-z]{8,64}$")] = describe(
        "A random id, made once; it ties approvals to this workspace."
    )
    schema_: Whole = describe("Number of the record format; 1 today.", alias="schema", ge=1, le=SCHEMA)
    revision: Whole = describe("Goes up by one with each change; absent means 1.", default=1, ge=1)
    time_zone: Zone = describe("The zone in which times are shown: an IANA name.", default="UTC")
    priorities: PriorityMatrix = describe(
        "Impact to urgency to priority. Complete, and never less pressing where impact or urgency is higher.",
        default_factory=lambda: DEFAULT_MATRIX,
    )
    forge: Forge | None = describe("Where pull requests are made.", default=None)
    site: SiteSettings = describe("For whom and where the site is published.", default_factory=SiteSettings)
    auto_close: AutoClose = describe("After how long resolved tickets close.", default_factory=AutoClose)
    deadlines: Deadlines = describe("By when reviews of emergency changes are due.", default_factory=Deadlines)
    custom_fields: dict[Slug, dict[Slug, CustomField]] = describe("Kind to field name to field.", default_factory=dict)
    guarded: tuple[Annotated[Line, AfterValidator(_place)], ...] = describe(
        "Files and folders, from the repository's top, that are decided on with the workflow files: what the check "
        "runs, and what else nobody may change alone.",
        default=(),
    )
    suppress: tuple[Suppression, ...] = describe("Findings that are accepted for a time.", default=())

    @model_validator(mode="after")
    def _matrix_complete_and_monotone(self) -> Self:
        rank = list(Priority).index
        levels = list(Level)
        for level in levels:
            missing = [u for u in levels if u not in self.priorities.get(level, {})]
            if missing:
                raise ValueError(f"priorities: impact {level} lacks urgency {', '.join(missing)}")
        for higher, lower in pairwise(levels):
            for other in levels:
                if rank(self.priorities[higher][other]) > rank(self.priorities[lower][other]):
                    raise ValueError(f"priorities: impact {higher} is less pressing than {lower} at urgency {other}")
                if rank(self.priorities[other][higher]) > rank(self.priorities[other][lower]):
                    raise ValueError(f"priorities: urgency {higher} is less pressing than {lower} at impact {other}")
        return self

    def priority(self, impact: Level, urgency: Level) -> Priority:
        """The priority that the matrix gives."""
        return self.priorities[impact][urgency]
