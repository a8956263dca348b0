"""Whether people have decided: the model's answer at one gate, by the rules and people of one base."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from tests.approvals.machine.model.people import (
    Clock,
    Made,
    entitled,
    evidence_fault,
    may_decide,
    may_sit,
    stands_for,
)
from tests.approvals.machine.model.reading import AHEAD, Files, Record, find, instant, of_kind

STRICT = ("refused", "withdrawn")
SPANS = {"d": timedelta(days=1), "h": timedelta(hours=1)}
WITHOUT_PROPOSAL = ("post-review", "ratify")


@dataclass(frozen=True)
class Asked:
    """A question: a subject at a gate, decided by the rules of `rules_of`. `barred` wrote or asked for it. With
    `counting`, no other approvals fill a seat. With `reason_wanted`, who is barred gives a
    reason where the rule lets them decide all the same."""

    subject: str
    gate: str
    rules_of: str
    kind: str
    facts: Mapping[str, Any]
    digest: str
    replaces: str | None
    barred: frozenset[str]
    owner: str | None
    impossible: str | None = None
    counting: frozenset[str] | None = None
    reason_wanted: bool = False


@dataclass(frozen=True)
class Answer:
    """`refused` are the refusals that block. `seated` are the acts that fill the places."""

    refused: tuple[str, ...]
    seated: tuple[str, ...]
    places: int
    why: str | None

    @property
    def open(self) -> bool:
        """Only approved is a pass."""
        return not self.refused and self.why is None


def own_gate(kind: str) -> str:
    """The gate at which a record of this kind is decided on."""
    return {"change": "scheduled"}.get(kind, "edit")


def rules_for(asked: Asked, base: Files) -> dict[str, Record]:
    """Rules are read only from base. Those of a freeze decide on exceptions from it. No rule applied is never a
    pass."""
    if asked.rules_of.startswith("exception/"):
        freeze = find(base, "freeze", asked.rules_of.removeprefix("exception/"))
        seats = (freeze or {}).get("exceptions")
        return {asked.rules_of: {"seats": seats}} if seats else {}
    return {
        f"{policy['id']}/{rule['id']}": rule
        for policy in of_kind(base, "policy")
        if policy.get("state", "active") == "active" and asked.kind in policy["subject"]
        and policy["gate"] == asked.rules_of
        for rule in policy["rules"] if all(_holds(asked.facts.get(k), v) for k, v in rule.get("when", {}).items())
    }  # fmt: skip


def _holds(value: Any, wanted: Any) -> bool:
    return value in wanted if isinstance(wanted, list) else bool(value == wanted)


class Hearing:
    """All acts on a subject at one gate, heard by one base at one clock."""

    def __init__(
        self, made: Made, asked: Asked, base: Files, acts: Mapping[str, Record], landed: Iterable[str], clock: Clock
    ) -> None:  # fmt: skip
        self.asked, self.base, self.clock = asked, base, clock
        self.rules = rules_for(asked, base)
        there = frozenset(landed)
        proved = {
            ref: act for ref, act in acts.items()
            if evidence_fault(made, act, base, clock, landed=ref in there) is None
        }  # fmt: skip
        self.sound = {
            ref: act for ref, act in proved.items()
            if act["gate"] == asked.gate and instant(act["at"]) <= clock.latest + AHEAD
        }  # fmt: skip
        proposals = [act for act in proved.values() if act["decision"] == "proposed"]
        self.proposers: set[str] = {
            name
            for act in proposals
            if act["gate"] == own_gate(asked.kind) != asked.gate
            for name in (act["by"], stands_for(act))
        }
        self.involved = asked.barred.union(*({act["by"], stands_for(act)} for act in proposals))
        self.entitled = {ref for ref, act in self.sound.items() if entitled(base, act, clock.now)}
        self.active = {
            ref: act for ref, act in self.sound.items() if not any(self._ends(e, act) for e in self.sound.values())
        }

    def _ends(self, act: Record, earlier: Record) -> bool:
        """Order is by reference: an act names its maker's earlier acts, or, for a named role, the refusals that it
        withdraws. Whoever has a part in the matter supersedes no refusal but one that they made in person; a deputy is
        no exception."""
        if earlier["id"] not in act.get("supersedes", ()) or act["id"] == earlier["id"]:
            return False
        if earlier["decision"] in STRICT:
            parts = {act["by"], stands_for(act)} & self.involved
            own = "on_behalf_of" not in earlier and parts == {earlier["by"]}
            if act["id"] not in self.entitled or (parts and not own):
                return False
        if stands_for(act) == stands_for(earlier):
            return True
        roles = {role for rule in self.rules.values() for role in rule.get("withdraw_by", ())}
        held = {*(find(self.base, "person", act["by"]) or {}).get("roles", ())}
        by_role = act["decision"] == "withdrawn" and may_decide(self.base, act["by"]) and bool(roles & held)
        return earlier["decision"] == "refused" and by_role

    def answer(self, used_at: datetime | None = None) -> Answer:
        """A refusal that no valid act supersedes blocks, whatever its digest, also when its maker has left. An approval
        counts only for its exact digest, and a gated state needs a proposal on the same digest."""
        asked = self.asked
        refused = tuple(sorted(ref for ref, act in self.active.items() if act["decision"] == "refused"))
        if self.rules and not any(rule.get("veto", True) for rule in self.rules.values()):
            refused = ()
        proposing = [act for act in self.active.values() if act["decision"] == "proposed" and self._fits(act)]
        barred = asked.barred.union(self.proposers, *({act["by"], stands_for(act)} for act in proposing))
        places = [(rule, seat) for rule in self.rules.values() if rule["seats"] != "none"
                  for seat in rule["seats"] for _ in range(seat.get("count", 1))]  # fmt: skip
        fitting = [self._fitting(rule, seat, barred, used_at or self.clock.now) for rule, seat in places]
        seated = _seat(fitting)
        why = asked.impossible
        if not self.rules:
            why = why or "no rule applies"
        if places and asked.gate not in WITHOUT_PROPOSAL and not any(act["id"] in self.entitled for act in proposing):
            why = why or "nobody proposed exactly this"
        if seated is None:
            why = why or f"{len(places)} places are not filled"
        return Answer(refused, tuple(act["id"] for act in seated or ()), len(places), why)

    def seats_one(self) -> bool:
        """Whether some act that counts fills a seat, though others may stay empty."""
        seats = [(rule, seat) for rule in self.rules.values() if rule["seats"] != "none" for seat in rule["seats"]]
        barred = self.asked.barred | self.proposers
        return any(self._fitting(rule, seat, barred, self.clock.now) for rule, seat in seats)

    def _fits(self, act: Record) -> bool:
        return act["digest"] == self.asked.digest and act.get("replaces") == self.asked.replaces

    def _fitting(self, rule: Record, seat: Record, barred: frozenset[str], used_at: datetime) -> list[Record]:
        """Proposer, requester and authors fill no seat unless the rule says so. Of two acts of one person that do not
        name each other the stricter counts. Approvals expire."""
        against = {
            stands_for(act) for act in self.active.values() if act["decision"] in STRICT and not self._of_others(act)
        }
        found = []
        for ref, act in self.active.items():
            person = stands_for(act)
            if act["decision"] != "approved" or ref not in self.entitled or not self._fits(act) or person in against:
                continue
            if not may_sit(self.base, person, seat, self.asked.owner):
                continue
            reasoned = "comment" in act or not self.asked.reason_wanted
            if {person, act["by"]} & barred and not (rule.get("author_may_approve") and reasoned):
                continue
            limit = rule.get("expires_after")
            if limit is not None and used_at - instant(act["at"]) >= int(limit[:-1]) * SPANS[limit[-1]]:
                continue
            if self.asked.counting is None or ref in self.asked.counting:
                found.append(act)
        return found

    def left(self, besides: frozenset[str] = frozenset(), luck: int = 0) -> tuple[str, ...] | None:
        """People who are not barred and could fill every seat together, or None; `luck` says which of them."""
        people = [person["id"] for person in of_kind(self.base, "person")]
        people = people[luck % len(people) :] + people[: luck % len(people)]
        barred = self.asked.barred | besides
        open_to: list[list[Record]] = [
            [{"id": name, "by": name} for name in people if may_sit(self.base, name, seat, self.asked.owner)
             and (name not in barred or rule.get("author_may_approve"))]
            for rule in self.rules.values() if rule["seats"] != "none"
            for seat in rule["seats"] for _ in range(seat.get("count", 1))
        ]  # fmt: skip
        seated = _seat(open_to)
        return None if seated is None else tuple(each["by"] for each in seated)

    @staticmethod
    def enough(base: Files, rule: Record) -> bool:
        """Whether each seat of a rule has so many people that one of them may have written what they decide on."""
        people = [person["id"] for person in of_kind(base, "person")]
        return all(
            sum(may_sit(base, name, seat, None) for name in people) > seat.get("count", 1) for seat in rule["seats"]
        )

    def _of_others(self, act: Record) -> bool:
        named = [self.sound[ref] for ref in act.get("supersedes", ()) if ref in self.sound]
        return (
            act["decision"] == "withdrawn" and len(named) == len(act.get("supersedes", ())) > 0
            and all(stands_for(each) != stands_for(act) for each in named)
        )  # fmt: skip


def _seat(fitting: list[list[Record]], taken: tuple[Record, ...] = ()) -> tuple[Record, ...] | None:
    """One person fills one seat, with their own hand or through a deputy's."""
    if not fitting:
        return taken
    for act in fitting[0]:
        if all(act["by"] != each["by"] and stands_for(act) != stands_for(each) for each in taken):
            found = _seat(fitting[1:], (*taken, act))
            if found is not None:
                return found
    return None
