"""Attacks on refusals: whoever wrote, asked for or proposed it ends none but what they refused in person."""

from __future__ import annotations

from typing import Any

import pytest

from tests.approvals.records import NOW, Record, at, change, path, person
from tests.approvals.world import World, act_id


@pytest.fixture
def away(world: World) -> World:
    """Ben is away, and eve decides for him until tomorrow. Dora keeps the rules, and may withdraw refusals."""
    term = {"to": "eve", "from": at(days=1), "until": at(days=-1)}
    record = world.edited(path(person("ben", "")), delegate=term)
    world.put(record)
    world.approved(record, "cleo")
    world.land()
    return world


def refused(world: World, by: str = "ben", record: Record | None = None, **fields: Any) -> str:
    """A refusal that has landed by itself; its id."""
    where = world.act(by, "refused", record or change(), **fields)
    world.land(by)
    return act_id(where)


def asked(world: World, record: Record, *, approving: bool = True) -> Record:
    """A change that is proposed, and approved by dora."""
    world.put(record)
    world.act("ana", "proposed", record)
    if approving:
        world.act("dora", "approved", record)
    return record


@pytest.mark.parametrize("decision", ["withdrawn", "approved", "proposed"])
@pytest.mark.parametrize("part", [{"authors": ["ana", "eve"]}, {"requester": "eve"}], ids=["wrote", "asked"])
def test_A211_an_author_ends_no_refusal_as_the_refusers_deputy(
    away: World, part: dict[str, Any], decision: str
) -> None:
    refusal = refused(away)
    record = asked(away, change(**part))
    away.act("eve", decision, record, on_behalf_of="ben", supersedes=[refusal])
    push = away.offer("eve")
    assert not push.landed and "refused by ben" in push.said


def test_A211_whoever_proposed_it_ends_no_refusal_as_the_refusers_deputy(away: World) -> None:
    refusal = refused(away)
    record = change()
    away.put(record)
    away.approved(record, "dora", proposer="eve")
    away.act("eve", "withdrawn", record, on_behalf_of="ben", supersedes=[refusal])
    push = away.step("eve")
    assert not push.landed and "refused by ben" in push.said


def test_A211_a_proposal_of_another_version_is_a_part_too(away: World) -> None:
    refusal = refused(away)
    away.act("eve", "proposed", change(title="Something else"))
    record = asked(away, change())
    away.act("eve", "withdrawn", record, on_behalf_of="ben", supersedes=[refusal])
    push = away.step("eve")
    assert not push.landed and "refused by ben" in push.said


def test_A211_what_a_deputy_refused_is_not_the_authors_to_take_back(away: World) -> None:
    refusal = refused(away, "eve", on_behalf_of="ben")
    record = asked(away, change(authors=["ana", "ben"]))
    away.act("ben", "withdrawn", record, supersedes=[refusal])
    assert "refused by ben" in away.offer("ben").said
    away.act("eve", "withdrawn", record, on_behalf_of="ben", supersedes=[refusal])
    push = away.step("ben")
    assert not push.landed and "refused by ben" in push.said


def test_A211_a_role_does_not_help_whoever_wrote_it_through_a_deputy(world: World) -> None:
    """Dora keeps the rules, and wrote it; eve decides for dora."""
    term = {"to": "eve", "from": at(days=1), "until": at(days=-1)}
    record = world.edited(path(person("dora", "")), delegate=term, authors=["ana"])
    world.put(record)
    world.approved(record, "cleo")
    world.land()
    refusal = refused(world)
    record = asked(world, change(authors=["ana", "dora"]), approving=False)
    world.act("eve", "withdrawn", record, on_behalf_of="dora", supersedes=[refusal])
    push = world.step("eve")
    assert not push.landed and "refused by ben" in push.said


def test_A211_a_withdrawal_that_did_not_count_lends_nothing_to_the_next_act(away: World) -> None:
    refusal = refused(away)
    record = asked(away, change(authors=["ana", "eve"]))
    first = act_id(away.act("eve", "withdrawn", record, on_behalf_of="ben", supersedes=[refusal]))
    away.act("eve", "approved", record, on_behalf_of="ben", supersedes=[first])
    push = away.step("eve")
    assert not push.landed and "refused by ben" in push.said


def test_a_deputy_without_a_part_takes_a_refusal_back_in_somebodys_holidays(away: World) -> None:
    refusal = refused(away)
    record = asked(away, change())
    away.act("eve", "withdrawn", record, on_behalf_of="ben", supersedes=[refusal])
    push = away.step()
    assert push.landed, push.said


def test_what_a_deputy_refused_is_taken_back_on_return(away: World) -> None:
    refusal = refused(away, "eve", on_behalf_of="ben")
    record = asked(away, change())
    away.act("ben", "withdrawn", record, supersedes=[refusal])
    push = away.step()
    assert push.landed, push.said


def test_an_author_takes_back_what_they_refused_in_person(world: World) -> None:
    refusal = refused(world, "ana")
    record = asked(world, change())
    world.act("ana", "withdrawn", record, supersedes=[refusal])
    push = world.step()
    assert push.landed, push.said


def test_an_authors_deputy_takes_back_what_the_author_refused_in_person(away: World) -> None:
    refusal = refused(away)
    record = asked(away, change(authors=["ana", "ben"]))
    away.act("eve", "withdrawn", record, on_behalf_of="ben", supersedes=[refusal])
    away.commit("ben")
    push = away.push()
    assert push.landed, push.said


def test_a_keeper_without_a_part_withdraws_what_an_authors_deputy_refused(away: World) -> None:
    """So a refusal in an author's name, which is not theirs to end, does not stop the change for ever."""
    refusal = refused(away, "eve", on_behalf_of="ben")
    record = asked(away, change(authors=["ana", "ben"]))
    away.act("cleo", "withdrawn", record, supersedes=[refusal])
    away.commit("ben")
    push = away.push()
    assert push.landed, push.said


def test_the_command_says_so_before_it_signs(away: World) -> None:
    refusal = refused(away)
    record = change(authors=["ana", "eve"])
    away.put(record)
    away.commit()
    done = away.itsm("withdraw", record["id"], "--for", "ben", who="eve")
    assert done.returncode == 2
    assert f"eve is one of its authors, and {refusal} is not what eve decided in person" in done.stderr
    said = " ".join(done.stderr.split())
    assert "who can: ben in person, or somebody with the role keeper who has no part in it" in said
    assert not list((away.ws / "records" / "approvals" / record["id"]).glob(f"APR-{NOW:%Y%m%d}-[!1]*"))
