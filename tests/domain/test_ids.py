"""Ids, instants and lengths are ASCII: what looks the same to a reader is the same to the program."""

from __future__ import annotations

import pytest
from pydantic import TypeAdapter, ValidationError

from itsm_as_code.domain.ids import is_slug, kind_of_ticket, parse_path, path_of
from itsm_as_code.domain.instants import parse_duration, parse_instant
from itsm_as_code.domain.kinds.types import IncidentRef, Percent

FULL_WIDTH = str.maketrans("0123456789", "".join(chr(0xFF10 + digit) for digit in range(10)))
ARABIC = str.maketrans("0123456789", "".join(chr(0x0660 + digit) for digit in range(10)))


@pytest.mark.parametrize("digits", [FULL_WIDTH, ARABIC], ids=["full width", "Arabic"])
def test_digits_of_another_script_make_no_ticket_id(digits: dict[int, int]) -> None:
    twin = "INC-" + "20261121".translate(digits) + "-7K3Q9"
    assert kind_of_ticket(twin) is None
    assert parse_path(path_of("incident", twin)) is None
    with pytest.raises(ValidationError):
        TypeAdapter(IncidentRef).validate_python(twin)


@pytest.mark.parametrize("digits", [FULL_WIDTH, ARABIC], ids=["full width", "Arabic"])
def test_digits_of_another_script_make_no_instant_length_or_share(digits: dict[int, int]) -> None:
    for parse, text in ((parse_duration, "12m"), (parse_instant, "2026-11-21T08:30:00Z")):
        with pytest.raises(ValueError, match="write"):
            parse(text[0] + text[1:].translate(digits))
    with pytest.raises(ValidationError):
        TypeAdapter(Percent).validate_python("12.5".translate(digits))


def test_a_line_break_at_the_end_is_part_of_no_id_and_no_length() -> None:
    assert not is_slug("web-shop\n")
    assert kind_of_ticket("INC-20261121-7K3Q9\n") is None
    assert parse_path("records/services/web-shop\n.yaml") is None
    with pytest.raises(ValueError, match="write"):
        parse_duration("15m\n")
