"""A change's approval in one line or two."""

from __future__ import annotations

import pytest

from itsm_as_code.domain.approval.answer import Status
from itsm_as_code.render.approvals import as_text
from itsm_as_code.render.style import Style

PLAIN = Style(colour=False)
LABEL = "CHG-20261121-7K3Q9  Release 4.3"


def test_why_stands_beside_the_title_where_there_is_room() -> None:
    assert list(as_text(LABEL, Status.APPROVED, "by ana and bo", PLAIN, 80)) == [
        "approved  CHG-20261121-7K3Q9  Release 4.3 · by ana and bo"
    ]


def test_why_goes_below_where_there_is_none() -> None:
    assert list(as_text(LABEL, Status.PENDING, "owner-team waits for ana", PLAIN, 50)) == [
        "pending   CHG-20261121-7K3Q9  Release 4.3",
        "          owner-team waits for ana",
    ]


@pytest.mark.parametrize("width", [1, 20, 40, 80, 120])
def test_no_line_is_wider_than_the_terminal_and_three_are_the_most(width: int) -> None:
    long = "the plan says nothing of what happens when " * 20
    told = list(as_text(LABEL * 3, Status.REFUSED, f"refused by ana: {long}", PLAIN, width))
    assert len(told) == 3
    assert all(len(line) <= max(width, 20) for line in told)
    assert told[2].endswith(" …")


def test_what_people_wrote_can_not_steer_the_terminal() -> None:
    (line,) = as_text("CHG-20261121-7K3Q9  \x1b[2J\nRelease", Status.REFUSED, "refused by ana: \u202eon", PLAIN, 120)
    assert line == "refused   CHG-20261121-7K3Q9  \\u001b[2J⏎Release · refused by ana: \\u202eon"


def test_the_answer_has_its_colour_and_the_columns_stay() -> None:
    (line,) = as_text(LABEL, Status.REFUSED, "", Style(colour=True), 120)
    assert line.startswith("\x1b[1;31mrefused\x1b[0m   CHG-")
