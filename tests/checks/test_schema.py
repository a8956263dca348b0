"""Shapes: what a model refuses becomes one finding a fault, with the way out."""

from __future__ import annotations

import json
from typing import Any

import pytest

from itsm_as_code.domain.edit import RenameKey, SetValue
from itsm_as_code.domain.finding import Finding
from tests.checks.memory import as_files, change, codes, entry, incident, look, look_at, service

NEW = entry("08:00", state="new")


def one(record: dict[str, Any]) -> Finding:
    (finding,) = look_at(record)
    return finding


@pytest.mark.parametrize(
    ("fields", "code", "help_words"),
    [
        ({"servce": "portal"}, "SCH001", "did you mean `service`?"),
        ({"channel": "telephone"}, "SCH004", "one of `phone`, `email`, `self_service`, `monitoring`, `chat`"),
        ({"channel": "e-mail"}, "SCH004", "did you mean `email`? (one of"),
        ({"channel": ["phone"]}, "SCH004", "one of"),
        ({"service": 5}, "SCH003", "quote it if it looks like a number"),
        ({"service": "Portal"}, "SCH005", "lower-case letters"),
        ({"service": "Patient Portal"}, "SCH005", "e.g. `patient-portal`"),
        ({"service": "service/portal"}, "SCH005", "write the id alone: `portal`"),
        ({"articles": "sign-in"}, "SCH003", "write a list"),
        ({"resolution": "fixed"}, "SCH003", "write a map"),
        ({"schema": 2}, "SCH006", None),
        ({"parent": "INC-7"}, "SCH005", "INC-20261121-7K3Q9"),
        ({"affects": ["portal"]}, "SCH005", "service/<id> or asset/<id>"),
        ({"links": [{"label": "x", "url": "javascript:alert(1)"}]}, "SCH005", "begins with https://"),
        ({"title": " x"}, "SCH005", "one line without blanks"),
        ({"started_at": "yesterday"}, "SCH005", "2026-11-21T08:30:00Z"),
        ({"started_at": "2026-11-21 08:30"}, "SCH005", "2026-11-21T08:30:00Z"),
        ({"requester": {"nme": "Jane"}}, "SCH001", "did you mean `name`?"),
        ({"requester": 7}, "SCH003", "write"),
        ({"tags": {"a": "b"}}, "SCH003", "write a list"),
    ],
)  # fmt: skip
def test_a_fault_is_one_finding_with_the_way_out(fields: dict[str, Any], code: str, help_words: str | None) -> None:
    finding = one(incident(**fields))
    assert finding.code == code
    assert (help_words is None and finding.help is None) or (help_words or "") in (finding.help or "")
    assert "\n" not in finding.message


def test_a_number_out_of_bounds_is_told_its_bound() -> None:
    assert one(service(tier=9)).help == "write a number of at most 4"
    assert one(service(tier=0)).help == "write a number of at least 1"


def test_a_missing_field_comes_with_what_it_holds() -> None:
    record = incident()
    del record["title"]
    assert (one(record).help or "").startswith("add `title`: ")


def test_a_misspelt_key_can_be_renamed_by_machine() -> None:
    finding = one(incident(servce="portal"))
    assert finding.fix is not None
    assert finding.fix.edits == (RenameKey(("servce",), "service"),)
    assert not finding.fix.safe


def test_a_misspelt_required_key_is_not_called_missing_as_well() -> None:
    record = service(ownr="it")
    del record["owner"]
    assert one(record).code == "SCH001"


def test_a_key_beside_a_missing_one_that_is_unlike_it_is_another_fault() -> None:
    record = service(colour="green")
    del record["owner"]
    assert codes(look_at(record)) == ["SCH001", "SCH002"]


def test_a_word_that_is_nearly_right_can_be_set_by_machine() -> None:
    finding = one(incident(NEW, entry("09:00", state="In-Progress")))
    assert finding.field == ("timeline", 1, "state")
    assert finding.fix is not None
    assert finding.fix.edits == (SetValue(("timeline", 1, "state"), "in_progress"),)


