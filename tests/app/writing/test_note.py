"""`itsm note`: an entry of its own with what was seen, said or taken back."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from itsm_as_code.app.writing.note import Note, note
from itsm_as_code.domain.errors import UsageFault
from itsm_as_code.store.reader import read_yaml
from tests.checks.memory import as_files, change, incident, snapshot_of
from tests.checks.workspace import NOW

SNAPSHOT = snapshot_of(as_files(incident(), change()))


def noted(ref: str = "7K3Q9", text: str | None = None, **more: Any) -> dict[str, Any]:
    """The entry that the note adds."""
    (draft,) = note(Note(ref, text, **more), "ana", NOW, None)(SNAPSHOT)
    data: dict[str, Any] = read_yaml(draft.after).data or {}
    added: dict[str, Any] = data["timeline"][-1]
    return added


def test_a_note_is_an_entry_of_who_wrote_it() -> None:
    assert noted(text="Seen") == {"at": "2026-11-21T12:00:00Z", "by": "ana", "note": "Seen"}


def test_what_users_are_told_stands_beside_what_the_team_is_told() -> None:
    found = noted(text="The disk is full", public="We are on it", response=True)
    assert (found["note"], found["public"], found["response"]) == ("The disk is full", "We are on it", True)


def test_an_entry_can_be_taken_back() -> None:
    assert noted(void=datetime(2026, 11, 21, 8, tzinfo=UTC))["void"] == "2026-11-21T08:00:00Z"


@pytest.mark.parametrize("text", [None, "", "  \n"])
def test_nothing_is_no_note(text: str | None) -> None:
    with pytest.raises(UsageFault, match="nothing to note"):
        noted(text=text)


@pytest.mark.parametrize(
    ("ref", "more", "words"),
    [("portal", {}, "has no timeline"), ("4M2XT", {"response": True}, "a change has no response")],
)
def test_notes_are_for_tickets_and_responses_for_those_that_somebody_waits_on(
    ref: str, more: dict[str, Any], words: str
) -> None:
    with pytest.raises(UsageFault, match=words):
        noted(ref, "x", **more)


def test_what_is_said_names_the_record() -> None:
    (draft,) = note(Note("7K3Q9", "x"), "ana", NOW, None)(SNAPSHOT)
    assert draft.words == "noted on INC-20261121-7K3Q9"
