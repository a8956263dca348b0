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
    assert (done.code, done.err.splitlines()[0]) == (2, "error: there is no field opened")


def test_a_kind_that_is_nearly_spelt_right_is_suggested_where_nothing_matches(place: Place) -> None:
    assert place.itsm("list", "sevices").err == "no record matches; did you mean `services`?\n"
    assert place.itsm("list", "wallpaper").err == "no record matches; --all also lists ended ones\n"


@pytest.mark.parametrize(
    ("words", "message", "help_"),
    [
        (("team=itt",), "there is no team `itt`", "did you mean `it`?"),
        (("assignee!=ana-exampel",), "there is no person `ana-exampel`", "did you mean `ana-example`?"),
        (("service=portal,portl",), "there is no service `portl`", "did you mean `portal`?"),
        (("articles", "owner=team/itt"), "there is no person or team `team/itt`", "did you mean `team/it`?"),
        (("incidents", "id=INC-20261120-00000"), "there is no incident `INC-20261120-00000`", "`itsm list incidents`"),
        (("state=clsed",), "clsed is not a value of state", "Did you mean closed?"),
        (("incidents", "priority<=P9"), "P9 is not a value of priority", "P1, P2, P3, P4, P5"),
        (("incidents", "major=perhaps"), "major", ""),
        (("services", "tier=one"), "one is not a value of tier: it must be a whole number", ""),
        (("incidents", "opened>yesterday"), "yesterday is not a value of opened: it must be an instant", ""),
        (("articles", "review_every=often"), "often is not a value of review_every: it must be a duration", ""),
    ],
    ids=str,
)
def test_a_value_that_the_field_never_has_is_an_error(
    place: Place, ref: str, words: tuple[str, ...], message: str, help_: str
) -> None:
    done = place.itsm("list", *words)
    assert done.code == 2
    assert message in done.err.splitlines()[0]
    assert help_ in done.err


def test_edits_of_many_ask_for_no_value_that_there_is_not(place: Place, ref: str) -> None:
    done = place.itsm("set", "tags+=x", "--where", "team=itt")
    assert (done.code, done.err.splitlines()[0]) == (2, "error: there is no team `itt`")


def test_what_records_really_say_can_be_looked_for_though_nothing_has_that_id(place: Place, ref: str) -> None:
    path = place.record(ref)
    path.write_text(path.read_text(encoding="utf-8").replace("service: portal", "service: portl"), encoding="utf-8")
    assert place.must("list", "service=portl", "--format", "ids") == f"{ref}\n"
    assert place.must("list", "assignee=nobody", "--format", "ids") == ""


def test_a_pattern_that_fits_no_id_is_told(place: Place, ref: str) -> None:
    assert place.itsm("list", "team~net*").err.startswith("warning: no team fits the pattern net*\nno record matches")
    assert place.itsm("list", "incidents", "state~nw*").err.startswith("warning: no state fits the pattern nw*\n")
    assert place.itsm("list", "service~port*").err == ""


def test_an_empty_answer_says_so_in_every_format(place: Place) -> None:
    for output in ("table", "csv", "json", "ids"):
        assert place.itsm("list", "--format", output).err.startswith("no record matches")
    for output in ("table", "csv", "json"):
        assert place.itsm("sla", "status", "--format", output).err == "no clocks: no open ticket has an SLA\n"
    assert place.itsm("calendar", "--days", "1").err == "nothing is planned in the 1 day from then on\n"
