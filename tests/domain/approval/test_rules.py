"""Which fields conditions may name, and which rules apply."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from itsm_as_code.domain.approval.judge import judge
from itsm_as_code.domain.approval.question import UNPUBLISHED
from itsm_as_code.domain.approval.rules import COMPUTED, fields_for, names_of_changes, policies_for, select
from itsm_as_code.domain.kinds import KINDS
from tests.domain.approval.world import NOW, PROPOSAL, QUESTION, act, policy, reasons, registry, rule, verdict


def test_conditions_on_workflow_files_may_name_their_kind_and_what_is_computed() -> None:
    assert fields_for("workflows").keys() == {"kind", *COMPUTED}


@pytest.mark.parametrize(
    ("kind", "readable", "not_readable"),
    [
        ("change", {"id", "kind", "type", "service", "window.start", "tier", "before"}, {"tags", "authors", "outcome"}),
        ("person", {"id", "kind", "roles", "changes"}, {"authors", "service"}),
        ("settings", {"kind", "id", "changes"}, {"title", "service"}),
    ],
)
def test_conditions_may_name_material_fields_and_what_is_computed(
    kind: str, readable: set[str], not_readable: set[str]
) -> None:
    fields = fields_for(kind)
    assert readable <= fields.keys() or {name.split(".")[0] for name in readable} <= fields.keys()
    assert not not_readable & fields.keys()
    assert COMPUTED.keys() <= fields.keys()


def test_a_rule_behind_one_that_can_not_be_decided_is_looked_at_too() -> None:
    rules = [rule("typo", when={"tpye": "x"}), rule("cab"), rule("other", when={"type": "standard"})]
    found = select([policy(*rules)], QUESTION)
    assert list(found.rules) == ["changes/cab"]
    assert [each.rule for each in found.skipped_rules] == ["changes/other"]
    assert len(found.faults) == 1


def test_every_term_that_does_not_hold_is_named() -> None:
    found = select([policy(rule(when={"type": "standard", "tier": 3}))], QUESTION)
    assert [each.why for each in found.skipped_rules] == [
        "type = standard does not hold (normal); tier = 3 does not hold (1)"
    ]


@pytest.mark.parametrize(
    ("when", "why"),
    [
        ({"incident_priority": "P1"}, "incident_priority = P1 does not hold (absent)"),
        ({"any": [{"type": "standard"}, {"tier": 3}]}, "any of (type = standard) or (tier = 3) does not hold"),
    ],
    ids=str,
)
def test_what_was_found_instead_is_told_where_a_term_is_about_one_field(when: dict[str, Any], why: str) -> None:
    found = select([policy(rule(when=when))], QUESTION)
    assert [each.why for each in found.skipped_rules] == [why]


def test_who_publishes_articles_takes_them_off_the_site_too() -> None:
    listed = [policy(rule(), id=gate, gate=gate, subject=("article",)) for gate in ("published", "edit")]
    assert [each.id for each in policies_for(listed, "article", UNPUBLISHED)] == ["published"]
    assert [each.id for each in policies_for(listed, "article", "edit")] == ["edit"]


@pytest.mark.parametrize(
    ("kind", "some", "not_there"),
    [
        ("change", {"title", "window", "state"}, {"attachments", "revision"}),
        ("article", {"title", "state", "attachments"}, {"revision"}),
        ("settings", {"name", "site"}, {"state", "attachments", "revision"}),
        ("team", {"members"}, {"attachments", "revision"}),
    ],
)
def test_a_step_changes_material_fields_the_state_of_a_gate_and_the_files_of_an_article(
    kind: str, some: set[str], not_there: set[str]
) -> None:
    assert some <= names_of_changes(kind)
    assert not not_there & names_of_changes(kind)


def test_of_workflow_files_a_step_changes_files_alone() -> None:
    assert names_of_changes("workflows") == {"files"}


def test_an_approval_is_told_all_rules_that_have_no_seat_for_it() -> None:
    rules = [rule("cab"), rule("security", [{"teams": ["security"]}])]
    found = verdict(PROPOSAL, act(2, "zoe"), rules=rules)
    assert reasons(found)[act(2, "zoe").id] == "zoe may fill no seat of changes/cab, changes/security at base"
    nothing = judge(QUESTION, [], [PROPOSAL, act(2, "ben")], registry(), NOW)
    assert reasons(nothing)[act(2, "ben").id] == "ben may fill no seat of any rule at base"


def test_an_approval_for_the_owner_teams_seat_is_told_why_it_does_not_count() -> None:
    owners = rule(seats=[{"owner_team": True}])
    barred = replace(QUESTION, disqualified={"ben": "asked for it"})
    found = verdict(PROPOSAL, act(2, "ben"), rules=[owners, rule("cab")], question=barred)
    assert reasons(found)[act(2, "ben").id] == "ben asked for it"
    only = verdict(act(1, "zoe", "proposed"), act(2, "ben"), act(3, "ana"), rules=[owners])
    assert list(reasons(only).values()) == ["all places that it could fill are taken"]


def test_candidates_who_are_too_few_are_listed_with_commas() -> None:
    three = rule(seats=[{"teams": ["security"], "count": 3}])
    found = verdict(PROPOSAL, rules=[three])
    assert found.faults == ("changes/cab can't be filled (eligible and not barred: cho, dee)",)


def test_a_refusal_without_a_veto_and_an_unsound_act_are_both_told_of() -> None:
    lenient = rule(veto=False)
    found = verdict(PROPOSAL, act(2, "ben"), act(3, "cho", "refused"), act(4, "dee", fault="unsigned"), rules=[lenient])
    assert found.is_open
    assert reasons(found) == {
        act(3, "cho").id: "no rule that applies has `veto`, so a refusal blocks nothing", act(4, "dee").id: "unsigned",
    }  # fmt: skip


@pytest.mark.parametrize(("meant", "fits"), [("cab", True), ("changes/cab", True), ("changes", False), ("ab", False)])
def test_an_act_may_name_the_seats_rule_with_or_without_its_policy(meant: str, fits: bool) -> None:
    assert verdict(PROPOSAL, act(2, "ben", seat=meant)).is_open is fits


def test_a_verdict_carries_its_question() -> None:
    more: dict[str, Any] = {"owner_team": "security"}
    assert verdict(PROPOSAL, question=replace(QUESTION, **more)).question == replace(QUESTION, **more)


def test_conditions_may_read_the_id_and_the_kind() -> None:
    for kind in (*KINDS, "settings"):
        assert {"id", "kind"} <= fields_for(kind).keys(), kind
