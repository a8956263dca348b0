"""An accepted review stays as it was accepted, and nobody moves a debt by an edit. Beside each attack, what lands."""

from __future__ import annotations

from typing import Any

import pytest

from tests.approvals.records import Record, at, path, person
from tests.approvals.test_audit import audit
from tests.approvals.test_debts import REVIEW, ago, emergency, held, landed, overdue, planned, retired, reviewed
from tests.approvals.world import World, act_id

OTHER = {"post_implementation_review": {"summary": "It did not help."}}
EDITS: dict[str, dict[str, Any]] = {
    "other words": OTHER,
    "no lessons": {"post_implementation_review": {"summary": REVIEW["post_implementation_review"]["summary"]}},
    "an outcome": {"outcome": {"code": "failed"}},
    "notes on it": {"outcome": {"code": "successful", "notes": "Nothing happened."}},
}


@pytest.fixture
def accepted(world: World) -> Record:
    """An emergency of ten days ago, on base with its review, which cleo has accepted."""
    record = reviewed(world, overdue(world), "cleo")
    world.land()
    return record


def without(record: Record, *fields: str) -> Record:
    return {key: value for key, value in record.items() if key not in fields}


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS)
def test_A233_an_accepted_review_is_not_edited_past_its_gate(
    world: World, accepted: Record, edit: dict[str, Any]
) -> None:
    world.put(accepted | edit)
    push = world.offer("eve")
    assert not push.landed and "APR001" in push.said and "at gate post-review: pending" in push.said
    world.git("reset", "--quiet", "--hard", world.tip())
    landed(planned(world))


def test_A233_nor_is_it_removed(world: World, accepted: Record) -> None:
    world.put(without(accepted, "post_implementation_review"))
    push = world.offer("eve")
    assert not push.landed and "at gate post-review: unknown" in push.said


def test_A233_nor_is_an_outcome_that_was_accepted_with_it(world: World) -> None:
    record = overdue(world) | {"outcome": {"code": "failed"}}
    accepted = reviewed(world, record, "cleo")
    world.land()
    for edit in (without(accepted, "outcome"), accepted | {"outcome": {"code": "successful"}}):
        world.put(edit)
        push = world.offer("eve")
        assert not push.landed and "at gate post-review: pending" in push.said


def test_A233_the_acceptance_of_something_else_does_not_help(world: World, accepted: Record) -> None:
    world.put(accepted | OTHER)
    for name, gate in (("ben", "post-review"), ("eve", "post-review"), ("dora", "scheduled")):
        world.act(name, "approved", accepted | OTHER, gate=gate)
    push = world.offer("eve")
    assert not push.landed and "at gate post-review: pending" in push.said


def test_A233_a_strangers_refusal_does_not_make_it_a_draft_again(world: World, accepted: Record) -> None:
    world.act("eve", "refused", accepted, gate="post-review", comment="No.")
    world.land("eve")
    world.put(accepted | OTHER)
    push = world.offer("eve")
    assert not push.landed and "at gate post-review: refused" in push.said


def test_A233_nor_do_keepers_who_have_left(world: World, accepted: Record) -> None:
    retired(world, "cleo", "dora")
    world.put(accepted | OTHER)
    push = world.offer("eve")
    assert not push.landed and "at gate post-review: pending" in push.said


def test_an_accepted_review_changes_with_a_new_acceptance(world: World, accepted: Record) -> None:
    edited = accepted | OTHER
    world.put(edited)
    world.act("dora", "approved", edited, gate="post-review")
    world.land()
    landed(planned(world))
    assert audit(world)[0] == 0


def test_the_new_acceptance_may_land_before_the_edit(world: World, accepted: Record) -> None:
    edited = accepted | OTHER
    world.act("dora", "approved", edited, gate="post-review")
    world.land("dora")
    world.put(edited)
    world.land()
    landed(planned(world))


def test_whoever_writes_an_accepted_review_anew_need_not_be_an_author_of_the_change(
    world: World, accepted: Record
) -> None:
    edited = accepted | OTHER
    world.put(edited)
    world.act("dora", "approved", edited, gate="post-review")
    world.land("ben")


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS)
def test_a_review_that_nobody_has_accepted_yet_is_free(world: World, edit: dict[str, Any]) -> None:
    record = reviewed(world, overdue(world))
    world.act("eve", "approved", record, gate="post-review")  # eve fills no seat
    world.land()
    world.put(record | edit)
    world.land("ben")


def test_an_acceptance_that_was_taken_back_makes_it_free(world: World) -> None:
    record = overdue(world) | REVIEW
    world.put(record)
    first = world.act("cleo", "approved", record, gate="post-review")
    world.land()
    world.act("cleo", "withdrawn", record, gate="post-review", supersedes=[act_id(first)])
    world.land("cleo")
    world.put(record | OTHER)
    world.land("ben")


def accepted_anew(world: World, by: str) -> Record:
    """A review that cleo accepted, took back, and that `by` accepted then, each in a step of its own."""
    record = overdue(world) | REVIEW
    world.put(record)
    first = world.act("cleo", "approved", record, gate="post-review")
    world.land()
    back = world.act("cleo", "withdrawn", record, gate="post-review", supersedes=[act_id(first)])
    world.land("cleo")
    own = [act_id(back)] if by == "cleo" else []
    world.act(by, "approved", record, gate="post-review", supersedes=own)
    world.land(by)
    return record


