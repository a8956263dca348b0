"""Conditions that people read differently than they are meant."""

from __future__ import annotations

from typing import Any

import pytest

from itsm_as_code.checks.catalogue import RECORD_CHECKS
from itsm_as_code.checks.conditions import CONDITION_UNFIT, change_condition, policy_condition
from itsm_as_code.checks.misread import CHECKS, IN_PART, OTHER_GLOB
from itsm_as_code.checks.registry import Context
from itsm_as_code.domain.approval.rules import names_of_changes
from itsm_as_code.domain.condition import parse_condition
from itsm_as_code.domain.kinds import KINDS
from tests.checks.memory import snapshot_of
from tests.checks.workspace import NOW

NONE: dict[str, Any] = {"seats": "none", "because": "x"}
SOME: dict[str, Any] = {"seats": [{"teams": ["it"]}]}


def found(record: dict[str, Any]) -> list[str]:
    """The codes of POL010, POL011 and SCH011 that a record gets, sorted."""
    parsed = KINDS[record["kind"]].model.model_validate(record)
    ours = [each for each in RECORD_CHECKS if each in (*CHECKS, policy_condition)]
    context = Context(snapshot_of({}), NOW)
    return sorted(each.rule.code for each in ours if record["kind"] in each.kinds for _ in each.run(parsed, context))


def policy(when: dict[str, Any], seats: dict[str, Any], *subject: str, gate: str = "scheduled") -> dict[str, Any]:
    rules = [{"id": "a", "when": when} | seats]
    return {"id": "p", "kind": "policy", "schema": 1, "title": "P", "subject": list(subject or ("change",)),
            "gate": gate, "rules": rules}  # fmt: skip


def freeze(scope: dict[str, Any]) -> dict[str, Any]:
    return {"id": "f", "kind": "freeze", "schema": 1, "title": "F", "reason": "x", "scope": scope,
            "from": "2026-12-01T00:00:00Z", "until": "2026-12-02T00:00:00Z"}  # fmt: skip


def model(allows: dict[str, Any]) -> dict[str, Any]:
    return {"id": "m", "kind": "change-model", "schema": 1, "title": "M", "plan": {"implementation": "x"},
            "allows": allows}  # fmt: skip


def sla(**conditions: Any) -> dict[str, Any]:
    target = {"pause": conditions.pop("pause", "never"), "duration": {"P1": "4h"}}
    version = {"effective_from": "2026-01-01", "kinds": ["incident"], "targets": {"resolution": target}, **conditions}
    return {"id": "s", "kind": "sla", "schema": 1, "name": "S", "versions": [version]}


MAIL = "service/mail"


@pytest.mark.parametrize(
    ("guarding", "exempting", "condition"),
    [
        (True, False, {"affects": {"not": MAIL}}),
        (True, False, {"affects": {"not": {"glob": "service/*"}}}),
        (True, False, {"any": [{"type": "normal"}, {"affects": {"not": [MAIL]}}]}),
        (True, False, {"affects": {"not": MAIL, "set": True}}),
        (False, True, {"affects": MAIL}),
        (False, True, {"affects": {"glob": "service/m*"}}),
        (False, True, {"affects": {"not": {"not": MAIL}}}),
        (False, False, {"affects": {"only": MAIL}}),
        (False, False, {"affects": [MAIL, "service/x"], "any": [{"affects": {"only": [MAIL, "service/x"]}}]}),
        (False, False, {"affects": {"not": {"only": MAIL}}}),
        (False, False, {"affects": {"set": False}}),
        (False, False, {"service": {"not": "mail"}}),
        (False, False, {"service": "mail"}),
    ],
)
def test_lists_that_are_tested_in_part_are_told_where_more_values_change_who_is_asked(
    guarding: bool, exempting: bool, condition: dict[str, Any]
) -> None:
    guards, exempts = (policy(condition, SOME), freeze(condition)), (policy(condition, NONE), model(condition))
    for records, told in ((guards, guarding), (exempts, exempting)):
        for record in records:
            assert found(record) == [IN_PART.code] * told, record["kind"]


