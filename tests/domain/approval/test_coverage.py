"""A policy that leaves something out is told of with an example that no rule meets."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from itsm_as_code.domain.approval import coverage
from itsm_as_code.domain.approval.coverage import uncovered, unreachable
from itsm_as_code.domain.approval.rules import fields_for, names_of_changes
from itsm_as_code.domain.condition import compile_condition, parse_condition
from itsm_as_code.domain.condition.fields import FLAG
from itsm_as_code.domain.kinds.policy import PolicyRule
from itsm_as_code.domain.kinds.service import Service

SERVICES = [
    Service.model_validate(
        {"id": name, "kind": "service", "schema": 1, "name": name, "owner": "it", "tier": tier, "description": "x"}
    )
    for name, tier in (("portal", 1), ("print", 4))
]


ALL_BUT_TITLE = names_of_changes("change") - {"title", "id", "kind"}


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
        [{"changes": {"only": ["title", "reason"]}}, {"changes": [*ALL_BUT_TITLE]}],
        [{"changes": {"set": True}}],
        [{"affects": {"only": "service/a"}}, {"affects": {"not": {"only": "service/a"}}}],
        [
            {"affects": {"only": "service/a"}},
            {"affects": {"glob": "asset/*"}},
            {"affects": {"not": {"only": "service/a"}}},
        ],
        [],
    ],
)
def test_policies_that_cover_everything_there_is_are_in_order(conditions: list[dict[str, Any] | None]) -> None:
    assert uncovered("change", "scheduled", rules(*conditions), SERVICES) is None


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
        ([{"revision": 3}], {"revision": 2}),
        ([{"revision": 3, "title": "a"}], {"revision": 2, "title": "a"}),
        ([{"outage": {"set": False}}], {"outage": {}}),
        ([{"kind": "person"}], {"kind": "change"}),
        ([{"changes": {"only": "title"}}, {"changes": [*ALL_BUT_TITLE - {"window"}]}], {"changes": ("window",)}),
        ([{"changes": {"only": "title"}}, {"changes": {"only": [*ALL_BUT_TITLE]}}], {"changes": ("affects", "title")}),
        ([{"affects": {"only": "service/a"}}, {"affects": {"not": "service/a"}}],
         {"affects": ("service/a", "something-else")}),
        ([{"affects": ["service/a", "service/b"]}, {"affects": {"set": False}}], {"affects": ("something-else",)}),
    ],
)  # fmt: skip
def test_what_a_policy_leaves_out_is_named(conditions: list[dict[str, Any]], expected: dict[str, Any]) -> None:
    assert uncovered("change", "scheduled", rules(*conditions), SERVICES) == expected


def test_a_step_that_changes_nothing_passes_gates_that_look_back_alone() -> None:
    conditions = rules({"changes": {"set": True}})
    assert uncovered("change", "scheduled", conditions, SERVICES) is None
    assert uncovered("change", "post-review", conditions, SERVICES) == {"changes": ()}


def test_all_combinations_of_a_list_are_tried_up_to_a_number_of_sorts() -> None:
    """Beyond it none, one, all but one, and all: what is found is still true."""
    for count in (coverage.MOST_SORTS - 1, coverage.MOST_SORTS + 2):
        names = [f"service/{n}" for n in range(count)]
        one_each = rules(*({"affects": {"only": name}} for name in names), {"affects": {"set": False}})
        others = rules({"affects": {"glob": "something*"}})
        found = uncovered("change", "scheduled", [*one_each, *others], SERVICES)
        assert found is not None and set(found["affects"]) <= set(names) and len(found["affects"]) > 1


NAMES = [f"service/{n}" for n in range(coverage.MOST_SORTS)]


@pytest.mark.parametrize(
    ("sorts", "expected"), [(coverage.MOST_SORTS, ("service/0", "service/1")), (coverage.MOST_SORTS + 1, None)]
)
def test_a_list_of_some_of_many_sorts_is_tried_while_there_are_not_too_many(sorts: int, expected: object) -> None:
    """Only the first two together are left out. The texts that no condition names are a sort too."""
    first, second, *others = NAMES[: sorts - 1]
    both = rules({"affects": {"not": first}}, {"affects": {"not": second}})
    rest = rules(*({"affects": each} for each in others), {"affects": {"glob": "something*"}})
    found = uncovered("change", "scheduled", [*both, *rest], SERVICES)
    assert found == (expected and {"affects": expected})


@pytest.mark.parametrize("missed", [(), ("service/0",), tuple(NAMES), ("something",), (*NAMES, "something")])
def test_of_too_many_sorts_none_one_all_but_one_and_all_are_tried(missed: tuple[str, ...]) -> None:
    """Each other list has a value more, which a rule asks for, or lacks one, which another rule asks for."""
    more = [{"affects": each} for each in (*NAMES, {"glob": "something*"})]
    less = [{"affects": {"not": each["affects"]}} for each in more]
    all_names = (*NAMES, "something")
    conditions = [less[n] if name in missed else more[n] for n, name in enumerate(all_names)]
    assert uncovered("change", "scheduled", rules(*conditions), SERVICES) == {"affects": missed}


def test_a_low_risk_is_left_out_at_the_tiers_that_never_have_it() -> None:
    second, third = (SERVICES[0].model_copy(update={"tier": tier}) for tier in (2, 3))
    conditions = rules({"risk_level": ["moderate", "high"]})
    assert uncovered("change", "scheduled", [*conditions, *rules({"tier": 3})], [second, third]) is None
    assert uncovered("change", "scheduled", [*conditions, *rules({"tier": 2})], [second, third]) == {
        "tier": 3,
        "risk_level": "low",
    }


def test_a_record_for_which_a_condition_cant_be_decided_hides_no_other() -> None:
    condition = {"freeze_exception": {"set": True}, "incident_priority": {"lte": "P5"}}
    assert uncovered("change", "scheduled", rules(condition), SERVICES) == {
        "freeze_exception": None,
        "incident_priority": "P1",
    }


def test_a_field_that_is_true_or_false_is_tried_both_ways(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(coverage, "fields_for", lambda _: {"urgent": FLAG})
    assert uncovered("change", "scheduled", rules({"urgent": True}), []) == {"urgent": False}
    assert uncovered("change", "scheduled", rules({"urgent": False}), []) == {"urgent": True}
    assert uncovered("change", "scheduled", rules({"urgent": True}, {"urgent": False}), []) is None


@pytest.mark.parametrize("most", [3, 4])
def test_as_many_combinations_as_are_allowed_are_tried_and_not_one_more(
    monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    """There are two services, each with two titles."""
    monkeypatch.setattr(coverage, "MOST", most)
    found = uncovered("change", "scheduled", rules({"service": "portal", "title": "a"}), SERVICES)
    assert found == (None if most < 4 else {"service": "portal", "title": "something-else"})


UNDECIDED = [
    ("change", {"tpye": "normal"}),
    ("change", {"type": "usual"}),
    ("change", {"tier": "high"}),
    ("change-model", {"valid_until": {"lt": "2026-11-21"}}),
    ("freeze", {"until": "2026-11-21"}),
    ("article", {"review_every": {"gt": "5d"}}),
]


@pytest.mark.parametrize(("kind", "condition"), UNDECIDED)
def test_nothing_is_said_of_conditions_that_cant_be_read_or_compare_times(kind: str, condition: dict[str, Any]) -> None:
    assert uncovered(kind, "scheduled", rules(condition), SERVICES) is None
    assert unreachable(kind, rules(condition)[0], SERVICES) is False


def test_nothing_is_said_where_there_is_too_much_to_look_at() -> None:
    many = {name: {"set": True} for name in ("plan", "outage", "risk", "incident", "problem", "scope", "implementer")}
    names = [{"service": f"s{n}", "title": f"t{n}", "reason": f"r{n}", "team": f"x{n}"} for n in range(9)]
    assert uncovered("change", "scheduled", rules(many, *names), SERVICES) is None
    assert uncovered("person", "edit", rules({"state": "active"}), []) == {"state": "retired"}


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
    found = uncovered("change", "scheduled", rules(*conditions), SERVICES)
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
        ({"kind": "person"}, True),
        ({"kind": "change"}, False),
        ({"affects": "service/mail"}, False),
        ({"title": {"glob": "vpn*"}}, False),
        ({"outage": {"set": True}}, False),
        ({"incident_priority": {"lte": "P2"}}, False),
        ({"window": {"set": False}, "type": "emergency"}, False),
        ({"changes": {"only": "title"}}, False),
        ({"changes": "rolse"}, True),
        ({"affects": {"only": "service/a", "not": "service/a"}}, True),
        (None, False),
    ],
)
def test_a_rule_that_nothing_can_meet_is_told_of(condition: dict[str, Any] | None, expected: bool) -> None:
    assert unreachable("change", rules(condition)[0], SERVICES) is expected


def test_where_there_are_no_services_nothing_is_said_of_rules_about_them() -> None:
    assert not unreachable("change", rules({"tier": 1})[0], [])
