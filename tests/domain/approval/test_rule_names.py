"""No two rules share a name, none takes another one's place, and an act's `seat` means exactly one of them."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from itsm_as_code.checks.conditions import DECIDED
from itsm_as_code.domain.approval.judge import judge
from itsm_as_code.domain.approval.rule_names import (
    FREEZE,
    ITEM,
    rule_of_policy,
    rule_of_record,
    rules_meant,
    seat_fault,
    short_name,
)
from itsm_as_code.domain.approval.rules import COMPUTED, select
from itsm_as_code.domain.condition import fields_of_kind
from itsm_as_code.domain.kinds import KINDS
from tests.domain.approval.world import NOW, PROPOSAL, QUESTION, act, policy, reasons, registry, rule, verdict

SLUG = st.sampled_from(["item", "freeze", "policy", "laptop", "year-end", "a"])


@given(st.lists(st.tuples(SLUG, SLUG), max_size=12), SLUG, st.sampled_from([ITEM, FREEZE]))
def test_no_policy_has_a_rule_named_like_another_or_like_that_of_a_record(
    rules: list[tuple[str, str]], own: str, what: str
) -> None:
    taken = [rule_of_record(what, own)]
    for policy_id, rule_id in rules:
        name = rule_of_policy(policy_id, rule_id, taken)
        assert name not in taken
        assert not name.startswith((f"{ITEM}/", f"{FREEZE}/"))
        assert short_name(name) == rule_id
        taken.append(name)


@pytest.mark.parametrize("what", [ITEM, FREEZE])
def test_a_policy_called_like_the_rules_of_records_only_adds_its_own(what: str) -> None:
    asked = replace(QUESTION, own_rules={f"{what}/laptop": rule("laptop", [{"people": ["cho"]}])})
    weak = policy(rule("laptop", [{"people": ["zoe"]}]), id=what)
    found = select([weak], asked)
    assert {name: each.seats for name, each in found.rules.items()} == {
        f"{what}/laptop": rule("laptop", [{"people": ["cho"]}]).seats,
        f"policy/{what}/laptop": rule("laptop", [{"people": ["zoe"]}]).seats,
    }
    alone = judge(asked, [weak], [PROPOSAL, act(2, "zoe")], registry(), NOW)
    assert not alone.is_open
    assert judge(asked, [weak], [PROPOSAL, act(2, "zoe"), act(3, "cho")], registry(), NOW).is_open


def test_of_two_rules_with_one_id_in_one_policy_both_apply() -> None:
    strict, weak = rule("cab", [{"people": ["cho"]}]), rule("cab", [{"people": ["zoe"]}])
    for both in permutations((strict, weak)):
        assert list(select([policy(*both)], QUESTION).rules) == ["changes/cab", "changes/cab#2"]
        assert not verdict(PROPOSAL, act(2, "zoe"), rules=both).is_open
        assert verdict(PROPOSAL, act(2, "zoe"), act(3, "cho"), rules=both).is_open


def test_two_policies_with_one_id_both_apply() -> None:
    """A file whose id is not that of its name is a finding; what it asks for counts all the same."""
    policies = [policy(rule("cab", [{"people": [name]}])) for name in ("cho", "zoe")]
    assert not judge(QUESTION, policies, [PROPOSAL, act(2, "zoe")], registry(), NOW).is_open
    assert judge(QUESTION, policies, [PROPOSAL, act(2, "zoe"), act(3, "cho")], registry(), NOW).is_open


TWO = [policy(rule("owner")), policy(rule("owner", [{"teams": ["security"]}]), id="security")]


@pytest.mark.parametrize(
    ("seat", "opens"),
    [("changes/owner", True), ("security/owner", False), ("owner", False), ("other/owner", False), (None, True)],
)
def test_an_act_for_one_of_two_rules_with_one_id_counts_for_that_one_alone(seat: str | None, opens: bool) -> None:
    acts = [PROPOSAL, act(2, "cho", seat=seat), act(3, "dee", seat="security/owner")]
    assert judge(QUESTION, TWO, acts, registry(), NOW).is_open is opens


def test_an_act_that_could_mean_two_seats_is_told_which() -> None:
    found = judge(QUESTION, TWO, [PROPOSAL, act(2, "cho", seat="owner")], registry(), NOW)
    assert reasons(found)[act(2, "cho").id] == (
        "it is meant for seat owner, which could be changes/owner or security/owner"
    )


def test_a_rule_that_asks_for_nobody_makes_no_name_ambiguous() -> None:
    free = policy(rule("cab", "none", because="Free."), id="free")
    assert judge(QUESTION, [policy(rule()), free], [PROPOSAL, act(2, "ben", seat="cab")], registry(), NOW).is_open


def test_a_full_name_is_never_read_as_an_id() -> None:
    assert rules_meant("a/b", ["a/b", "policy/a/b"]) == ("a/b",)
    assert rules_meant("b", ["a/b", "c/b"]) == ("a/b", "c/b")
    assert rules_meant("a", ["a/b"]) == ()
    assert seat_fault(None, "a/b", {}) is None


def test_a_computed_value_is_named_like_a_field_only_where_both_mean_the_same() -> None:
    """Conditions can't name a field that has the name of a computed value."""
    shared: dict[str, Any] = {}
    for kind in DECIDED:
        found = COMPUTED.keys() & fields_of_kind(KINDS[kind].model).keys() if kind in KINDS else set()
        shared |= {kind: found} if found else {}
    assert shared == {
        "service": {"tier"},  # its own, see `inquiry`
        "problem": {"changes"},  # no gate: policies say nothing of problems
    }
