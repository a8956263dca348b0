"""What keeps a rule from ever being satisfied is found before anybody needs it."""

from __future__ import annotations

from typing import Any

import pytest

from itsm_as_code.domain.approval.directory import Directory, Member
from itsm_as_code.domain.approval.item import NOBODY, item_rule
from itsm_as_code.domain.approval.satisfiable import Shortage, lacks, owners_for
from itsm_as_code.domain.kinds.policy import PolicyRule
from itsm_as_code.domain.kinds.request_item import RequestItem
from itsm_as_code.domain.kinds.service import Service

PEOPLE = Directory(
    members={
        "ana": Member("ana"), "ben": Member("ben"), "eve": Member("eve"), "robo": Member("robo", human=False),
    },
    teams={"it": frozenset({"ana", "ben", "robo"}), "cab": frozenset({"ben"}), "bots": frozenset({"robo"})},
)  # fmt: skip


def rule(*seats: dict[str, Any], **fields: Any) -> PolicyRule:
    return PolicyRule.model_validate({"id": "all", "seats": list(seats)} | fields)


def service(name: str, owner: str, tier: int, state: str = "active") -> Service:
    data = {"id": name, "kind": "service", "schema": 1, "name": name, "owner": owner, "tier": tier, "state": state}
    return Service.model_validate(data)


SERVICES = [service("mail", "it", 3), service("portal", "bots", 1), service("old", "nobody", 1, "retired")]


@pytest.mark.parametrize(
    ("seats", "lack"),
    [
        ([{"teams": ["it"], "count": 2}], []),
        ([{"teams": ["it"], "count": 3}], [Shortage(None, None, 3, ("ana", "ben"))]),
        ([{"teams": ["it"]}, {"teams": ["cab"]}], []),
        ([{"teams": ["cab"]}, {"people": ["ben"]}], [Shortage(None, None, 2, ("ben",))]),
        (
            [{"teams": ["it"]}, {"teams": ["bots"]}, {"roles": ["none"]}],
            [Shortage(1, None, 1, ()), Shortage(2, None, 1, ())],
        ),
    ],
)
def test_seats_are_matched_with_people(seats: list[dict[str, Any]], lack: list[Shortage]) -> None:
    assert list(lacks(rule(*seats), [None], PEOPLE)) == lack


def test_one_person_may_sit_twice_where_the_rule_says_so() -> None:
    assert list(lacks(rule({"teams": ["cab"]}, {"teams": ["cab"]}, distinct_people=False), [None], PEOPLE)) == []


def test_a_rule_that_needs_everybody_locks_them_out_since_one_must_write() -> None:
    alone = Directory({name: PEOPLE.members[name] for name in ("ana", "ben", "robo")}, PEOPLE.teams)
    both = {"teams": ["it"], "count": 2}
    assert list(lacks(rule(both), [None], alone)) == [Shortage(None, None, 2, ("ana", "ben"), besides_author=True)]
    assert list(lacks(rule(both, author_may_approve=True), [None], alone)) == []
    assert list(lacks(rule({"teams": ["it"]}), [None], alone)) == []
    owners = rule({"owner_team": True, "count": 2})
    assert list(lacks(owners, ["it"], alone)) == [Shortage(None, "it", 2, ("ana", "ben"), besides_author=True)]
    left = Directory({**alone.members, "eve": Member("eve", active=False)}, PEOPLE.teams)
    assert list(lacks(rule(both), [None], left)) == [Shortage(None, None, 2, ("ana", "ben"), besides_author=True)]


def test_a_rule_that_asks_nobody_lacks_nothing() -> None:
    nobody = PolicyRule.model_validate({"id": "all", "seats": "none", "because": "So it is."})
    assert list(lacks(nobody, [None], PEOPLE)) == []


def test_a_seat_of_the_owner_team_is_looked_at_for_each_team() -> None:
    asked = rule({"owner_team": True})
    assert list(lacks(asked, ["it", "bots"], PEOPLE)) == [Shortage(0, "bots", 1, ())]


@pytest.mark.parametrize(
    ("when", "kinds", "owners"),
    [
        (None, ["change"], ["it", "bots"]),
        ({"tier": {"gt": 1}}, ["change"], ["it"]),
        ({"service": "portal", "title": {"glob": "*x*"}}, ["change"], ["bots"]),
        ({"service": ["mail", "old"]}, ["change"], ["it"]),
        ({"id": "mail"}, ["service"], ["it"]),
        (None, ["person"], [None]),
        ({"kind": "service"}, ["person", "service"], ["it", "bots"]),
    ],
)
def test_the_owner_teams_are_those_of_services_that_the_condition_admits(
    when: dict[str, Any] | None, kinds: list[str], owners: list[str | None]
) -> None:
    asked = rule({"owner_team": True}, **({"when": when} if when else {}))
    assert list(owners_for(kinds, asked.when, SERVICES)) == owners


def test_an_item_asks_for_its_seats_or_for_nobody() -> None:
    bare = {"id": "laptop", "kind": "request-item", "schema": 1, "title": "A laptop", "team": "it"}
    assert item_rule(RequestItem.model_validate(bare)).because == NOBODY
    asked = item_rule(RequestItem.model_validate(bare | {"seats": [{"roles": ["buyer"]}]}))
    assert asked.seats != "none" and asked.seats[0].roles == ("buyer",)
