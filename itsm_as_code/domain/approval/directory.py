"""Holds the people of base as the verdict needs them: their teams, their roles and their deputies."""

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
    """Somebody who decides in a person's place from `start` until, but not including, `end`."""

    person: str
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Member:
    """A person with their roles and their deputy, and whether they may decide at all."""

    id: str
    active: bool = True
    human: bool = True
    roles: frozenset[str] = frozenset()
    deputy: Deputy | None = None

    @property
    def may_decide(self) -> bool:
        """Tells whether the person may decide. Bots and people who have left may not."""
        return self.active and self.human


@dataclass(frozen=True)
class Directory:
    """The people and teams of one revision. `teams` includes the members of nested teams."""

    members: Mapping[str, Member]
    teams: Mapping[str, frozenset[str]]
    nested_through: Mapping[tuple[str, str], str] = field(default_factory=dict)
    """Maps (team, person) to the nested team through which the person belongs to the team."""

    def why_not(self, person: str) -> str | None:
        """Returns why a person may not decide by the records of base, or None."""
        member = self.members.get(person)
        if member is None:
            return f"{person} may not decide: base has no person with that id"
        if not member.human:
            return f"{person} may not decide: base says that this is a bot"
        return None if member.active else f"{person} may not decide: base says that this person is retired"

    def eligible(self, person: str, seat: Seat, owner_team: str | None) -> str | None:
        """Returns by what right a person may fill a seat (`team/cab`, `role/…`, `named`), or None if they may not."""
        member = self.members.get(person)
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
        """Returns the ids of all people who may fill a seat, sorted."""
        named = set(seat.people).union(*(self.teams.get(team, ()) for team in _teams(seat, owner_team)))
        if seat.roles:
            named |= {member.id for member in self.members.values() if not member.roles.isdisjoint(seat.roles)}
        return tuple(sorted(person for person in named if self.eligible(person, seat, owner_team)))

    def delegation_fault(self, maker: str, principal: str, at: datetime) -> str | None:
        """Returns why `maker` may not decide for `principal` at `at`, or None. Deputies can't delegate further."""
        member = self.members.get(principal)
        if member is None:
            return f"{principal} is not on base"
        if not member.may_decide:
            return f"{principal} may not decide"
        if member.deputy is None or member.deputy.person != maker:
            return f"{principal} has not delegated to {maker} at base"
        if not member.deputy.start <= at < member.deputy.end:
            return f"the delegation from {principal} to {maker} is not in force"
        deputy = self.members.get(maker)
        if deputy is None or not deputy.may_decide:
            return f"{maker} may not decide"
        return None


def _teams(seat: Seat, owner_team: str | None) -> tuple[str, ...]:
    return (*seat.teams, owner_team) if seat.owner_team and owner_team else seat.teams


def directory_of(people: Iterable[Person], teams: Iterable[Team]) -> Directory:
    """Builds the directory from the people and teams of a snapshot. Retired teams have no members."""
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
    return Directory(members, expanded, through)


def _member(person: Person) -> Member:
    deputy = person.delegate and Deputy(person.delegate.to, person.delegate.from_, person.delegate.until)
    return Member(person.id, person.state == "active", person.type == "human", frozenset(person.roles), deputy or None)
