"""Decides whether an approval record's evidence holds: a valid signature, by a key of the right person, still in
force."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from itsm_as_code.domain.approval.act import NAMESPACE, statement
from itsm_as_code.domain.digest import NotCanonical
from itsm_as_code.domain.instants import write_instant
from itsm_as_code.evidence import proved
from itsm_as_code.evidence.sshsig import Malformed, fingerprint, key_blob, parse

if TYPE_CHECKING:
    from itsm_as_code.domain.kinds.person import Key, Person

WORKERS = 4
Verify = Callable[[bytes, str, str], str | None]


@dataclass(frozen=True, slots=True)
class Claim:
    """An approval record as written, and the person on base whose key must have signed it (None: not on base).

    `landed` is true if the record is on base already. It was judged when it landed, so only a revocation can void
    it now. `compromised` maps the fingerprints of keys that somebody else may have had, as we know now, to the
    instant since then. `judged` says that its signature was verified when it landed, and is not verified again.
    """

    data: Mapping[str, Any]
    signer: Person | None
    landed: bool = False
    compromised: Mapping[str, datetime] = field(default_factory=dict)
    judged: bool = False


class _Proof(NamedTuple):
    """A signature that must be that of a key over a statement, and all else holds."""

    statement: bytes
    signature: str
    key: str


def faults(claims: Iterable[Claim], now: datetime, verify: Verify | None = None) -> list[str | None]:
    """Returns for each claim why its evidence does not hold, or None. Signatures are verified in parallel, those that
    are known to be good once in a process; with `verify`, all of them by that function."""
    found = [_unproved(claim, now) for claim in claims]
    if verify is None:
        found = [None if isinstance(each, _Proof) and proved.is_good(*each) else each for each in found]
    answers = iter(_verified([each for each in found if isinstance(each, _Proof)], verify or proved.verify))
    return [next(answers) if isinstance(each, _Proof) else each for each in found]


def _verified(asked: list[_Proof], verify: Verify) -> list[str | None]:
    if len(asked) < 2:
        return [verify(*proof) for proof in asked]
    with ThreadPoolExecutor(WORKERS) as pool:
        return list(pool.map(lambda proof: verify(*proof), asked))


def fault(claim: Claim, now: datetime, verify: Verify | None = None) -> str | None:
    """Returns why the evidence of one record does not hold, or None."""
    return faults([claim], now, verify)[0]


def _unproved(claim: Claim, now: datetime) -> str | _Proof | None:
    """Returns why the evidence of one record does not hold, or None, or what is still to be verified."""
    armour = claim.data.get("signature")
    who = claim.data.get("witness") or claim.data.get("by")
    if not isinstance(armour, str):
        return "unsigned"
    if claim.signer is None:
        return f"{who} is not on base"
    try:
        signature = parse(armour)
        words = b"" if claim.judged else statement(claim.data)
    except (Malformed, NotCanonical) as error:
        return f"the signature is malformed: {error}"
    if signature.namespace != NAMESPACE:
        return f"signed for another purpose ({signature.namespace[:40]})"
    if claim.data.get("witness") and not claim.landed and not _is_witness(claim.signer):
        return f"{claim.signer.id} is not a registered witness"
    listed = _listed(claim.signer, signature.fingerprint)
    if not listed:
        return f"signed with a key that is not {claim.signer.id}'s on base ({signature.fingerprint})"
    since = claim.compromised.get(signature.fingerprint)
    if since is not None and since <= now:
        return f"somebody else may have had the key since {write_instant(since)}"
    out_of_force = next((why for key in listed if (why := _not_in_force(key, now, claim.landed)) is not None), None)
    if out_of_force is not None or claim.judged:
        return out_of_force
    return _Proof(words, armour, listed[0].key)


def not_in_force(person: Person, key: Key, now: datetime) -> str | None:
    """Returns why nothing new can be signed with this key of a person, or None.

    If the person lists the key more than once, each listing must allow it.
    """
    try:
        listed = _listed(person, fingerprint(key_blob(key.key)))
    except Malformed as error:
        return str(error)
    return next((why for each in listed if (why := _not_in_force(each, now, landed=False))), None)


def keys_of_both(here: Person | None, there: Person | None, now: datetime) -> frozenset[str]:
    """Returns the fingerprints of the keys that a person has by two registries, and that are in force by both."""
    return _in_force(here, now) & _in_force(there, now) if here is not None and there is not None else frozenset()


def _in_force(person: Person, now: datetime) -> frozenset[str]:
    return frozenset(fingerprint(key_blob(each.key)) for each in person.keys if not_in_force(person, each, now) is None)


def _is_witness(person: Person) -> bool:
    return "witness" in person.roles and person.state == "active"


def _listed(person: Person, wanted: str) -> list[Key]:
    """Returns the person's listings of the key with this fingerprint; keys that we don't accept are skipped.

    There should be one. If there are more, the strictest counts, so that no second listing hides a revocation.
    """
    return [key for key in person.keys if _fingerprint_of(key.key) == wanted]


@lru_cache(1024)
def _fingerprint_of(public_key: str) -> str | None:
    """Returns the fingerprint of a public key as it is listed, or None for one that we don't accept."""
    try:
        return fingerprint(key_blob(public_key))
    except Malformed:
        return None


def _not_in_force(key: Key, now: datetime, landed: bool) -> str | None:
    """Returns why the key is not in force. It compares with the check's clock, because a signer could choose a time."""
    if key.revoked is not None and key.revoked.since <= now:
        return f"the key is revoked from {write_instant(key.revoked.since)} on: {key.revoked.reason}"
    if landed:
        return None
    if key.valid_from is not None and now < key.valid_from:
        return f"the key is valid from {write_instant(key.valid_from)} on"
    if key.valid_until is not None and now >= key.valid_until:
        return f"the key was valid until {write_instant(key.valid_until)}"
    return None


def revoked_keys(people: Iterable[Person]) -> dict[str, datetime]:
    """Maps the fingerprints of the keys that these people list as revoked to the earliest instant since when they are.

    A key should be listed once. If it is listed more often, the strictest listing counts, as it does for acts.
    """
    found: dict[str, datetime] = {}
    for key in (key for person in people for key in person.keys):
        listed = _fingerprint_of(key.key)
        if key.revoked is not None and listed is not None:
            found[listed] = min(found.get(listed, key.revoked.since), key.revoked.since)
    return found
