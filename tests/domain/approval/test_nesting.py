"""Teams within teams, and rules that nobody could ever satisfy, case by case."""

from __future__ import annotations

import pytest

from itsm_as_code.domain.approval.directory import directory_of
from itsm_as_code.domain.approval.satisfiable import Shortage, lacks, owners_for
from itsm_as_code.domain.condition import parse_condition
from itsm_as_code.domain.kinds.policy import Seat
from tests.domain.approval.test_satisfiable import PEOPLE, SERVICES
from tests.domain.approval.test_satisfiable import rule as asked
from tests.domain.approval.world import person, team

SEAT = Seat.model_validate({"teams": ["top"]})
TEAMS = [
    team("top", "ana"), team("left", "ben", parents=["top"]), team("right", "cho", parents=["top"]),
    team("low", "dee", parents=["left", "right"]), team("lowest", "eli", parents=["low"]),
]  # fmt: skip
WHO = tuple(person(name) for name in ("ana", "ben", "cho", "dee", "eli"))


def test_members_of_parts_of_parts_belong_also_where_two_ways_lead_to_them() -> None:
    found = directory_of(WHO, TEAMS)
    assert found.teams["top"] == {"ana", "ben", "cho", "dee", "eli"}
    assert found.teams["left"] == {"ben", "dee", "eli"}
    assert found.teams["lowest"] == {"eli"}


def test_the_nearest_team_of_the_person_is_named_and_none_for_direct_members() -> None:
    found = directory_of(WHO, TEAMS)
    assert [found.eligible(each.id, SEAT, None) for each in WHO] == [
        "team/top", "team/top through team/left", "team/top through team/right", "team/top through team/low",
        "team/top through team/lowest",
    ]  # fmt: skip
    assert dict(found.nested_through) == {
        ("top", "ben"): "left", ("top", "cho"): "right", ("top", "dee"): "low", ("top", "eli"): "lowest",
        ("left", "dee"): "low", ("left", "eli"): "lowest", ("right", "dee"): "low", ("right", "eli"): "lowest",
        ("low", "eli"): "lowest",
    }  # fmt: skip


def test_a_part_met_twice_does_not_end_the_search() -> None:
    """`low` is met by both ways; `late` is looked at after the second meeting."""
    for late in ("aaa", "zzz"):
        found = directory_of(WHO, [*TEAMS[:4], team(late, "eli", parents=["top"])])
        assert found.teams["top"] == {"ana", "ben", "cho", "dee", "eli"}


def test_teams_in_a_circle_below_another_come_to_an_end() -> None:
    circle = [team("top", "ana"), team("one", "ben", parents=["top", "two"]), team("two", "cho", parents=["one"])]
    assert directory_of(WHO, circle).teams == {
        "top": {"ana", "ben", "cho"}, "one": {"ben", "cho"}, "two": {"ben", "cho"},
    }  # fmt: skip


def test_a_seat_may_name_a_team_that_is_not_there() -> None:
    found = directory_of(WHO, TEAMS)
    assert found.candidates(Seat.model_validate({"teams": ["ghost"], "people": ["ana"]}), None) == ("ana",)
    assert found.eligible("ana", Seat.model_validate({"teams": ["ghost"]}), None) is None


def test_a_lack_of_people_for_an_owner_teams_seats_names_the_team() -> None:
    both = asked({"owner_team": True}, {"teams": ["cab"]})
    assert list(lacks(both, ["cab", "it"], PEOPLE)) == [Shortage(None, "cab", 2, ("ben",))]


def test_a_rule_without_the_owner_teams_seat_is_looked_at_once() -> None:
    assert list(lacks(asked({"teams": ["bots"]}), ["it", "cab"], PEOPLE)) == [Shortage(0, None, 1, ())]
    assert list(lacks(asked({"teams": ["bots"]}), [], PEOPLE)) == [Shortage(0, None, 1, ())]


@pytest.mark.parametrize(
    ("kinds", "when", "owners"),
    [
        (["change"], {"kind": "change"}, ["it", "bots"]),
        (["change"], {"kind": "person"}, []),
        (["service"], {"kind": "service", "tier": 1}, ["bots"]),
        (["person"], {"kind": "change"}, []),
        (["service"], {"tier": {"lt": "x"}}, ["it", "bots"]),
    ],
)
def test_a_condition_on_the_kind_admits_owners_or_none_and_in_doubt_all(
    kinds: list[str], when: dict[str, object], owners: list[str]
) -> None:
    assert list(owners_for(kinds, parse_condition(when), SERVICES)) == owners
