"""Defines the SLA: versions that say what is promised for which tickets, and how the clocks of the targets run."""

from __future__ import annotations

from enum import StrEnum
from itertools import pairwise
from typing import Annotated, ClassVar, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from itsm_as_code.domain.condition import Condition
from itsm_as_code.domain.instants import Duration, Unit
from itsm_as_code.domain.kinds.base import Part, Registered
from itsm_as_code.domain.kinds.types import (
    SHOWN,
    CalendarRef,
    Day,
    Line,
    Percent,
    Slug,
    Span,
    Text,
    describe,
)


class Agreement(StrEnum):
    """The type of agreement says who promises something to whom."""

    SLA = "sla"
    OLA = "ola"
    UC = "uc"


class OnPriorityChange(StrEnum):
    """This says what happens to the time already used when the priority changes."""

    RETROACTIVE = "retroactive"
    CARRY = "carry"
    RESTART = "restart"


class OnReopen(StrEnum):
    """This says what happens to a stopped clock when the ticket is reopened."""

    RESUME = "resume"
    NEW_CYCLE = "new_cycle"


class PerPriority(Part):
    """Each priority has its own duration. If a priority has none and there is no `any`, nothing is promised for it."""

    P1: Span | None = describe("Write the duration for P1, such as 30m, 4h, 2d or 3bd (business days).", default=None)
    P2: Span | None = describe("Write the duration for P2, such as 30m, 4h, 2d or 3bd (business days).", default=None)
    P3: Span | None = describe("Write the duration for P3, such as 30m, 4h, 2d or 3bd (business days).", default=None)
    P4: Span | None = describe("Write the duration for P4, such as 30m, 4h, 2d or 3bd (business days).", default=None)
    P5: Span | None = describe("Write the duration for P5, such as 30m, 4h, 2d or 3bd (business days).", default=None)
    any: Span | None = describe(
        "Write the duration for every other priority, and for tickets that have none.", default=None
    )

    @model_validator(mode="after")
    def _sensible(self) -> Self:
        durations = self.in_order
        if not durations and self.any is None:
            raise ValueError("name a duration for at least one priority, or `any`")
        for (urgent, shorter), (other, longer) in pairwise(durations):
            if _longer(shorter, longer):
                raise ValueError(f"{urgent} has {shorter}, longer than {longer} for {other}")
        return self

    @property
    def in_order(self) -> list[tuple[str, Duration]]:
        """The priorities that have their own duration, the most urgent first."""
        named = ((name, getattr(self, name)) for name in ("P1", "P2", "P3", "P4", "P5"))
        return [(name, duration) for name, duration in named if duration is not None]

    def for_priority(self, priority: str | None) -> Duration | None:
        """Returns the duration that is promised for a priority, or None."""
        own: Duration | None = getattr(self, priority, None) if priority else None
        return own if own is not None else self.any


def _longer(one: Duration, other: Duration) -> bool:
    """Tells whether `one` is longer than `other`. Business days are only compared with business days."""
    if (one.unit is Unit.BUSINESS_DAYS) != (other.unit is Unit.BUSINESS_DAYS):
        return False
    if one.unit is Unit.BUSINESS_DAYS:
        return one.amount > other.amount
    return one.seconds > other.seconds


def _rising(percents: tuple[int, ...]) -> tuple[int, ...]:
    if list(percents) != sorted(set(percents)):
        raise ValueError("thresholds must rise, and each may occur only once")
    return percents


Thresholds = Annotated[tuple[Annotated[int, Field(ge=1, le=99)], ...], Field(max_length=10), AfterValidator(_rising)]
OrNever = Condition | Literal["never"]


class Target(Part):
    """A target is one promise, measured by one clock. Its name decides the defaults of fields that you leave out."""

    duration: PerPriority = describe("Write for each priority how much working time may pass.")
    start: Condition | None = describe(
        "The clock starts when this condition is first met. By default it starts when the ticket is opened.",
        default=None,
    )
    stop: Condition | None = describe(
        "The clock is stopped while this condition is met. By default: once answered (response) or once resolved.",
        default=None,
    )
    pause: OrNever | None = describe(
        "The clock is paused while this condition is met. By default it is paused on hold, but for response never.",
        default=None,
    )
    cancel: OrNever | None = describe(
        "The promise does not apply while this condition is met. By default that is when the ticket is cancelled.",
        default=None,
    )
    repeat: OrNever | None = describe(
        "An entry that meets this condition ends a cycle and starts the next one. By default no entry does so; for "
        "update, each update to the requester does.",
        default=None,
    )
    warn_at: Thresholds = describe(
        "List percentages of the duration, 1 to 99, at which the clock is shown as at risk.", default=(75,)
    )
    on_priority_change: OnPriorityChange = describe(
        "Write retroactive (the new duration counts from the start), carry (the share used is kept) or restart.",
        default=OnPriorityChange.RETROACTIVE,
    )
    on_reopen: OnReopen = describe(
        "Write resume (the clock goes on where it stopped) or new_cycle (it starts from zero).",
        default=OnReopen.RESUME,
    )


class Availability(Part):
    """This promises how much of the time a service is up."""

    objective: Percent = describe('Write the percentage in quotes, such as "99.9".')
    window: Span = describe("Write the length of time over which it is measured, such as 30d.")


class SlaVersion(Part):
    """A version says what is promised for tickets that are opened from one date on, until the next version."""

    effective_from: Day = describe(
        "Write the first day on which tickets get this version, in the calendar's time zone or else in UTC."
    )
    kinds: tuple[Literal["incident", "request", "problem"], ...] = describe(
        "List the kinds of ticket that this version is for.", default=("incident",), min_length=1
    )
    applies_to: Condition | None = describe(
        "Write the condition for the tickets to which this version applies now. Without this it applies to all.",
        default=None,
    )
    calendar: CalendarRef | None = describe(
        "Write the id of the calendar with the hours in which the clocks run. Without this they always run.",
        default=None,
    )
    targets: dict[Slug, Target] = describe(
        "Write a target for response, resolution, update or a name of your own. {} ends the agreement.",
        default_factory=dict,
    )
    availability: Availability | None = describe(
        "Write how much of the time the service is promised to be up.", default=None
    )


class Sla(Registered):
    """An SLA is an agreement on how fast tickets are answered and resolved."""

    KIND: ClassVar[str] = "sla"

    id: Annotated[Slug, SHOWN] = describe("Write the SLA's id.")
    name: Annotated[Line, SHOWN] = describe("Write what the agreement is called.")
    description: Annotated[Text | None, SHOWN] = describe(
        "Say what the agreement is about and with whom it was made. Markdown is allowed.", default=None
    )
    agreement: Annotated[Agreement, SHOWN] = describe(
        "Write sla (with customers), ola (between teams of your own) or uc (with a supplier).", default=Agreement.SLA
    )
    versions: Annotated[tuple[SlaVersion, ...], SHOWN] = describe(
        "List the agreement's versions, the oldest first.", min_length=1
    )

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        days = [version.effective_from for version in self.versions]
        if days != sorted(set(days)):
            raise ValueError(
                "versions must be in the order of `effective_from`, the oldest first, each with its own day"
            )
        return self
