"""Two validators that share no code, one in Python and one in JavaScript, judge records alike by our schemas."""

from __future__ import annotations

from typing import Any

import pytest

from tests.schemas.node import ask_node
from tests.schemas.sample import Document, changed, documents, generated, python_says

WRONG: dict[str, Document] = {
    "an unknown field": ("team", {"nmae": "x"}),
    "another kind": ("team", {"kind": "service"}),
    "a missing name": ("team", {"name": None}),
    "a schema of tomorrow": ("team", {"schema": 2}),
    "a number as text": ("team", {"schema": "1"}),
    "a name that ends in a blank": ("team", {"name": "IT "}),
    "a name of two lines": ("team", {"name": "IT\nand more"}),
    "a line break after a name": ("team", {"name": "IT\n"}),
    "a line break after an id": ("team", {"id": "it\n"}),
    "a capital in an id": ("team", {"id": "IT"}),
    "a state that does not exist": ("team", {"state": "open"}),
    "text for a list": ("team", {"members": "ana"}),
    "no address at all": ("team", {"links": [{"label": "Wiki", "url": "wiki"}]}),
    "a script for an address": ("team", {"links": [{"label": "Wiki", "url": "javascript:alert(1)"}]}),
    "a field inside a part": ("team", {"contact": {"fax": "1"}}),
    "a key that is no id": ("team", {"aliases": {"No Id": "x"}}),
    "a custom field that is not declared": ("team", {"custom": {"floor": "1"}}),
    "a day that does not exist": ("team", {"imported": {"system": "x", "at": "2026-02-30T08:00:00Z"}}),
    "an instant without an offset": ("team", {"imported": {"system": "x", "at": "2026-02-28T08:00:00"}}),
    "yes for true": ("policy", {"rules": [{"id": "a", "seats": "none", "because": "x", "veto": "yes"}]}),
    "a word in place of seats": ("policy", {"rules": [{"id": "a", "seats": "some"}]}),
    "no rule": ("policy", {"rules": []}),
    "an operator that does not exist": ("freeze", {"scope": {"risk": {"above": 1}}}),
    "a list without values": ("freeze", {"scope": {"risk": []}}),
    "`any` without a branch": ("freeze", {"scope": {"any": []}}),
    "an hour that does not exist": ("calendar", {"versions": [_version := {
        "effective_from": "2026-01-01", "time_zone": "UTC", "weekly": {"mon": ["08:00-25:00"]},
    }]}),
    "digits of another script": ("calendar", {"versions": [_version | {"weekly": {"mon": ["08:00-1\u0668:00"]}}]}),
    "a month of 13": ("calendar", {"versions": [_version | {"weekly": {}, "effective_from": "2026-13-01"}]}),
}  # fmt: skip
"""What is wrong: the kind, and what is put into a record that is right (None takes a field out)."""

RIGHT: dict[str, dict[str, Any]] = {
    "team": {"id": "it", "kind": "team", "schema": 1, "name": "IT"},
    "policy": {
        "id": "p", "kind": "policy", "schema": 1, "title": "P", "subject": ["change"], "gate": "edit",
        "rules": [{"id": "a", "seats": "none", "because": "x"}],
    },
    "freeze": {
        "id": "f", "kind": "freeze", "schema": 1, "title": "F",
        "scope": {"risk": ["high"], "any": [{"type": "normal"}]},
        "from": "2026-12-20T00:00:00Z", "until": "2027-01-02T00:00:00+01:00", "reason": "Holidays",
    },
    "calendar": {
        "id": "c", "kind": "calendar", "schema": 1, "name": "C",
        "versions": [{"effective_from": "2026-01-01", "time_zone": "UTC", "weekly": {"mon": ["22:00-06:00"]}}],
    },
}  # fmt: skip


def test_both_validators_take_the_whole_sample() -> None:
    sample = list(documents())
    answer = ask_node(generated(), sample, [], [])
    assert answer.refused == {}
    assert [data["id"] for (_, data), fits in zip(sample, answer.fits, strict=True) if not fits] == []
    assert all(python_says(sample))
    assert len(sample) > 150


def test_both_validators_refuse_what_is_wrong() -> None:
    right: list[Document] = list(RIGHT.items())
    wrong = [(kind, _changed(RIGHT[kind], change)) for kind, change in WRONG.values()]
    answer = ask_node(generated(), right + wrong, [], [])
    expected = [True] * len(right) + [False] * len(wrong)
    names = [*RIGHT, *WRONG]
    assert dict(zip(names, answer.fits, strict=True)) == dict(zip(names, expected, strict=True))
    assert dict(zip(names, python_says(right + wrong), strict=True)) == dict(zip(names, expected, strict=True))


def test_both_validators_agree_on_a_change_at_every_field() -> None:
    asked = list(changed())
    answer = ask_node(generated(), asked, [], [])
    python = python_says(asked)
    differ = [each for each, one, other in zip(asked, answer.fits, python, strict=True) if one != other]
    assert differ == []
    assert python.count(True) > 500
    assert python.count(False) > 2000


def _changed(record: dict[str, Any], change: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in (record | change).items() if value is not None}


@pytest.mark.parametrize("required", ["1", "0"])
def test_a_missing_node_skips_unless_it_is_required(required: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.setenv("ITSM_REQUIRE_NODE", required)
    expected = pytest.fail.Exception if required == "1" else pytest.skip.Exception
    with pytest.raises(expected, match="there is no Node"):
        ask_node({}, [], [], [])
