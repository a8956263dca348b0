"""Defines the settings of a workspace, which are in `itsm.yaml` at its root."""

from __future__ import annotations

from enum import StrEnum
from itertools import pairwise
from typing import Annotated, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, Field, model_validator

from itsm_as_code.domain.instants import Duration, Unit, parse_duration
from itsm_as_code.domain.kinds.base import BARS, SCHEMA, Part
from itsm_as_code.domain.kinds.types import (
    SHOWN,
    UNSEEN,
    Day,
    Flag,
    Level,
    Line,
    PersonRef,
    Priority,
    Slug,
    Span,
    Text,
    Url,
    Visibility,
    Whole,
    describe,
)
from itsm_as_code.domain.patterns import BRANCH_PATTERN

SETTINGS_PATH = "itsm.yaml"


def _existing_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError("name an IANA time zone such as Europe/Berlin") from None
    return name


Zone = Annotated[str, Field(min_length=1, max_length=64), AfterValidator(_existing_zone)]

PriorityMatrix = dict[Level, dict[Level, Priority]]
"""Maps each impact and urgency to a priority."""

DEFAULT_MATRIX: PriorityMatrix = {
    Level.HIGH: {Level.HIGH: Priority.P1, Level.MEDIUM: Priority.P2, Level.LOW: Priority.P3},
    Level.MEDIUM: {Level.HIGH: Priority.P2, Level.MEDIUM: Priority.P3, Level.LOW: Priority.P4},
    Level.LOW: {Level.HIGH: Priority.P3, Level.MEDIUM: Priority.P4, Level.LOW: Priority.P5},
}


class Forge(Part):
    """This says on which forge people open pull requests."""

    type: Annotated[str, Field(pattern=r"^(github|gitlab|gitea|none)$")] = describe(
        "Write the type of forge: github, gitlab, gitea or none."
    )
    repository: Line | None = describe("Write the repository's name on the forge, such as owner/name.", default=None)
    protected_ref: Annotated[str, Field(pattern=BRANCH_PATTERN)] = describe(
        "Write the full name of the protected branch, such as refs/heads/main.", default="refs/heads/main"
    )


class SiteSettings(Part):
    """This says how the site is published."""

    base_url: Url | None = describe("Write the site's address. Only feeds and permanent links need it.", default=None)
    audiences: tuple[Visibility, ...] = describe(
        "List the audiences for which a site is built: public, staff or it.", default=(Visibility.STAFF,)
    )
    status_promise: Span | None = describe(
        "Write how old the status page may become before it warns its readers, such as 15m.", default=None
    )


class AutoClose(Part):
    """This says when resolved tickets are closed automatically."""

    resolved_after: Span | None = describe(
        "Write how long after its resolution an incident is closed, such as 7d.", default=None
    )


def _within_90_days(span: Duration) -> Duration:
    """Refuses more than 90 days, because a review must be due within 180 days of the date in the change's id."""
    if span.amount <= 0 or (span.amount > 90 if span.unit is Unit.BUSINESS_DAYS else span.seconds > 90 * 86_400):
        raise ValueError("write a time of more than zero and at most 90 days")
    return span


class Deadlines(Part):
    """This says how long after an emergency change was scheduled its review is due.

    A business day counts as one day here.
    """

    post_review: Annotated[Span, AfterValidator(_within_90_days)] = describe(
        "Write the time for the review of an emergency change, such as 5d. It is at most 90 days.",
        default_factory=lambda: parse_duration("5d"),
    )
    post_review_self_approved: Annotated[Span, AfterValidator(_within_90_days)] = describe(
        "Write the time for the review if an author approved the change, such as 2d. It is at most 90 days.",
        default_factory=lambda: parse_duration("2d"),
    )


class CustomType(StrEnum):
    """A custom field takes one of these types of values."""

    TEXT = "text"
    CHOICE = "choice"
    YES_NO = "yes_no"
    NUMBER = "number"
    LIST = "list"


class CustomField(Part):
    """A custom field is a field that this workspace adds to a kind of record, under `custom`."""

    type: CustomType = describe(
        "Write what the field takes: text, choice, yes_no, number or list.", default=CustomType.TEXT
    )
    label: Line = describe("Write what people call the field.")
    required: Flag = describe("Write true if every record of the kind must have the field.", default=False)
    choices: tuple[Line, ...] = describe("For a choice or a list, write the values that can be chosen.", default=())
    material: Flag = describe("Write false if approvals stay valid when the field changes.", default=True)

    @model_validator(mode="after")
    def _choices_where_chosen(self) -> Self:
        if self.type is CustomType.CHOICE and not self.choices:
            raise ValueError("a field of type choice needs `choices`")
        return self


