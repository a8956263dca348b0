"""Person: who acts. E-mails map a Git identity to a person, keys prove their acts, forge ids their reviews."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import Field

from itsm_as_code.domain.kinds.base import Part, Registered
from itsm_as_code.domain.kinds.types import Email, Instant, Line, PersonRef, Slug, Whole, describe

KEY_PATTERN = (
    r"^(ssh-ed25519|sk-ssh-ed25519@openssh\.com|ecdsa-sha2-nistp(256|384|521)|sk-ecdsa-sha2-nistp256@openssh\.com|ssh-rsa)"
    r" [A-Za-z0-9+/]+={0,2}$"
)


class PersonType(StrEnum):
    """Humans decide; bots fill no seat."""

    HUMAN = "human"
    BOT = "bot"


class ForgeAccount(Part):
    """An account on a forge. The number is the identity; the login may change hands."""

    login: Line = describe("The login name, for people to read.")
    id: Whole = describe("The forge's numeric id of the account.", ge=1)


class Revocation(Part):
    """Set where a key may have been in other hands."""

    since: Instant = describe("The instant from which on the key is not trusted.")
    reason: Line = describe("What happened.")


class Key(Part):
    """A public key that proves a person's acts. Retired keys stay listed, for the audit."""

    key: Annotated[str, Field(pattern=KEY_PATTERN)] = describe(
        "Type and base64, as in an OpenSSH .pub file, without its comment."
    )
    valid_from: Instant | None = describe("From when on it counts.", default=None)
    valid_until: Instant | None = describe("Until when it counts.", default=None)
    revoked: Revocation | None = describe("Set where the key was compromised.", default=None)


class Delegation(Part):
    """Somebody who decides in this person's place for a time. Not chained."""

    to: PersonRef = describe("Who decides instead.")
    from_: Instant = describe("From when on.", alias="from")
    until: Instant = describe("Until when.")


class Person(Registered):
    """Somebody who acts in this workspace."""

    KIND: ClassVar[str] = "person"

    id: Slug = describe("The person's id, as records refer to them.")
    name: Line = describe("Their name.")
    type: PersonType = describe("human or bot.", default=PersonType.HUMAN)
    title: Line | None = describe("What they do.", default=None)
    emails: tuple[Email, ...] = describe("Addresses that their commits carry.", default=())
    forge: dict[Slug, ForgeAccount] = describe("Accounts on forges: forge name to account.", default_factory=dict)
    keys: tuple[Key, ...] = describe("Public keys that prove their acts.", default=())
    delegate: Delegation | None = describe("Who decides in their place for a time.", default=None)
    roles: tuple[Slug, ...] = describe(
        "Roles that policies name: witness, emergency-approver and the like.", default=()
    )

    @property
    def label(self) -> str:
        """Their name."""
        return self.name
