"""The people of base as the verdict sees them: who belongs to which team, holds which role, decides for whom."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from itsm_as_code.domain.kinds.person import Person
    from itsm_as_code.domain.kinds.policy import Seat
    from itsm_as_code.domain.kinds.team import Team


@dataclass(frozen=True, slots=True)
class Deputy:
    """Somebody who decides in a person's place in a half-open stretch of time."""

    person: str
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Member:
    """One person: whether they may decide at all, their roles, their deputy."""

    id: str
    active: bool = True
    human: bool = True
    roles: frozenset[str] = frozenset()
    deputy: Deputy | None = None

    @property
    def may_decide(self) -> bool:
        """Bots and people who have left fill no seat."""
        return self.active and self.human


@dataclass(frozen=True)
class Registry:
    """People and teams of one revision. `teams` are expanded: with the members of teams that are part of them."""

    people: Mapping[str, Member]
    teams: Mapping[str, frozenset[str]]
    nested_through: Mapping[tuple[str, str], str] = field(default_factory=dict)
    """(team, person) to the team through which the person belongs to it, where not directly."""

    def why_not(self, person: str) -> str | None:
        """Why somebody may decide nothing at base, or None."""
        member = self.people.get(person)
        if member is None:
            return f"{person} may not decide at base: nobody there has that id"
        if not member.human:
            return f"{person} may not decide at base, being a bot"
        return None if member.active else f"{person} may not decide at base, having retired"

    def eligible(self, person: str, seat: Seat, owner_team: str | None) -> str | None:
        """Why a person may fill a seat (`team/cab`, `role/…`, `named`), or None. Verdicts and hints both ask here."""
        member = self.people.get(person)
        if member is None or not member.may_decide:
            return None
        if person in seat.people:
            return "named"
        for team in _teams(seat, owner_team):
            if person in self.teams.get(team, frozenset()):
                through = self.nested_through.get((team, person))
                return f"team/{team}" + (f" through team/{through}" if through else "")
        for role in seat.roles:
            if role in member.roles:
                return f"role/{role}"
        return None

    def candidates(self, seat: Seat, owner_team: str | None) -> tuple[str, ...]:
        """Everybody who may fill a seat, sorted. Only those whom it names in some way are looked at."""
        named = set(seat.people).union(*(self.teams.get(team, ()) for team in _teams(seat, owner_team)))
        if seat.roles:
            named |= {member.id for member in self.people.values() if not member.roles.isdisjoint(seat.roles)}
        return tuple(sorted(person for person in named if self.eligible(person, seat, owner_team)))

    def delegation_fault(self, maker: str, principal: str, at: datetime) -> str | None:
        """Why `maker` may not decide for `principal` at an instant, or None. Delegation is not chained."""
        member = self.people.get(principal)
        if member is None:
            return f"{principal} is nobody at base"
        if not member.may_decide:
            return f"{principal} may not decide"
        if member.deputy is None or member.deputy.person != maker:
            return f"{principal} has not delegated to {maker} at base"
        if not member.deputy.start <= at < member.deputy.end:
            return f"the delegation from {principal} to {maker} is not in force"
        deputy = self.people.get(maker)
        if deputy is None or not deputy.may_decide:
            return f"{maker} may not decide"
        return None


def _teams(seat: Seat, owner_team: str | None) -> tuple[str, ...]:
    return (*seat.teams, owner_team) if seat.owner_team and owner_team else seat.teams


def registry_of(people: Iterable[Person], teams: Iterable[Team]) -> Registry:
    """The registry of a snapshot's people and teams. Retired teams have no members."""
    members = {person.id: _member(person) for person in people}
    active = sorted((team for team in teams if team.state == "active"), key=lambda team: team.id)
    children: dict[str, list[Team]] = {}
    for team in active:
        for parent in team.parents:
            children.setdefault(parent, []).append(team)
    expanded: dict[str, frozenset[str]] = {}
    through: dict[tuple[str, str], str] = {}
    for team in active:
        found = dict.fromkeys(team.members, team.id)
        seen, ahead = {team.id}, list(children.get(team.id, ()))
        while ahead:
            child = ahead.pop()
            if child.id in seen:
                continue
            seen.add(child.id)
            found = dict.fromkeys(child.members, child.id) | found
            ahead += children.get(child.id, ())
        expanded[team.id] = frozenset(found)
        through |= {(team.id, person): via for person, via in found.items() if via != team.id}
    return Registry(members, expanded, through)


def _member(person: Person) -> Member:
    deputy = person.delegate and Deputy(person.delegate.to, person.delegate.from_, person.delegate.until)
    return Member(person.id, person.state == "active", person.type == "human", frozenset(person.roles), deputy or None)