def test_a_list_with_a_faulty_item_is_not_called_empty() -> None:
    assert codes(look_at(incident({**NEW, "state": "nwe"}))) == ["SCH004"]
    finding = one({**incident(), "timeline": []})
    assert (finding.code, finding.help) == ("SCH003", "write at least one item")


def test_a_hostile_value_is_cut() -> None:
    finding = one(incident(channel="x" * 5000))
    assert len(finding.message) < 100
    key = one(incident(**{"x" * 5000: "y"}))
    assert len(key.message) < 100


def settings(**fields: Any) -> dict[str, str]:
    return {"itsm.yaml": json.dumps({"id": "4h7k2m9qx1zt", "schema": 1, "name": "Example", **fields})}


FIELDS = {
    "site": {"type": "choice", "label": "Site", "choices": ["Bath", "Wells"], "required": True},
    "beds": {"type": "number", "label": "Beds"},
    "harm": {"type": "yes_no", "label": "Harm"},
    "wards": {"type": "list", "label": "Wards", "choices": ["1", "2"]},
    "words": {"label": "Words"},
}


@pytest.mark.parametrize(
    ("custom", "words"),
    [
        ({"site": "Bath"}, None),
        ({"site": "Bath", "beds": 4, "harm": True, "wards": ["1", "2"], "words": "x"}, None),
        ({}, "`site` (Site) is required"),
        ({"site": "Bth"}, "does not take `Bth`: did you mean `Bath`?"),
        ({"site": ["Bath"]}, "must be one of its choices"),
        ({"site": "Bath", "beds": True}, "must be a whole number"),
        ({"site": "Bath", "beds": "4"}, "must be a whole number"),
        ({"site": "Bath", "harm": 1}, "must be true or false"),
        ({"site": "Bath", "wards": "1"}, "must be a list"),
        ({"site": "Bath", "wards": ["1", "3"]}, "does not take `3`"),
        ({"site": "Bath", "words": 5}, "must be text"),
        ({"site": "Bath", "bed": 5}, "`bed` is not declared"),
    ],
)
def test_custom_fields_follow_their_declaration(custom: dict[str, Any], words: str | None) -> None:
    found = look({**settings(custom_fields={"incident": FIELDS}), **as_files(incident(custom=custom))})
    assert [finding.code for finding in found] == (["SCH007"] if words else [])
    assert words is None or words in found[0].message


def test_custom_fields_of_one_kind_are_unknown_to_others() -> None:
    found = look({**settings(custom_fields={"incident": FIELDS}), **as_files(change(custom={"site": "Bath"}))})
    assert [finding.help for finding in found] == ["declare it in itsm.yaml under `custom_fields`"]


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"custom_fields": {"incidents": FIELDS}}, ("custom_fields", "incidents")),
        ({"suppress": [{"code": "TIM999", "reason": "x", "until": "2027-01-01"}]}, ("suppress", 0, "code")),
    ],
)
def test_settings_that_name_nothing_are_told(fields: dict[str, Any], field: tuple[str | int, ...]) -> None:
    (finding,) = look(settings(**fields))
    assert (finding.code, finding.path, finding.field) == ("SCH013", "itsm.yaml", field)


def test_settings_are_judged_where_a_step_changes_them() -> None:
    from tests.checks.memory import look_at_step

    head = settings(custom_fields={"incidents": FIELDS}, revision=2)
    assert codes(look_at_step(settings(), head)) == ["SCH013"]


ITEM: dict[str, Any] = {
    "id": "laptop", "kind": "request-item", "schema": 1, "title": "Laptop", "team": "it",
    "fields": [
        {"name": "size", "label": "Size", "type": "choice", "choices": ["13", "15"], "required": True},
        {"name": "for", "label": "For", "type": "record", "records": "person"},
        {"name": "fault", "label": "Fault", "type": "record", "records": "incident"},
        {"name": "from", "label": "From", "type": "date"},
        {"name": "apps", "label": "Apps", "type": "choices", "choices": ["a", "b"]},
        {"name": "count", "label": "Count", "type": "number"},
        {"name": "dock", "label": "Dock", "type": "yes_no"},
        {"name": "why", "label": "Why", "type": "long_text"},
    ],
}  # fmt: skip


