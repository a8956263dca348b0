"""Whether an approval record's evidence holds: the right person's registered key, in force, over just these words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from itsm_as_code.domain.approval.act import NAMESPACE, statement
from itsm_as_code.domain.digest import NotCanonical
from itsm_as_code.domain.instants import write_instant
from itsm_as_code.evidence import ssh_keygen
from itsm_as_code.evidence.sshsig import Malformed, fingerprint, key_blob, parse

if TYPE_CHECKING:
    from itsm_as_code.domain.kinds.person import Key, Person

WORKERS = 4
Verify = Callable[[bytes, str, str], str | None]


@dataclass(frozen=True, slots=True)
class Claim:
    """An approval record as written, and the person of base whose key must have signed it (None: nobody there).

    `landed`: it is on base already, so it was judged when it landed; only revocation voids it now. `compromised`
    (fingerprint to instant) are keys of which it came out later that they were in other hands.
    """

    data: Mapping[str, Any]
    signer: Person | None
    landed: bool = False
    compromised: Mapping[str, datetime] = field(default_factory=dict)


def faults(claims: Iterable[Claim], now: datetime, verify: Verify = ssh_keygen.verify) -> list[str | None]:
    """For each claim why its evidence does not hold, or None. Signatures are verified side by side."""
    listed = list(claims)
    if len(listed) < 2:
        return [fault(claim, now, verify) for claim in listed]
    with ThreadPoolExecutor(WORKERS) as pool:
        return list(pool.map(lambda claim: fault(claim, now, verify), listed))


def fault(claim: Claim, now: datetime, verify: Verify = ssh_keygen.verify) -> str | None:
    """Why the evidence of one record does not hold, or None."""
    armour = claim.data.get("signature")
    who = claim.data.get("witness") or claim.data.get("by")
    if not isinstance(armour, str):
        return "unsigned"
    if claim.signer is None:
        return f"{who} is nobody at base"
    try:
        signature = parse(armour)
        words = statement(claim.data)
    except (Malformed, NotCanonical) as error:
        return f"the signature is malformed: {error}"
    if signature.namespace != NAMESPACE:
        return f"signed for another purpose ({signature.namespace[:40]})"
    if claim.data.get("witness") and not claim.landed and not _is_witness(claim.signer):
        return f"{claim.signer.id} is no registered witness"
    listed = _listed(claim.signer, signature.fingerprint)
    if not listed:
        return f"signed with a key that is not {claim.signer.id}'s at base ({signature.fingerprint})"
    since = claim.compromised.get(signature.fingerprint)
    if since is not None and since <= now:
        return f"the key turned out to be in other hands since {write_instant(since)}"
    out_of_force = (_not_in_force(key, now, claim.landed) for key in listed)
    return next((why for why in out_of_force if why is not None), None) or verify(words, armour, listed[0].key)


def not_in_force(person: Person, key: Key, now: datetime) -> str | None:
    """Why nothing new can be signed with a key of a person, or None. Each listing of it must allow it."""
    try:
        listed = _listed(person, fingerprint(key_blob(key.key)))
    except Malformed as error:
        return str(error)
    return next((why for each in listed if (why := _not_in_force(each, now, landed=False))), None)


def _is_witness(person: Person) -> bool:
    return "witness" in person.roles and person.state == "active"


def _listed(person: Person, wanted: str) -> list[Key]:
    """The person's listings of the key with this fingerprint; keys that we don't accept are passed over.

    There should be one. Where there are more the strictest counts, so that no second listing hides a revocation.
    """
    found = []
    for key in person.keys:
        try:
            if fingerprint(key_blob(key.key)) == wanted:
                found.append(key)
        except Malformed:
            continue
    return found


def _not_in_force(key: Key, now: datetime, landed: bool) -> str | None:
    """Judged in UTC by us, at the check's clock, not by the time that a signer could choose."""
    if key.revoked is not None and key.revoked.since <= now:
        return f"the key was revoked since {write_instant(key.revoked.since)}: {key.revoked.reason}"
    if landed:
        return None
    if key.valid_from is not None and now < key.valid_from:
        return f"the key is valid from {write_instant(key.valid_from)} on"
    if key.valid_until is not None and now >= key.valid_until:
        return f"the key was valid until {write_instant(key.valid_until)}"
    return None


def revoked_keys(people: Iterable[Person]) -> dict[str, datetime]:
    """Fingerprint to instant of the keys that these people list as revoked."""
    found: dict[str, datetime] = {}
    for key in (key for person in people for key in person.keys):
        try:
            if key.revoked is not None:
                found[fingerprint(key_blob(key.key))] = key.revoked.since
        except Malformed:
            continue
    return found
