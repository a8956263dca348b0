"""Defines the policy: who must decide before a record enters a state or a sensitive record changes."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from itsm_as_code.domain.condition import Condition
from itsm_as_code.domain.kinds.base import Part, Registered
from itsm_as_code.domain.kinds.types import (
    UNSEEN,
    Flag,
    Line,
    PersonRef,
    Slug,
    Span,
    TeamRef,
    Text,
    Whole,
    describe,
)


class Evidence(StrEnum):
    """A seat is filled by a signed act, by a review on a forge, or by either."""

    SIGNED = "signed"
    REVIEW = "review"
    ANY = "any"


class Seat(Part):
    """A seat is one or more places that different people must fill."""

    count: Whole = describe("Write how many people are needed.", default=1, ge=1, le=20)
    people: tuple[PersonRef, ...] = describe("List the ids of people who may fill the seat.", default=())
    teams: tuple[TeamRef, ...] = describe("List the ids of teams whose members may fill the seat.", default=())
    roles: tuple[Slug, ...] = describe("List roles. People who have one of them may fill the seat.", default=())
    owner_team: Flag = describe(
        "Write true if members of the team that owns the service may fill the seat.", default=False
    )
    evidence: Evidence = describe(
        "Write what fills the seat: signed (an act with a signature), review (on the forge) or any (either).",
        default=Evidence.SIGNED,
    )


class PolicyRule(Part):
    """A rule says who must decide on the records that meet its condition. It can say nobody if it gives a reason."""

    id: Slug = describe("Write the rule's name. It is unique in this policy.")
    when: Condition | None = describe(
        "Write the condition for the records to which the rule applies. Without this it applies to all.", default=None
    )
    mandatory: Flag = describe(
        "Write true if the rule must apply to every record that the policy is about.", default=False
    )
    seats: tuple[Seat, ...] | Literal["none"] = describe(
        "List the seats that must be filled, or write `none` and say why in `because`."
    )
    because: Text | None = describe("Say why nobody needs to decide.", default=None)
    expires_after: Span | None = describe(
        "Write how long an approval stays valid, such as 14d. Without this it stays valid for ever.", default=None
    )
    author_may_approve: Flag = describe("Write true if authors may fill a seat by a signed act.", default=False)
    distinct_people: Flag = describe("Write false if one person may fill several seats.", default=True)
    veto: Flag = describe(
        "Write false if refusals need not block. A refusal by anybody, with a seat or without one, blocks unless every "
        "rule that applies says false.",
        default=True,
    )
    withdraw_by: tuple[Slug, ...] = describe(
        "List roles. People who have one of them may withdraw the refusals of others.", default=()
    )

    @model_validator(mode="after")
    def _nobody_needs_a_reason(self) -> Self:
        if self.seats == "none" and self.because is None:
            raise ValueError("`seats: none` needs `because`: say why nobody has to decide")
        if self.seats == ():
            raise ValueError("name at least one seat, or write `seats: none` with `because`")
        return self


class Policy(Registered):
    """A policy says who must decide before records of some kinds pass one gate."""

    KIND: ClassVar[str] = "policy"

    id: Annotated[Slug, UNSEEN] = describe("Write the policy's id.")
    title: Annotated[Line, UNSEEN] = describe("Write what the policy is called.")
    subject: Annotated[tuple[Slug, ...], UNSEEN] = describe(
        "List the kinds of record that the policy is about.", min_length=1
    )
    gate: Annotated[str, Field(pattern=r"^([a-z_]+|post-review)$"), UNSEEN] = describe(
        "Write the gate: the state that records enter, `edit`, or `post-review` for changes."
    )
    rules: Annotated[tuple[PolicyRule, ...], UNSEEN] = describe(
        "List the rules. All rules whose condition is met apply.", min_length=1
    )
