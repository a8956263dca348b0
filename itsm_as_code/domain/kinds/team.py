"""Team: people who answer for services together. Nesting is explicit."""

from __future__ import annotations

from typing import ClassVar

from itsm_as_code.domain.kinds.base import Part, Registered
from itsm_as_code.domain.kinds.types import (
    Email,
    Instant,
    Line,
    PersonRef,
    Slug,
    TeamRef,
    Text,
    Url,
    describe,
)


class Shift(Part):
    """Who is on call for a half-open stretch of time."""

    person: PersonRef = describe("Who is on call.")
    from_: Instant = describe("From when on.", alias="from")
    until: Instant = describe("Until when.")


class OnCall(Part):
    """The team's rota."""

    shifts: tuple[Shift, ...] = describe("Who is on call when, oldest first.", default=())
    escalate_to: PersonRef | None = describe("Whom to call when nobody answers.", default=None)


class Contact(Part):
    """How to reach the team."""

    email: Email | None = describe("The team's address.", default=None)
    phone: Line | None = describe("The team's telephone.", default=None)
    chat: Url | None = describe("The team's chat.", default=None)


class Team(Registered):
    """People who answer for services together."""

    KIND: ClassVar[str] = "team"

    id: Slug = describe("The team's id.")
    name: Line = describe("What it is called.")
    description: Text | None = describe("What it does; Markdown.", default=None)
    members: tuple[PersonRef, ...] = describe("Who belongs to it.", default=())
    parents: tuple[TeamRef, ...] = describe("Teams that it is part of: its members are theirs too.", default=())
    on_call: OnCall | None = describe("Who is on call.", default=None)
    contact: Contact | None = describe("How to reach it.", default=None)
