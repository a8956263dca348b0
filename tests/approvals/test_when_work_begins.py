"""What was decided at entry is asked again where work begins: each reason that voids it, beside what voids nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from itsm_as_code.domain.instants import write_instant
from tests.approvals.records import (
    CHANGES,
    NOBODY,
    NOW,
    OPEN,
    Record,
    at,
    begun,
    change,
    incident,
    path,
    person,
    request,
    team,
    window,
    with_entry,
)
from tests.approvals.test_freezes import refused
from tests.approvals.world import Push, World, act_id

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
EDITED_RULES = ("dora", "cleo")


def entered(world: World, record: Record, *by: str) -> dict[str, str]:
    """Lets a change in that people approved; person to the id of their act."""
    world.put(record)
    acts = {"ana": act_id(world.act("ana", "proposed", record))}
    acts |= {name: act_id(world.act(name, "approved", record)) for name in by}
    world.land()
    return acts


def planned(**fields: Any) -> Record:
    return change(window=OPEN, **fields)


def rules(world: World, **owner: Any) -> None:
    """The rule of the owner team is edited, by whom the rules ask."""
    listed = [each | owner if each["id"] == "owner" else each for each in CHANGES["rules"]]
    edited = world.edited(path(CHANGES), rules=[{k: v for k, v in each.items() if v is not None} for each in listed])
    keep(world, edited)


def keep(world: World, edited: Record) -> None:
    """An edit of what keepers keep lands with the word of one of them."""
    world.put(edited)
    proposer = "ben" if edited["id"] == "ana" else "ana"  # whose key is revoked by the step does not ask for it
    world.approved(edited, "dora" if edited["id"] == "cleo" else "cleo", proposer=proposer)
    world.land()


def stopped(push: Push, *words: str) -> None:
    refused(push, "APR009", "may not begin", *words)


# Taken back.


@pytest.mark.parametrize("landed", [True, False], ids=["landed before", "in the same step"])
def test_A240_work_does_not_begin_on_an_approval_that_was_taken_back(world: World, landed: bool) -> None:
    record = planned()
    acts = entered(world, record, "ben")
    world.act("ben", "withdrawn", record, supersedes=[acts["ben"]])
    if landed:
        world.land("ben")
    world.put(begun(record))
    stopped(world.step(), f"the approval of ben ({acts['ben']}) no longer counts", f"itsm approve {record['id']}")


def test_A240_nor_on_one_against_which_its_maker_said_the_opposite(world: World) -> None:
    record = planned()
    entered(world, record, "ben")
    world.act("ben", "withdrawn", record)
    world.land("ben")
    world.put(begun(record))
    stopped(world.step(), "ben also refused or withdrew")


def test_work_begins_once_somebody_else_has_approved_it_anew(world: World) -> None:
    record = planned()
    acts = entered(world, record, "ben")
    world.act("ben", "withdrawn", record, supersedes=[acts["ben"]])
    world.land("ben")
    world.act("dora", "approved", record)
    world.land("dora")
    world.put(begun(record))
    world.land()


def test_work_begins_where_somebody_took_it_back_and_approved_it_again(world: World) -> None:
    record = planned()
    acts = entered(world, record, "ben")
    back = act_id(world.act("ben", "withdrawn", record, supersedes=[acts["ben"]]))
    world.act("ben", "approved", record, supersedes=[back])
    world.land("ben")
    world.put(begun(record))
    world.land()


@pytest.mark.parametrize("who", ["cleo", "dora"])
def test_A240_of_two_approvals_each_must_still_stand(world: World, who: str) -> None:
    record = planned(service_id="portal")
    acts = entered(world, record, "cleo", "dora")
    world.act(who, "withdrawn", record, supersedes=[acts[who]])
    world.land(who)
    world.put(begun(record))
    stopped(world.step(), f"the approval of {who}")


def test_of_more_approvals_than_seats_one_may_be_taken_back(world: World) -> None:
    record = planned()
    acts = entered(world, record, "ben", "dora")
    world.act("ben", "withdrawn", record, supersedes=[acts["ben"]])
    world.land("ben")
    world.put(begun(record))
    world.land()


def test_A240_nor_without_the_proposal(world: World) -> None:
    record = planned()
    acts = entered(world, record, "ben")
    world.act("ana", "withdrawn", record, supersedes=[acts["ana"]])
    world.land()
    world.put(begun(record))
    stopped(world.step(), "its proposal was taken back")


def test_nobody_takes_back_what_others_approved(world: World) -> None:
    record = planned()
    acts = entered(world, record, "ben")
    world.act("eve", "withdrawn", record, supersedes=[acts["ben"]])
    world.land("eve")
    world.put(begun(record))
    world.land()


def test_a_change_whose_approval_was_taken_back_may_be_noted_on_called_off_and_planned_anew(world: World) -> None:
    record = planned()
    acts = entered(world, record, "ben")
    world.act("ben", "withdrawn", record, supersedes=[acts["ben"]])
    world.land("ben")
    for after in (
        with_entry(record, note="We ask again."), with_entry(record, state="cancelled", reason="Not now."),
        with_entry(record, state="draft", reason="Not so.") | {"revision": 2},
    ):  # fmt: skip
        world.put(after)
        push = world.offer()
        assert push.landed, push.said


# Expired.


def test_A240_work_does_not_begin_on_an_approval_that_has_expired(world: World) -> None:
    record = change(window=window(HOUR, 60 * DAY))
    entered(world, record, "ben")
    late = NOW + 31 * DAY
    world.put(with_entry(record, minutes=-31 * 24 * 60, state="implementing"))
    stopped(world.offer(now=late), "it has expired: it was valid for 30d", "itsm approve")
    early = NOW + 29 * DAY
    world.put(with_entry(record, minutes=-29 * 24 * 60, state="implementing"))
    push = world.offer(now=early)
    assert push.landed, push.said


def test_the_life_of_an_approval_is_that_of_the_rule_by_which_it_entered(world: World) -> None:
    record = change(window=window(HOUR, 60 * DAY))
    entered(world, record, "ben")
    rules(world, expires_after="1d")
    world.put(with_entry(record, minutes=-2 * 24 * 60, state="implementing"))
    push = world.offer(now=NOW + 2 * DAY)
    assert push.landed, push.said


@pytest.mark.parametrize("seats", [[{"teams": ["cab"]}], [{"teams": ["security"]}]], ids=["his", "not his"])
def test_an_expired_approval_counts_by_a_later_rule_only_if_that_asks_for_its_maker(
    world: World, seats: list[Record]
) -> None:
    """What the rules of today approve may begin: it could pass its gate today as it is."""
    record = change(window=window(HOUR, 60 * DAY))
    entered(world, record, "ben")
    world.put(team("security", "cleo", "dora"))
    keep(world, team("security", "cleo", "dora", authors=["ana"]))
    rules(world, expires_after="90d", seats=seats)
    world.put(with_entry(record, minutes=-31 * 24 * 60, state="implementing"))
    push = world.offer(now=NOW + 31 * DAY)
    if seats == [{"teams": ["cab"]}]:
        assert push.landed, push.said
    else:
        stopped(push, "it has expired: it was valid for 30d")


# A key in other hands.


def revoke(world: World, name: str, since: str) -> None:
    key = {"key": world.public(name), "revoked": {"since": since, "reason": "A stolen laptop."}}
    keep(world, world.edited(path(person(name, "")), keys=[key]))


def test_A240_work_does_not_begin_on_a_key_that_was_in_other_hands_when_it_approved(world: World) -> None:
    record = planned()
    entered(world, record, "ben")
    revoke(world, "ben", at(hours=1))
    world.put(begun(record))
    stopped(world.step(), "the approval of ben", "somebody else may have had the key", "--gate ratify")
    world.git("reset", "--soft", "--quiet", world.tip())
    world.act("dora", "approved", record)
    world.land()


def test_what_landed_before_a_key_was_lost_lets_work_begin(world: World) -> None:
    record = planned()
    entered(world, record, "ben")
    revoke(world, "ben", write_instant(NOW + HOUR))
    world.put(with_entry(record, minutes=-120, state="implementing"))
    push = world.offer(now=NOW + 2 * HOUR)
    assert push.landed, push.said


# What voids nothing.


def _left(world: World) -> None:
    keep(world, world.edited(path(person("ben", "")), state="retired"))


def _moved(world: World) -> None:
    keep(world, world.edited("records/teams/it.yaml", members=["ana", "dora"]))


def _stricter(world: World) -> None:
    rules(world, seats=[{"teams": ["it"], "count": 2}, {"roles": ["keeper"]}])


def _no_rule(world: World) -> None:
    keep(world, world.edited(path(CHANGES), rules=[{"id": "standard", "when": {"type": "standard"}} | NOBODY]))


def _tier(world: World) -> None:
    world.put(world.edited("records/services/mail.yaml", tier=1))
    world.land()


@pytest.mark.parametrize("since", [_left, _moved, _stricter, _no_rule, _tier], ids=lambda each: each.__name__)
def test_people_teams_and_rules_of_today_do_not_undo_what_was_decided_at_entry(
    world: World, since: Callable[[World], None]
) -> None:
    record = planned()
    acts = entered(world, record, "ben")
    since(world)
    world.put(begun(record))
    push = world.offer()
    assert push.landed, push.said
    if since is _left:
        return
    world.act("ben", "withdrawn", record, supersedes=[acts["ben"]])
    stopped(world.offer(), "the approval of ben")


def test_what_a_deputy_approved_stands_when_the_holidays_are_over_until_it_is_taken_back(world: World) -> None:
    away = {"to": "eve", "from": at(days=3), "until": write_instant(NOW + HOUR)}
    keep(world, world.edited(path(person("ben", "")), delegate=away))
    record = planned()
    world.put(record)
    world.act("ana", "proposed", record)
    made = act_id(world.act("eve", "approved", record, on_behalf_of="ben"))
    world.land()
    world.put(with_entry(record, minutes=-120, state="implementing"))
    push = world.offer(now=NOW + 2 * HOUR)
    assert push.landed, push.said
    world.act("ben", "withdrawn", record, supersedes=[made])
    stopped(world.offer(now=NOW + 2 * HOUR), f"the approval of ben ({made})")


def test_an_emergency_begins_although_its_incident_is_resolved_unless_it_was_taken_back(world: World) -> None:
    ticket = incident("1NC01", "P1")
    record = change(type="emergency", incident=ticket["id"])
    acts = entered(world, record, "dora")
    world.put(with_entry(ticket, 5, state="resolved") | {"resolution": {"code": "fixed", "summary": "It is up."}})
    world.force()
    world.put(begun(record))
    push = world.offer()
    assert push.landed, push.said
    world.act("dora", "withdrawn", record, supersedes=[acts["dora"]])
    stopped(world.offer(), "the approval of dora")


# What went past the check.


def test_A240_work_does_not_begin_on_what_went_past_the_check_until_it_is_ratified(world: World) -> None:
    record = planned()
    world.put(record)
    world.force()
    world.put(begun(record))
    stopped(world.offer(), "without the decision it needs", f"itsm approve {record['id']} --gate ratify")
    world.act("ben", "approved", record, gate="ratify")
    push = world.offer()
    assert push.landed, push.said


def test_A240_nobody_ratifies_for_the_work_what_only_a_step_past_the_check_let_them_decide(world: World) -> None:
    record = planned()
    world.put(record, world.edited("records/teams/it.yaml", members=["ana", "ben", "dora", "eve"]))
    world.force()
    world.act("eve", "approved", record, gate="ratify")
    world.force()
    world.put(begun(record))
    stopped(world.offer(), "without the decision it needs")
    world.act("dora", "approved", record, gate="ratify")
    push = world.offer()
    assert push.landed, push.said


# The window.


def test_A240_work_that_begins_two_days_before_its_window_is_refused(world: World) -> None:
    record = change()
    entered(world, record, "ben")
    world.put(begun(record))
    stopped(world.step(), "before its window opens", "itsm revise")


@pytest.mark.parametrize("state", ["implementing", "evaluation", "closed"])
def test_A240_no_state_and_no_birth_leads_round_the_window(world: World, state: str) -> None:
    outcome: Record = {} if state == "implementing" else {"outcome": {"code": "successful"}}
    record = change(state=state, **outcome)
    world.put(record)
    world.approved(record, "ben")
    stopped(world.offer(), "before its window opens")
    inside = change(state=state, window=window(2 * HOUR, HOUR), **outcome)
    world.put(inside)
    world.approved(inside, "ben")
    push = world.offer()
    assert push.landed, push.said


def test_A240_a_change_that_is_born_after_its_work_has_a_window_too(world: World) -> None:
    record = change(state="closed", outcome={"code": "successful"})
    del record["window"]
    world.put(record)
    world.approved(record, "ben")
    stopped(world.offer(), "it has no window")


@pytest.mark.parametrize(
    ("opens", "closes", "began", "now", "words"),
    [
        (0, 60, 0, 0, None), (0, 60, 59, 59, None), (0, 60, 60, 60, "after its window ended"),
        (1, 60, 0, 0, "before its window opens"), (1, 60, 1, 0, "its window opens at"),
        (3, 60, 4, 0, "its window opens at"), (-60, 0, -1, 60, None), (-60, 0, -1, 11 * 60, None),
        (-60, 0, -1, 12 * 60, "its window ended at"), (-60, 0, -1, 7 * 24 * 60, "its window ended at"),
        (-60, 0, 0, 0, "after its window ended"), (-60, 0, 30, 30, "after its window ended"),
    ],
    ids=[
        "as it opens", "in its last minute", "as it ends", "a minute early", "dated a minute ahead, into the window",
        "dated four minutes ahead, into the window", "pushed an hour after the end", "pushed eleven hours after",
        "pushed twelve hours after", "dated back by a week", "just after the end", "half an hour after the end",
    ],
)  # fmt: skip
def test_A240_the_clock_and_the_entry_are_both_in_the_window(
    world: World, opens: int, closes: int, began: int, now: int, words: str | None
) -> None:
    """Minutes from the moment at which the change was let in, some hours ago by the clock that judges."""
    start = NOW + 3 * HOUR
    when = {"start": write_instant(start + opens * HOUR / 60), "end": write_instant(start + closes * HOUR / 60)}
    record = change(window=when)
    entered(world, record, "ben")
    world.put(with_entry(record, minutes=-180 - began, state="implementing"))
    push = world.offer(now=start + now * HOUR / 60)
    if words is None:
        assert push.landed, push.said
    else:
        stopped(push, words)


def test_A240_what_the_outcome_says_of_the_beginning_is_in_the_window_too(world: World) -> None:
    record = planned()
    entered(world, record, "ben")
    ended = with_entry(begun(record, 20), 3, state="closed")
    world.put(ended | {"outcome": {"code": "successful", "started_at": at(days=1)}})
    stopped(world.offer(), "before its window opens")
    world.put(ended | {"outcome": {"code": "successful", "started_at": at(minutes=19), "ended_at": at(minutes=4)}})
    push = world.offer()
    assert push.landed, push.said


def test_work_may_end_and_be_closed_after_its_window(world: World) -> None:
    record = change(window=window(3 * HOUR, -HOUR))
    world.put(record | {"timeline": [record["timeline"][0] | {"at": at(hours=4)}]})
    record["timeline"][0]["at"] = at(hours=4)
    entered(world, record, "ben")
    world.put(begun(record, 120))
    world.land()
    closed = with_entry(begun(record, 120), 2, state="closed") | {"outcome": {"code": "successful"}}
    world.put(closed)
    world.land()


def test_an_emergency_begins_at_any_time(world: World) -> None:
    record = change(type="emergency", incident=incident("1NC01", "P1")["id"])
    entered(world, record, "dora")
    world.put(begun(record))
    world.land()


def test_A240_a_change_does_not_become_an_emergency_to_begin_at_any_time(world: World) -> None:
    record = change()
    entered(world, record, "ben")
    urgent = begun(record) | {"type": "emergency", "incident": incident("1NC01", "P1")["id"], "revision": 2}
    world.put(urgent)
    push = world.offer()
    assert not push.landed and "APR001" in push.said
    world.approved(urgent, "dora")
    push = world.offer()
    assert push.landed, push.said


def test_what_was_done_already_is_recorded_with_a_word_of_that_which_people_approve(world: World) -> None:
    long_ago = change(state="closed", outcome={"code": "successful"}, window=window(72 * HOUR, -48 * HOUR))
    long_ago["timeline"][0]["at"] = at(hours=60)
    world.put(long_ago)
    world.approved(long_ago, "ben")
    stopped(world.offer(), "its window ended at", "retrospective")
    told = long_ago | {"retrospective": {"reason": "The network was down."}}
    world.put(told)
    push = world.offer()
    assert not push.landed and "APR001" in push.said
    world.approved(told, "ben")
    push = world.offer()
    assert push.landed, push.said


def test_A240_a_window_is_not_moved_over_work_that_has_begun_without_a_decision(world: World) -> None:
    record = planned()
    entered(world, record, "ben")
    world.put(begun(record) | {"window": window(HOUR, 9 * DAY), "revision": 2})
    push = world.offer()
    assert not push.landed and "APR001" in push.said


def test_an_overdue_review_holds_up_no_work_that_was_planned_before(world: World) -> None:
    from tests.approvals.test_debts import overdue

    record = planned()
    entered(world, record, "ben")
    overdue(world)
    _left(world)
    world.put(begun(record))
    push = world.offer()
    assert push.landed, push.said


# Requests.


def held(world: World) -> tuple[Record, dict[str, str]]:
    """A request that was approved, begun, and waits for something."""
    record = request("laptop")
    world.put(record)
    acts = {"ana": act_id(world.act("ana", "proposed", record)), "cleo": act_id(world.act("cleo", "approved", record))}
    world.land()
    waiting = with_entry(record, 30, state="on_hold", reason="It is ordered.")
    world.put(waiting)
    world.land()
    return waiting, acts


def test_a_request_goes_on_after_a_wait_whoever_has_left(world: World) -> None:
    record, _ = held(world)
    keep(world, world.edited(path(person("cleo", "")), state="retired"))
    world.put(with_entry(record, state="in_progress"))
    world.land()


@pytest.mark.parametrize("ended", [(), ("fulfilled",)], ids=["on", "on to its end"])
def test_A240_a_request_whose_approval_was_taken_back_does_not_go_on(world: World, ended: tuple[str, ...]) -> None:
    record, acts = held(world)
    world.act("cleo", "withdrawn", record, supersedes=[acts["cleo"]])
    world.land("cleo")
    after = with_entry(record, 10, state="in_progress")
    for state in ended:
        after = with_entry(after, 5, state=state) | {"fulfilment": {"summary": "Handed over."}}
    world.put(after)
    stopped(world.step(), "the approval of cleo")


def test_a_request_whose_approval_was_taken_back_may_be_cancelled(world: World) -> None:
    record, acts = held(world)
    world.act("cleo", "withdrawn", record, supersedes=[acts["cleo"]])
    world.land("cleo")
    world.put(with_entry(record, state="cancelled", reason="No longer wanted."))
    world.land()


def test_A240_a_request_that_somebody_refused_does_not_go_on(world: World) -> None:
    record, _ = held(world)
    world.act("dora", "refused", record)
    world.land("dora")
    world.put(with_entry(record, state="in_progress"))
    refused(world.step(), "APR002", "refused by dora")
