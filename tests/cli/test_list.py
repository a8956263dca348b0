"""`itsm list`: what its columns show can be asked for, and a near miss is answered with what was meant."""

from __future__ import annotations

import pytest

from tests.cli.inside import Place


@pytest.fixture
def ref(place: Place) -> str:
    """An incident that was opened on 20 November."""
    return place.new("incident", "--service", "portal", "--when", "2026-11-20T10:00:00Z")


def test_the_column_opened_can_be_compared_and_a_date_is_its_whole_day(place: Place, ref: str) -> None:
    for term, listed in (("opened>=2026-11-20", True), ("opened<2026-11-20", False), ("opened=2026-11-20", True)):
        assert place.must("list", "incidents", term, "--format", "ids") == (f"{ref}\n" if listed else ""), term


def test_records_that_are_no_tickets_were_not_opened(place: Place) -> None:
    done = place.itsm("list", "services", "opened=2026-11-20")
    assert (done.code, done.err.splitlines()[0]) == (2, "error: no field opened")


def test_a_kind_that_is_nearly_spelt_right_is_suggested_where_nothing_matches(place: Place) -> None:
    assert place.itsm("list", "sevices").err == "no record matches; did you mean `services`?\n"
    assert place.itsm("list", "wallpaper").err == "no record matches; --all also looks at ended ones\n"
