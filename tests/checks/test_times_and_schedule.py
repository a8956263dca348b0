"""Times that can't be, windows and rotas."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from tests.checks.memory import as_files, change, codes, entry, incident, look, look_at

NEW = entry("08:00", state="new")


def test_entries_of_one_instant_are_in_order() -> None:
    assert look_at(incident(NEW, entry("08:00", note="x"), entry("08:00", note="y"))) == []


def test_order_is_that_of_instants_and_not_of_their_spelling() -> None:
    abroad = {"at": "2026-11-21T13:30:00+05:30", "by": "ana", "note": "Noticed in Pune."}
    assert look_at(incident(NEW, abroad, entry("08:01", note="x"))) == []
    assert codes(look_at(incident(NEW, entry("08:01", note="x"), abroad))) == ["TIM001"]


def test_each_entry_below_a_later_one_is_told_with_that_one() -> None:
    found = look_at(incident(NEW, entry("10:00", note="x"), entry("08:30", note="y"), entry("09:00", note="z")))
    assert [finding.field for finding in found] == [("timeline", 2, "at"), ("timeline", 3, "at")]
    assert "2026-11-21T10:00:00Z" in found[1].message


@pytest.mark.parametrize(("at", "expected"), [("12:05", []), ("12:06", ["TIM002"])])
def test_five_minutes_ahead_of_the_clock_are_forgiven(at: str, expected: list[str]) -> None:
    assert codes(look_at(incident(NEW, entry(at, note="x")))) == expected


def test_what_was_recorded_may_not_be_in_the_future_either() -> None:
    found = look_at(incident({**NEW, "recorded": "2026-11-22T08:00:00Z"}))
    assert [(finding.code, finding.field) for finding in found] == [("TIM002", ("timeline", 0, "recorded"))]


def test_nor_may_a_redaction_be_in_the_future() -> None:
    tombstone = {"by": "ana", "at": "2026-11-22T08:00:00Z", "reason": "It named a patient."}
    found = look_at(incident({**NEW, "redacted": tombstone}))
    assert [(finding.code, finding.field) for finding in found] == [("TIM002", ("timeline", 0, "redacted", "at"))]


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        ({"started_at": "2026-11-21T08:00:00Z", "detected_at": "2026-11-21T08:00:00Z"}, []),
        ({"started_at": "2026-11-21T08:00:00Z", "detected_at": "2026-11-21T07:59:59Z"}, ["TIM004"]),
        ({"started_at": "2026-11-21T08:00:00Z"}, []),
    ],
)
def test_a_fault_begins_before_it_is_noticed(record: dict[str, str], expected: list[str]) -> None:
    assert codes(look_at(incident(**record))) == expected


def test_keys_and_delegations_of_people_end_after_they_begin() -> None:
    person = {
        "id": "zoe", "kind": "person", "schema": 1, "name": "Zoe",
        "keys": [
            {"key": "ssh-ed25519 AAAA", "valid_from": "2026-11-02T00:00:00Z", "valid_until": "2026-11-01T00:00:00Z"}
        ],
        "delegate": {"to": "ana", "from": "2026-11-02T00:00:00Z", "until": "2026-11-02T00:00:00Z"},
    }  # fmt: skip
    found = look_at(person)
    assert codes(found) == ["TIM004", "TIM004"]
    assert {finding.field for finding in found} == {("keys", 0, "valid_until"), ("delegate", "until")}


@pytest.mark.parametrize(
    ("day", "expected"),
    [("20", []), ("21", []), ("22", []), ("23", ["TIM005"])],
)
def test_the_date_of_an_id_is_that_of_its_birth_give_or_take_a_day(day: str, expected: list[str]) -> None:
    first = {"at": f"2026-11-{day}T10:00:00Z", "by": "ana", "state": "new"}
    found = look_at(incident(first), now=datetime(2026, 12, 1, tzinfo=UTC))
    assert codes(found) == expected


def test_a_backfilled_record_may_be_named_for_the_day_it_was_written_down() -> None:
    first = {"at": "2026-11-12T10:00:00Z", "recorded": "2026-11-21T10:00:00Z", "by": "ana", "state": "new"}
    assert look_at(incident(first)) == []


def test_an_id_that_names_no_day_of_the_calendar_is_told_and_not_stumbled_over() -> None:
    window = {"start": "2026-11-24T20:00:00Z", "end": "2026-11-24T22:00:00Z"}
    (path,) = as_files(change())
    (text,) = as_files({**change(window=window), "id": "CHG-20261399-4M2XT"}).values()
    assert codes(look({path: text})) == ["ID001"]


def test_instants_at_the_ends_of_the_calendar_are_findings() -> None:
    first = {**NEW, "at": "0001-01-01T00:00:00+14:00"}
    (finding,) = look_at(incident(first))
    assert (finding.code, finding.help) == ("SCH005", "the year must be one from 1900 to 2999")
    last = {"start": "2026-11-24T20:00:00Z", "end": "2999-12-31T23:59:59Z"}
    assert codes(look_at(change(window=last))) == ["SCD002"]


@pytest.mark.parametrize(
    ("end", "expected"),
    [("2027-05-20T00:00:00Z", []), ("2027-05-20T00:00:01Z", ["SCD002"])],
)
def test_a_window_ends_within_180_days_of_the_id(end: str, expected: list[str]) -> None:
    assert codes(look_at(change(window={"start": "2026-11-24T20:00:00Z", "end": end}))) == expected


def test_a_freeze_ends_after_it_begins() -> None:
    freeze = {"id": "x", "kind": "freeze", "schema": 1, "title": "X", "scope": {}, "reason": "Year end."}
    times = {"from": "2026-12-20T00:00:00Z", "until": "2026-12-20T00:00:00Z"}
    assert codes(look_at({**freeze, **times})) == ["SCD001"]


def rota(*shifts: tuple[str, str]) -> dict[str, Any]:
    listed = [{"person": "ana", "from": f"2026-11-{a}T08:00:00Z", "until": f"2026-11-{b}T08:00:00Z"} for a, b in shifts]
    return {"id": "net", "kind": "team", "schema": 1, "name": "Net", "members": ["ana"], "on_call": {"shifts": listed}}


@pytest.mark.parametrize(
    ("shifts", "expected"),
    [
        ([("02", "09"), ("09", "16")], []),
        ([("02", "09"), ("10", "16")], []),
        ([("02", "09"), ("08", "16")], ["SCD004"]),
        ([("09", "16"), ("02", "09")], ["SCD004"]),
        ([("09", "09")], ["SCD004"]),
        ([], []),
    ],
)
def test_shifts_stand_in_order_and_apart(shifts: list[tuple[str, str]], expected: list[str]) -> None:
    assert codes(look_at(rota(*shifts))) == expected


def test_a_team_without_a_rota_is_no_fault() -> None:
    assert look_at({"id": "net", "kind": "team", "schema": 1, "name": "Net"}) == []