def test_what_a_step_changes_is_a_list_too() -> None:
    assert found(policy({"changes": "name"}, NONE, "person", gate="edit")) == [IN_PART.code]
    assert found(policy({"changes": {"only": "name"}}, NONE, "person", gate="edit")) == []
    assert found(policy({"changes": "name"}, SOME, "person", gate="edit")) == []


@pytest.mark.parametrize("inner", ["name", ["name", "emails"], {"only": "name"}, {"glob": "n*"}, {"not": "name"}])
@pytest.mark.parametrize("seats", [SOME, NONE])
@pytest.mark.parametrize("deep", [False, True])
def test_not_is_refused_of_what_a_step_changes(inner: Any, seats: dict[str, Any], deep: bool) -> None:
    when: dict[str, Any] = {"changes": {"not": inner}}
    codes = found(policy({"any": [{"kind": "person"}, when]} if deep else when, seats, "person", gate="edit"))
    assert CONDITION_UNFIT.code in codes


@pytest.mark.parametrize("kind", ["person", "service", "article", "change", "settings", "workflows"])
def test_rules_may_name_every_change_of_one_of_their_kinds_and_nothing_else(kind: str) -> None:
    gate = {"article": "published", "change": "scheduled"}.get(kind, "edit")
    for name in names_of_changes(kind):
        assert found(policy({"changes": {"only": name}}, NONE, kind, gate=gate)) == [], name
    assert found(policy({"changes": {"only": "rolse"}}, NONE, kind, gate=gate)) == [CONDITION_UNFIT.code]
    assert found(policy({"changes": ["timeline"]}, SOME, kind, gate=gate)) == [CONDITION_UNFIT.code]


def test_one_of_several_kinds_may_have_what_a_rule_names() -> None:
    assert found(policy({"changes": ["members", "roles"]}, SOME, "person", "team", gate="edit")) == []


@pytest.mark.parametrize(
    "pattern",
    ["[ab]*", "{a,b}*", "{1..9}*", "a/**", "**/x", "\\*", "!a*", "@(a|b)*", "+(a)*", "mail", "*[!a]", "[a-z]?"],
)  # fmt: skip
def test_globs_that_mean_something_else_elsewhere_are_told(pattern: str) -> None:
    condition = {"title": {"glob": pattern}}
    incident = {"title": {"not": {"glob": pattern}}}
    for record in (policy(condition, SOME), freeze(condition), model(condition), sla(applies_to=incident)):
        assert set(found(record)) == {OTHER_GLOB.code}, record["kind"]


@pytest.mark.parametrize(
    "pattern", ["*", "vpn*", "*vpn*", "v?n", "a-b_c.d*", "*(old)", "100%*", "[draft*", "a{b*", "c++*"]
)
def test_globs_that_mean_the_same_everywhere_are_not(pattern: str) -> None:
    condition = {"title": {"glob": pattern}}
    for record in (policy(condition, SOME), freeze(condition), model(condition), sla(applies_to=condition)):
        assert found(record) == [], record["kind"]


def test_conditions_of_clocks_are_looked_at_too() -> None:
    assert found(sla(pause={"reason": {"glob": "wait{ing,s}"}})) == [OTHER_GLOB.code] * 2


@pytest.mark.parametrize("condition", [{"changes": "window"}, {"before": "draft"}, {"any": [{"changes": "title"}]}])
def test_a_freeze_and_a_model_are_about_a_change_as_it_is(condition: dict[str, Any]) -> None:
    """What one step does to a change says nothing of another step, such as that by which work begins."""
    context = Context(snapshot_of({}), NOW)
    for record in (freeze(condition), model(condition)):
        (spot,) = change_condition.run(KINDS[record["kind"]].model.model_validate(record), context)
        assert "there is no field" in spot.message


def test_a_condition_is_told_at_its_place() -> None:
    record = KINDS["policy"].model.model_validate(policy({"any": [{"affects": {"not": MAIL}}]}, SOME))
    (spot,) = CHECKS[0].run(record, Context(snapshot_of({}), NOW))
    assert spot.field == ("rules", 0, "when", "any", 0, "affects")
    assert parse_condition({"any": [{"affects": {"not": MAIL}}]})