_NEVER_ACCEPTED = ("YAML", "APR", "POL", "LIF02", "LIF03", "LIF04", "LIF05")
"""Codes that can't be accepted: they protect against unreadable files, changed history and wrong approvals."""


def _acceptable(code: str) -> str:
    if code.startswith(_NEVER_ACCEPTED):
        raise ValueError(f"{code} can't be accepted: all other checks depend on it")
    return code


class Suppression(Part):
    """A suppression accepts a finding for a time. The finding is still reported, but as suppressed."""

    code: Annotated[str, Field(pattern=r"^[A-Z]{2,4}[0-9]{3}$"), AfterValidator(_acceptable)] = describe(
        "Write the check's code. Unreadable files, changed history and missing approvals can't be accepted."
    )
    path: Line | None = describe(
        "Write the record's path. Without this the finding is accepted everywhere.", default=None
    )
    reason: Text = describe("Say why the finding is accepted.")
    until: Day = describe("Write the last day on which the finding is accepted.")


def _place(path: str) -> str:
    if {"", ".", ".."} & {*path.split("/")} or any(each in path for each in "\\*?[]:"):
        raise ValueError("write the path of a file or folder from the repository's root, such as ops/deploy.sh")
    return path


class Settings(Part):
    """itsm.yaml holds the settings of the whole workspace."""

    name: Annotated[Line, SHOWN] = describe("Write what the workspace is called.")
    id: Annotated[str, Field(pattern=r"^[0-9a-z]{8,64}$"), UNSEEN] = describe(
        "This random id is created once and never changed. Approvals name it, so that they count only here."
    )
    schema_: Annotated[Whole, UNSEEN] = describe(
        "Write the number of the record format. It is 1 today.", alias="schema", ge=1, le=SCHEMA
    )
    revision: Annotated[Whole, UNSEEN] = describe(
        "This number goes up by one with each change; 1 may be left out.", default=1, ge=1
    )
    authors: Annotated[tuple[PersonRef, ...], BARS] = describe(
        "List the people who wrote the content. None of them can fill a seat.", default=()
    )
    time_zone: Annotated[Zone, SHOWN] = describe(
        "Write the IANA time zone in which times are shown, such as Europe/Berlin.", default="UTC"
    )
    priorities: Annotated[PriorityMatrix, UNSEEN] = describe(
        "For each impact and urgency, write the priority. A higher impact or urgency never gives a less urgent one.",
        default_factory=lambda: DEFAULT_MATRIX,
    )
    forge: Annotated[Forge | None, UNSEEN] = describe("Say on which forge people open pull requests.", default=None)
    site: Annotated[SiteSettings, SHOWN] = describe(
        "Say for whom and where the site is published.", default_factory=SiteSettings
    )
    auto_close: Annotated[AutoClose, UNSEEN] = describe(
        "Say after how long resolved tickets are closed automatically.", default_factory=AutoClose
    )
    deadlines: Annotated[Deadlines, UNSEEN] = describe(
        "Say by when reviews of emergency changes are due.", default_factory=Deadlines
    )
    custom_fields: Annotated[dict[Slug, dict[Slug, CustomField]], UNSEEN] = describe(
        "For each kind of record, declare the fields that this workspace adds to it.", default_factory=dict
    )
    guarded: Annotated[tuple[Annotated[Line, AfterValidator(_place)], ...], UNSEEN] = describe(
        "List files and folders, from the repository's root, that nobody may change alone. They are approved together "
        "with the workflow files and the theme.",
        default=(),
    )
    suppress: Annotated[tuple[Suppression, ...], UNSEEN] = describe(
        "List findings that are accepted for a time.", default=()
    )

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
                    raise ValueError(
                        f"priorities: impact {higher} gives a less urgent priority than {lower} at urgency {other}"
                    )
                if rank(self.priorities[other][higher]) > rank(self.priorities[other][lower]):
                    raise ValueError(
                        f"priorities: urgency {higher} gives a less urgent priority than {lower} at impact {other}"
                    )
        return self

    def priority(self, impact: Level, urgency: Level) -> Priority:
        """Returns the priority that the matrix gives for an impact and an urgency."""
        return self.priorities[impact][urgency]
