"""A change's approval in one line or two."""

from __future__ import annotations

import pytest

from itsm_as_code.domain.approval.verdict import GateStatus
from itsm_as_code.render.approvals import as_text
from itsm_as_code.render.screen import Screen

LABEL = "CHG-20261121-7K3Q9  Release 4.3"


def _shown(label: str, status: GateStatus, why: str, width: int, *, colour: bool = False) -> list[str]:
    screen = Screen(colour=colour, width=width)
    return [row for line in as_text(label, status, why, width) for row in screen.shown(line).split("\n")]


def test_why_stands_beside_the_title_where_there_is_room() -> None:
    assert _shown(LABEL, GateStatus.APPROVED, "by ana and bo", 80) == [
        "approved  CHG-20261121-7K3Q9  Release 4.3 · by ana and bo"
    ]


def test_why_goes_below_where_there_is_none() -> None:
    assert _shown(LABEL, GateStatus.PENDING, "owner-team waits for ana", 50) == [
        "pending   CHG-20261121-7K3Q9  Release 4.3",
        "          owner-team waits for ana",
    ]


@pytest.mark.parametrize("width", [50, 80, 120])
def test_no_line_is_wider_than_the_terminal_and_the_reason_takes_two_at_most(width: int) -> None:
    long = "the plan says nothing of what happens when " * 20
    told = _shown(LABEL, GateStatus.REFUSED, f"refused by ana: {long}", width)
    reason = [row for row in told if "Release" not in row and "CHG" not in row]
    assert len(reason) == 2
    assert all(len(row) <= width for row in told)
    assert reason[1].endswith(" …")


def test_what_people_wrote_can_not_steer_the_terminal() -> None:
    (line,) = _shown("CHG-20261121-7K3Q9  \x1b[2J\nRelease", GateStatus.REFUSED, "refused by ana: \u202eon", 120)
    assert line == "refused   CHG-20261121-7K3Q9  \\u001b[2J⏎Release · refused by ana: \\u202eon"


def test_the_answer_has_its_colour_and_the_columns_stay() -> None:
    (line,) = _shown(LABEL, GateStatus.REFUSED, "", 120, colour=True)
    assert line.startswith("\x1b[1;31mrefused\x1b[0m   CHG-")
