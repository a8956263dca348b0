"""Small companies and first steps: two people, one, the first policy, a lost last key; each with what goes wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.approvals.conftest import found, make_key
from tests.approvals.records import (
    ARTICLES,
    EDITS,
    NOBODY,
    REVIEWS,
    WORKSPACE,
    Record,
    at,
    change,
    path,
    person,
    policy,
    service,
    team,
    text,
)
from tests.approvals.world import World
from tests.forks.start import forked_python

KEPT = {"roles": ["keeper"]}
CHANGES = policy("changes", "scheduled", ["change"], {"id": "all", "seats": [{"teams": ["it"]}]})
OWN = {"author_may_approve": True}


def _files(world: World, *records: Record) -> dict[str, bytes]:
    settings = f"id: {WORKSPACE}\nschema: 1\nname: A small company\n".encode()
    return {"itsm.yaml": settings} | {path(record): text(record) for record in records}


@pytest.fixture
def empty(tmp_path: Path) -> World:
    """A world with keys for ana and ben, and nothing founded."""
    world = World(tmp_path / "company")
    for name in ("ana", "ben"):
        world.key(name).parent.mkdir(parents=True)
        make_key(world.key(name))
    return world


def _two(world: World) -> World:
    people = [person(name, world.public(name), **KEPT) for name in ("ana", "ben")]
    records = (*people, team("it", "ana", "ben"), service("mail", 3), CHANGES, EDITS, ARTICLES, REVIEWS)
    assert found(world, _files(world, *records)).landed
    return world


def _one(world: World, **rule: bool) -> World:
    own_changes = CHANGES | {"rules": [CHANGES["rules"][0] | rule]}
    own_edits = EDITS | {"rules": [EDITS["rules"][0] | rule, EDITS["rules"][1]]}
    own_reviews = REVIEWS | {"rules": [REVIEWS["rules"][0] | rule]}
    records = (person("ana", world.public("ana"), **KEPT), team("it", "ana"), service("mail", 3), own_changes)
    assert found(world, _files(world, *records, own_edits, ARTICLES, own_reviews)).landed
    return world


def test_of_two_people_one_proposes_and_the_other_approves(empty: World) -> None:
    world = _two(empty)
    record = change()
    world.put(record)
    world.approved(record, "ana")
    push = world.offer()
    assert not push.landed and "changes/all by ben" in push.said
    world.act("ben", "approved", record)
    world.land()


def test_two_people_change_a_policy_together_and_not_alone(empty: World) -> None:
    world = _two(empty)
    edited = world.edited(path(CHANGES), title="Who decides now")
    world.put(edited)
    world.approved(edited, "ana")
    push = world.offer()
    assert not push.landed and "edits/rules by ben" in push.said
    world.act("ben", "approved", edited)
    world.land()


def test_two_people_with_four_eyes_can_not_lose_one_of_them(empty: World) -> None:
    world = _two(empty)
    left = world.edited(path(team("it")), members=[])
    world.put(left)
    world.approved(left, "ben")
    push = world.offer()
    assert not push.landed and "POL002" in push.said


def test_one_person_approves_their_own_change_where_the_rule_says_so_by_a_signed_act(empty: World) -> None:
    world = _one(empty, **OWN)
    record = change()
    world.put(record)
    world.act("ana", "proposed", record)
    push = world.offer()
    assert not push.landed and "changes/all by ana" in push.said
    world.act("ana", "approved", record)
    world.land()


def test_one_person_founds_nothing_that_only_others_could_decide_on(empty: World) -> None:
    with pytest.raises(AssertionError, match="POL001"):
        _one(empty)


def test_one_person_hires_a_second_who_then_decides(empty: World) -> None:
    world = _one(empty, **OWN)
    ben = person("ben", world.public("ben"), authors=["ana"])
    grown = world.edited(path(team("it")), members=["ana", "ben"])
    world.put(ben, grown)
    world.approved(ben, "ana")
    push = world.offer()
    assert not push.landed and "team/it at gate edit" in push.said  # each record is decided on by itself
    world.approved(grown, "ana")
    world.land()
    record = change()
    world.put(record)
    world.approved(record, "ben")
    world.land()


def test_the_first_policies_come_with_the_first_commit(empty: World) -> None:
    people = [person(name, empty.public(name), **KEPT) for name in ("ana", "ben")]
    bare = (*people, team("it", "ana", "ben"), service("mail", 3))
    push = found(empty, _files(empty, *bare))
    assert not push.landed and "POL003" in push.said
    empty.put(CHANGES, EDITS, ARTICLES, REVIEWS)
    empty.git("add", "--all")
    empty.git("commit", "--quiet", "--amend", "--no-edit")
    empty.pin(forked_python())
    push = empty.push()
    assert push.landed, push.said


def test_a_first_policy_for_something_new_is_decided_on_by_those_who_keep_the_rules(world: World) -> None:
    more = policy("night", "scheduled", ["change"], {"id": "all"} | NOBODY, authors=["ana"])
    world.put(more)
    world.approved(more, "ben")
    push = world.offer()
    assert not push.landed and "edits/rules by one of cleo, dora" in push.said
    world.act("dora", "approved", more)
    world.land()


def test_a_policy_and_a_change_in_one_step_are_judged_by_the_policy_of_base(world: World) -> None:
    edited = world.edited(path(CHANGES), rules=[{"id": "all", "seats": [{"people": ["eve"]}]}])
    record = change()
    world.put(edited, record)
    world.approved(edited, "cleo")
    world.approved(record, "eve")
    push = world.offer()
    assert not push.landed and "changes/owner by one of ben, dora" in push.said
    world.act("ben", "approved", record)
    world.land()


def test_who_lost_their_key_gets_a_new_one_by_the_word_of_another_keeper(world: World) -> None:
    make_key(world.folder / "new")
    public = " ".join((world.folder / "new.pub").read_text().split()[:2])
    ended = {"key": world.public("cleo"), "valid_until": at(seconds=30)}
    edited = world.edited(path(person("cleo", "")), keys=[ended, {"key": public}])
    world.put(edited)
    world.act("ana", "proposed", edited)
    self_made = world.act("cleo", "approved", edited, key=world.folder / "new")
    push = world.offer()
    assert not push.landed and "not cleo's on base" in push.said
    world.write({self_made: None})
    world.act("dora", "approved", edited)
    world.land()
    other = world.edited(path(person("eve", "")), title="Reader")
    world.put(other)
    world.act("ana", "proposed", other)
    old = world.act("cleo", "approved", other)
    push = world.offer()
    assert not push.landed and "the key was valid until" in push.said
    world.write({old: None})
    world.act("cleo", "approved", other, key=world.folder / "new")
    world.land()


def test_the_last_key_that_is_lost_takes_an_administrator_and_nobody_else(empty: World) -> None:
    world = _one(empty, **OWN)
    public = make_key(world.folder / "new")
    edited = world.edited(path(person("ana", "")), keys=[{"key": world.public("ana")}, {"key": public}])
    world.put(edited)
    for decision in ("proposed", "approved"):
        world.act("ana", decision, edited, key=world.folder / "new")
    push = world.offer()
    assert not push.landed and "not ana's on base" in push.said
    world.force()
    record = change()
    world.put(record)
    for decision in ("proposed", "approved"):
        world.act("ana", decision, record, key=world.folder / "new")
    world.land()
