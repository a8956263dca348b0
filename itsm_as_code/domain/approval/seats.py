"""Assigns people to seats by bipartite matching, so that each person fills one place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from itsm_as_code.domain.kinds.policy import PolicyRule, Seat


@dataclass(frozen=True, slots=True)
class SeatPlace:
    """One place of a seat of a rule. `rule` is named `policy/rule`. `seat` and `number` count from 0."""

    rule: str
    seat: int
    number: int

    def __str__(self) -> str:
        return self.rule + (f" (seat {self.seat + 1})" if self.seat else "")


def places(rules: Mapping[str, PolicyRule]) -> dict[SeatPlace, tuple[PolicyRule, Seat]]:
    """Returns all places of the rules that need somebody, in order, each with its rule and seat."""
    return {
        SeatPlace(name, index, number): (rule, seat)
        for name, rule in rules.items()
        if rule.seats != "none"
        for index, seat in enumerate(rule.seats)
        for number in range(seat.count)
    }


def fill(wanted: Mapping[SeatPlace, Sequence[str]], shared: Mapping[SeatPlace, str]) -> dict[SeatPlace, str]:
    """Maps places to people and fills as many places as possible.

    `wanted` lists who may fill each place, in order of preference. `shared` names the group of each place; in a group,
    each person fills one place at most. It uses augmenting paths (Kuhn's algorithm) and is deterministic.
    """
    holder: dict[tuple[str, str], SeatPlace] = {}

    def seat(place: SeatPlace, tried: set[tuple[str, str]]) -> bool:
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
    place: SeatPlace,
    wanted: Mapping[SeatPlace, Sequence[str]],
    seated: Mapping[SeatPlace, str],
    shared: Mapping[SeatPlace, str],
) -> tuple[SeatPlace, ...]:
    """Returns an empty place and all places whose holders could move so that the empty place is filled.

    A new person who may fill any of these places therefore fills the empty one in effect.
    """
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
