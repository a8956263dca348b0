"""People and teams as verdicts see them: nesting, circles, provenance."""

from __future__ import annotations

from itertools import permutations

from itsm_as_code.domain.approval.directory import directory_of
from itsm_as_code.domain.kinds.policy import Seat
from tests.domain.approval.world import person, team

PEOPLE = tuple(person(name) for name in ("ana", "ben", "cho"))


def seat(**more: object) -> Seat:
    return Seat.model_validate(more)


def test_members_of_a_part_belong_to_the_whole_but_not_the_other_way_round() -> None:
    found = directory_of(PEOPLE, [team("whole", "ana"), team("part", "ben", parents=["whole"])])
    assert found.teams == {"whole": frozenset({"ana", "ben"}), "part": frozenset({"ben"})}
    assert found.eligible("ben", seat(teams=["whole"]), None) == "team/whole through team/part"
    assert found.eligible("ana", seat(teams=["part"]), None) is None


def test_whoever_belongs_directly_as_well_does_not_come_through_a_part() -> None:
    found = directory_of(PEOPLE, [team("whole", "ana"), team("part", "ana", parents=["whole"])])
    assert found.eligible("ana", seat(teams=["whole"]), None) == "team/whole"


def test_teams_in_a_circle_come_to_an_end() -> None:
    one, two = team("one", "ana", parents=["two"]), team("two", "ben", parents=["one"])
    myself = team("self", "cho", parents=["self"])
    found = directory_of(PEOPLE, [one, two, myself])
    assert found.teams == {"one": {"ana", "ben"}, "two": {"ana", "ben"}, "self": {"cho"}}


def test_the_way_through_nested_teams_does_not_depend_on_their_order() -> None:
    teams = [team("top"), team("a", "ana", parents=["top"]), team("b", "ana", parents=["top"]), team("c", parents="b")]
    found = [directory_of(PEOPLE, order) for order in permutations(teams)]
    assert all(each == found[0] for each in found)


def test_a_retired_team_has_no_members_and_passes_none_on() -> None:
    middle = team("middle", "ben", parents=["top"], state="retired")
    found = directory_of(PEOPLE, [team("top", "ana"), middle, team("low", "cho", parents=["middle"])])
    assert found.teams == {"top": {"ana"}, "low": {"cho"}}
    assert found.eligible("ben", seat(teams=["middle"]), None) is None


def test_a_seat_is_filled_by_name_team_owner_team_or_role() -> None:
    found = directory_of([*PEOPLE, person("dee", roles=["boss"])], [team("it", "ben"), team("own", "cho")])
    wide = seat(people=["ana"], teams=["it"], roles=["boss"], owner_team=True)
    assert [found.eligible(each, wide, "own") for each in ("ana", "ben", "cho", "dee")] == [
        "named", "team/it", "team/own", "role/boss",
    ]  # fmt: skip
    assert found.candidates(wide, "own") == ("ana", "ben", "cho", "dee")
    assert found.candidates(wide, None) == ("ana", "ben", "dee")
    assert found.candidates(seat(teams=["it"]), "own") == ("ben",)


def test_bots_and_leavers_fill_no_seat_not_even_by_name() -> None:
    found = directory_of(
        [person("bot", type="bot", roles=["boss"]), person("old", state="retired")], [team("it", "old")]
    )
    assert found.candidates(seat(people=["bot", "old"], teams=["it"], roles=["boss"]), None) == ()
