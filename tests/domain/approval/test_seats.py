"""Seats: as many places filled as can be, against trying everything."""

from __future__ import annotations

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from itsm_as_code.domain.approval.seats import SeatPlace, exchangeable, fill, places
from tests.domain.approval.world import rule

PLACES = tuple(SeatPlace("changes/cab", 0, number) for number in range(4))
wishes = st.lists(st.frozensets(st.sampled_from("abcde"), max_size=3).map(sorted), min_size=1, max_size=4)
groups = st.lists(st.sampled_from("xy"), min_size=4, max_size=4)


@given(wishes, groups)
def test_no_other_way_of_seating_fills_more_places(wanted: list[list[str]], shared: list[str]) -> None:
    asked = dict(zip(PLACES, wanted, strict=False))
    group = dict(zip(PLACES, shared, strict=True))
    seated = fill(asked, group)
    assert all(person in asked[place] for place, person in seated.items())
    assert len({(group[place], person) for place, person in seated.items()}) == len(seated)
    ways = product(*([None, *each] for each in wanted))
    assert len(seated) == max(_filled(way, shared) for way in ways)


def _filled(way: tuple[str | None, ...], shared: list[str]) -> int:
    """How many places a way fills; 0 where somebody would sit twice in a group."""
    pairs = [(group, person) for group, person in zip(shared, way, strict=False) if person is not None]
    return len(pairs) if len(set(pairs)) == len(pairs) else 0


@given(wishes, groups, st.sampled_from(PLACES))
def test_a_newcomer_fills_one_more_place_just_where_an_empty_one_can_be_exchanged(
    wanted: list[list[str]], shared: list[str], place: SeatPlace
) -> None:
    asked = dict(zip(PLACES, wanted, strict=False))
    group = dict(zip(PLACES, shared, strict=True))
    seated = fill(asked, group)
    reachable = {r for empty in asked.keys() - seated.keys() for r in exchangeable(empty, asked, seated, group)}
    more = fill({**asked, place: [*asked.get(place, ()), "newcomer"]}, group)
    assert len(more) - len(seated) == (place in reachable or place not in asked)


def test_seats_have_as_many_places_as_they_count() -> None:
    rules = {
        "p/a": rule("a", [{"people": ["x"], "count": 2}, {"people": ["y"]}]),
        "p/b": rule("b", "none", because="z"),
    }
    assert [str(place) for place in places(rules)] == ["p/a", "p/a", "p/a (seat 2)"]
