"""A later export against what is here: newer entries are added, nothing is overwritten."""

from __future__ import annotations

import copy
from typing import Any

from itsm_as_code.domain.edit import AddItem, SetValue
from itsm_as_code.importers.draft import ImportedRecord
from itsm_as_code.importers.merge import merged
from tests.importers.samples import from_servicenow, full_log, log, log_row, only

ROWS = [
    log_row(resolved_at="?", closed_at="?"),
    log_row(incident_state="Active", sys_updated_at="29/2/2016 02:00", resolved_at="?", closed_at="?"),
]


def draft(data: bytes) -> ImportedRecord:
    found = only(from_servicenow(data))
    return ImportedRecord("incident", found["id"], found)


def here() -> dict[str, Any]:
    return copy.deepcopy(draft(log(*ROWS)).data)


def later() -> ImportedRecord:
    return draft(log(*ROWS, log_row(incident_state="Resolved", sys_updated_at="29/2/2016 11:29", closed_at="?")))


def test_the_same_export_changes_nothing() -> None:
    assert merged(draft(full_log()).data, draft(full_log())).edits == ()
    assert merged(draft(full_log()).data, draft(full_log())).kept == ()


def test_a_later_export_adds_the_newer_entries_and_what_their_state_demands() -> None:
    merge = merged(here(), later())
    assert [type(edit) for edit in merge.edits] == [AddItem, SetValue]
    added = merge.edits[0]
    assert isinstance(added, AddItem)
    assert added.index == 2
    assert isinstance(added.value, dict)
    assert (added.value["state"], added.value["at"]) == ("resolved", "2016-02-29T11:29:00Z")
    assert merge.kept == ()


def test_an_older_export_changes_nothing() -> None:
    assert merged(later().data, draft(log(*ROWS))).edits == ()


def test_a_past_that_the_source_tells_otherwise_is_left_as_it_is_here_and_told() -> None:
    other = [ROWS[0], ROWS[1].replace("1 - High", "2 - Medium").replace("3 - Moderate", "1 - Critical")]
    merge = merged(here(), draft(log(*other)))
    assert merge.edits == ()
    assert merge.kept == ("the source now tells the past differently; the timeline was left as it is here",)


def test_a_record_of_the_same_key_that_was_opened_at_another_time_is_not_mixed_with_ours() -> None:
    merge = merged(here(), draft(full_log().replace(b"29/2/2016 01:16", b"28/2/2016 01:16")))
    assert merge.edits == ()
    assert "another system" in merge.kept[0]


def test_a_field_that_was_changed_here_is_left_alone_and_told() -> None:
    ours = here()
    ours["title"] = "Better words"
    merge = merged(ours, later())
    assert merge.kept == ("`title` differs from the source and was left as it is here",)
    assert len(merge.edits) == 2


def test_a_record_that_is_worked_on_here_gets_no_entries_of_the_source() -> None:
    ours = here()
    ours["timeline"].append({"at": "2016-02-29T05:00:00Z", "by": "ana", "state": "on_hold", "reason": "Waits"})
    merge = merged(ours, later())
    assert merge.edits == ()
    assert "work went on here" in merge.kept[0]


def test_a_note_made_here_is_no_reason_to_stop_and_keeps_its_place() -> None:
    ours = here()
    ours["timeline"].append({"at": "2016-02-29T05:00:00Z", "by": "ana", "note": "Seen"})
    ours["timeline"].append({"at": "2016-03-01T05:00:00Z", "by": "ana", "note": "Seen again"})
    (added, _) = merged(ours, later()).edits
    assert isinstance(added, AddItem)
    assert added.index == 3


def test_values_that_changed_without_a_known_time_are_added_at_the_time_of_the_last_step() -> None:
    def export(state: str, priority: str, updated: str, closed: str) -> ImportedRecord:
        header = "number,short_description,state,opened_at,sys_updated_on,closed_at,impact,urgency,priority"
        row = f"INC1,x,{state},2022-10-17 22:50:23,{updated},{closed},2,2,{priority}"
        return draft(f"{header}\n{row}\n".encode())

    before = export("2", "3", "2022-10-18 08:00:00", "")
    after = export("7", "1", "2022-10-20 08:00:00", "2022-10-20 08:00:00")
    values = [edit.value for edit in merged(before.data, after).edits if isinstance(edit, AddItem)]
    assert [value.get("state") for value in values if isinstance(value, dict)] == ["closed", None]
    assert isinstance(values[-1], dict)
    assert values[-1]["priority"] == "P1"


def test_the_source_s_verdict_on_its_agreement_follows_the_source() -> None:
    ours = draft(log(*ROWS)).data
    merge = merged(
        ours,
        draft(
            log(
                *ROWS,
                log_row(
                    incident_state="Active",
                    made_sla="false",
                    sys_updated_at="29/2/2016 03:00",
                    resolved_at="?",
                    closed_at="?",
                ),
            )
        ),
    )
    assert merge.edits == (SetValue(("tags", 0), "missed-sla"),)


def test_an_article_that_differs_is_left_alone_and_told() -> None:
    one = {"id": "a", "title": "A", "summary": "S", "body": "x\n", "owner": "team/web"}
    assert merged(one, ImportedRecord("article", "a", {"title": "A", "summary": "S"}, "x\n")).kept == ()
    merge = merged(one, ImportedRecord("article", "a", {"title": "A", "summary": "S"}, "y\n"))
    assert (merge.edits, merge.kept) == ((), ("`body` differs from the source and was left as it is here",))
