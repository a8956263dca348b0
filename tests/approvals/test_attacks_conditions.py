"""Rules that seem to share out all cases: a change of one field is not hidden beside that of another."""

from __future__ import annotations

from typing import Any

import pytest

from tests.approvals.records import EDITS, NOBODY, Record, at, change, path, person, policy, text
from tests.approvals.test_attacks_found import article
from tests.approvals.world import World

KEEPERS: Record = {"seats": [{"roles": ["keeper"]}]}
WORDS = ["name", "title"]
RIGHTS = ["roles", "keys", "emails", "delegate", "forge", "type", "state", "visibility", "custom", "schema", "members",
          "parents", "on_call", "contact"]  # fmt: skip
OTHERS = [kind for kind in EDITS["subject"] if kind not in ("person", "team")]


def edits(world: World, *rules: Record) -> Record:
    """The policy on edits with these rules for people and teams."""
    about = {"kind": ["person", "team"]}
    own = [each | {"when": about | each.get("when", {})} for each in rules]
    return world.edited(path(EDITS), rules=[{"id": "rest", "when": {"kind": OTHERS}} | KEEPERS, *own])


@pytest.fixture
def lenient(world: World) -> World:
    """Whoever edits a name alone needs nobody; for rights the keepers are asked."""
    wanted = edits(
        world,
        {"id": "words", "when": {"changes": {"only": WORDS}}} | NOBODY,
        {"id": "rights", "when": {"changes": RIGHTS}} | KEEPERS,
    )
    world.put(wanted)
    world.approved(wanted, "cleo")
    world.land()
    return world


def eve(world: World, **fields: Any) -> Record:
    return world.edited(path(person("eve", "")), **fields)


@pytest.mark.parametrize(
    "fields",
    [{"roles": ["keeper"]}, {"roles": ["keeper"], "name": "Eve E."}, {"name": "E", "tags": ["x"], "roles": ["keeper"]}],
    ids=["roles", "roles and name", "roles, name and tags"],
)
def test_A225_a_right_is_not_taken_beside_a_change_of_the_name(lenient: World, fields: Record) -> None:
    record = eve(lenient, **fields)
    lenient.put(record)
    push = lenient.offer()
    assert not push.landed and "edits/rights by one of cleo, dora" in push.said
    lenient.approved(record, "cleo")
    lenient.land()


@pytest.mark.parametrize("fields", [{"name": "Eve E."}, {"name": "Eve E.", "tags": ["x"]}], ids=["name", "and tags"])
def test_a_name_alone_is_edited_by_anybody(lenient: World, fields: Record) -> None:
    lenient.put(eve(lenient, **fields))
    lenient.land()


def test_A225_a_field_that_no_rule_names_is_not_waved_through(lenient: World) -> None:
    """`roles` are in neither list: no rule applies, and nothing passes. The check of the policy says so."""
    wanted = edits(
        lenient,
        {"id": "words", "when": {"changes": {"only": WORDS}}} | NOBODY,
        {"id": "rights", "when": {"changes": ["keys", "members"]}} | KEEPERS,
    )
    lenient.put(wanted)
    lenient.approved(wanted, "cleo")
    told = lenient.offer()
    assert told.landed and "POL007" in told.said and "changes" in told.said
    lenient.land()
    for fields in ({"roles": ["keeper"]}, {"roles": ["keeper"], "name": "E"}):
        lenient.put(eve(lenient, **fields))
        push = lenient.offer()
        assert not push.landed and "no policy rule on base applies to person/eve" in push.said


@pytest.mark.parametrize(
    "when",
    [
        {"changes": {"not": WORDS}},
        {"changes": {"not": {"only": WORDS}}},
        {"changes": {"not": {"glob": "na*"}}},
        {"any": [{"kind": "team"}, {"changes": {"not": "name"}}]},
        {"changes": {"set": True, "not": ["name"]}},
        {"changes": {"not": {"not": ["roles"]}}},
    ],
    ids=str,
)
def test_A225_a_rule_for_whatever_does_not_change_a_field_does_not_land(world: World, when: Record) -> None:
    wanted = edits(world, {"id": "words", "when": {"changes": WORDS}} | NOBODY, {"id": "rest2", "when": when} | KEEPERS)
    world.put(wanted)
    world.approved(wanted, "cleo")
    push = world.offer()
    assert not push.landed and "SCH011" in push.said and "{only: […]}" in push.said


def test_A225_what_such_a_rule_was_forced_to_say_passes_nothing(world: World) -> None:
    world.put(edits(world, {"id": "words", "when": {"changes": WORDS}} | NOBODY,
                    {"id": "rest2", "when": {"changes": {"not": WORDS}}} | KEEPERS))  # fmt: skip
    world.force()
    world.put(eve(world, name="E", roles=["keeper"]))
    push = world.offer()
    assert not push.landed and "APR003" in push.said


def test_A225_to_enter_a_gate_is_a_change_besides_that_of_the_title(world: World) -> None:
    """A rule for edits of the title alone lets nothing be scheduled."""
    titles = policy(
        "changes", "scheduled", ["change"], {"id": "title", "when": {"changes": {"only": "title"}}} | NOBODY,
        {"id": "entry", "when": {"changes": ["state", "plan", "window"]}, "seats": [{"teams": ["it"]}]},
        revision=2, authors=["ana"],
    )  # fmt: skip
    world.put(titles)
    world.approved(titles, "cleo")
    world.land()
    draft = change(state="draft")
    world.put(draft)
    world.land()
    entries = [*draft["timeline"], {"at": at(minutes=2), "by": "ana", "state": "scheduled"}]
    record = draft | {"title": "Another", "revision": 2, "timeline": entries}
    world.put(record)
    push = world.offer()
    assert not push.landed and "changes/entry by one of ben, dora" in push.said
    world.approved(record, "ben")
    world.land()
    world.put(record | {"title": "A better one", "revision": 3})
    world.land()


def test_A225_another_picture_is_a_change_besides_that_of_the_summary(world: World) -> None:
    strict = policy(
        "articles", "published", ["article"], {"id": "summary", "when": {"changes": {"only": "summary"}}} | NOBODY,
        {"id": "rest", "when": {"changes": ["state", "body", "attachments"]}} | KEEPERS, revision=2, authors=["ana"],
    )  # fmt: skip
    world.put(strict)
    world.approved(strict, "cleo")
    where, picture = "records/knowledge/how-to.yaml", "attachments/how-to/a.png"
    first = article(state="published", body=f"![a](../../{picture})\n")
    world.write({where: text(first, where), picture: b"a"})
    world.force()
    better = first | {"summary": "So, and so.", "revision": 2}
    world.write({where: text(better, where)})
    world.land()
    world.write({where: text(better | {"summary": "So.", "revision": 3}, where), picture: b"b"})
    push = world.offer()
    assert not push.landed and "articles/rest by one of cleo, dora" in push.said
