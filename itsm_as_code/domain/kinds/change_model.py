"""Defines the change model: a pre-authorised standard change with a fixed plan (ITIL 4)."""

from __future__ import annotations

from typing import Annotated, ClassVar

from itsm_as_code.domain.condition import Condition
from itsm_as_code.domain.kinds.base import Part, Registered
from itsm_as_code.domain.kinds.change import Plan, RiskLevel
from itsm_as_code.domain.kinds.types import (
    UNSEEN,
    CalendarRef,
    Day,
    Line,
    ServiceRef,
    Slug,
    Span,
    TeamRef,
    Text,
    Whole,
    describe,
)


class SuccessRecord(Part):
    """This shows that such changes were successful as normal changes before they became standard."""

    successful_changes: Whole = describe("Write how many normal changes of this type were successful.", ge=1, le=1000)


class WindowBounds(Part):
    """The windows of such changes are no longer than this, and lie within these hours."""

    longest: Span | None = describe(
        "Write how long the window of such a change may be at most. Without this, it is 24 hours.", default=None
    )
    hours: CalendarRef | None = describe(
        "Write the id of the calendar whose hours the window must lie in. Without this, any hours are allowed.",
        default=None,
    )


class ScopeBounds(Part):
    """Such changes deploy commits of these repositories only."""

    repositories: tuple[Line, ...] = describe(
        "List the repositories whose commits such changes may deploy.", min_length=1
    )


class OutageBounds(Part):
    """Such changes may take the service down, or degrade it, for a short time."""

    minutes: Whole = describe("Write for how many minutes at most.", ge=1, le=100_000)


class ChangeModel(Registered):
    """A change model authorises one type of change in advance, within the limits that it states."""

    KIND: ClassVar[str] = "change-model"

    id: Annotated[Slug, UNSEEN] = describe("Write the change model's id.")
    title: Annotated[Line, UNSEEN] = describe("Say what type of change this is.")
    description: Annotated[Text | None, UNSEEN] = describe(
        "Say when the model is used. Markdown is allowed.", default=None
    )
    services: Annotated[tuple[ServiceRef, ...], UNSEEN] = describe(
        "List the services for which the model may be used. Without this it may be used for all.", default=()
    )
    allows: Annotated[Condition | None, UNSEEN] = describe(
        "Write the condition that every change of this model must meet.", default=None
    )
    plan: Annotated[Plan, UNSEEN] = describe("Write the plan that every such change follows.")
    risk: Annotated[RiskLevel, UNSEEN] = describe(
        "Write the level of risk that was accepted with the model. The risk of its changes may not be higher.",
        default=RiskLevel.LOW,
    )
    window: Annotated[WindowBounds | None, UNSEEN] = describe(
        "Say how long the windows of such changes may be, and when.", default=None
    )
    teams: Annotated[tuple[TeamRef, ...], UNSEEN] = describe(
        "List the teams that may carry such changes out. Without this, it is the team that owns the service.",
        default=(),
    )
    scope: Annotated[ScopeBounds | None, UNSEEN] = describe(
        "Say what such changes may deploy. Without this, they deploy no commits.", default=None
    )
    outage: Annotated[OutageBounds | None, UNSEEN] = describe(
        "Say whether such changes may be noticed. Without this, they cause no outage.", default=None
    )
    success_record: Annotated[SuccessRecord | None, UNSEEN] = describe(
        "Say how often such changes were successful before the model was created.", default=None
    )
    valid_until: Annotated[Day | None, UNSEEN] = describe(
        "Write the last day on which the model may be used.", default=None
    )
