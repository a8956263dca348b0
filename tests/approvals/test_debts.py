"""Emergencies and the debt that they open, by real pushes. The hook judges by the real clock: entries lie behind it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.approvals.records import (
    CHANGES,
    DAY,
    OPEN,
    Record,
    at,
    begun,
    change,
    incident,
    path,
    person,
    service,
    team,
    text,
)  # fmt: skip
from tests.approvals.world import Push, World

REVIEW = {"post_implementation_review": {"summary": "It helped. We missed the alarm.", "lessons": ["Watch it."]}}
NIGHT = "4N1GT"


def ago(**time: float) -> Record:
    """The id and first entry of an emergency born so long ago."""
    when = at(**time)
    return {
        "id": f"CHG-{when[:10].replace('-', '')}-{NIGHT}",
        "timeline": [{"at": when, "by": "ana", "state": "implementing"}],
    }


def emergency(service_id: str = "mail", **fields: Any) -> Record:
    """An emergency by ana, born under way an hour ago; dora alone is an emergency approver."""
    about = {"type": "emergency", "incident": incident("1NC01", "P1")["id"]}
    return change(service_id, "implementing", NIGHT, **about | fields)


def open_debt(world: World, *by: str, **fields: Any) -> Record:
    """An emergency on base, approved by dora if by nobody else."""
    record = emergency(**fields)
    world.put(record)
    world.approved(record, *(by or ("dora",)))
    world.land()
    return record


def overdue(world: World, **fields: Any) -> Record:
    """An emergency of ten days ago whose review nobody has written."""
    return open_debt(world, **ago(days=10), **fields)


def planned(world: World, service_id: str = "mail", **fields: Any) -> Push:
    """A push of a normal change that is approved."""
    record = change(service_id, number="5NRM1", **fields)
    world.put(record)
    world.approved(record, *(("ben",) if service_id == "mail" else ("ben", "cleo")))
    return world.step()


def held(push: Push, record: Record) -> None:
    assert not push.landed
    assert "APR007" in push.said and f"{record['id']} lacks its post-implementation review" in push.said, push.said


def landed(push: Push) -> None:
    assert push.landed, push.said


def alone(world: World) -> None:
    """The policy on base lets whoever is on call approve their own emergency; dora is one of them."""
    rules = [each | {"author_may_approve": True} if each["id"] == "night" else each for each in CHANGES["rules"]]
    edited = world.edited(path(CHANGES), rules=rules)
    world.put(edited)
    world.approved(edited, "cleo")
    world.land()


# Who lets an emergency through.


def test_an_emergency_by_the_role_that_policy_names_lands(world: World) -> None:
    open_debt(world)


def test_an_incident_below_the_level_that_policy_names_is_no_emergency(world: World) -> None:
    record = emergency(incident=incident("1NC05", "P5")["id"])
    world.put(record)
    world.approved(record, "dora")
    push = world.step()
    assert not push.landed and "APR003" in push.said and "no policy rule on base applies" in push.said


def test_the_incident_may_come_with_the_emergency(world: World) -> None:
    world.put(incident("1NC0N", "P1"))
    open_debt(world, incident=f"INC-{DAY}-1NC0N")


@pytest.mark.parametrize("comment", [None, "Nobody else answered, and mail was down."], ids=["silent", "with a reason"])
def test_whoever_is_on_call_approves_their_own_with_a_reason(world: World, comment: str | None) -> None:
    alone(world)
    record = emergency(authors=["dora"])
    world.put(record)
    world.act("dora", "proposed", record)
    world.act("dora", "approved", record, comment=comment)
    push = world.step("dora")
    assert push.landed is (comment is not None), push.said
    assert comment is not None or "changes/night by dora" in push.said


def test_a_reason_does_not_help_where_the_rule_lets_no_author_approve(world: World) -> None:
    record = emergency(authors=["dora"])
    world.put(record)
    world.act("dora", "proposed", record)
    world.act("dora", "approved", record, comment="Nobody else answered.")
    push = world.step("dora")
    assert not push.landed and "changes/night can't be filled" in push.said


def another_team(world: World) -> None:
    record = team("desk", "ben", "dora", authors=["ana"])
    world.put(record)
    world.approved(record, "cleo")
    world.land()


# Before and after the deadline.


def test_before_the_deadline_the_team_goes_on(world: World) -> None:
    open_debt(world, **ago(days=4))
    landed(planned(world))


def test_overdue_it_holds_normal_changes_of_the_owner_team(world: World) -> None:
    record = overdue(world)
    push = planned(world)
    held(push, record)
    assert "team it must first finish an overdue review" in push.said
    assert "APR001" not in push.said  # nobody's approval is missing


def test_overdue_it_holds_standard_changes_too(world: World) -> None:
    record = overdue(world)
    world.put(change(type="standard", model={"id": "restart", "revision": 1}))
    held(world.step(), record)


def test_overdue_it_holds_no_emergency(world: World) -> None:
    overdue(world)
    record = emergency(id=f"CHG-{DAY}-2ND0E")
    world.put(record)
    world.approved(record, "dora")
    world.land()


def test_overdue_it_holds_no_other_team(world: World) -> None:
    another_team(world)
    world.put(service("phones", 3) | {"owner": "desk"})
    world.land()
    overdue(world)
    record = change("phones", number="5NRM1")
    world.put(record)
    world.approved(record, "ben")
    world.land()


def test_overdue_it_holds_neither_notes_nor_drafts_nor_what_is_under_way(world: World) -> None:
    record = change(number="5NRM1", window=OPEN)
    world.put(record)
    world.approved(record, "ben")
    world.land()
    overdue(world)
    world.put(begun(record), change(state="draft", number="6DRFT"))
    world.land()


def test_the_debt_of_a_service_is_the_teams_that_owns_it_at_base(world: World) -> None:
    """Giving the service away, or moving the emergency to another service, in the same step changes nothing."""
    record = overdue(world)
    another_team(world)
    world.put(world.edited(path(service("mail", 3)), owner="desk"))
    held(planned(world, "portal"), record)


@pytest.mark.parametrize(("days", "lands"), [(1, True), (3, False)])
def test_an_emergency_that_its_author_approved_is_due_earlier(world: World, days: int, lands: bool) -> None:
    alone(world)
    record = emergency(authors=["dora"], **ago(days=days))
    world.put(record)
    world.act("dora", "proposed", record)
    world.act("dora", "approved", record, comment="Nobody else answered.")
    landed(world.step("dora"))
    push = planned(world)
    assert push.landed is lands, push.said
    assert lands or "earlier because an author approved it" in push.said


def test_the_deadlines_are_those_of_base(world: World) -> None:
    record = open_debt(world, **ago(days=4))
    edited = world.edited("itsm.yaml", deadlines={"post_review": "3d"})
    del edited["authors"]
    world.write({"itsm.yaml": text(edited, "itsm.yaml")})
    world.approved(edited, "cleo")
    landed(planned(world))
    world.put(change(number="6NRM1"))
    world.approved(change(number="6NRM1"), "ben")
    held(world.step(), record)


# Paying.


def reviewed(world: World, record: Record, *by: str) -> Record:
    """The review written, and approvals of it. Nobody proposes it."""
    written = record | REVIEW
    world.put(written)
    for name in by:
        world.act(name, "approved", written, gate="post-review")
    return written


def test_a_review_that_was_written_and_approved_pays(world: World) -> None:
    record = overdue(world)
    reviewed(world, record, "cleo")
    world.land()
    landed(planned(world))


def test_the_review_may_come_with_the_next_change(world: World) -> None:
    record = overdue(world)
    reviewed(world, record, "cleo")
    landed(planned(world))


def test_a_review_that_nobody_approved_does_not_pay(world: World) -> None:
    record = overdue(world)
    reviewed(world, record)
    world.land()
    held(planned(world), record)


def test_an_approval_of_no_review_does_not_pay(world: World) -> None:
    record = overdue(world)
    world.act("cleo", "approved", record, gate="post-review")
    world.land("cleo")
    held(planned(world), record)


@pytest.mark.parametrize("who", ["ben", "eve"])
def test_who_fills_no_seat_of_the_review_does_not_pay(world: World, who: str) -> None:
    record = overdue(world)
    reviewed(world, record, who)
    held(planned(world), record)


def test_neither_its_author_nor_its_proposer_accepts_the_review(world: World) -> None:
    """cleo, a keeper, proposed the emergency; dora, the other keeper, is among its authors."""
    alone(world)
    record = emergency(authors=["ana", "dora"], **ago(days=10))
    world.put(record)
    for name in ("cleo", "dora"):
        world.act(name, "proposed", record)
    world.act("dora", "approved", record, comment="Nobody else answered.")
    landed(world.step())
    reviewed(world, record, "cleo", "dora")
    held(planned(world), record)


def test_the_approval_of_the_emergency_does_not_pay(world: World) -> None:
    record = overdue(world)
    written = reviewed(world, record)
    world.act("cleo", "approved", written)  # at gate scheduled
    held(planned(world), record)


def test_a_refused_review_does_not_pay(world: World) -> None:
    record = overdue(world)
    written = reviewed(world, record, "cleo")
    world.act("dora", "refused", written, gate="post-review", comment="It leaves out the alarm.")
    held(planned(world), record)


def retired(world: World, name: str, by: str) -> None:
    left = world.edited(path(person(name, "")), state="retired")
    world.put(left)
    world.approved(left, by)
    world.land()


def test_a_review_that_was_accepted_by_somebody_who_left_stays_accepted(world: World) -> None:
    record = overdue(world)
    reviewed(world, record, "cleo")
    world.land()
    retired(world, "cleo", "dora")
    landed(planned(world))


@pytest.mark.parametrize("decision", ["withdrawn", "refused"])
def test_a_review_whose_acceptance_was_taken_back_is_owed_again(world: World, decision: str) -> None:
    record = overdue(world)
    written = record | REVIEW
    world.put(written)
    first = world.act("cleo", "approved", written, gate="post-review")
    world.land()
    named = first.rsplit("/", 1)[1].removesuffix(".yaml")
    world.act("cleo", decision, written, gate="post-review", supersedes=[named])
    world.land("cleo")
    held(planned(world), record)


# Ways round it.


@pytest.mark.parametrize("state", ["implementing", "closed"])
def test_an_emergency_past_its_gate_stays_one(world: World, state: str) -> None:
    record = open_debt(world)
    entries = [*record["timeline"], {"at": at(minutes=5), "by": "ana", "state": "closed"}]
    after = record | {"type": "normal", "revision": 2, "outcome": {"code": "successful"}}
    after |= {"timeline": entries} if state == "closed" else {}
    world.put(after)
    world.approved(after, "ben")
    push = world.step()
    assert not push.landed and "LIF033" in push.said


def test_an_emergency_taken_back_to_draft_after_work_began_stays_one(world: World) -> None:
    born = {"at": at(hours=1), "by": "ana", "state": "scheduled"}
    started = {"at": at(minutes=50), "by": "ana", "state": "implementing"}
    record = open_debt(world, timeline=[born, started])
    void = {"at": at(minutes=45), "by": "ana", "void": started["at"]}
    draft = record | {
        "revision": 2,
        "timeline": [born, started, void, {"at": at(minutes=9), "by": "ana", "state": "draft"}],
    }
    world.put(draft)
    world.force()  # work that has begun is not taken back (LIF036)
    world.put(draft | {"type": "normal", "revision": 3})
    push = world.step()
    assert not push.landed and "LIF033" in push.said


def test_an_emergency_that_was_called_off_before_work_owes_nothing(world: World) -> None:
    start = {"at": at(days=10), "by": "ana", "state": "scheduled"}
    record = open_debt(world, id=ago(days=10)["id"], timeline=[start])
    called_off = {"at": at(days=9), "by": "ana", "state": "cancelled", "reason": "It came up again by itself."}
    world.put(record | {"timeline": [start, called_off]})
    world.land()
    landed(planned(world))


def test_an_emergency_that_is_called_off_in_the_same_step_holds_it_still(world: World) -> None:
    start = {"at": at(days=10), "by": "ana", "state": "scheduled"}
    record = open_debt(world, id=ago(days=10)["id"], timeline=[start])
    called_off = {"at": at(days=9), "by": "ana", "state": "cancelled", "reason": "It came up again by itself."}
    world.put(record | {"timeline": [start, called_off]})
    held(planned(world), record)


def test_work_that_was_taken_back_is_owed_for(world: World) -> None:
    """Also where it was taken back past the check."""
    born = {"at": at(days=10), "by": "ana", "state": "scheduled"}
    started = {"at": at(days=9), "by": "ana", "state": "implementing"}
    record = open_debt(world, id=ago(days=10)["id"], timeline=[born, started])
    void = {"at": at(days=9, minutes=-5), "by": "ana", "void": started["at"]}
    called_off = {"at": at(days=8), "by": "ana", "state": "cancelled", "reason": "By mistake."}
    world.put(record | {"timeline": [born, started, void, called_off]})
    world.force()
    held(planned(world), record)


@pytest.mark.parametrize("written", ['"\\x65mergency"', '"emerg\\\n  ency"'], ids=["escaped", "folded"])
def test_a_type_that_is_written_in_escapes_is_found(world: World, written: str) -> None:
    record = emergency(**ago(days=10))
    world.write({path(record): text(record).decode().replace("type: emergency", f"type: {written}")})
    world.approved(record, "dora")
    landed(world.step())
    held(planned(world), record)


@pytest.mark.parametrize("time", [{"days": 31}, {"days": 400}, {"days": -2}], ids=["old", "out of reach", "ahead"])
def test_an_emergency_does_not_begin_under_an_id_by_which_its_debt_is_not_found(
    world: World, time: dict[str, float]
) -> None:
    record = emergency(id=ago(**time)["id"])
    world.put(record)
    world.approved(record, "dora")
    push = world.step()
    assert not push.landed and "APR003" in push.said and "create a new change" in push.said


def test_an_edit_of_the_emergency_does_not_put_its_review_off(world: World) -> None:
    alone(world)
    record = emergency(authors=["ana"], **ago(days=3))
    world.put(record)
    world.act("dora", "proposed", record)
    world.act("dora", "approved", record, comment="Nobody else answered.")
    landed(world.step())
    edited = record | {"reason": "Mail was down for everybody.", "revision": 2}
    world.put(edited)
    world.approved(edited, "dora")
    world.land()
    held(planned(world), record)
