"""The lifecycle verbs: one step along the table of a kind, with what the new state demands."""

from __future__ import annotations

from typing import Any

import pytest

from itsm_as_code.app.writing.lifecycle_verb import VerbRequest, may_pass_a_gate, transition
from itsm_as_code.domain.errors import Refused, UsageFault
from itsm_as_code.store.snapshot import TreeSnapshot, read_data
from tests.checks.memory import article, as_files, change, entry, incident, snapshot_of
from tests.checks.workspace import NOW

OPEN = incident(entry("08:00", state="in_progress"))
SNAPSHOT = snapshot_of(as_files(OPEN, change(), article(state="draft")))


def moved(verb: str, ref: str = "7K3Q9", snapshot: TreeSnapshot = SNAPSHOT, **more: Any) -> tuple[str, dict[str, Any]]:
    """What is said, and the record after the step."""
    (draft,) = transition(VerbRequest(verb, (ref,), **more), "ben", NOW, None)(snapshot)
    return draft.words, read_data(draft.path, draft.after).data or {}


def test_a_step_is_an_entry_with_the_new_state_and_what_was_said() -> None:
    words, data = moved("hold", reason="parts", note="ordered", public="Please wait")
    assert words == "INC-20261121-7K3Q9 is on_hold"
    assert data["timeline"][-1] == {
        "at": "2026-11-21T12:00:00Z", "by": "ben", "state": "on_hold", "reason": "parts", "note": "ordered",
        "public": "Please wait",
    }  # fmt: skip


def test_an_end_says_how_it_ended() -> None:
    assert moved("resolve", summary="Restarted")[1]["resolution"] == {"code": "fixed", "summary": "Restarted"}
    assert moved("resolve", summary="Moved", code="workaround")[1]["resolution"]["code"] == "workaround"


def test_a_record_without_a_timeline_has_its_state_set() -> None:
    words, data = moved("publish", "reset-password")
    assert (words, data["state"]) == ("reset-password is published", "published")


def test_other_fields_can_be_set_with_the_step() -> None:
    _, data = moved("hold", reason="parts", words=("assignee=ana", "title=Slow"))
    assert (data["timeline"][-1]["assignee"], data["title"]) == ("ana", "Slow")


@pytest.mark.parametrize(
    ("verb", "ref", "more", "fault"),
    [
        ("hold", "7K3Q9", {}, "needs --reason"), ("resolve", "7K3Q9", {}, "needs --summary"),
        ("publish", "7K3Q9", {}, "an incident has no `publish`"),
        ("publish", "reset-password", {"note": "x"}, "--note"),
        ("hold", "7K3Q9", {"reason": "x", "code": "boiled"}, "boiled"), ("start", "ana", {}, "has no `start`"),
    ],
)  # fmt: skip
def test_what_a_step_lacks_or_does_not_take_is_wrong_usage(
    verb: str, ref: str, more: dict[str, Any], fault: str
) -> None:
    with pytest.raises(UsageFault, match=fault):
        moved(verb, ref, **more)


def test_a_state_from_which_the_verb_does_not_lead_is_refused_with_the_ways_on() -> None:
    with pytest.raises(Refused, match="is no step from there") as refused:
        moved("reopen")
    assert "itsm resolve (resolved)" in (refused.value.hint or "")


def test_only_records_that_have_gates_may_pass_one() -> None:
    assert may_pass_a_gate(SNAPSHOT, VerbRequest("schedule", ("4M2XT",)))
    assert not may_pass_a_gate(SNAPSHOT, VerbRequest("resolve", ("7K3Q9",)))
    assert not may_pass_a_gate(SNAPSHOT, VerbRequest("cancel", ("7K3Q9",))), "a change can be cancelled, this is none"
    assert not may_pass_a_gate(SNAPSHOT, VerbRequest("schedule", ("nothing",))), "the step itself says so"
