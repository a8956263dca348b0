"""A change model bounds every material field of its changes: what it does not allow is not allowed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from itsm_as_code.domain.approval.model_bounds import BOUND, FORM, FREE, faults_of_bounds
from itsm_as_code.domain.digest import digest
from itsm_as_code.domain.instants import write_instant
from itsm_as_code.domain.kinds.change import Change
from itsm_as_code.domain.kinds.change_model import ChangeModel
from itsm_as_code.domain.shape import inner_model, keys_of, material_keys
from tests.checks.memory import as_files, snapshot_of
from tests.checks.workspace import BACKGROUND
from tests.domain.approval.test_inquiry import MODEL, STANDARD, Data, ask

NIGHTS: Data = {
    "id": "nights", "kind": "calendar", "schema": 1, "name": "Nights",
    "versions": [{
        "effective_from": "2020-01-01", "time_zone": "Europe/Berlin",
        "weekly": {day: ["22:00-06:00"] for day in ("mon", "tue", "wed", "thu", "fri")},
    }],
}  # fmt: skip
TEAMS: tuple[Data, ...] = (
    {"id": "it", "kind": "team", "schema": 1, "name": "IT", "members": ["ana"]},
    {"id": "night", "kind": "team", "schema": 1, "name": "Night", "members": ["ben"], "parents": ["it"]},
    {"id": "desk", "kind": "team", "schema": 1, "name": "Desk", "members": ["eve"]},
    *({"id": each, "kind": "person", "schema": 1, "name": each} for each in ("ana", "ben", "eve")),
)
BARE = {key: value for key, value in STANDARD.items() if key != "plan"}


def window(start: str, end: str) -> Data:
    return {"window": {"start": f"2026-11-{start}:00Z", "end": f"2026-11-{end}:00Z"}}


def faults(change: Data, model: Data | None = None, *base: Data) -> tuple[str, ...]:
    """What the model says of a change with these fields."""
    return ask(BARE | change, base=(MODEL | (model or {}), NIGHTS, *TEAMS, *base)).faults


# Every field is decided on.


def test_every_material_field_of_a_change_is_bound_fixed_or_free() -> None:
    decided = [*BOUND, *FREE, *FORM]
    assert sorted(decided) == sorted(material_keys(Change)), "decide in model_bounds.py what a model says of the field"


def test_every_key_of_a_bound_map_is_decided_on() -> None:
    """A new key in one of these maps must be looked at by the function that bounds it."""
    looked_at = {
        "plan": ("implementation", "test", "backout", "communication"), "risk": ("answers", "raised_to"),
        "window": ("start", "end"), "outage": ("expected", "minutes"), "scope": ("commits", "repositories"),
        "retrospective": ("reason",), "freeze_exception": ("reason",),
    }  # fmt: skip
    for name in material_keys(Change) - {"model"}:
        inner = inner_model(Change, (name,))
        assert inner is None or name in looked_at or name in FORM or name in FREE, name
    for name, keys in looked_at.items():
        inner = inner_model(Change, (name,))
        assert inner is not None and keys_of(inner) == keys, name


def test_a_change_with_nothing_of_its_own_keeps_to_its_model() -> None:
    assert faults({}) == ()


def test_a_field_that_nobody_decided_on_is_not_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(FREE, "reason")
    assert faults({}) == ("the change model renew does not say whether its changes may have `reason`",)


VALUES: dict[str, tuple[Data, ...]] = {
    "service": ({"service": "mail"},),
    "affects": ({"affects": ["service/mail"]}, {"affects": ["asset/lost"]}),
    "plan": ({"plan": {"implementation": "Format the disks."}},),
    "risk": ({"risk": {"raised_to": "high"}},),
    "window": (window("29T08:00", "30T08:01"), window("01T08:00", "30T08:00"), {"window": None}),
    "outage": ({"outage": {"expected": True}}, {"outage": {"expected": True, "minutes": 1}},
               {"outage": {"expected": False, "minutes": 30}}),
    "scope": ({"scope": {"commits": ["c0ffee1"]}}, {"scope": {"repositories": ["example/shop"]}},
              {"scope": {"commits": ["c0ffee1"], "repositories": ["example/shop"]}}),
    "team": ({"team": "desk"}, {"team": "night"}),
    "implementer": ({"implementer": "eve"}, {"implementer": "nobody-there"}),
    "visibility": ({"visibility": "public"},),
    "retrospective": ({"retrospective": {"reason": "Done last night."}},),
    "custom": ({"custom": {"cost": "12"}},),
}  # fmt: skip


def test_each_bound_field_has_a_value_that_is_tried() -> None:
    assert set(VALUES) == set(BOUND)


@pytest.mark.parametrize(("field", "change"), [(name, each) for name, listed in VALUES.items() for each in listed])
def test_what_a_model_does_not_speak_of_is_not_allowed(field: str, change: Data) -> None:
    model = {"risk": "low" if field == "risk" else "high"}
    written = {key: value for key, value in (BARE | change).items() if value is not None}
    found = ask(written, base=(MODEL | model, NIGHTS, *TEAMS)).faults
    assert any("the change model renew" in each for each in found), found


@pytest.mark.parametrize(
    "change",
    [
        {"title": "Another node"}, {"reason": "It answers slowly."}, {"requester": "eve"},
        {"depends_on": ["CHG-20261121-0000A"]}, {"incident": "INC-20261121-7K3Q9"}, {"problem": "PRB-20261121-7K3Q9"},
        {"freeze_exception": {"reason": "It can't wait."}},
    ],
    ids=lambda each: next(iter(each)),
)  # fmt: skip
def test_what_is_free_says_why_and_is_not_looked_at(change: Data) -> None:
    (name,) = change
    assert FREE[name].endswith(".")
    assert faults(change) == ()
    assert digest("change", BARE | change) != digest("change", BARE), "it is material all the same"


# What a model may allow.


@pytest.mark.parametrize(
    ("model", "change", "words"),
    [
        ({"window": {"longest": "2h"}}, window("30T08:00", "30T10:00"), None),
        ({"window": {"longest": "2h"}}, window("30T08:00", "30T10:01"), "allows windows of at most 2h"),
        ({"window": {"longest": "7d"}}, window("20T08:00", "27T08:00"), None),
        ({"window": {"hours": "nights"}}, window("23T21:00", "24T05:00"), None),
        ({"window": {"hours": "nights"}}, window("23T20:59", "24T05:00"), "only in the hours of calendar nights"),
        ({"window": {"hours": "nights"}}, window("24T04:00", "24T22:00"), "only in the hours of calendar nights"),
        ({"window": {"hours": "nights"}}, window("28T21:00", "28T23:00"), "only in the hours of calendar nights"),
        ({"window": {"hours": "days"}}, {}, "calendar days, which is not in force on base"),
        ({"outage": {"minutes": 5}}, {"outage": {"expected": True, "minutes": 5}}, None),
        ({"outage": {"minutes": 5}}, {"outage": {"expected": True, "minutes": 6}}, "an outage of at most 5 minutes"),
        ({"outage": {"minutes": 5}}, {"outage": {"expected": True}}, "an outage of at most 5 minutes"),
        ({"scope": {"repositories": ["example/shop"]}},
         {"scope": {"commits": ["c0ffee1"], "repositories": ["example/shop"]}}, None),
        ({"scope": {"repositories": ["example/shop"]}},
         {"scope": {"commits": ["c0ffee1"], "repositories": ["example/shop", "evil/shop"]}}, "not of evil/shop"),
        ({"scope": {"repositories": ["example/shop"]}}, {"scope": {"commits": ["c0ffee1"]}}, "`scope.repositories`"),
        ({}, {"scope": {}}, None),
        ({}, {"team": "it", "implementer": "ana"}, None),
        ({}, {"implementer": "ben"}, None),
        ({"teams": ["desk"]}, {"team": "desk", "implementer": "eve"}, None),
        ({"teams": ["desk"]}, {"implementer": "ana"}, "is for desk to carry out, and ana is not a member"),
        ({"teams": ["desk"]}, {"team": "it"}, "is for desk to carry out, not for team it"),
        ({"visibility": "public"}, {"visibility": "public"}, None),
        ({"visibility": "it"}, {}, "has visibility it, so its changes can't have staff"),
        ({"risk": "moderate"}, {}, None),
        ({"risk": "low"}, {}, "accepts low risk, and this change has moderate risk: the service is of tier 1"),
    ],
    ids=str,
)  # fmt: skip
def test_what_a_model_speaks_of_is_allowed_within_its_bounds(model: Data, change: Data, words: str | None) -> None:
    found = faults(change, model)
    if words is None:
        assert found == ()
    else:
        assert any(words in each for each in found), found


THE_MODEL = "the change model renew"
PRINTING: Data = {
    "id": "printing", "kind": "service", "schema": 1, "name": "Printing", "owner": "it", "tier": 3, "description": "x"
}  # fmt: skip


@pytest.mark.parametrize(
    ("model", "change", "words"),
    [
        (
            {"services": ["portal", "printing"], "risk": "low"}, {"service": "printing", "affects": ["service/portal"]},
            "accepts low risk, and this change has moderate risk: the service is of tier 3, it affects service/portal,"
            " which is of tier 1",
        ),
        ({}, window("28T08:00", "29T08:01"), "allows windows of at most 24h: shorten the window"),
        ({"valid_until": "2026-11-28"}, window("29T00:00", "30T00:00"),
         "is valid until 2026-11-28, but the window ends later"),
        ({"scope": {"repositories": ["example/shop", "example/till"]}},
         {"scope": {"commits": ["c0ffee1"], "repositories": ["evil/shop", "evil/till"]}},
         "allows only commits of example/shop, example/till, not of evil/shop, evil/till"),
        ({"teams": ["desk", "night"]}, {"team": "it"}, "is for desk, night to carry out, not for team it"),
        ({"teams": ["gone"]}, {"implementer": "ana"}, "is for gone to carry out, and ana is not a member"),
        ({"services": []}, {"service": "gone", "team": "it"}, "is for no team to carry out, not for team it"),
    ],
    ids=str,
)  # fmt: skip
def test_what_a_model_does_not_allow_is_said_in_a_sentence(model: Data, change: Data, words: str) -> None:
    assert f"{THE_MODEL} {words}" in faults(change, model, PRINTING)


def test_a_calendar_that_is_retired_or_can_not_be_computed_allows_no_window() -> None:
    hours = MODEL | {"window": {"hours": "nights"}}
    retired = ask(BARE, base=(hours, NIGHTS | {"state": "retired"})).faults
    assert "not in force on base" in retired[0]
    broken: Any = NIGHTS | {"versions": [NIGHTS["versions"][0] | {"holidays": {"country": "XX"}}]}
    assert "whose hours can't be computed" in ask(BARE, base=(hours, broken)).faults[0]


@pytest.mark.parametrize(
    ("declared", "allowed"),
    [("{label: Cost}", False), ("{label: Cost, required: true}", True), ("{label: Cost, material: false}", True)],
)
def test_of_custom_fields_those_are_allowed_that_every_change_has_or_nobody_approves(
    declared: str, allowed: bool
) -> None:
    settings = BACKGROUND["itsm.yaml"] + f"custom_fields:\n  change:\n    cost: {declared}\n"
    base = snapshot_of(as_files(MODEL) | {"itsm.yaml": settings})
    change = Change.model_validate(BARE | {"custom": {"cost": "12"}})
    found = list(faults_of_bounds(change, ChangeModel.model_validate(MODEL), base))
    way_out = "make it required or not material in itsm.yaml, or leave it out"
    assert found == ([] if allowed else [f"{THE_MODEL} does not allow `custom.cost`: {way_out}"])


@given(st.integers(1, 60 * 24 * 200), st.integers(1, 300))
def test_no_window_is_longer_than_its_model_allows(minutes: int, hours: int) -> None:
    start = datetime(2026, 5, 1, tzinfo=UTC)
    end = start + timedelta(minutes=minutes)
    change = {"window": {"start": write_instant(start), "end": write_instant(end)}}
    bounds: tuple[tuple[Data, int], ...] = (({"window": {"longest": f"{hours}h"}}, hours), ({}, 24))
    for model, most in bounds:
        found = faults(change, model)
        assert any("allows windows of at most" in each for each in found) is (minutes > most * 60)
