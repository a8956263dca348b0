"""What the model knows of people: who they are by the records of base, and what proves an act of theirs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tests.approvals.machine.model.reading import AHEAD, Files, Record, canonical, find, instant, of_kind

Made = Mapping[str, tuple[str, bytes]]
"""Signature to the key and the words it was really made with."""


@dataclass(frozen=True)
class Clock:
    """`now` is when a step is decided on. It can't have landed after `latest`. `known` are keys that are known by now
    to have been in other hands, with the instant since when."""

    now: datetime
    latest: datetime
    known: Mapping[str, datetime] = field(default_factory=dict)


def may_decide(people: Files, name: str) -> bool:
    """Only active humans of base decide: bots fill no seat."""
    person = find(people, "person", name)
    return person is not None and person.get("state", "active") == "active" and person.get("type", "human") == "human"


def is_human(people: Files, name: str) -> bool:
    """Whether base has a person of that name who is no bot."""
    person = find(people, "person", name)
    return person is not None and person.get("type", "human") == "human"


def stands_for(act: Record) -> str:
    """In whose name an act is made."""
    return str(act.get("on_behalf_of", act["by"]))


def delegated(people: Files, maker: str, principal: str, now: datetime) -> bool:
    """A deputy decides in a person's place from the beginning of the delegation until, not including, its end. It is
    asked at the clock of the step. Both may decide, and deputies can't delegate further."""
    if maker == principal:
        return False
    person = find(people, "person", principal)
    term = (person or {}).get("delegate")
    if term is None or term["to"] != maker or not (may_decide(people, principal) and may_decide(people, maker)):
        return False
    return instant(term["from"]) <= now < instant(term["until"])


def evidence_fault(made: Made, act: Record, people: Files, clock: Clock, *, landed: bool) -> str | None:
    """The signer's key must belong, in the base registry, to the person whom the act names as `by`. An act is judged
    when it lands: key valid now by the registry and the check's clock. Later only revocation as compromised voids
    it."""
    person = find(people, "person", act["by"])
    key, words = made.get(str(act.get("signature")), (None, b""))
    if key is None or words != canonical({name: value for name, value in act.items() if name != "signature"}):
        return "nobody signed these words"
    listed = [each for each in (person or {}).get("keys", ()) if each["key"] == key]
    if not listed:
        return f"the key is not one of {act['by']}"
    if key in clock.known and clock.known[key] <= clock.now:
        return "the key was in other hands"
    for each in listed:
        if "revoked" in each and instant(each["revoked"]["since"]) <= clock.now:
            return "the key is revoked"
        if not landed and "valid_from" in each and clock.now < instant(each["valid_from"]):
            return "the key is not valid yet"
        if not landed and "valid_until" in each and clock.now >= instant(each["valid_until"]):
            return "the key is not valid any more"
    return None


def landing_fault(made: Made, act: Record, workspace: str, people: Files, clock: Clock) -> str | None:
    """An act needs no seat, its signature is its credential: one that does not verify is refused. It lands only in the
    workspace that it names. Its maker is active and human on base, its date at most five minutes in the future, and a
    deputy's delegation in force."""
    fault = evidence_fault(made, act, people, clock, landed=False)
    if fault is not None:
        return fault
    if act["workspace"] != workspace:
        return "it is of another workspace"
    if instant(act["at"]) > clock.latest + AHEAD:
        return "it is dated ahead"
    if not may_decide(people, act["by"]):
        return f"{act['by']} may not decide"
    if "on_behalf_of" in act and not delegated(people, act["by"], act["on_behalf_of"], clock.now):
        return f"{act['by']} is no deputy of {act['on_behalf_of']}"
    return None


def entitled(people: Files, act: Record, now: datetime) -> bool:
    """What makes the answer less strict needs a maker who is human on base, and a delegation if it is for somebody."""
    if not is_human(people, act["by"]):
        return False
    return "on_behalf_of" not in act or delegated(people, act["by"], act["on_behalf_of"], now)


def may_sit(people: Files, name: str, seat: Record, owner: str | None) -> bool:
    """A seat names people, teams, roles, or the team that owns the service."""
    if not may_decide(people, name):
        return False
    person = find(people, "person", name) or {}
    teams = [*seat.get("teams", ()), *([owner] if seat.get("owner_team") and owner else [])]
    members = {
        member for team in of_kind(people, "team") if team["id"] in teams and team.get("state", "active") == "active"
        for member in team.get("members", ())
    }  # fmt: skip
    return (
        name in seat.get("people", ()) or name in members or bool({*seat.get("roles", ())} & {*person.get("roles", ())})
    )


def revoked_keys(people: Files) -> dict[str, datetime]:
    """The keys that somebody else may have had, since when."""
    keys: list[Any] = [key for person in of_kind(people, "person") for key in person.get("keys", ())]
    return {key["key"]: instant(key["revoked"]["since"]) for key in keys if "revoked" in key}


def earliest(*known: Mapping[str, datetime]) -> dict[str, datetime]:
    """Since when each key was in other hands, by the earliest of what is known."""
    return {key: min(each[key] for each in known if key in each) for each in known for key in each}
