"""One name for two things: rules, seats, computed values and subjects that are called alike."""

from __future__ import annotations

import pytest

from tests.approvals.records import (
    CHANGES,
    EDITS,
    NOBODY,
    Record,
    change,
    path,
    person,
    policy,
    request,
    service,
    team,
)
from tests.approvals.test_attacks_found import workflows
from tests.approvals.world import World

BY_ANA: Record = {"authors": ["ana"]}
EVE = [{"people": ["eve"]}]


def kept(world: World, *records: Record) -> None:
    """Policies that the keepers let in."""
    world.put(*records)
    for record in records:
        world.approved(record, "cleo")
    world.land()


@pytest.mark.parametrize("seats", [{"seats": EVE}, NOBODY], ids=["weaker", "nobody"])
def test_A220_a_policy_named_item_does_not_replace_the_seats_of_a_request_item(world: World, seats: Record) -> None:
    kept(world, policy("item", "in_progress", ["request"], {"id": "laptop"} | seats, **BY_ANA))
    record = request("laptop") | {"requester": "ben"}
    world.put(record)
    world.approved(record, "eve")
    push = world.offer()
    assert not push.landed and "item/laptop by one of cleo, dora" in push.said
    world.act("cleo", "approved", record)
    world.land()


def test_A220_what_a_policy_named_freeze_asks_is_asked_besides(world: World) -> None:
    kept(world, policy("freeze", "scheduled", ["change"], {"id": "mail", "seats": EVE}, **BY_ANA))
    record = change()
    world.put(record)
    world.approved(record, "ben")
    push = world.offer()
    assert not push.landed and "policy/freeze/mail by eve" in push.said
    world.act("eve", "approved", record)
    world.land()


def test_A220_of_two_rules_with_one_id_the_second_does_not_replace_the_first(world: World) -> None:
    """A policy with two such rules does not land; one that was forced asks for both."""
    owner, easy = CHANGES["rules"][1], {"id": "owner", "when": {"type": "normal"}} | NOBODY
    double = world.edited(path(CHANGES), rules=[CHANGES["rules"][0], owner, easy])
    world.put(double)
    world.approved(double, "cleo")
    push = world.offer()
    assert not push.landed and "POL005" in push.said
    world.force()
    record = change()
    world.put(record)
    world.approved(record)
    push = world.offer()
    assert not push.landed and "changes/owner by one of ben, dora" in push.said


def test_A221_an_act_for_one_seat_does_not_count_for_another_with_its_id(world: World) -> None:
    """ben of it and cab approves for his team's seat alone, and is asked for the other one too."""
    board = policy("board", "scheduled", ["change"], {"id": "owner", "seats": [{"teams": ["cab"]}]}, **BY_ANA)
    apart = world.edited(path(CHANGES), rules=[CHANGES["rules"][1]])
    kept(world, board, apart)
    record = change()
    world.put(record)
    world.act("ana", "proposed", record)
    meant = world.act("ben", "approved", record, seat="owner")
    world.act("dora", "approved", record, seat="changes/owner")
    push = world.offer()
    assert not push.landed and "board/owner by one of ben, cleo" in push.said
    (world.ws / meant).unlink()
    world.act("ben", "approved", record, seat="board/owner")
    world.land()


def test_A221_a_seat_is_signed_with_its_policy_by_whoever_names_it(world: World) -> None:
    record = change("portal")
    world.put(record)
    world.act("ana", "proposed", record)
    done = world.itsm("approve", record["id"], "--seat", "board", who="ben")
    assert done.returncode == 0, done.stderr
    acts = (world.ws / "records/approvals" / record["id"]).glob("*.yaml")
    assert any("seat: changes/board\n" in act.read_text() for act in acts)
    world.act("dora", "approved", record)
    world.land()


SERVICES = policy(
    "edits", "edit", EDITS["subject"],
    EDITS["rules"][0],
    {"id": "registers", "when": {"kind": [k for k in EDITS["rules"][1]["when"]["kind"] if k != "service"]}} | NOBODY,
    {"id": "vital", "when": {"kind": "service", "tier": 1}, "seats": [{"roles": ["keeper"]}]},
    {"id": "small", "when": {"kind": "service", "tier": {"not": 1}}} | NOBODY,
)  # fmt: skip


@pytest.mark.parametrize(
    "edit",
    [{"description": "Ours now."}, {"tier": 4}, {"owner": "friends", "tier": 4}], ids="+".join,
)  # fmt: skip
def test_A222_the_tier_of_a_service_is_its_own_in_rules_on_its_edits(world: World, edit: Record) -> None:
    """The computed tier, that of a record's service, has the same name: a service has none."""
    kept(world, world.edited(path(EDITS), rules=SERVICES["rules"]))
    world.put(team("friends", "eve"))
    world.force()
    record = world.edited(path(service("portal", 1)), **edit)
    world.put(record)
    push = world.offer()
    assert not push.landed and "edits/vital by one of cleo, dora" in push.said
    world.approved(record, "cleo")
    world.land()


def test_A222_a_service_of_a_lower_tier_needs_whom_its_rule_names(world: World) -> None:
    kept(world, world.edited(path(EDITS), rules=SERVICES["rules"]))
    world.put(world.edited(path(service("mail", 3)), description="Letters."))
    world.land()
    raised = world.edited(path(service("mail", 3)), tier=1)
    world.put(raised)
    assert not world.offer().landed


def test_A223_records_called_like_the_workspace_and_its_files_are_other_subjects(world: World) -> None:
    """An act on one of them is none on the other."""
    called = person("workflows", "", keys=[], **BY_ANA)
    world.put(called)
    world.act("ana", "proposed", called)
    world.act("cleo", "approved", called)
    world.write({".github/workflows/a.yml": "on: push\n"})
    push = world.offer()
    assert not push.landed and "workflows at gate edit: pending" in push.said
    assert "person/workflows" not in push.said
    workflows(world, {}, "ana", "cleo")
    world.land()
