"""The mapping file: strict, with the nearest right word."""

from __future__ import annotations

import pytest

from itsm_as_code.domain.errors import UsageFault
from itsm_as_code.importers.mapping import source_mapping
from itsm_as_code.importers.servicenow_words import SERVICENOW


def test_words_of_the_file_come_before_those_of_the_source_whatever_their_case() -> None:
    mapping = source_mapping({"states": {"active": "new", "In Arbeit": "in_progress"}}, SERVICENOW)
    assert mapping["states"].find("Active") == "new"
    assert mapping["states"].find("in  arbeit") == "in_progress"
    assert mapping["states"].find("Closed") == "closed"


@pytest.mark.parametrize(
    ("raw", "message", "hint"),
    [
        ({"staets": {}}, "unknown key `staets`", "states"),
        ({"states": {"Active": "in-progress"}}, "there is no `in-progress`", "in_progress"),
        ({"columns": {"Ticket": "numbr"}}, "there is no `numbr`", "number"),
        ({"priorities": {"1": 1}}, "must be mapped to a word", "drop"),
        ({"states": ["New"]}, "must be a map", ""),
        (["x"], "must be a map", ""),
        ({"system": "Service Now"}, "short name", ""),
        ({"missing": "?"}, "list of texts", ""),
    ],
)
def test_what_is_wrong_with_the_file_is_named_with_the_nearest_right_word(raw: object, message: str, hint: str) -> None:
    with pytest.raises(UsageFault) as fault:
        source_mapping(raw, SERVICENOW)
    assert message in fault.value.message
    assert hint in (fault.value.hint or "")


def test_the_mapping_in_effect_reads_back_as_itself() -> None:
    mapping = source_mapping({"default_service": "portal", "close_codes": {"code 6": "fixed"}}, SERVICENOW)
    mapping["close_codes"].find("code 7", otherwise="unknown")
    plain = mapping.as_plain()
    again = source_mapping(plain, SERVICENOW)
    assert again.as_plain() == plain
    assert again["close_codes"].find("code 7") == "unknown"
    assert again.default_service == "portal"
