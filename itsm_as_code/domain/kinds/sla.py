"""SLA: what was promised for which tickets, and how the clocks of its targets run. In versions."""

from __future__ import annotations

from enum import StrEnum
from itertools import pairwise
from typing import Annotated, ClassVar, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from itsm_as_code.domain.condition import Condition
from itsm_as_code.domain.instants import Duration, Unit
from itsm_as_code.domain.kinds.base import Part, Registered
from itsm_as_code.domain.kinds.types import CalendarRef, Day, Line, Percent, Slug, Span, Text, describe


class Agreement(StrEnum):
    """Who promises whom."""

    SLA = "sla"
    OLA = "ola"
    UC = "uc"


class OnPriorityChange(StrEnum):
    """What a change of priority does to time already used."""

    RETROACTIVE = "retroactive"
    CARRY = "carry"
    RESTART = "restart"


class OnReopen(StrEnum):
    """What a reopened ticket does to a clock that had stopped."""

    RESUME = "resume"
    NEW_CYCLE = "new_cycle"


class PerPriority(Part):
    """A duration for each priority. Priorities without one, and without `any`, have no promise."""

    P1: Span | None = describe("For P1, e.g. 4h or 2bd.", default=None)
    P2: Span | None = describe("For P2.", default=None)
    P3: Span | None = describe("For P3.", default=None)
    P4: Span | None = describe("For P4.", default=None)
    P5: Span | None = describe("For P5.", default=None)
    any: Span | None = describe("For every other priority, and for tickets that have none.", default=None)

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
        """Priorities that have their own duration, the most pressing first."""
        named = ((name, getattr(self, name)) for name in ("P1", "P2", "P3", "P4", "P5"))
        return [(name, duration) for name, duration in named if duration is not None]

    def for_priority(self, priority: str | None) -> Duration | None:
        """The duration promised for a priority, or None where nothing is."""
        own: Duration | None = getattr(self, priority, None) if priority else None
        return own if own is not None else self.any


def _longer(one: Duration, other: Duration) -> bool:
    """Whether `one` is longer; business days are compared with business days alone."""
    if (one.unit is Unit.BUSINESS_DAYS) != (other.unit is Unit.BUSINESS_DAYS):
        return False
    if one.unit is Unit.BUSINESS_DAYS:
        return one.amount > other.amount
    return one.seconds > other.seconds


def _rising(percents: tuple[int, ...]) -> tuple[int, ...]:
    if list(percents) != sorted(set(percents)):
        raise ValueError("thresholds rise, each named once")
    return percents


Thresholds = Annotated[tuple[Annotated[int, Field(ge=1, le=99)], ...], AfterValidator(_rising), Field(max_length=10)]
OrNever = Condition | Literal["never"]


class Target(Part):
    """One promise, measured by one clock. What is left out follows from the target's name (docs: SLA)."""

    duration: PerPriority = describe("How much working time may pass, for each priority.")
    start: Condition | None = describe(
        "The clock starts when this first holds; by default when the ticket is opened.", default=None
    )
    stop: Condition | None = describe(
        "The clock stops while this holds; by default when answered (response) or resolved (all others).",
        default=None,
    )
    pause: OrNever | None = describe(
        "The clock stands still while this holds; by default on hold, for response never.", default=None
    )
    cancel: OrNever | None = describe(
        "The promise falls away while this holds; by default when the ticket is cancelled.", default=None
    )
    repeat: OrNever | None = describe(
        "An entry for which this holds ends a cycle and starts the next; by default never, for update at "
        "each update to the requester.",
        default=None,
    )
    warn_at: Thresholds = describe("Percent of the duration at which the clock is at risk.", default=(75,))
    on_priority_change: OnPriorityChange = describe(
        "retroactive: the new duration from the start; carry: the share used is kept; restart: from zero.",
        default=OnPriorityChange.RETROACTIVE,
    )
    on_reopen: OnReopen = describe(
        "resume: the clock goes on where it stopped; new_cycle: it starts from zero.",
        default=OnReopen.RESUME,
    )


class Availability(Part):
    """How much of the time a service is promised to be up."""

    objective: Percent = describe('The percentage, quoted: "99.9".')
    window: Span = describe("Over how long it is measured, e.g. 30d.")


class SlaVersion(Part):
    """What is promised for tickets opened from one date on, until the next version."""

    effective_from: Day = describe("First day on which tickets get this version, in the calendar's zone (else UTC).")
    kinds: tuple[Literal["incident", "request", "problem"], ...] = describe(
        "The kinds of ticket it is for.", default=("incident",), min_length=1
    )
    applies_to: Condition | None = describe(
        "The tickets it is for, by their fields as they are now; by default all of these kinds.", default=None
    )
    calendar: CalendarRef | None = describe("The hours in which its clocks run; by default 24x7.", default=None)
    targets: dict[Slug, Target] = describe(
        "Name to promise: response, resolution, update or own names. {} ends the agreement.",
        default_factory=dict,
    )
    availability: Availability | None = describe("The promised availability of the service.", default=None)


class Sla(Registered):
    """An agreement on how fast tickets are answered and resolved."""

    KIND: ClassVar[str] = "sla"

    id: Slug = describe("The agreement's id.")
    name: Line = describe("What it is called.")
    description: Text | None = describe("What it is about and with whom; Markdown.", default=None)
    agreement: Agreement = describe(
        "sla: with customers; ola: between own teams; uc: with a supplier.", default=Agreement.SLA
    )
    versions: tuple[SlaVersion, ...] = describe("Its versions, oldest first.", min_length=1)

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        days = [version.effective_from for version in self.versions]
        if days != sorted(set(days)):
            raise ValueError("versions follow each other by `effective_from`, the oldest first")
        return self
