"""Seats and who fills them: one person fills one seat, found by bipartite matching."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from itsm_as_code.domain.kinds.policy import PolicyRule, Seat


@dataclass(frozen=True, slots=True)
class Place:
    """One place of one seat of one rule: `rule` is `policy/rule`, `seat` and `number` count from 0."""

    rule: str
    seat: int
    number: int

    def __str__(self) -> str:
        return self.rule + (f" (seat {self.seat + 1})" if self.seat else "")


def places(rules: Mapping[str, PolicyRule]) -> dict[Place, tuple[PolicyRule, Seat]]:
    """All places of the rules that need somebody, in order."""
    return {
        Place(name, index, number): (rule, seat)
        for name, rule in rules.items()
        if rule.seats != "none"
        for index, seat in enumerate(rule.seats)
        for number in range(seat.count)
    }


def fill(wanted: Mapping[Place, Sequence[str]], shared: Mapping[Place, str]) -> dict[Place, str]:
    """Place to person: as many places filled as can be, each person in one place of a group.

    `wanted` has who may fill each place, in order of preference; `shared` names each place's group:
    within a group a person fills one place only. Augmenting paths (Kuhn's algorithm), deterministic.
    """
    holder: dict[tuple[str, str], Place] = {}

    def seat(place: Place, tried: set[tuple[str, str]]) -> bool:
        for person in wanted[place]:
            key = (shared[place], person)
            if key in tried:
                continue
            tried.add(key)
            if key not in holder or seat(holder[key], tried):
                holder[key] = place
                return True
        return False

    for place in wanted:
        seat(place, set())
    return {place: person for (_, person), place in holder.items()}


def exchangeable(
    place: Place, wanted: Mapping[Place, Sequence[str]], seated: Mapping[Place, str], shared: Mapping[Place, str]
) -> tuple[Place, ...]:
    """An empty place and those whose holders could move up to it: whoever may fill any of them fills this one."""
    holds = {(shared[each], person): each for each, person in seated.items()}
    found, ahead = [place], [place]
    while ahead:
        each = ahead.pop()
        for person in wanted[each]:
            other = holds.get((shared[each], person))
            if other is not None and other not in found:
                found.append(other)
                ahead.append(other)
    return tuple(found)
