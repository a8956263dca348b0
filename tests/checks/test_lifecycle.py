"""Timelines against the lifecycle tables: demands, voids, priorities, imports, models."""

from __future__ import annotations

from typing import Any

import pytest

from tests.checks.memory import as_files, change, codes, entry, incident, look, look_at

RESOLUTION = {"code": "fixed", "summary": "A new certificate is in place."}
PLAN = {"implementation": "Install it.", "backout": "Put the old one back."}
WINDOW = {"start": "2026-11-24T20:00:00Z", "end": "2026-11-24T22:00:00Z"}
NEW = entry("08:00", state="new")


@pytest.mark.parametrize(
    ("states", "legal"),
    [
        (("new", "in_progress", "on_hold", "in_progress", "resolved", "in_progress", "resolved", "closed"), True),
        (("in_progress",), True),
        (("new", "closed"), False),
        (("new", "new"), False),
        (("cancelled", "new"), False),
    ],
)
def test_states_follow_the_table(states: tuple[str, ...], legal: bool) -> None:
    entries = [entry(f"08:{number:02}", state=state) for number, state in enumerate(states)]
    for each in entries:
        if each["state"] in ("on_hold", "cancelled"):
            each["reason"] = "Waits for the supplier."
    found = look_at(incident(*entries, resolution=RESOLUTION))
    assert ("LIF001" in codes(found)) is not legal


def test_an_illegal_step_names_the_ways_on() -> None:
    (finding,) = look_at(incident(NEW, entry("09:00", state="closed"), resolution=RESOLUTION))
    assert finding.message == "incident can't go from new to closed"
    assert finding.help is not None
    assert "in_progress (`itsm start`)" in finding.help


def test_a_final_state_has_no_ways_on() -> None:
    cancelled = entry("08:00", state="cancelled", reason="Opened twice.")
    (finding,) = look_at(incident(cancelled, entry("09:00", state="new")))
    assert finding.help == "cancelled is final"


def test_the_same_state_again_needs_another_reason() -> None:
    first = entry("08:30", state="on_hold", reason="Waits for the supplier.")
    assert look_at(incident(NEW, first, entry("09:00", state="on_hold", reason="Waits for the ward."))) == []
    (finding,) = look_at(incident(NEW, entry("09:00", state="new")))
    assert finding.message == "incident is new already"


def test_steps_are_read_past_what_was_taken_back() -> None:
    slip, void = entry("08:30", state="cancelled", reason="Wrong."), entry("08:35", void="2026-11-21T08:30:00Z")
    assert look_at(incident(NEW, slip, void, entry("09:00", state="in_progress"))) == []


def test_a_wrong_kind_is_a_finding_and_not_a_crash() -> None:
    files = {path: text.replace('"incident"', '"incidnt"') for path, text in as_files(incident()).items()}
    assert codes(look(files)) == ["SCH009"]


@pytest.mark.parametrize(
    ("entries", "fields", "path"),
    [
        ([entry("08:00", state="on_hold")], {}, "reason"),
        ([NEW, entry("09:00", state="resolved")], {}, "resolution"),
    ],
)
def test_a_state_demands_what_the_next_people_need(entries: Any, fields: Any, path: str) -> None:
    (finding,) = look_at(incident(*entries, **fields))
    assert finding.code == "LIF002"
    assert f"demands `{path}`" in finding.message


@pytest.mark.parametrize(
    ("fields", "paths"),
    [
        ({}, ["plan.implementation", "plan.backout", "window"]),
        ({"window": WINDOW}, ["plan.implementation", "plan.backout"]),
        ({"plan": PLAN}, ["window"]),
        ({"plan": PLAN, "window": WINDOW}, []),
        ({"type": "standard", "model": {"id": "restart-node", "revision": 1}, "window": WINDOW}, []),
    ],
)
def test_a_scheduled_change_has_a_plan_and_a_window(fields: dict[str, Any], paths: list[str]) -> None:
    found = look_at(change(entry("08:00", state="scheduled"), **fields))
    assert [finding.message.split("`")[1] for finding in found] == paths


def test_an_emergency_begins_without_a_window_but_not_without_a_plan() -> None:
    found = look_at(change(entry("08:00", state="implementing"), type="emergency"))
    assert [finding.message.split("`")[1] for finding in found] == ["plan.implementation"]


def test_an_emergency_that_is_scheduled_has_a_window_all_the_same() -> None:
    found = look_at(change(entry("08:00", state="scheduled"), type="emergency", plan=PLAN))
    assert [finding.message.split("`")[1] for finding in found] == ["window"]


