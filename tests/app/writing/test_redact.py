"""`itsm redact`: the texts of one entry go, what happened stays, a tombstone says who and why."""

from __future__ import annotations

from typing import Any

import pytest

from itsm_as_code.app.writing.redact import redact
from itsm_as_code.domain.errors import UsageFault
from itsm_as_code.store.reader import read_yaml
from tests.checks.memory import as_files, entry, incident, snapshot_of
from tests.checks.workspace import NOW

SNAPSHOT = snapshot_of(
    as_files(
        incident(entry("08:00", state="new", note="a name", public="a number"), entry("09:00", state="in_progress"))
    )
)


def redacted(number: int, ref: str = "7K3Q9") -> list[dict[str, Any]]:
    (draft,) = redact(ref, number, "personal data", "ben", NOW)(SNAPSHOT)
    assert draft.words == f"redacted entry {number} of INC-20261121-7K3Q9"
    data: dict[str, Any] = read_yaml(draft.after).data or {}
    timeline: list[dict[str, Any]] = data["timeline"]
    return timeline


def test_both_texts_go_and_a_tombstone_stays() -> None:
    first, second = redacted(1)
    assert first == entry("08:00", state="new") | {
        "redacted": {"by": "ben", "at": "2026-11-21T12:00:00Z", "reason": "personal data"}
    }
    assert second == entry("09:00", state="in_progress")


def test_an_entry_without_a_text_has_nothing_to_take_out() -> None:
    with pytest.raises(UsageFault, match="has no text"):
        redacted(2)


@pytest.mark.parametrize("number", [0, 3, -1])
def test_entries_are_counted_from_one(number: int) -> None:
    with pytest.raises(UsageFault, match="entries 1 to 2"):
        redacted(number)


def test_a_record_without_a_timeline_is_edited_instead() -> None:
    with pytest.raises(UsageFault, match="has no timeline"):
        redacted(1, "portal")
