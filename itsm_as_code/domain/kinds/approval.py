"""Approval: one act. Somebody proposed, approved, refused or withdrew exactly this content, and signed it."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import Field

from itsm_as_code.domain.ids import ticket_pattern
from itsm_as_code.domain.kinds.base import Record
from itsm_as_code.domain.kinds.types import ApprovalRef, Instant, Line, PersonRef, Slug, Text, describe


class Decision(StrEnum):
    """What an act says."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class Approval(Record):
    """An act: immutable, its signature is its credential."""

    KIND: ClassVar[str] = "approval"

    id: str = describe("APR-, the UTC date, five characters.", pattern=ticket_pattern("approval"))
    workspace: Annotated[str, Field(pattern=r"^[0-9a-z]{8,64}$")] = describe("The random id in itsm.yaml.")
    subject: Line = describe("What is decided on: a ticket id, or kind/slug.")
    gate: Annotated[str, Field(pattern=r"^([a-z_]+|exception/[a-z0-9][a-z0-9._-]{0,63}|post-review)$")] = describe(
        "The state entered, edit, exception/<freeze>, post-review or ratify."
    )
    digest: Annotated[str, Field(pattern=r"^itsm1:[0-9a-f]{64}$")] = describe(
        "Digest of the subject's material content."
    )
    replaces: Annotated[str | None, Field(pattern=r"^itsm1:[0-9a-f]{64}$")] = describe(
        "For an edit: the digest of the content that it replaces.", default=None
    )
    fields: dict[str, Annotated[str, Field(pattern=r"^[0-9a-f]{16}$")]] = describe(
        "Material field to a short hash of its value, so that a stale act can name what changed.",
        default_factory=dict,
    )
    decision: Decision = describe("proposed, approved, refused or withdrawn.")
    by: PersonRef = describe("Whose act it is.")
    on_behalf_of: PersonRef | None = describe("For whom, where it is a delegate's act.", default=None)
    witness: PersonRef | None = describe("The registered witness who signs for a review seen on a forge.", default=None)
    at: Instant = describe("When, by the maker's clock; a claim.")
    seat: Slug | None = describe("The seat that it is meant for.", default=None)
    comment: Text | None = describe("The maker's words.", default=None)
    supersedes: tuple[ApprovalRef, ...] = describe("The maker's earlier acts that it takes the place of.", default=())
    signature: Annotated[str | None, Field(max_length=10_000)] = describe(
        "SSH signature over the canonical form of all the other fields.", default=None
    )