def test_demands_on_the_record_are_those_of_the_present_state() -> None:
    entries = [NEW, entry("09:00", state="resolved"), entry("10:00", state="in_progress")]
    assert look_at(incident(*entries)) == []


def test_imported_entries_are_judged_by_the_rules_of_imports_alone() -> None:
    odd = [
        entry("08:00", state="new", imported=True, impact="high"),
        entry("09:00", state="on_hold", imported=True),
        entry("10:00", state="closed", imported=True),
    ]
    found = look_at(incident(*odd, aliases={"old": "1"}, resolution=RESOLUTION))
    assert codes(found) == ["LIF004", "LIF007"]


def void(of: str, at: str = "09:05", **fields: Any) -> dict[str, Any]:
    return entry(at, void=f"2026-11-21T{of}:00Z", **fields)


@pytest.mark.parametrize(
    ("entries", "words"),
    [
        ([entry("09:00", note="x"), void("09:00")], None),
        ([entry("09:00", note="x"), void("09:00", at="09:10")], None),
        ([entry("09:00", note="x"), void("09:00", at="17:30")], None),
        ([entry("09:00", note="x"), void("09:01")], "does not exist"),
        ([entry("09:00", note="x", by="ben"), void("09:00")], "is by another person"),
        ([entry("09:00", note="x"), void("09:00"), void("09:00", at="09:06")], "is void already"),
        ([entry("09:00", note="x"), entry("09:00", note="y"), void("09:00"), void("09:00", at="09:06")], None),
        ([void("08:00", at="08:05")], None),
    ],
    ids=["at once", "in time", "much later", "no such entry", "of another", "twice", "two of two", "the first entry"],
)
def test_void_takes_back_an_own_entry(entries: Any, words: str | None) -> None:
    first = {**NEW, "by": "carl"} if words is None and entries[0].get("void") is None else NEW
    found = [finding.message for finding in look_at(incident(first, *entries)) if finding.code == "LIF005"]
    assert len(found) == (words is not None)
    assert words is None or words in found[0]


def test_the_first_state_can_not_be_taken_back() -> None:
    assert "LIF003" in codes(look_at(incident(NEW, void("08:00", at="08:05"))))


def test_ten_minutes_are_counted_from_when_the_entry_was_written_down() -> None:
    late = entry("08:30", note="x", recorded="2026-11-21T09:00:00Z")
    assert look_at(incident(NEW, late, void("08:30", at="09:08"))) == []


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"impact": "high"}, ["LIF004"]),
        ({"urgency": "low"}, ["LIF004"]),
        ({"priority": "P3"}, ["LIF010"]),
        ({"impact": "high", "priority": "P3"}, ["LIF010"]),
        ({"impact": "high", "urgency": "low", "priority": "P3"}, []),
        ({}, []),
    ],
)
def test_impact_urgency_and_priority_are_written_together(fields: dict[str, str], expected: list[str]) -> None:
    assert codes(look_at(incident({**NEW, **fields}))) == expected


def test_a_priority_may_follow_from_what_earlier_entries_say() -> None:
    first = {**NEW, "impact": "high", "urgency": "low", "priority": "P3"}
    assert look_at(incident(first, entry("09:00", priority="P3"))) == []


def test_after_the_end_notes_are_welcome_and_assignments_are_not() -> None:
    ended = [NEW, entry("09:00", state="cancelled", reason="Opened twice.")]
    assert look_at(incident(*ended, entry("10:00", note="See the other one.", public="Closed."))) == []
    found = look_at(incident(*ended, entry("10:00", assignee="ben", team="it")))
    assert [finding.message for finding in found] == [
        "assignee changes, but the incident is cancelled",
        "team changes, but the incident is cancelled",
    ]


def test_a_second_response_is_an_update_and_no_fault() -> None:
    assert look_at(incident(NEW, entry("09:00", response=True), entry("10:00", response=True))) == []


def test_a_standard_change_names_its_model_and_no_other_does() -> None:
    model = {"id": "restart-node", "revision": 1}
    (finding,) = look_at(change(type="standard"))
    assert (finding.code, finding.help) == ("LIF008", "one of `restart-node`")
    assert codes(look_at(change(type="emergency", model=model))) == ["LIF008"]
    assert look_at(change(type="standard", model=model)) == []


def test_a_model_is_pinned_until_the_change_is_scheduled() -> None:
    later = {"type": "standard", "model": {"id": "restart-node", "revision": 3}, "window": WINDOW}
    (finding,) = look_at(change(**later))
    assert finding.message == "model restart-node is at revision 1, but the change names 3"
    assert look_at(change(entry("08:00", state="scheduled"), **later)) == []
