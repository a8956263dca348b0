"""Tables as other programs write them."""

from __future__ import annotations

import json

import pytest

from itsm_as_code.domain.errors import CouldNotCheck
from itsm_as_code.importers.loss import Losses
from itsm_as_code.importers.table import SourceTable, read_table


def table(data: bytes) -> tuple[SourceTable, list[str]]:
    losses = Losses()
    found = read_table(data, "export.csv", losses)
    return found, [loss.why for loss in losses.report("x").losses]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_that_of_the_header(delimiter: str) -> None:
    found, _ = table(f'Number{delimiter}"Short, description"{delimiter}State\nINC1{delimiter}a{delimiter}b\n'.encode())
    assert found == SourceTable(("number", "short,_description", "state"), [["INC1", "a", "b"]])


def test_the_line_in_which_excel_names_the_delimiter_is_no_header() -> None:
    assert table(b"sep=;\r\nnumber;state\r\nINC1;New\r\n")[0].rows == [["INC1", "New"]]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_text_is_read_in_the_encodings_of_spreadsheets(encoding: str) -> None:
    assert table("number,state\nINC1,Gelöst\n".encode(encoding))[0].rows == [["INC1", "Gelöst"]]


def test_what_is_not_utf_8_is_reported() -> None:
    assert "Windows-1252" in table("number\nGelöst\n".encode("cp1252"))[1][0]


def test_line_breaks_in_quotation_marks_belong_to_the_cell() -> None:
    assert table(b'number,notes\r\nINC1,"one\r\ntwo, ""three"""\r\n')[0].rows == [["INC1", 'one\r\ntwo, "three"']]


def test_short_long_blank_and_repeated_rows_are_told() -> None:
    found, why = table(b"number,state\nINC1\n\nINC2,New,extra\nnumber,state\n")
    assert found.rows == [["INC1", ""], ["INC2", "New"]]
    assert len(why) == 3


def test_of_two_columns_of_one_name_the_first_is_read() -> None:
    found, why = table(b"number,state,State,\nINC1,New,Closed,x\n")
    assert found.columns == ("number", "state", "#3", "#4")
    assert why == ["No name, or one that another column has: not read."]


def test_json_of_the_table_interface_is_read_with_display_values_and_stored_times() -> None:
    row = {
        "number": "INC1",
        "opened_at": {"display_value": "01.02.2024 10:00", "value": "2024-02-01 09:00:00"},
        "assigned_to": {"display_value": "Ana", "link": "https://example.org/1"},
        "active": True,
        "parent": None,
    }
    found, _ = table(json.dumps({"result": [row]}).encode())
    assert found.columns == ("number", "opened_at", "assigned_to", "active", "parent")
    assert found.rows == [["INC1", "2024-02-01 09:00:00", "Ana", "true", ""]]


@pytest.mark.parametrize(
    "data",
    [b"", b"\n\n", b"PK\x03\x04...", b"%PDF-1.4", b"<?xml version='1.0'?>", b"{", b"[]", b"[1,2]", b'{"result":{}}'],
)
def test_what_is_no_table_is_an_error_with_a_way_out(data: bytes) -> None:
    with pytest.raises(CouldNotCheck) as fault:
        table(data)
    assert fault.value.hint


def test_a_quotation_mark_that_is_not_closed_is_an_error_that_says_so() -> None:
    with pytest.raises(CouldNotCheck, match="line") as fault:
        table(b'number,notes\nINC1,"' + b"x" * 200_000)
    assert "quotation mark" in str(fault.value.hint)
