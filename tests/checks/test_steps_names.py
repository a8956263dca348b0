"""Nothing is taken away in the name of somebody who made no commit of the step."""

from __future__ import annotations

from typing import Any

import pytest

from itsm_as_code.domain.finding import Finding
from itsm_as_code.domain.lifecycle import CHANGE, REQUEST
from tests.checks.memory import as_files, change, entry, incident, look_at_step

ANA, BEN = frozenset({"ana@example.org"}), frozenset({"Ben@Example.org"})
BOTH = ANA | BEN
REQUESTED = entry("08:00", state="submitted", impact="low", urgency="low", priority="P5")
OUTSIDE = {"name": "The supplier"}


def request(*entries: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": "REQ-20261121-9V3KC", "kind": "request", "schema": 1, "title": "A laptop", "item": "laptop",
        "requester": "ana", "timeline": [REQUESTED, *entries],
    }  # fmt: skip


def off(base: dict[str, Any], head: dict[str, Any], emails: frozenset[str] = ANA) -> list[Finding]:
    found = look_at_step(as_files(base), as_files(head), emails=emails)
    return [each for each in found if each.code in ("LIF043", "LIF044")]


@pytest.mark.parametrize("state", CHANGE.states)
def test_a_change_is_taken_off_its_way_by_whoever_commits(state: str) -> None:
    base, draft = change(), entry("08:00", state="draft")
    for who, emails, fault in (("ana", ANA, False), ("ben", ANA, True), ("ben", BEN, False), ("ana", BOTH, False)):
        head = change(draft, entry("09:00", state=state, by=who, reason="Not now."))
        found = off(base, head, emails)
        assert bool(found) is (fault and state in ("cancelled", "rejected", "draft")), (state, who)
        assert all(each.field == ("timeline", 1, "by") for each in found)


@pytest.mark.parametrize("state", REQUEST.states)
def test_a_request_is_taken_off_its_way_by_whoever_commits(state: str) -> None:
    head = request(entry("09:00", state=state, by="ben", reason="Not now."))
    assert bool(off(request(), head)) is (state in ("cancelled", "rejected"))


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({"by": "ben", "recorded_by": "ana"}, None), ({"by": OUTSIDE, "recorded_by": "ana"}, None),
        ({"by": "ana", "recorded_by": "ben"}, "ben made no commit of this step"),
        ({"by": OUTSIDE}, "The supplier has no record here, so `recorded_by` must say who wrote it down"),
        ({"by": "carla"}, "carla made no commit of this step"),
    ],
    ids=str,
)  # fmt: skip
def test_whoever_writes_it_down_for_somebody_else_says_so(fields: dict[str, Any], fault: str | None) -> None:
    cancelled = entry("09:00", state="cancelled", reason="Not now.") | fields
    found = off(change(), change(entry("08:00", state="draft"), cancelled))
    assert [each.message for each in found] == ([fault] if fault else [])


def test_an_entry_is_taken_back_by_whoever_commits() -> None:
    first, slip = entry("08:00", state="draft"), entry("09:00", note="Slip.", by="ben")
    void = entry("09:05", void="2026-11-21T09:00:00Z", by="ben")
    assert [each.code for each in off(change(first, slip), change(first, slip, void))] == ["LIF043"]
    assert off(change(first, slip), change(first, slip, void), BEN) == []


def test_old_entries_new_records_and_incidents_are_not_asked() -> None:
    first = entry("08:00", state="draft")
    cancelled = entry("09:00", state="cancelled", reason="Not now.", by="ben")
    assert off(change(first, cancelled), change(first, cancelled, tags=["old"])) == []
    born = look_at_step({}, as_files(change(first, cancelled)), emails=ANA)
    assert "LIF043" not in {each.code for each in born}
    new = entry("08:00", state="new")
    assert off(incident(new), incident(new, cancelled)) == [], "a warning, LIF029: responders must get on"


def test_an_author_without_an_address_is_nobody_and_without_commits_nothing_is_compared() -> None:
    head = change(entry("08:00", state="draft"), entry("09:00", state="cancelled", reason="Not now."))
    assert [each.code for each in off(change(), head, frozenset({""}))] == ["LIF043"]
    assert off(change(), head, frozenset()) == []


# Redactions.


NOTE = entry("09:00", note="The password is on the door.", by="ben")
MARK = {"at": "2026-11-21T11:00:00Z", "reason": "It held a password."}


def redacted(by: str, base: dict[str, Any] = NOTE) -> dict[str, Any]:
    return {key: value for key, value in base.items() if key != "note"} | {"redacted": {"by": by, **MARK}}


@pytest.mark.parametrize(("who", "emails", "fault"), [("ana", ANA, False), ("ben", ANA, True), ("ben", BEN, False)])
def test_a_text_is_removed_by_whoever_commits(who: str, emails: frozenset[str], fault: bool) -> None:
    new = entry("08:00", state="new")
    found = off(incident(new, NOTE), incident(new, redacted(who)), emails)
    said = f"{who} made no commit of this step"
    assert [(each.code, each.message, each.field) for each in found] == (
        [("LIF044", said, ("timeline", 1, "redacted", "by"))] if fault else []
    )


def test_a_mark_that_stands_elsewhere_is_not_taken_for_another_text() -> None:
    new, other = entry("08:00", state="new"), entry("10:00", note="And the key below the mat.")
    base = incident(new, redacted("ben"), other)
    assert off(base, incident(new, redacted("ben"), other, entry("10:30", note="Thanks."))) == []
    found = off(base, incident(new, redacted("ben"), redacted("ben", other)))
    assert [each.field for each in found] == [("timeline", 2, "redacted", "by")]
