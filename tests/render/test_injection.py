"""Text from records, in what other programs read: no formula, no workflow command, no control character."""

from __future__ import annotations

import csv
import io

import pytest

from itsm_as_code.checks.references import DANGLING
from itsm_as_code.domain.finding import Finding, Position, Spot
from itsm_as_code.render.github import annotate, job_summary
from itsm_as_code.render.table import Table, as_csv


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_a154_no_cell_is_a_formula(start: str) -> None:
    written = as_csv(Table(("title",), ((f"{start}HYPERLINK(1)",), ("Fine",))))
    _, (cell,), (fine,) = csv.reader(io.StringIO(written))
    assert cell.startswith("'")
    assert fine == "Fine"


def test_a_number_stays_a_number() -> None:
    assert as_csv(Table(("left_seconds",), (("-5400",), ("-1+1",)))).splitlines() == ["left_seconds", "-5400", "'-1+1"]


def finding(message: str, path: str = "records/services/mail.yaml") -> Finding:
    return Spot(message).finding(DANGLING, path).placed(Position(3, 7))


def test_a148_a_message_is_one_workflow_command() -> None:
    (line,) = annotate([finding("100%0A::error::boo\n::stop-commands::x\r\x1b[31m")])
    assert line.count("\n") == 0
    assert "\r" not in line
    assert "\x1b" not in line
    assert "100%250A" in line


def test_a148_a_path_can_not_end_its_property() -> None:
    (line,) = annotate([finding("There.", "records/a,line=1::boo\nb%2C.yaml")])
    assert line.startswith("::error file=records/a%2Cline=1%3A%3Aboo⏎b%252C.yaml,title=")


def test_a_cell_of_the_summary_stays_one_cell_and_calls_nobody() -> None:
    row = job_summary([finding("a | b `c` <img src=x> [d](e) @team")], "1 error").splitlines()[-1]
    assert row.count(" | ") == 3
    assert "\\|" in row
    assert "<img" not in row
    assert "[d]" not in row.replace("\\[d]", "")
    assert "@team" not in row
