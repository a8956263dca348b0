"""`itsm set`: tracked fields go into the timeline, all others are set in place."""

from __future__ import annotations

from typing import Any

import pytest

from itsm_as_code.app.records.lookup import load
from itsm_as_code.app.writing.draft import Draft
from itsm_as_code.app.writing.set_fields import SetRequest, parted, set_fields
from itsm_as_code.domain.edit import AddItem, Remove, SetValue
from itsm_as_code.domain.errors import CouldNotCheck, UsageFault
from itsm_as_code.store.reader import read_yaml
from tests.checks.memory import as_files, change, entry, incident, snapshot_of
from tests.checks.workspace import NOW

FIRST = entry("08:00", state="new", impact="high", urgency="high", priority="P1", team="it")
FILES = as_files(incident(FIRST, tags=["vpn"], service="portal"), change())
SNAPSHOT = snapshot_of(FILES)


def edited(*words: str, refs: tuple[str, ...] = ("7K3Q9",), **more: Any) -> list[Draft]:
    return list(set_fields(SetRequest(refs, words, **more), "ben", NOW, None)(SNAPSHOT))


def data(draft: Draft) -> dict[str, Any]:
    found: dict[str, Any] = read_yaml(draft.after).data or {}
    return found


def test_a_tracked_field_becomes_an_entry_and_another_is_set_in_place() -> None:
    (draft,) = edited("assignee=ana", "title=Portal is slow")
    assert data(draft)["timeline"][1:] == [{"at": "2026-11-21T12:00:00Z", "by": "ben", "assignee": "ana"}]
    assert data(draft)["title"] == "Portal is slow"
    assert draft.words == "set assignee=ana, title=Portal is slow on INC-20261121-7K3Q9"


def test_what_a_tracked_field_says_already_makes_no_entry() -> None:
    (draft,) = edited("team=it")
    assert draft.after == draft.before


def test_impact_and_urgency_bring_the_priority_along() -> None:
    (draft,) = edited("urgency=low")
    assert set(data(draft)["timeline"][-1]) == {"at", "by", "urgency", "priority"}


def test_words_part_into_fields_of_the_timeline_and_edits() -> None:
    loaded = load(SNAPSHOT, "incident", "INC-20261121-7K3Q9")[1]
    fields, edits = parted(["team=it", "tags+=login", "tags+=vpn", "service="], loaded)
    assert fields == {"team": "it"}
    assert edits == [AddItem(("tags",), "login"), Remove(("service",))], "what a list holds is not added again"


def test_the_reason_of_a_change_is_a_field_of_its_own() -> None:
    loaded = load(SNAPSHOT, "change", "CHG-20261121-4M2XT")[1]
    assert parted(["reason=Else"], loaded) == ({}, [SetValue(("reason",), "Else")])


def test_a_condition_selects_records_and_each_is_edited_once() -> None:
    found = edited("assignee=ana", refs=("7K3Q9",), condition="kind=incident state=new")
    assert [draft.path for draft in found] == [path for path in FILES if "incidents" in path]


@pytest.mark.parametrize(
    ("words", "more", "fault"),
    [
        (("state=new",), {}, "can't be set"), (("priority=P1",), {}, "can't be set"), (("id=x",), {}, "can't be set"),
        (("titel=x",), {}, "there is no field `titel`"), (("title=x",), {"refs": ()}, "no record is named"),
        (("title=x",), {"condition": " "}, "--where needs"),
        (("tier=1",), {"refs": ("portal",), "note": "x"}, "timeline"),
    ],
)  # fmt: skip
def test_what_is_not_for_people_to_set_is_wrong_usage(words: tuple[str, ...], more: dict[str, Any], fault: str) -> None:
    with pytest.raises(UsageFault, match=fault):
        edited(*words, **more)


def test_a_condition_is_refused_while_a_record_can_not_be_read() -> None:
    broken = snapshot_of({**FILES, "records/incidents/2026/11/INC-20261121-AAAAA.yaml": "id: [\n"})
    with pytest.raises(CouldNotCheck, match="1 record can't be read"):
        set_fields(SetRequest((), ("assignee=ana",), "kind=incident"), "ben", NOW, None)(broken)
