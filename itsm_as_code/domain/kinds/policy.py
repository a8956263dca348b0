"""Policy: who must decide before a subject enters a state or a sensitive record changes."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from itsm_as_code.domain.condition import Condition
from itsm_as_code.domain.kinds.base import Part, Registered
from itsm_as_code.domain.kinds.types import Flag, Line, PersonRef, Slug, Span, TeamRef, Text, Whole, describe


class Evidence(StrEnum):
    """What proves that a seat is filled."""

    SIGNED = "signed"
    REVIEW = "review"
    ANY = "any"


class Seat(Part):
    """Places that must be filled by different people."""

    count: Whole = describe("How many people.", default=1, ge=1, le=20)
    people: tuple[PersonRef, ...] = describe("People who may fill it.", default=())
    teams: tuple[TeamRef, ...] = describe("Teams whose members may fill it.", default=())
    roles: tuple[Slug, ...] = describe("Roles whose holders may fill it.", default=())
    owner_team: Flag = describe("Whether members of the service's owner team may fill it.", default=False)
    evidence: Evidence = describe("signed, review or any.", default=Evidence.SIGNED)


class PolicyRule(Part):
    """Seats for the subjects that a condition matches; or, with a reason, none."""

    id: Slug = describe("The rule's name within the policy.")
    when: Condition | None = describe("Which subjects it is for; none means all.", default=None)
    mandatory: Flag = describe("Whether the rule must apply to every subject of the policy.", default=False)
    seats: tuple[Seat, ...] | Literal["none"] = describe("Who must decide; `none` needs `because`.")
    because: Text | None = describe("Why nobody needs to decide.", default=None)
    expires_after: Span | None = describe("How long an approval holds.", default=None)
    author_may_approve: Flag = describe("Whether authors may fill a seat, by a signed act.", default=False)
    distinct_people: Flag = describe("Whether each seat needs another person.", default=True)
    veto: Flag = describe("Whether a refusal by somebody who could fill a seat blocks.", default=True)
    withdraw_by: tuple[Slug, ...] = describe("Roles that may withdraw somebody's refusal.", default=())

    @model_validator(mode="after")
    def _nobody_needs_a_reason(self) -> Self:
        if self.seats == "none" and self.because is None:
            raise ValueError("`seats: none` needs `because`: say why nobody has to decide")
        if self.seats == ():
            raise ValueError("name at least one seat, or write `seats: none` with `because`")
        return self


class Policy(Registered):
    """Rules for one gate of some kinds."""

    KIND: ClassVar[str] = "policy"

    id: Slug = describe("The policy's id.")
    title: Line = describe("What it is called.")
    subject: tuple[Slug, ...] = describe("The kinds of record that it is about.", min_length=1)
    gate: Annotated[str, Field(pattern=r"^([a-z_]+|post-review)$")] = describe(
        "The state that subjects enter, `edit`, or for changes `post-review`."
    )
    rules: tuple[PolicyRule, ...] = describe("The rules; all that match apply.", min_length=1)
