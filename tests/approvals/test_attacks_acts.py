"""Acts used otherwise than they were meant: in other folders, for other gates, against other people's refusals."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from itsm_as_code.domain.instants import write_instant
from tests.approvals.records import DAY, NOBODY, NOW, Record, at, change, path, person, policy
from tests.approvals.world import World, act_id


@pytest.fixture
def refused(world: World) -> tuple[World, Record, str]:
    """A change that ben refused, on base; its author has proposed it and dora has approved it."""
    record = change()
    refusal = act_id(world.act("ben", "refused", record))
    world.land("ben")
    world.put(record)
    world.approved(record, "dora")
    return world, record, refusal


@pytest.mark.parametrize(
    ("who", "decision", "fields"),
    [
        ("eve", "withdrawn", {}),
        ("dora", "approved", {}),
        ("eve", "withdrawn", {"on_behalf_of": "ben"}),
        ("ben", "withdrawn", {"gate": "edit"}),
        ("ben", "withdrawn", {"subject": change(number="5N3YV")["id"]}),
        ("cleo", "approved", {}),
        ("robo", "withdrawn", {"on_behalf_of": "ben"}),
    ],
    ids=str,
)
def test_A147_nobody_takes_back_a_refusal_but_its_maker_or_a_named_role_by_withdrawing(
    refused: tuple[World, Record, str], who: str, decision: str, fields: dict[str, Any]
) -> None:
    world, record, refusal = refused
    world.act(who, decision, record, supersedes=[refusal], **fields)
    push = world.offer()
    assert not push.landed and "refused by ben" in push.said


def test_A147_two_acts_that_name_each_other_take_nothing_away(refused: tuple[World, Record, str]) -> None:
    world, record, refusal = refused
    one, other = (f"APR-{DAY}-ZZZZ{number}" for number in "12")
    world.act("eve", "refused", record, id=one, supersedes=[other])
    world.act("eve", "approved", record, id=other, supersedes=[one, refusal])
    push = world.step()
    assert not push.landed and "refused by ben" in push.said


def test_A147_a_refusal_taken_out_and_put_back_on_a_branch_stands(refused: tuple[World, Record, str]) -> None:
    world, _, refusal = refused
    world.git("switch", "--quiet", "-c", "proposal")
    world.commit()
    where = f"records/approvals/{change()['id']}/{refusal}.yaml"
    world.git("rm", "--quiet", where)
    world.commit()
    world.git("checkout", "main", "--", where)
    world.commit()
    world.git("switch", "--quiet", "main")
    world.git("merge", "--quiet", "--no-ff", "--no-edit", "proposal")
    push = world.push()
    assert not push.landed and "refused by ben" in push.said


def test_A147_a_refusal_of_other_content_and_of_an_older_revision_stands(world: World) -> None:
    world.act("ben", "refused", change(title="Something else", revision=7))
    world.land("ben")
    record = change()
    world.put(record)
    world.approved(record, "dora")
    push = world.offer()
    assert not push.landed and "refused by ben" in push.said


FOLDERS = ("sub/{name}.yaml", "{name}.yml", "{name}.YAML", "../{name}.yaml", "../{lower}/{name}.yaml")


@pytest.mark.parametrize("where", FOLDERS)
def test_A074_an_act_in_another_place_counts_for_nothing(world: World, where: str) -> None:
    record, act = _approved(world)
    target = act.parent / where.format(name=act.stem, lower=record["id"].lower())
    target.parent.mkdir(parents=True, exist_ok=True)
    act.rename(target.resolve())
    push = world.offer()
    assert not push.landed and "ID002" in push.said and "APR00" in push.said


def test_A073_an_act_named_otherwise_than_its_id_does_not_land(world: World) -> None:
    _, act = _approved(world)
    act.rename(act.with_name(f"APR-{DAY}-00000.yaml"))
    push = world.offer()
    assert not push.landed and "ID001" in push.said


def test_A075_acts_behind_a_symbolic_link_count_for_nothing(world: World) -> None:
    _, act = _approved(world)
    act.rename(world.ws / "act.yaml")
    act.symlink_to("../../../act.yaml")
    push = world.offer()
    assert not push.landed and "ID005" in push.said and "APR003" in push.said
    act.unlink()
    (world.ws / "act.yaml").rename(act)
    act.parent.rename(world.ws / "acts")
    act.parent.symlink_to("../../acts")
    push = world.step()
    assert not push.landed and "ID005" in push.said and "APR001" in push.said


@pytest.mark.parametrize(
    "fields", [{"gate": "edit"}, {"gate": "in_progress"}, {"gate": "published"}, {"gate": "ratify"}], ids=str
)
def test_A040_an_approval_for_another_gate_opens_none(world: World, fields: dict[str, Any]) -> None:
    record = change()
    world.put(record)
    world.act("ana", "proposed", record)
    world.act("ben", "approved", record, **fields)
    push = world.offer()
    assert not push.landed and "changes/owner by one of ben, dora" in push.said


def test_A040_an_edit_approved_for_other_content_on_base_is_not(world: World) -> None:
    edited = world.edited(path(person("eve", "")), title="Boss")
    world.put(edited)
    world.act("ana", "proposed", edited)
    world.act("cleo", "approved", edited, replaces="itsm1:" + "0" * 64)
    push = world.offer()
    assert not push.landed and "edits/rules by one of cleo, dora" in push.said


def _delegating(world: World, **to: str) -> None:
    term = {"from": at(days=1), "until": write_instant(NOW + timedelta(days=1))}
    world.put(*(world.edited(path(person(who, "")), delegate=term | {"to": deputy}) for who, deputy in to.items()))
    world.force()


def test_A033_an_author_decides_for_nobody(world: World) -> None:
    _delegating(world, ben="eve")
    record = change(authors=["ana", "eve"])
    world.put(record)
    world.act("ana", "proposed", record)
    world.act("eve", "approved", record, on_behalf_of="ben")
    push = world.offer()
    assert not push.landed and "changes/owner by one of ben, dora" in push.said


def test_A033_what_a_delegate_does_counts_for_one_person_once(world: World) -> None:
    _delegating(world, ben="eve", cleo="eve")
    record = change("portal")
    world.put(record)
    world.act("ana", "proposed", record)
    world.act("eve", "approved", record, on_behalf_of="ben")
    world.act("eve", "approved", record, on_behalf_of="cleo")
    assert not world.offer().landed
    world.act("ben", "approved", record)
    push = world.offer()  # ben in person, eve for cleo
    assert push.landed, push.said


def test_A033_a_proposer_does_not_approve_through_a_deputy(world: World) -> None:
    _delegating(world, ben="eve")
    record = change()
    world.put(record)
    world.approved(record, proposer="ben")
    world.act("eve", "approved", record, on_behalf_of="ben")
    push = world.offer()
    assert not push.landed and "changes/owner" in push.said


def test_A096_who_is_on_call_approves_their_own_emergency_only_where_the_rule_says_so(world: World) -> None:
    rest = {"id": "rest", "when": {"type": "standard"}} | NOBODY
    night = {"id": "night", "seats": [{"people": ["dora"]}], "author_may_approve": True}
    world.put(policy("changes", "scheduled", ["change"], night, rest))
    record = change(type="emergency", incident=f"INC-{DAY}-1NC01", authors=["dora"])
    world.put(record)
    world.approved(record, "dora", proposer="dora")
    push = world.offer("dora")  # the rule is only in the proposal
    assert not push.landed and "changes/night can't be filled" in push.said


def _approved(world: World) -> tuple[Record, Path]:
    record = change()
    world.put(record)
    world.act("ana", "proposed", record)
    return record, world.ws / world.act("ben", "approved", record)