@pytest.mark.parametrize("by", ["cleo", "dora"])
def test_A300_an_acceptance_that_was_made_anew_counts_like_the_first(world: World, by: str) -> None:
    record = accepted_anew(world, by)
    world.put(record | OTHER)
    push = world.offer("eve")
    assert not push.landed and "at gate post-review: pending" in push.said
    world.git("reset", "--quiet", "--hard", world.tip())
    landed(planned(world))


def test_an_acceptance_that_was_made_anew_stays_when_its_maker_leaves(world: World) -> None:
    record = accepted_anew(world, "cleo")
    retired(world, "cleo", "dora")
    landed(planned(world))
    world.put(record | OTHER)
    push = world.offer("eve")
    assert not push.landed and "at gate post-review: pending" in push.said


def test_A300_what_was_taken_back_does_not_count_by_a_word_without_a_seat(world: World) -> None:
    """cleo accepts, takes it back, leaves, and says it again by a key that she still has."""
    record = overdue(world) | REVIEW
    world.put(record)
    first = world.act("cleo", "approved", record, gate="post-review")
    world.land()
    back = world.act("cleo", "withdrawn", record, gate="post-review", supersedes=[act_id(first)])
    world.land("cleo")
    less = world.edited("records/people/cleo.yaml", roles=None)
    world.put({key: value for key, value in less.items() if value is not None})
    world.approved({key: value for key, value in less.items() if value is not None}, "dora")
    world.land()
    world.act("cleo", "approved", record, gate="post-review", supersedes=[act_id(back)])
    world.land("cleo")
    held(planned(world), record)


def test_everything_else_of_an_accepted_change_is_as_free_as_before(world: World, accepted: Record) -> None:
    note = {"at": at(minutes=2), "by": "eve", "note": "The vendor answered."}
    world.put(accepted | {"timeline": [*accepted["timeline"], note], "tags": ["mail"], "tasks": [{"title": "Tidy up"}]})
    world.land("eve")
    landed(planned(world))


def test_A233_a_material_edit_needs_both_gates(world: World, accepted: Record) -> None:
    edited = accepted | {"reason": "Mail was down for everybody.", "revision": 2}
    world.put(edited)
    world.approved(edited, "dora")
    push = world.offer()
    assert not push.landed and "at gate post-review: pending" in push.said
    world.act("cleo", "approved", edited, gate="post-review")
    world.land()
    landed(planned(world))


# Who sees it.


@pytest.mark.parametrize("written", ["? type # as it was\n: emergency", '? "type"\n# as it was\n: emergency'])
def test_A302_a_debt_is_found_in_whatever_style_its_change_is_written(world: World, written: str) -> None:
    """eve owes nobody a decision for another style: the content is the same, and so is what the team owes."""
    record = overdue(world)
    text = (world.ws / path(record)).read_text()
    assert "\ntype: emergency\n" in text
    world.write({path(record): text.replace("\ntype: emergency\n", f"\n{written}\n")})
    world.land("eve")
    held(planned(world), record)


# When it began.


@pytest.mark.parametrize(
    "path_back", [("scheduled", "draft"), ("implementing", "evaluation")], ids=["scheduled", "implementing"]
)
def test_A234_an_entry_of_long_ago_does_not_make_a_review_overdue(world: World, path_back: tuple[str, str]) -> None:
    record = emergency(**ago(days=1))
    world.put(record)
    world.approved(record, "dora")
    world.land()
    states = zip(path_back, (at(days=20), at(days=19)), strict=True)
    before = [{"at": when, "by": "eve", "state": state, "reason": "So."} for state, when in states]
    world.put(record | {"timeline": [*before, *record["timeline"]]})
    push = world.offer("eve")
    assert not push.landed and "LIF050" in push.said


def test_A234_the_approver_does_not_become_an_author_afterwards(world: World) -> None:
    """An author's own approval makes the review due earlier, so nobody may make one of it later."""
    record = emergency(**ago(days=3))
    world.put(record)
    world.approved(record, "dora")
    world.land()
    world.put(record | {"authors": ["ana", "dora"]})
    push = world.offer("dora")
    assert not push.landed and "LIF047" in push.said
    world.git("reset", "--quiet", "--hard", world.tip())
    landed(planned(world))


def test_entries_of_the_work_that_come_later_land(world: World) -> None:
    record = emergency(**ago(days=1))
    world.put(record)
    world.approved(record, "dora")
    world.land()
    later = [
        {"at": at(minutes=9), "by": "ana", "note": "It runs."},
        {"at": at(minutes=8), "by": "ana", "state": "evaluation"},
    ]
    world.put(record | {"timeline": [*record["timeline"], *later], "outcome": {"code": "successful"}})
    world.land()


def test_the_person_who_accepted_may_leave_and_nothing_is_owed_again(world: World, accepted: Record) -> None:
    retired(world, "cleo", "dora")
    assert world.on_base(path(person("cleo", ""))) is not None
    landed(planned(world))


def test_A233_the_audit_finds_an_edit_that_was_forced(world: World, accepted: Record) -> None:
    world.put(accepted | OTHER)
    world.force()
    code, found = audit(world)
    assert code == 1 and "APR001" in str(found)
    held(planned(world), accepted)
