"""Group policy: the rules that judge a step are those of base, and a rule that can't decide lets nothing pass."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.approvals.records import CHANGES, EDITS, NOBODY, change, incident, path, person, policy, team
from tests.approvals.world import World

ALL = {"id": "all"} | NOBODY


def test_A001_a_policy_loosened_in_the_same_step_does_not_judge_it(world: World) -> None:
    world.put(world.edited(path(CHANGES), rules=[ALL]))
    record = change()
    world.put(record)
    world.act("ana", "proposed", record)
    push = world.step()
    assert not push.landed
    assert "policy/changes at gate edit" in push.said
    assert "changes/owner by one of ben, dora" in push.said


def test_A002_whoever_joins_the_team_in_the_same_step_fills_no_seat(world: World) -> None:
    world.put(world.edited(path(team("it")), members=["ana", "ben", "dora", "robo", "eve"]))
    record = change()
    world.put(record)
    world.approved(record, "eve")
    push = world.step()
    assert not push.landed
    assert "changes/owner by one of ben, dora" in push.said


def test_A003_a_key_registered_in_the_same_step_proves_nothing(world: World) -> None:
    keys = [{"key": world.public("eve")}]
    world.put(world.edited(path(person("ben", "")), keys=keys))
    world.put(world.edited(path(person("eve", "")), keys=[]))
    record = change()
    world.put(record)
    world.act("ana", "proposed", record)
    world.act("ben", "approved", record, key=world.key("eve"))
    push = world.step("eve")
    assert not push.landed
    assert "APR004" in push.said and "not ben's on base" in push.said


def test_A004_rules_of_a_stacked_branch_have_no_standing(world: World) -> None:
    world.git("switch", "--quiet", "-c", "innocent")
    world.put(world.edited(path(CHANGES), rules=[ALL]))
    world.commit()
    assert world.push(what="HEAD:refs/heads/innocent").landed
    world.git("switch", "--quiet", "-c", "stacked")
    world.put(change())
    world.commit()
    assert world.push(what="HEAD:refs/heads/stacked").landed
    world.git("switch", "--quiet", "main")
    world.git("merge", "--quiet", "--squash", "stacked")
    push = world.step()
    assert not push.landed and "APR001" in push.said


@pytest.mark.parametrize("to", [None, "records/policies/was-changes.yaml"])
def test_A005_a_policy_that_is_deleted_or_renamed_still_judges(world: World, to: str | None) -> None:
    world.git("rm" if to is None else "mv", path(CHANGES), *([to] if to else []))
    world.put(change())
    push = world.step()
    assert not push.landed
    assert "LIF020" in push.said and "APR001" in push.said


def test_A005_a_retired_policy_leaves_no_gate_open(world: World) -> None:
    retired = world.edited(path(CHANGES), state="retired")
    world.put(retired)
    world.approved(retired, "cleo")
    push = world.step()
    assert not push.landed and "POL003" in push.said
    world.force()
    world.put(change())
    push = world.step()
    assert not push.landed and "no policy rule on base applies" in push.said


@pytest.mark.parametrize("wrong", ["rules: [\n", "surprise: true\n"])
def test_A006_a_policy_that_can_not_be_read_on_base_approves_nothing(world: World, wrong: str) -> None:
    world.put(policy("second", "scheduled", ["change"], ALL))
    file = world.ws / path(CHANGES)
    file.write_text(file.read_text() + wrong)
    world.force()
    world.put(change())
    push = world.step()
    assert not push.landed
    assert "APR003" in push.said and "records/policies/changes.yaml on base can't be read" in push.said


def test_A007_a_change_that_no_rule_matches_is_not_approved(world: World) -> None:
    record = change(type="emergency", incident=incident("1NC05", "P5")["id"])
    world.put(record)
    world.approved(record, "dora")
    push = world.step()
    assert not push.landed
    assert "APR003" in push.said and "no policy rule on base applies" in push.said


@pytest.mark.parametrize(
    "seat", [{"teams": ["board"]}, {"roles": ["nobody-has-it"]}, {"teams": ["cab"], "count": 3}], ids=str
)
def test_A010_a_rule_that_nobody_can_satisfy_does_not_land(world: World, seat: dict[str, Any]) -> None:
    edited = world.edited(path(CHANGES), rules=[{"id": "all", "seats": [seat]}])
    world.put(team("board"), edited)
    world.approved(edited, "cleo")
    push = world.step()
    assert not push.landed and "POL00" in push.said


def test_A010_people_can_not_be_taken_from_a_rule_until_nobody_is_left(world: World) -> None:
    edited = world.edited(path(team("cab")), members=[])
    world.put(edited)
    world.approved(edited, "cleo")
    push = world.step()
    assert not push.landed
    assert "POL002" in push.said and "seat 1 of rule `board`" in push.said


COUNTS = (0, -1, "2", True, 1000)


def test_A011_counts_are_whole_numbers_from_one_on(world: World) -> None:
    for number, count in enumerate(COUNTS):
        seats = [{"count": count, "teams": ["it"]}]
        world.put(policy(f"counts-{number}", "scheduled", ["change"], {"id": "all", "seats": seats}, authors=["ana"]))
    push = world.step()
    assert not push.landed
    for number, count in enumerate(COUNTS):
        assert re.search(rf"counts-{number}.yaml\S*: error\[SCH", push.said), (count, push.said)


def test_A012_policies_include_nothing_from_elsewhere(world: World) -> None:
    world.put(world.edited(path(CHANGES), include="https://example.org/policies.git@main"))
    push = world.step()
    assert not push.landed and "SCH" in push.said


def test_A013_a_broad_rule_does_not_override_a_strict_one(world: World) -> None:
    world.put(policy("z-broad", "scheduled", ["change"], ALL))
    world.force()
    world.put(change())
    push = world.step()
    assert not push.landed and "APR001" in push.said


def test_A001_the_first_policy_needs_a_rule_of_base(world: World) -> None:
    edited = world.edited(path(EDITS), rules=[ALL])
    world.put(edited)
    world.act("ana", "proposed", edited)
    push = world.step()
    assert not push.landed and "edits/rules by one of cleo, dora" in push.said
