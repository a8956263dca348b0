"""Timeline entries: when it happened and when it was written, in canonical order, in their place in time."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from itsm_as_code.app.records.lookup import load
from itsm_as_code.app.writing.timeline_entry import appended, entry, with_priority
from itsm_as_code.domain.errors import UsageFault
from itsm_as_code.store.reader import read_yaml
from tests.checks.memory import as_files, incident, snapshot_of
from tests.checks.memory import entry as written
from tests.checks.workspace import NOW

PATH = "records/incidents/2026/11/INC-20261121-7K3Q9.yaml"
EARLIER = NOW - timedelta(hours=1)
SETTINGS = snapshot_of({}).settings


def test_an_entry_is_of_now_unless_it_happened_earlier() -> None:
    assert entry(PATH, "ana", NOW, None, {"note": "x"}) == {"at": "2026-11-21T12:00:00Z", "by": "ana", "note": "x"}
    assert entry(PATH, "ana", NOW, EARLIER, {}) == {
        "at": "2026-11-21T11:00:00Z", "recorded": "2026-11-21T12:00:00Z", "by": "ana",
    }  # fmt: skip


def test_an_entry_has_its_keys_in_the_canonical_order_and_leaves_out_what_is_none() -> None:
    fields: dict[str, Any] = {"note": "x", "reason": None, "state": "new"}
    made = entry(PATH, "ana", NOW, None, fields)
    assert list(made) == ["at", "by", "state", "note"]


def test_what_has_yet_to_come_did_not_happen_but_clocks_may_differ_by_minutes() -> None:
    entry(PATH, "ana", NOW, NOW + timedelta(minutes=5), {})
    with pytest.raises(UsageFault, match="is in the future"):
        entry(PATH, "ana", NOW, NOW + timedelta(minutes=5, seconds=1), {})


def test_impact_and_urgency_give_the_priority_of_the_matrix() -> None:
    assert with_priority({"impact": "high", "urgency": "high"}, None, SETTINGS)["priority"] == "P1"
    assert with_priority({"note": "x"}, None, SETTINGS) == {"note": "x"}


def test_the_one_that_is_not_given_is_that_of_the_record() -> None:
    first = written("08:00", state="new", impact="high", urgency="high", priority="P1")
    record = snapshot_of(as_files(incident(first))).get("incident", "INC-20261121-7K3Q9")
    fields = with_priority({"urgency": "low"}, record, SETTINGS)
    assert fields["priority"] != "P1"
    with pytest.raises(UsageFault, match="impact is missing"):
        with_priority({"urgency": "low"}, None, SETTINGS)


def timeline(at: str) -> list[dict[str, Any]]:
    """The timeline with an entry added to those of 08:00 and 10:00."""
    snapshot = snapshot_of(as_files(incident(written("08:00", state="new"), written("10:00", note="later"))))
    path, loaded = load(snapshot, "incident", "INC-20261121-7K3Q9")
    draft = appended(snapshot.tree, path, loaded, written(at, note="added"), "noted")
    assert (draft.path, draft.words, draft.before) == (PATH, "noted", snapshot.tree.read(PATH))
    data: dict[str, Any] = read_yaml(draft.after).data or {}
    found: list[dict[str, Any]] = data["timeline"]
    return found


def test_an_entry_stands_in_its_place_in_time() -> None:
    assert [each["at"][11:16] for each in timeline("09:00")] == ["08:00", "09:00", "10:00"]
    assert [each["at"][11:16] for each in timeline("11:00")] == ["08:00", "10:00", "11:00"]
    assert timeline("10:00")[-1]["note"] == "added", "of two at one instant the newer one comes last"


def test_nothing_happens_before_a_ticket_begins() -> None:
    with pytest.raises(UsageFault, match="begins at 2026-11-21T08:00:00Z"):
        timeline("07:59")
