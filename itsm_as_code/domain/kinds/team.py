"""Defines the team: people who are responsible for services together. Teams can be parts of other teams."""

from __future__ import annotations

from typing import Annotated, ClassVar

from itsm_as_code.domain.kinds.base import Part, Registered
from itsm_as_code.domain.kinds.types import (
    SHOWN,
    UNSEEN,
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
    """In a shift, one person is on call."""

    person: PersonRef = describe("Write the id of the person who is on call.")
    from_: Instant = describe("Write the instant at which the shift begins.", alias="from")
    until: Instant = describe("Write the instant at which the shift ends.")


class OnCall(Part):
    """The rota says which member of the team is on call."""

    shifts: tuple[Shift, ...] = describe("List the shifts, the oldest first.", default=())
    escalate_to: PersonRef | None = describe("Write the id of the person to call when nobody answers.", default=None)


class Contact(Part):
    """People can reach the team in these ways."""

    email: Email | None = describe("Write the team's e-mail address.", default=None)
    phone: Line | None = describe("Write the team's telephone number.", default=None)
    chat: Url | None = describe("Write the address of the team's chat.", default=None)


class Team(Registered):
    """The people of a team are responsible for services together."""

    KIND: ClassVar[str] = "team"

    id: Annotated[Slug, SHOWN] = describe("Write the team's id.")
    name: Annotated[Line, SHOWN] = describe("Write what the team is called.")
    description: Annotated[Text | None, SHOWN] = describe("Say what the team does. Markdown is allowed.", default=None)
    members: Annotated[tuple[PersonRef, ...], SHOWN] = describe(
        "List the ids of people who belong to the team.", default=()
    )
    parents: Annotated[tuple[TeamRef, ...], SHOWN] = describe(
        "List teams of which this one is a part. Its members are members of them too.", default=()
    )
    on_call: Annotated[OnCall | None, UNSEEN] = describe("Say who is on call, and when.", default=None)
    contact: Annotated[Contact | None, SHOWN] = describe("Say how people can reach the team.", default=None)
