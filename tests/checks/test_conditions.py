"""Policies, models, freezes, agreements and calendars that name what there is."""

from __future__ import annotations

from typing import Any

import pytest

from tests.checks.memory import codes, look_at


def policy(**fields: Any) -> dict[str, Any]:
    rule = {"id": "all", "seats": "none", "because": "The first weeks."}
    usual = {"id": "normal", "kind": "policy", "schema": 1, "title": "T", "subject": ["change"], "gate": "scheduled"}
    return {**usual, "rules": [{**rule, **fields.pop("rule", {})}], **fields}


@pytest.mark.parametrize(
    ("fields", "field", "hint"),
    [
        ({}, None, None),
        ({"gate": "edit"}, None, None),
        ({"rule": {"when": {"service": "portal"}}}, None, None),
        ({"subject": ["change", "request"], "gate": "in_progress"}, None, None),
        ({"subject": ["chnge"], "gate": "edit"}, ("subject", 0), "did you mean `change`?"),
        ({"gate": "schedule"}, ("gate",), "did you mean `scheduled`?"),
        ({"gate": "in_progress"}, ("gate",), None),
        ({"rule": {"when": {"servce": "portal"}}}, ("rules", 0, "when", "servce"), "service"),
        ({"rule": {"when": {"type": "urgent"}}}, ("rules", 0, "when", "type"), None),
    ],
)
def test_a_policy_names_kinds_states_and_fields_that_there_are(
    fields: dict[str, Any], field: tuple[str | int, ...] | None, hint: str | None
) -> None:
    found = look_at(policy(**fields))
    assert [finding.code for finding in found] == (["SCH011"] if field else [])
    if field:
        assert found[0].field == field
        assert (hint or "") in (found[0].help or "")


def test_a_condition_for_two_kinds_fits_both() -> None:
    found = look_at(policy(subject=["change", "service"], gate="edit", rule={"when": {"tier": {"lt": 2}}}))
    assert found == []
    found = look_at(policy(subject=["change", "service"], gate="edit", rule={"when": {"risk": "low"}}))
    assert {finding.code for finding in found} == {"SCH011"}
    assert any(finding.message.startswith("service: ") for finding in found)


@pytest.mark.parametrize(("scope", "expected"), [({}, []), ({"service": "portal"}, []), ({"servce": "x"}, ["SCH011"])])
def test_a_freeze_and_a_model_are_for_changes(scope: dict[str, str], expected: list[str]) -> None:
    times = {"from": "2026-12-20T00:00:00Z", "until": "2027-01-04T00:00:00Z"}
    freeze = {"id": "x", "kind": "freeze", "schema": 1, "title": "X", "scope": scope, "reason": "Year end.", **times}
    plan = {"plan": {"implementation": "Do it."}}
    model = {"id": "m", "kind": "change-model", "schema": 1, "title": "M", "allows": scope, **plan}
    assert codes(look_at(freeze)) == expected
    assert codes(look_at(model)) == expected


@pytest.mark.parametrize(
    ("version", "expected"),
    [
        ({"weekly": {"mon": ["08:00-18:00"]}}, []),
        ({"weekly": {}}, ["SLA002"]),
        ({"weekly": {}, "overrides": [{"date": "2026-12-24", "hours": ["08:00-12:00"], "reason": "x"}]}, []),
        ({"weekly": {"mon": ["08:00-18:00"]}, "holidays": {"country": "XX"}}, ["SLA002"]),
        ({"weekly": {"mon": ["08:00-18:00"]}, "holidays": {"country": "GB"}}, []),
    ],
)
def test_a_calendar_opens_and_knows_its_holidays(version: dict[str, Any], expected: list[str]) -> None:
    full = {"effective_from": "2026-01-01", "time_zone": "Europe/London", **version}
    assert codes(look_at({"id": "c", "kind": "calendar", "schema": 1, "name": "C", "versions": [full]})) == expected


@pytest.mark.parametrize(
    ("target", "expected"), [({}, []), ({"pause": {"state": "on_hold"}}, []), ({"pause": {"state": "x"}}, ["SLA001"])]
)
def test_clocks_ask_for_what_tickets_have(target: dict[str, Any], expected: list[str]) -> None:
    version = {"effective_from": "2026-01-01", "targets": {"resolution": {"duration": {"any": "4h"}, **target}}}
    assert codes(look_at({"id": "g", "kind": "sla", "schema": 1, "name": "G", "versions": [version]})) == expected
