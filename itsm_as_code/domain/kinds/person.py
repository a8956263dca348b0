"""Defines the person. E-mail addresses identify commits, keys prove acts, and forge accounts prove reviews."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import Field

from itsm_as_code.domain.kinds.base import Part, Registered
from itsm_as_code.domain.kinds.types import (
    SHOWN,
    UNSEEN,
    Email,
    Instant,
    Line,
    PersonRef,
    Slug,
    Whole,
    describe,
)

KEY_PATTERN = (
    r"^(ssh-ed25519|sk-ssh-ed25519@openssh\.com|ecdsa-sha2-nistp(256|384|521)|sk-ecdsa-sha2-nistp256@openssh\.com|ssh-rsa)"
    r" [A-Za-z0-9+/]+={0,2}$"
)


class PersonType(StrEnum):
    """A human can fill a seat. A bot never can."""

    HUMAN = "human"
    BOT = "bot"


class ForgeAccount(Part):
    """This is an account on a forge. Its number stays the same; its login name can pass to somebody else."""

    login: Line = describe("Write the login name. People read it; nothing else depends on it.")
    id: Whole = describe("Write the number by which the forge knows the account.", ge=1)


class Revocation(Part):
    """A key is revoked when somebody else may have had it."""

    since: Instant = describe("Write the instant from which the key is no longer trusted.")
    reason: Line = describe("Say what happened.")


class Key(Part):
    """A public key proves a person's acts. Keys that are no longer used stay listed, for the audit."""

    key: Annotated[str, Field(pattern=KEY_PATTERN)] = describe(
        "Copy the first two words of an OpenSSH .pub file: the key's type and its base64 text."
    )
    valid_from: Instant | None = describe("Write the instant from which the key is valid.", default=None)
    valid_until: Instant | None = describe("Write the instant until which the key is valid.", default=None)
    revoked: Revocation | None = describe("Fill this in if somebody else may have had the key.", default=None)


class Delegation(Part):
    """A deputy decides in this person's place for a time, and can't delegate this to others."""

    to: PersonRef = describe("Write the id of the person who decides instead.")
    from_: Instant = describe("Write the instant at which the delegation begins.", alias="from")
    until: Instant = describe("Write the instant at which the delegation ends.")


class Person(Registered):
    """A person is somebody who acts in this workspace, or a bot."""

    KIND: ClassVar[str] = "person"

    id: Annotated[Slug, UNSEEN] = describe("Write the person's id. Records refer to the person by it.")
    name: Annotated[Line, SHOWN] = describe("Write the person's name.")
    type: Annotated[PersonType, UNSEEN] = describe(
        "Write human, or bot for a program that acts by itself.", default=PersonType.HUMAN
    )
    title: Annotated[Line | None, SHOWN] = describe(
        "Say what the person does, such as service desk lead.", default=None
    )
    emails: Annotated[tuple[Email, ...], UNSEEN] = describe(
        "List the e-mail addresses that the person's commits carry.", default=()
    )
    forge: Annotated[dict[Slug, ForgeAccount], UNSEEN] = describe(
        "For each forge, such as github, write the person's account there.", default_factory=dict
    )
    keys: Annotated[tuple[Key, ...], UNSEEN] = describe(
        "List the public keys that prove the person's acts.", default=()
    )
    delegate: Annotated[Delegation | None, UNSEEN] = describe(
        "Say who decides in the person's place for a time.", default=None
    )
    roles: Annotated[tuple[Slug, ...], UNSEEN] = describe(
        "List roles that policies name, such as witness or emergency-approver.", default=()
    )

    @property
    def label(self) -> str:
        """The name of the person in lists."""
        return self.name