def request(**answers: Any) -> dict[str, Any]:
    return {
        "id": "REQ-20261121-9D3KV", "kind": "request", "schema": 1, "title": "A laptop", "item": "laptop",
        "requester": "ana", "fields": answers, "timeline": [entry("08:00", state="submitted")],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        ({"size": "13"}, None),
        (
            {"size": "13", "for": "ben", "from": "2026-12-01", "apps": ["a"], "count": 2, "dock": True, "why": "x"},
            None,
        ),
        ({}, "`size` (Size) must be answered"),
        ({"size": "14"}, "does not take `14`"),
        ({"size": ["13"]}, "does not take"),
        ({"size": "13", "sizes": "15"}, "`laptop` does not ask for `sizes`"),
        ({"size": "13", "for": "zoe"}, "there is no `zoe`"),
        ({"size": "13", "for": "../people/ana"}, "there is no `../people/ana`"),
        ({"size": "13", "for": 5}, "must be the id of a person"),
        ({"size": "13", "fault": "ana"}, "must be the id of an incident"),
        ({"size": "13", "from": "1.12.2026"}, "write a date as"),
        ({"size": "13", "from": 5}, "write a date as"),
        ({"size": "13", "from": "2026-13-01"}, "`from`"),
        ({"size": "13", "apps": ["a", "c"]}, "does not take `c`"),
        ({"size": "13", "apps": "a"}, "does not take `a`"),
        ({"size": "13", "count": "2"}, "must be a whole number"),
        ({"size": "13", "count": True}, "must be a whole number"),
        ({"size": "13", "dock": "yes please"}, "must be true or false"),
        ({"size": "13", "why": 5}, "must be text"),
    ],
)
def test_answers_follow_the_form(answers: dict[str, Any], words: str | None) -> None:
    found = look_at(ITEM, request(**answers))
    assert [finding.code for finding in found] == (["SCH008"] if words else [])
    assert words is None or words in found[0].message


def test_a_request_for_nothing_known_has_no_form_to_follow() -> None:
    assert codes(look_at(request(size="13"))) == ["REF001"]


@pytest.mark.parametrize(
    ("field", "words"),
    [
        ({"type": "choice"}, "needs `choices` to choose from"),
        ({"type": "choices"}, "needs `choices` to choose from"),
        ({"type": "record"}, "`records` is missing"),
        ({"type": "record", "records": "persn"}, "there is no kind `persn`"),
        ({"name": "size"}, "is called `size` too"),
    ],
)
def test_a_form_can_be_answered(field: dict[str, Any], words: str) -> None:
    form = [*ITEM["fields"], {"name": "more", "label": "More", **field}]
    found = look_at({**ITEM, "fields": form}, request(size="13", more="x"))
    assert found[0].code == "SCH012"
    assert words in found[0].message


def test_a_form_without_words_of_its_own_is_shown_as_it_is() -> None:
    found = look({"itsm.yaml": json.dumps({"id": "SHORT", "schema": 1, "name": "E"})})
    assert [(finding.code, finding.help) for finding in found] == [("SCH005", "it must match ^[0-9a-z]{8,64}$")]


@pytest.mark.parametrize(
    ("forge", "words"),
    [
        ({"protected_ref": "main"}, "write the full name of a branch such as refs/heads/main"),
        ({"repository": "o/n "}, "write one line without blanks at its ends"),
    ],
)
def test_a_malformed_text_says_what_to_write(forge: dict[str, str], words: str) -> None:
    settings = {"id": "abcdefgh", "schema": 1, "name": "E", "forge": {"type": "none", **forge}}
    assert [finding.help for finding in look({"itsm.yaml": json.dumps(settings)})] == [words]
