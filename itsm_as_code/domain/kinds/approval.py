"""Defines the approval record: one signed act that proposes, approves, refuses or withdraws exactly one content."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import Field

from itsm_as_code.domain.ids import ticket_pattern
from itsm_as_code.domain.kinds.base import Record
from itsm_as_code.domain.kinds.types import (
    SHOWN,
    UNSEEN,
    ApprovalRef,
    Instant,
    Line,
    PersonRef,
    RuleName,
    Text,
    describe,
)


class Decision(StrEnum):
    """An act proposes, approves, refuses, or withdraws an earlier act."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class Approval(Record):
    """One person proposed, approved, refused or withdrew exactly this content, and signed it. Nobody edits it later."""

    KIND: ClassVar[str] = "approval"

    id: Annotated[str, UNSEEN] = describe(
        "This id is made of APR-, the date in UTC, and five random characters.", pattern=ticket_pattern("approval")
    )
    workspace: Annotated[str, Field(pattern=r"^[0-9a-z]{8,64}$"), UNSEEN] = describe(
        "This repeats the workspace's `id` in itsm.yaml, so that the act counts nowhere else."
    )
    subject: Annotated[Line, UNSEEN] = describe(
        "This names the record that is decided on: a ticket's id, or its kind and id, such as service/email."
    )
    gate: Annotated[str, Field(pattern=r"^([a-z_]+|exception/[a-z0-9][a-z0-9._-]{0,63}|post-review)$"), UNSEEN] = (
        describe("This names the gate: the state to enter, edit, exception/<freeze>, post-review or ratify.")
    )
    digest: Annotated[str, Field(pattern=r"^itsm1:[0-9a-f]{64}$"), UNSEEN] = describe(
        "This digest stands for the material content that is decided on."
    )
    replaces: Annotated[str | None, Field(pattern=r"^itsm1:[0-9a-f]{64}$"), UNSEEN] = describe(
        "For an edit, this is the digest of the content that is replaced.", default=None
    )
    fields: Annotated[dict[str, Annotated[str, Field(pattern=r"^[0-9a-f]{16}$")]], UNSEEN] = describe(
        "Each material field has a short hash of its value here, so that a stale act can name what changed.",
        default_factory=dict,
    )
    decision: Annotated[Decision, UNSEEN] = describe(
        "This says what was decided: proposed, approved, refused or withdrawn."
    )
    by: Annotated[PersonRef, SHOWN] = describe("This is the id of the person who acts.")
    on_behalf_of: Annotated[PersonRef | None, UNSEEN] = describe(
        "When a deputy acts, this is the id of the person whose place they take.", default=None
    )
    witness: Annotated[PersonRef | None, UNSEEN] = describe(
        "This is the id of the registered witness who signs for a review that was made on a forge.", default=None
    )
    at: Annotated[Instant, SHOWN] = describe(
        "This is the instant of the act by its maker's clock. It is a claim and proves nothing."
    )
    seat: Annotated[RuleName | None, UNSEEN] = describe(
        "This names the rule whose seat the act is meant to fill: policy/rule, or the rule alone if no other rule here "
        "has that name.",
        default=None,
    )
    comment: Annotated[Text | None, UNSEEN] = describe(
        "The person who acts says here, in their own words, why they decide so.", default=None
    )
    supersedes: Annotated[tuple[ApprovalRef, ...], UNSEEN] = describe(
        "This lists earlier acts that this act replaces or takes back.", default=()
    )
    signature: Annotated[str | None, Field(max_length=10_000), UNSEEN] = describe(
        "This is the SSH signature over the canonical form of all other fields.", default=None
    )
