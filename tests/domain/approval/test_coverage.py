"""A policy that leaves something out is told of with an example that no rule meets."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from itsm_as_code.domain.approval.coverage import uncovered, unreachable
from itsm_as_code.domain.approval.rules import fields_for
from itsm_as_code.domain.condition import compile_condition, parse_condition
from itsm_as_code.domain.kinds.policy import PolicyRule
from itsm_as_code.domain.kinds.service import Service

SERVICES = [
    Service.model_validate(
        {"id": name, "kind": "service", "schema": 1, "name": name, "owner": "it", "tier": tier, "description": "x"}
    )
    for name, tier in (("portal", 1), ("print", 4))
]


def rules(*conditions: dict[str, Any] | None) -> list[PolicyRule]:
    return [
        PolicyRule.model_validate({"id": f"r{n}", "seats": "none", "because": "x"} | ({"when": when} if when else {}))
        for n, when in enumerate(conditions)
    ]


@pytest.mark.parametrize(
    "conditions",
    [
        [None],
        [{"type": ["standard", "normal", "emergency"]}],
        [{"type": "standard"}, {"type": {"not": "standard"}}],
        [{"tier": 1}, {"tier": {"gt": 1}}],
        [{"tier": 1}, {"tier": 4}],
        [{"service": "portal"}, {"tier": 4}],
        [{"risk_level": ["moderate", "high"]}, {"tier": 4}],
        [{"type": ["standard", "normal"]}, {"incident_priority": ["P1", "P2", "P3", "P4", "P5"]}],
        [{"title": {"glob": "vpn*"}}, {"title": {"not": {"glob": "vpn*"}}}],
        [{"freeze_exception": {"set": True}}, {"freeze_exception": {"set": False}}],
        [{"any": [{"type": "normal"}, {"type": "standard"}]}, {"type": "emergency"}],
        [{"kind": "change"}],
        [],
    ],
)
def test_policies_that_cover_everything_there_is_are_in_order(conditions: list[dict[str, Any] | None]) -> None:
    assert uncovered("change", rules(*conditions), SERVICES) is None


@pytest.mark.parametrize(
    ("conditions", "expected"),
    [
        ([{"type": "normal"}, {"type": "standard"}], {"type": "emergency"}),
        ([{"tier": {"lt": 4}}], {"tier": 4}),
        ([{"service": "portal"}], {"service": "print"}),
        ([{"type": ["standard", "normal"]}, {"incident_priority": ["P1", "P2"]}],
         {"type": "emergency", "incident_priority": "P3"}),
        ([{"title": {"glob": "vpn*"}}], {"title": "something-else"}),
        ([{"affects": "service/mail"}], {"affects": ()}),
        ([{"outage": {"set": True}}], {"outage": None}),
        ([{"risk_level": "high"}, {"tier": 4}], {"tier": 1, "risk_level": "moderate"}),
        ([{"revision": {"lt": 3}}, {"revision": {"gt": 3}}], {"revision": 3}),
        ([{"revision": {"gte": 3}}], {"revision": 2}),
        ([{"revision": {"lte": 3}}], {"revision": 4}),
        ([{"title": {"not": "a"}}], {"title": "a"}),
        ([{"title": {"not": {"glob": "v?n*"}}}], {"title": "vxn"}),
        ([{"any": [{"title": {"not": "a"}}]}], {"title": "a"}),
        ([{"title": {"not": "a"}}, {"title": "b"}], {"title": "a"}),
        ([{"revision": {"gte": 2, "lte": 3}}, {"revision": {"lt": 2}}], {"revision": 4}),
    ],
)  # fmt: skip
def test_what_a_policy_leaves_out_is_named(conditions: list[dict[str, Any]], expected: dict[str, Any]) -> None:
    assert uncovered("change", rules(*conditions), SERVICES) == expected


def test_a_low_risk_is_left_out_at_the_tiers_that_never_have_it() -> None:
    second, third = (SERVICES[0].model_copy(update={"tier": tier}) for tier in (2, 3))
    conditions = rules({"risk_level": ["moderate", "high"]})
    assert uncovered("change", [*conditions, *rules({"tier": 3})], [second, third]) is None
    assert uncovered("change", [*conditions, *rules({"tier": 2})], [second, third]) == {"tier": 3, "risk_level": "low"}


def test_nothing_is_said_where_there_is_too_much_to_look_at_or_times_are_compared() -> None:
    many = {name: {"set": True} for name in ("plan", "outage", "risk", "incident", "problem", "scope", "implementer")}
    names = [{"service": f"s{n}", "title": f"t{n}", "reason": f"r{n}", "team": f"x{n}"} for n in range(9)]
    assert uncovered("change", rules(many, *names), SERVICES) is None
    assert uncovered("person", rules({"state": "active"}), []) == {"state": "retired"}


CONDITION = st.fixed_dictionaries(
    {},
    optional={
        "type": st.sampled_from(["normal", {"not": "standard"}, ["standard", "emergency"]]),
        "tier": st.sampled_from([1, {"gte": 2}, {"not": 4}]),
        "risk_level": st.sampled_from(["low", {"gte": "moderate"}]),
        "outage": st.sampled_from([{"set": True}, {"set": False}]),
        "affects": st.sampled_from(["service/a", {"not": "service/b"}]),
    },
)


@given(st.lists(CONDITION, min_size=1, max_size=5))
def test_the_example_is_one_that_no_rule_meets(conditions: list[dict[str, Any]]) -> None:
    found = uncovered("change", rules(*conditions), SERVICES)
    matchers = [compile_condition(parse_condition(each), fields_for("change")) for each in conditions]
    if found is not None:
        assert not any(matcher.matches(found) for matcher in matchers)


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ({"service": "nothing"}, True),
        ({"service": "portal", "tier": 4}, True),
        ({"risk_level": "low", "tier": 1}, True),
        ({"tier": {"gt": 4}}, True),
        ({"any": [{"tier": {"gt": 4}}, {"service": "nothing"}]}, True),
        ({"service": "portal", "tier": 1}, False),
        ({"affects": "service/mail"}, False),
        ({"title": {"glob": "vpn*"}}, False),
        ({"outage": {"set": True}}, False),
        ({"incident_priority": {"lte": "P2"}}, False),
        ({"window": {"set": False}, "type": "emergency"}, False),
        (None, False),
    ],
)
def test_a_rule_that_nothing_can_meet_is_told_of(condition: dict[str, Any] | None, expected: bool) -> None:
    assert unreachable("change", rules(condition)[0], SERVICES) is expected


def test_where_there_are_no_services_nothing_is_said_of_rules_about_them() -> None:
    assert not unreachable("change", rules({"tier": 1})[0], [])
