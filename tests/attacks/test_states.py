"""Attacks on states, A084 to A089: jumps, births in late states, ways back. Seats are tried elsewhere."""

from __future__ import annotations

from typing import Any

import pytest

from tests.attacks.lane import CHANGE, DRAFT, INCIDENT, PLAN, WINDOW, propose, text_of
from tests.checks.memory import article, change, entry, incident
from tests.checks.workspace import codes
from tests.git.builder import RepoBuilder


def test_A084_a_jump_over_states_in_one_commit_does_not_land(lane: RepoBuilder) -> None:
    jumped = change(DRAFT, entry("09:00", state="closed"), plan=PLAN, window=WINDOW, outcome={"code": "successful"})
    report = propose(lane, {CHANGE: text_of(jumped)})
    assert codes(report) == ["LIF001"]
    assert report.findings[0].message == "change can't go from draft to closed"


def test_A084_the_last_state_can_not_hide_an_illegal_step_before_it(lane: RepoBuilder) -> None:
    steps = [DRAFT, entry("09:00", state="evaluation"), entry("09:10", state="closed")]
    jumped = change(*steps, plan=PLAN, window=WINDOW, outcome={"code": "successful"})
    assert codes(propose(lane, {CHANGE: text_of(jumped)})) == ["LIF001"]


def test_A085_a_jump_split_over_commits_is_judged_as_one_step(lane: RepoBuilder) -> None:
    middle = change(DRAFT, entry("09:00", state="implementing"), plan=PLAN, window=WINDOW)
    lane.commit({CHANGE: text_of(middle)}, "first half")
    entries = [*middle["timeline"], entry("09:10", state="closed")]
    ended = change(*entries, plan=PLAN, window=WINDOW, outcome={"code": "successful"})
    assert codes(propose(lane, {CHANGE: text_of(ended)})) == ["LIF001"]


def test_A085_history_rewritten_and_restored_inside_a_step_is_no_rewriting(lane: RepoBuilder) -> None:
    lane.commit({INCIDENT: text_of(incident(entry("08:00", state="new", note="other")))}, "rewritten")
    assert propose(lane, {INCIDENT: text_of(incident())}).findings == ()


def test_A085_history_rewritten_commit_by_commit_is_judged_against_base(lane: RepoBuilder) -> None:
    lane.commit({INCIDENT: text_of(incident(entry("08:00", state="new"), entry("09:00", note="x")))}, "first")
    rewritten = incident(entry("08:30", state="new"), entry("09:00", note="x"))
    assert codes(propose(lane, {INCIDENT: text_of(rewritten)})) == ["LIF021"]


def test_A086_a_record_born_late_meets_the_demands_of_its_state(lane: RepoBuilder) -> None:
    born = change(entry("08:00", state="scheduled"), id="CHG-20261121-8R2BC")
    report = propose(lane, {"records/changes/2026/11/CHG-20261121-8R2BC.yaml": text_of(born)})
    assert set(codes(report)) == {"LIF002"}


def test_A086_a_record_born_as_imported_is_new_and_ended(lane: RepoBuilder) -> None:
    imported = {"imported": {"system": "old", "at": "2026-11-21T08:00:00Z"}, "aliases": {"old": "1"}}
    born = change(entry("08:00", state="scheduled", imported=True), id="CHG-20261121-8R2BC", plan=PLAN, **imported)
    report = propose(lane, {"records/changes/2026/11/CHG-20261121-8R2BC.yaml": text_of(born)})
    assert codes(report) == ["LIF030"]


@pytest.mark.parametrize("state", ["draft", "submitted", "scheduled"])
def test_A089_no_step_leads_back_from_the_work(lane: RepoBuilder, state: str) -> None:
    done = [entry("08:10", state="scheduled"), entry("08:20", state="implementing")]
    begun = change(DRAFT, *done, plan=PLAN, window=WINDOW)
    lane.switch("main")
    lane.commit({CHANGE: text_of(begun)}, "begun")
    lane.branch("back")
    revision = {"revision": 2} if state == "draft" else {}
    back = change(*begun["timeline"], entry("09:00", state=state), plan=PLAN, window=WINDOW, **revision)
    assert codes(propose(lane, {CHANGE: text_of(back)})) == ["LIF001"]


def test_A089_a_state_is_not_taken_back_by_removing_its_entry(lane: RepoBuilder) -> None:
    lane.switch("main")
    lane.commit({INCIDENT: text_of(incident(entry("08:00", state="new"), entry("08:10", state="in_progress")))})
    lane.branch("back")
    assert codes(propose(lane, {INCIDENT: text_of(incident())})) == ["LIF021"]


def test_A089_a_retired_record_comes_back_only_as_its_table_says(lane: RepoBuilder) -> None:
    lane.switch("main")
    path = "records/knowledge/reset-password.md"
    retired: dict[str, Any] = {"state": "retired", "replaced_by": "sign-in", "revision": 2}
    lane.commit({path: text_of(article(**retired))})
    lane.branch("back")
    again = article(**{**retired, "state": "published"})
    assert "LIF026" in codes(propose(lane, {path: text_of(again)}))
