"""Finds out whether there are people who can fill all seats of a rule, so that a check can report it early."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from itsm_as_code.domain.approval.rules import fields_for
from itsm_as_code.domain.approval.seats import fill, places
from itsm_as_code.domain.condition import Condition, ConditionError, compile_condition
from itsm_as_code.domain.condition.terms import Conjunction, Term
from itsm_as_code.domain.kinds import KINDS

if TYPE_CHECKING:
    from itsm_as_code.domain.approval.directory import Directory
    from itsm_as_code.domain.kinds.policy import PolicyRule
    from itsm_as_code.domain.kinds.service import Service


@dataclass(frozen=True, slots=True)
class Shortage:
    """The reason why a rule can never be satisfied: a seat that nobody may fill (`seat`), or too few people.

    If the rule asks for the team that owns the service, `owner_team` is the team for whose services this is true.
    With `besides_author`, there are enough people, but too few as soon as one of them is the author.
    """

    seat: int | None
    owner_team: str | None
    wanted: int
    people: tuple[str, ...]
    besides_author: bool = False


def lacks(rule: PolicyRule, owners: Iterable[str | None], people: Directory) -> Iterator[Shortage]:
    """Yields what the rule lacks for each owner team. Yields nothing if people can fill all seats."""
    if rule.seats == "none":
        return
    asks_owner = any(seat.owner_team for seat in rule.seats)
    for owner in dict.fromkeys(owners) if asks_owner else (None,):
        yield from _lacks(rule, owner, people)


def _lacks(rule: PolicyRule, owner: str | None, people: Directory) -> Iterator[Shortage]:
    asked = places({rule.id: rule})
    wanted = {place: people.candidates(seat, owner) for place, (_, seat) in asked.items()}
    empty = sorted({place.seat for place, could in wanted.items() if not could})
    if empty:
        yield from (Shortage(seat, owner, 1, ()) for seat in empty)
        return
    shared = {place: "all" if rule.distinct_people else str(place.seat) for place in asked}
    eligible = tuple(sorted({each for could in wanted.values() for each in could}))
    if len(fill(wanted, shared)) < len(asked):
        yield Shortage(None, owner, len(asked), eligible)
    elif not rule.author_may_approve and not any(
        len(fill({p: [c for c in could if c != author] for p, could in wanted.items()}, shared)) == len(asked)
        for author in sorted(people.members)
        if people.members[author].may_decide
    ):
        yield Shortage(None, owner, len(asked), eligible, besides_author=True)


def owners_for(kinds: Iterable[str], when: Condition | None, services: Iterable[Service]) -> Iterator[str | None]:
    """Yields the owner teams that a rule on these kinds can meet: those of active services that fit its condition."""
    listed = [service for service in services if service.state == "active"]
    for kind in kinds:
        has_service = kind in KINDS and "service" in KINDS[kind].model.model_fields
        if has_service or kind == "service":
            facts = ({"kind": kind, "service": s.id, "id": s.id, "tier": s.tier} for s in listed)
            known = {"kind", "tier", "service" if has_service else "id"}
            yield from (s.owner for s, each in zip(listed, facts, strict=True) if _admits(when, kind, each, known))
        elif _admits(when, kind, {"kind": kind}, {"kind"}):
            yield None


def _admits(when: Condition | None, kind: str, facts: Mapping[str, Any], known: set[str]) -> bool:
    """Tells whether the facts meet all terms on known fields. Other terms are ignored."""
    terms = tuple(t for t in when.terms if isinstance(t, Term) and t.field in known) if when is not None else ()
    fields = {name: found for name, found in fields_for(kind).items() if name in known}
    try:
        return not terms or compile_condition(Conjunction(terms), fields).matches(facts)
    except ConditionError:
        return True
