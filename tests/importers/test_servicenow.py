"""ServiceNow exports with every sort of dirt."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from itsm_as_code.domain.errors import ItsmError, UsageFault
from itsm_as_code.domain.ids import derived_ticket_id
from itsm_as_code.domain.kinds.incident import Incident
from itsm_as_code.domain.loss import LossSort
from tests.importers.samples import (
    LOG,
    from_servicenow,
    full_log,
    known,
    log,
    log_row,
    losses,
    of_kind,
    only,
)

REST = "number,short_description,incident_state,opened_at,sys_updated_on,resolved_at,closed_at,impact,urgency,priority"


def rest(*rows: str, header: str = REST) -> bytes:
    return "\n".join([header, *rows, ""]).encode()


def states(incident: Any) -> list[str]:
    return [entry["state"] for entry in incident["timeline"] if "state" in entry]


def test_an_event_log_becomes_a_timeline_of_changes() -> None:
    incident = only(from_servicenow(full_log()))
    assert incident["id"] == derived_ticket_id(
        "incident", "servicenow", "INC0000045", datetime(2016, 2, 29, 1, 16, tzinfo=UTC)
    )
    assert incident["aliases"] == {"servicenow": "INC0000045"}
    assert states(incident) == ["new", "in_progress", "on_hold", "resolved", "closed"]
    assert all(entry["imported"] is True for entry in incident["timeline"])
    first, *_, resolved, closed = incident["timeline"]
    assert first == {
        "at": "2016-02-29T01:16:00Z", "by": {"name": "Opened by 8"}, "imported": True,
        "state": "new", "impact": "medium", "urgency": "medium", "priority": "P3",
    }  # fmt: skip
    assert incident["timeline"][2]["reason"] == "Awaiting user info"
    assert (resolved["by"], resolved["at"]) == ({"name": "Resolved by 149"}, "2016-02-29T11:29:00Z")
    assert closed["at"] == "2016-03-05T12:00:00Z"


def test_the_verdict_on_the_agreement_is_kept_as_a_tag_or_as_a_declared_field() -> None:
    assert only(from_servicenow(full_log()))["tags"] == ["missed-sla"]
    declared = only(from_servicenow(full_log(), custom_fields={"made_sla": "yes_no"}))
    assert declared["custom"] == {"made_sla": False}
    created = from_servicenow(full_log(), create=True)
    assert only(created)["custom"] == {"made_sla": False}
    assert created.custom_fields == {"made_sla": "yes_no"}


def test_a_title_that_is_missing_is_made_of_what_is_there_and_reported() -> None:
    harvest = from_servicenow(full_log())
    assert only(harvest)["title"] == "Category 55 / Subcategory 170"
    assert losses(harvest, LossSort.GUESSED, "title")[0].count == 1


def test_names_are_matched_by_alias() -> None:
    here = known(("person", "ana", "Resolved by 149"), ("team", "desk", "Group 56"), ("person", "joe", "Opened by 8"))
    incident = only(from_servicenow(full_log(), known=here))
    assert incident["timeline"][0]["by"] == "joe"
    assert incident["timeline"][0]["team"] == "desk"
    assert incident["timeline"][-2]["by"] == "ana"


def test_names_that_match_none_are_reported_with_counts_and_the_way_out() -> None:
    (loss,) = losses(from_servicenow(full_log()), LossSort.DROPPED, "team")
    assert loss.count == 5
    assert loss.examples == ("Group 56", "Group 24")
    assert "--create" in loss.why


def test_names_that_match_none_become_records_where_that_is_asked_for() -> None:
    harvest = from_servicenow(full_log(), create=True)
    people = {draft.id: draft.data for draft in of_kind(harvest, "person")}
    assert people["resolved-by-149"]["aliases"] == {"servicenow": "Resolved by 149"}
    assert [draft.id for draft in of_kind(harvest, "team")] == ["group-24", "group-56"]
    assert only(harvest)["timeline"][0]["team"] == "group-56"
    assert harvest.loss.totals["created team"] == 2


def test_a_name_whose_id_is_taken_here_is_not_taken_for_the_same() -> None:
    harvest = from_servicenow(full_log(), create=True, known=known(("team", "group-56", "")))
    assert [draft.id for draft in of_kind(harvest, "team")] == ["group-24"]
    assert "without the alias" in losses(harvest, LossSort.DROPPED, "team")[0].why


def test_a_person_who_hands_over_to_nobody_we_know_is_no_longer_the_assignee() -> None:
    rows = log(log_row(assigned_to="Resolver 1"), log_row(assigned_to="Resolver 2", sys_updated_at="29/2/2016 02:00"))
    incident = only(from_servicenow(rows, known=known(("person", "ana", "Resolver 1"))))
    assert [entry.get("assignee") for entry in incident["timeline"]][:2] == ["ana", "nobody"]


def test_a_missing_value_does_not_end_an_assignment() -> None:
    rows = log(log_row(assigned_to="Resolver 1"), log_row(assigned_to="?", sys_updated_at="29/2/2016 02:00"))
    incident = only(from_servicenow(rows, known=known(("person", "ana", "Resolver 1"))))
    assert [entry["assignee"] for entry in incident["timeline"] if "assignee" in entry] == ["ana"]


def test_the_state_minus_100_is_dropped_with_a_report_and_the_rest_of_the_row_is_kept() -> None:
    rows = log(
        log_row(),
        log_row(incident_state="-100", impact="1 - High", priority="2 - High", sys_updated_at="29/2/2016 02:00"),
    )
    harvest = from_servicenow(rows)
    assert states(only(harvest))[0] == "new"
    assert only(harvest)["timeline"][1]["priority"] == "P2"
    assert losses(harvest, LossSort.DROPPED, "state")[0].examples == ("-100",)


def test_steps_that_our_table_does_not_know_are_kept() -> None:
    rows = log(
        log_row(),
        log_row(incident_state="Closed", sys_updated_at="29/2/2016 02:00", closed_at="29/2/2016 02:00"),
        log_row(
            incident_state="Active", sys_updated_at="29/2/2016 03:00", closed_at="29/2/2016 02:00", resolved_at="?"
        ),
    )
    assert states(only(from_servicenow(rows))) == ["new", "closed", "in_progress"]


def test_rows_out_of_order_are_sorted_and_told() -> None:
    rows = log(
        log_row(incident_state="Active", sys_updated_at="29/2/2016 05:00"), log_row(sys_updated_at="29/2/2016 01:30")
    )
    harvest = from_servicenow(rows)
    assert states(only(harvest))[:2] == ["new", "in_progress"]
    assert losses(harvest, LossSort.NOTED, "updated_at")


def test_an_update_before_the_opening_is_taken_as_at_the_opening_and_told() -> None:
    harvest = from_servicenow(
        log(log_row(), log_row(incident_state="Active", impact="1 - High", sys_updated_at="28/2/2016 10:00"))
    )
    times = [entry["at"] for entry in only(harvest)["timeline"]]
    assert times == sorted(times)
    assert times[0] == "2016-02-29T01:16:00Z"
    assert any("Before the opening" in loss.why for loss in losses(harvest, LossSort.NOTED, "updated_at"))


def test_the_same_row_twice_is_read_once() -> None:
    harvest = from_servicenow(
        log(log_row(), log_row(), log_row(incident_state="Active", sys_updated_at="29/2/2016 02:00"))
    )
    assert losses(harvest, LossSort.NOTED, "rows")[0].count >= 1
    assert states(only(harvest)) == ["new", "in_progress", "resolved", "closed"]


def test_ends_that_no_row_shows_are_taken_from_the_columns_and_told() -> None:
    harvest = from_servicenow(log(log_row(), log_row(incident_state="Active", sys_updated_at="29/2/2016 02:00")))
    incident = only(harvest)
    assert [(e["state"], e["at"]) for e in incident["timeline"]][-2:] == [
        ("resolved", "2016-02-29T11:29:00Z"), ("closed", "2016-03-05T12:00:00Z"),
    ]  # fmt: skip
    assert sum(loss.count for loss in losses(harvest, LossSort.GUESSED, "timeline")) == 2


def test_a_resolution_time_that_differs_from_the_rows_stands_in_a_note() -> None:
    rows = log(log_row(), log_row(incident_state="Resolved", sys_updated_at="29/2/2016 08:53", closed_at="?"))
    harvest = from_servicenow(rows)
    assert only(harvest)["timeline"][-1]["note"] == "The source gives 2016-02-29T11:29:00Z as resolved_at."
    assert losses(harvest, LossSort.NOTED, "resolved_at")


def test_close_codes_become_a_resolution_that_names_them() -> None:
    assert only(from_servicenow(full_log()))["resolution"] == {
        "code": "unknown", "summary": 'The source closed it with the code "code 5".',
    }  # fmt: skip
    mapped = from_servicenow(full_log(), {"close_codes": {"code 5": "fixed"}})
    assert only(mapped)["resolution"]["code"] == "fixed"


def test_an_export_with_one_row_per_incident_tells_the_beginning_and_the_end() -> None:
    harvest = from_servicenow(
        rest(
            "INC1,Mail is slow,7,2022-10-17 22:50:23,2023-01-10 20:16:04,2022-10-18 08:00:00,2022-10-20 08:00:00,1,2,2"
        )
    )
    incident = only(harvest)
    assert incident["title"] == "Mail is slow"
    assert [(e["state"], e["at"]) for e in incident["timeline"]] == [
        ("new", "2022-10-17T22:50:23Z"), ("resolved", "2022-10-18T08:00:00Z"), ("closed", "2022-10-20T08:00:00Z"),
    ]  # fmt: skip
    assert incident["timeline"][0]["priority"] == "P2"


def test_a_closing_before_the_resolution_keeps_the_order_and_the_source_s_time_in_a_note() -> None:
    harvest = from_servicenow(
        rest("INC1,x,7,2022-10-17 22:50:23,2023-01-10 20:16:04,2023-01-10 19:56:12,2022-10-18 22:55:16,1,2,2")
    )
    assert states(only(harvest))[-1] == "closed"
    assert "2022-10-18T22:55:16Z" in only(harvest)["timeline"][-1]["note"]


@pytest.mark.parametrize(("code", "state"), [("1", "new"), ("2", "in_progress"), ("3", "on_hold"), ("8", "cancelled")])
def test_open_and_cancelled_incidents_stay_so_whatever_the_times_of_the_ends_say(code: str, state: str) -> None:
    harvest = from_servicenow(rest(f"INC1,x,{code},2022-10-17 22:50:23,2022-10-18 20:16:04,,2022-10-20 22:55:16,1,2,2"))
    assert states(only(harvest))[-1] == state
    if state != "cancelled":
        assert losses(harvest, LossSort.DROPPED, "closed_at")


def test_a_reason_for_waiting_is_read_from_its_column() -> None:
    row = "INC1,x,3,2022-10-17 22:50:23,2022-10-18 20:16:04,,,1,2,2,4"
    incident = only(from_servicenow(rest(row, header=REST + ",hold_reason")))
    assert incident["timeline"][-1]["reason"] == "Awaiting vendor"


def test_a_priority_that_is_missing_is_that_of_our_matrix_and_told() -> None:
    harvest = from_servicenow(rest("INC1,x,1,2022-10-17 22:50:23,,,,1,1,"))
    assert only(harvest)["timeline"][0]["priority"] == "P1"
    assert losses(harvest, LossSort.GUESSED, "priority")


def test_a_priority_that_our_matrix_would_not_give_is_kept() -> None:
    assert only(from_servicenow(rest("INC1,x,1,2022-10-17 22:50:23,,,,3,3,1")))["timeline"][0]["priority"] == "P1"


def test_columns_are_found_by_the_words_that_the_list_view_shows() -> None:
    harvest = from_servicenow(b"Number;Short description;State;Opened\nINC1;Mail;New;2022-10-17 22:50\n")
    assert only(harvest)["title"] == "Mail"


def test_columns_of_an_installation_are_mapped_and_custom_ones_kept() -> None:
    data = b"Ticket,Kurztext,Status,Erstellt,Standort\n4711,Mail,Offen,2022-10-17 22:50,Berlin\n"
    mapping = {
        "system": "otrs",
        "columns": {
            "Ticket": "number",
            "Kurztext": "title",
            "Erstellt": "opened_at",
            "Standort": "custom.site",
            "status": "state",
        },
        "states": {"Offen": "in_progress"},
    }
    harvest = from_servicenow(data, mapping, create=True)
    assert only(harvest)["custom"] == {"site": "Berlin"}
    assert only(harvest)["aliases"] == {"otrs": "4711"}
    assert harvest.custom_fields == {"site": "text"}


def test_unknown_columns_are_reported_with_the_count_of_their_values() -> None:
    harvest = from_servicenow(
        rest(
            "INC1,x,1,2022-10-17 22:50:23,,,,1,2,2,Lisbon",
            "INC2,y,1,2022-10-17 22:50:23,,,,1,2,2,",
            header=REST + ",location",
        )
    )
    assert losses(harvest, LossSort.DROPPED, "location")[0].count == 1


@pytest.mark.parametrize("header", ["title,state\nx,New", "number,state\nINC1,New"])
def test_columns_that_are_indispensable_are_named(header: str) -> None:
    with pytest.raises(UsageFault) as fault:
        from_servicenow(header.encode())
    assert "columns:" in str(fault.value.hint)


def test_rows_without_number_and_incidents_without_time_are_left_out_and_told() -> None:
    harvest = from_servicenow(
        rest(",x,1,2022-10-17 22:50:23,,,,1,2,2", "INC2,y,1,never,,,,1,2,2", "INC3,z,1,2022-10-17 22:50:23,,,,1,2,2")
    )
    assert only(harvest)["aliases"] == {"servicenow": "INC3"}
    assert losses(harvest, LossSort.DROPPED, "rows")
    assert losses(harvest, LossSort.DROPPED, "incident")[0].examples == ("INC2",)


def test_parents_are_linked_and_circles_cut() -> None:
    header = REST + ",sys_id,parent_incident"
    row = "{0},x,1,2022-10-17 22:50:23,,,,1,2,2,{1},{2}"
    harvest = from_servicenow(
        rest(
            row.format("INC1", "aa", "bb"),
            row.format("INC2", "bb", "aa"),
            row.format("INC3", "cc", "zz"),
            header=header,
        )
    )
    first, second, third = (draft.data for draft in of_kind(harvest, "incident"))
    assert first["parent"] == second["id"]
    assert "parent" not in second
    assert "parent" not in third
    assert first["aliases"] == {"servicenow": "INC1", "servicenow-sys-id": "aa"}
    assert sum(loss.count for loss in losses(harvest, LossSort.DROPPED, "parent")) == 2


def test_two_keys_of_one_derived_id_get_two_ids(monkeypatch: pytest.MonkeyPatch) -> None:
    def same(kind: str, system: str, key: str, opened_at: datetime, attempt: int = 0) -> str:
        return f"INC-20221017-0000{attempt}"

    monkeypatch.setattr("itsm_as_code.importers.servicenow.derived_ticket_id", same)
    harvest = from_servicenow(rest("INC1,x,1,2022-10-17 22:50:23,,,,1,2,2", "INC2,y,1,2022-10-17 22:50:23,,,,1,2,2"))
    assert [draft.id for draft in of_kind(harvest, "incident")] == ["INC-20221017-00000", "INC-20221017-00001"]


def test_a_key_that_the_workspace_knows_keeps_its_id() -> None:
    here = known(("incident", "INC-20160101-ABCDE", "INC0000045"))
    assert only(from_servicenow(full_log(), known=here))["id"] == "INC-20160101-ABCDE"


def test_comments_and_work_notes_become_notes_at_their_time() -> None:
    journal = (
        "2022-10-19 10:00:00 - Ana Silva (Work notes)\nRestarted it.\n\n"
        "2022-10-18 09:00:00 - Joe (Work notes)\nLooking.\nStill.\n\n"
        "2022-10-01 09:00:00 - Joe (Work notes)\nEarly."
    )
    row = f'INC1,x,7,2022-10-17 22:50:23,,2022-10-18 20:00:00,2022-10-20 20:00:00,1,2,2,"{journal}",Thanks'
    harvest = from_servicenow(
        rest(row, header=REST + ",work_notes,comments"), known=known(("person", "ana", "Ana Silva"))
    )
    told = [(e["at"][:13], e["by"], e.get("note")) for e in only(harvest)["timeline"] if "note" in e]
    assert told == [
        ("2022-10-17T22", {"name": "Joe"}, "Early."),
        ("2022-10-18T09", {"name": "Joe"}, "Looking.\nStill."),
        ("2022-10-19T10", "ana", "Restarted it."),
        ("2022-10-20T20", {"name": "Unknown"}, "Thanks"),
    ]
    assert losses(harvest, LossSort.GUESSED, "comments")


def test_text_with_unseen_characters_is_cleaned_and_told() -> None:
    harvest = from_servicenow(rest("INC1,Mail\u202e is\u200b down,1,2022-10-17 22:50:23,,,,1,2,2"))
    assert only(harvest)["title"] == "Mail is down"
    assert losses(harvest, LossSort.CLEANED, "title")


def test_cells_of_a_json_export_are_read_alike() -> None:
    row = {
        "number": "INC1",
        "short_description": "Mail",
        "state": {"display_value": "New", "value": "1"},
        "opened_at": "2022-10-17 22:50:23",
    }
    assert only(from_servicenow(json.dumps({"result": [row]}).encode()))["title"] == "Mail"


DIRT = (
    "", "?", "-100", "New", "Closed", "Resolved", "1", "7", "29/2/2016 01:16", "31/2/2016", "12/31/2016 1:00", "INC1",
    "2 - Medium", '"', "\x00", "\u202e",
)  # fmt: skip
CELL = st.one_of(st.sampled_from(DIRT), st.text(max_size=12))


@settings(max_examples=100, deadline=None)
@given(st.lists(st.lists(CELL, min_size=1, max_size=22), max_size=6), st.booleans())
def test_whatever_the_cells_hold_nothing_but_our_errors_is_raised_and_records_are_valid(
    rows: list[list[str]], create: bool
) -> None:
    data = "\n".join([LOG, *(",".join(row) for row in rows)]).encode("utf-8", "surrogatepass")
    try:
        harvest = from_servicenow(data, create=create, dayfirst=True)
    except ItsmError:
        return
    for draft in of_kind(harvest, "incident"):
        Incident.model_validate(draft.data)


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=200))
def test_whatever_the_bytes_are_nothing_but_our_errors_is_raised(data: bytes) -> None:
    for prefix in (b"", b"number,opened_at,state\n", b'{"result": ['):
        try:
            from_servicenow(prefix + data)
        except ItsmError:
            continue
