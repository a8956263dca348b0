"""What was decided at entry stands until it is taken back or has expired: against a slow oracle, and case by case."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from itsm_as_code.domain.approval.act import Act
from itsm_as_code.domain.approval.directory import directory_of
from itsm_as_code.domain.approval.standing import JudgedEntry, ratified, stands
from itsm_as_code.domain.approval.verdict import GateStatus, Verdict
from tests.domain.approval import oracle
from tests.domain.approval.oracle import World
from tests.domain.approval.test_verdict_oracle import NAMES, acts, found, mostly, worlds
from tests.domain.approval.world import (
    NOW,
    PEOPLE,
    PROPOSAL,
    QUESTION,
    TEAMS,
    act,
    name,
    person,
    policy,
    registry,
    rule,
    team,
)
from tests.domain.approval.world import verdict as judged

APPROVAL = act(2, "ben")


def entry(*made: Act, is_root: bool = False, **more: Any) -> JudgedEntry:
    """What one member of the CAB let in, by default on the word of ben."""
    listed = made or (PROPOSAL, APPROVAL)
    rules = more.pop("rules", (rule(),))
    return JudgedEntry(
        "c0ffee" * 7,
        NOW,
        judged(*listed, rules=rules, **more),
        (policy(*rules),),
        registry(PEOPLE, TEAMS),
        listed,
        is_root,
    )


def by_now(found: JudgedEntry, *later: Act, after: timedelta = timedelta()) -> Verdict:
    return stands(found, later, NOW + after, NOW + after)


def whys(verdict: Verdict) -> list[str]:
    return [lapse.why for lapse in verdict.lapses]


def test_what_nobody_took_back_stands() -> None:
    seen = by_now(entry())
    assert (seen.status, seen.lapses, [each.by for each in seen.filled]) == (GateStatus.APPROVED, (), ["ben"])


def test_an_approval_that_was_taken_back_is_named_with_the_way_out() -> None:
    seen = by_now(entry(), act(9, "ben", "withdrawn", supersedes=[2]))
    assert seen.status is GateStatus.PENDING
    assert whys(seen) == [f"the approval of ben ({name(2)}) no longer counts: superseded by {name(9)} of ben"]
    assert seen.lapses[0].way_out == f"itsm approve {QUESTION.subject} --gate scheduled"


def test_an_approval_that_its_maker_only_contradicts_lapses_too() -> None:
    (why,) = whys(by_now(entry(), act(9, "ben", "refused")))
    assert why.endswith("ben also refused or withdrew, and the stricter act counts")


def test_a_proposal_that_was_taken_back_is_named() -> None:
    seen = by_now(entry(), act(9, "ana", "withdrawn", supersedes=[1]))
    assert [(each.why, each.way_out) for each in seen.lapses] == [
        ("its proposal was taken back", f"itsm propose {QUESTION.subject} --gate scheduled")
    ]


def test_what_others_say_now_changes_nothing() -> None:
    seen = by_now(entry(), act(7, "cho", "refused"), act(8, "dee", "withdrawn", supersedes=[2]), act(9, "ben"))
    assert seen.is_open and seen.blocking == ()


def test_a_spare_approval_takes_the_place_of_one_that_was_taken_back() -> None:
    made = entry(PROPOSAL, APPROVAL, act(3, "cho"))
    assert by_now(made, act(9, "ben", "withdrawn", supersedes=[2])).is_open
    assert not by_now(made, act(9, "ben", "withdrawn", supersedes=[2]), act(8, "cho", "withdrawn")).is_open


def test_an_approval_anew_is_for_the_people_and_rules_of_today() -> None:
    taken_back = act(8, "ben", "withdrawn", supersedes=[2])
    assert not by_now(entry(), taken_back, act(9, "ben", supersedes=[8])).is_open


@pytest.mark.parametrize(("minutes", "open_"), [(-1, True), (0, False)])
def test_an_approval_expires_by_the_rule_of_its_entry(minutes: int, open_: bool) -> None:
    made = entry(rules=(rule(expires_after="2h"),))
    seen = by_now(made, after=timedelta(hours=1, minutes=minutes))
    assert seen.is_open is open_
    assert open_ or "it has expired: it was valid for 2h from 2026-11-21T08:00:00Z" in whys(seen)[0]


def test_what_was_never_decided_does_not_stand() -> None:
    seen = by_now(entry(PROPOSAL))
    assert [(each.why, each.way_out) for each in seen.lapses] == [
        ("it passed gate scheduled in step c0ffeec0ffee without the decision it needs",
         f"itsm approve {QUESTION.subject} --gate ratify")
    ]  # fmt: skip


def test_a_key_that_is_known_by_now_to_have_been_in_other_hands_is_the_reason_given() -> None:
    lost = replace(APPROVAL, fault="somebody else may have had the key since 2026-11-20T00:00:00Z")
    seen = by_now(entry(PROPOSAL, lost))
    assert whys(seen) == [f"the approval of ben ({name(2)}) no longer counts: {lost.fault}"]
    assert seen.lapses[0].way_out.endswith("--gate ratify")


@pytest.mark.parametrize("other", [act(2, "zoe"), act(2, "cho", "refused", fault="unsigned")])
def test_only_an_approval_that_was_unsound_at_entry_is_the_reason_given(other: Act) -> None:
    (why,) = whys(by_now(entry(PROPOSAL, other)))
    assert why.startswith("it passed gate scheduled in step c0ffeec0ffee without")


@pytest.mark.parametrize(("minutes", "stands_"), [(30, False), (90, True)])
def test_an_act_that_came_later_counts_up_to_the_time_by_which_it_is_asked(minutes: int, stands_: bool) -> None:
    later = act(9, "ben", "withdrawn", supersedes=[2], at=NOW + timedelta(minutes=minutes))
    assert by_now(entry(), later, after=timedelta(hours=1)).is_open is stands_


def test_an_overdue_review_at_entry_is_no_reason_later() -> None:
    held = replace(QUESTION, held_back=("a review is overdue",))
    assert by_now(entry(question=held)).is_open


def test_what_came_with_the_first_commit_stands_until_an_approval_of_it_is_taken_back() -> None:
    root = entry(PROPOSAL, APPROVAL, is_root=True, rules=(rule(seats=[{"teams": ["security"], "count": 2}]),))
    assert not root.verdict.is_open and by_now(root).is_open
    seen = by_now(root, act(9, "ben", "withdrawn", supersedes=[2]))
    assert whys(seen) == ["an approval of it was taken back"]
    assert seen.lapses[0].way_out == f"itsm approve {QUESTION.subject} --gate scheduled"


# Taken over afterwards.


@pytest.mark.parametrize(
    ("acts", "wanted"),
    [
        ((), False), ((act(9, "ben", gate="ratify"),), True), ((act(9, "zoe", gate="ratify"),), False),
        ((act(9, "eli", gate="ratify"),), False), ((act(9, "ben"),), False),
        ((act(9, "ben", "proposed", gate="ratify"),), False), ((act(9, "ana", gate="ratify"),), False),
        ((act(9, "ben", gate="ratify"), act(8, "cho", "refused", gate="ratify")), False),
        ((act(9, "ben", gate="ratify", digest="itsm1:" + "c" * 64),), False),
    ],
    ids=["nobody", "by both", "by none", "by today alone", "at another gate", "proposed", "an author", "refused",
         "other content"],
)  # fmt: skip
def test_what_went_past_the_check_is_taken_over_by_those_who_may_by_both_bases(
    acts: tuple[Act, ...], wanted: bool
) -> None:
    """eli has joined the CAB since; ana wrote the content."""
    made = entry(*PAST_CHECK, question=replace(QUESTION, disqualified={"ana": "is one of its authors"}))
    later = registry((*PEOPLE, person("eli")), (team("cab", "ben", "cho", "dee", "eli", "ana"),))
    asked = replace(made.verdict.question, gate="ratify", rules_of="scheduled")

    def today(counting: frozenset[str] | None) -> Verdict:
        return judged(*PAST_CHECK, *acts, question=replace(asked, counting=counting), people=later)

    assert ratified(made, today, (*PAST_CHECK, *acts), NOW) is wanted


@pytest.mark.parametrize("why", [{"faults": ("a policy can't be read",)}, {"held_back": ("a review is overdue",)}])
def test_what_else_kept_it_from_passing_the_check_keeps_nobody_from_taking_it_over(why: dict[str, Any]) -> None:
    made = entry(*PAST_CHECK, question=replace(QUESTION, **why))
    assert not made.verdict.is_open
    asked = replace(QUESTION, gate="ratify", rules_of="scheduled")
    acts = (*PAST_CHECK, act(9, "cho", gate="ratify"))
    assert ratified(made, lambda counting: judged(*acts, question=replace(asked, counting=counting)), acts, NOW)


@pytest.mark.parametrize(("more", "wanted"), [((), False), ((act(8, "dee", gate="ratify"),), True)])
def test_who_had_ratified_before_it_went_past_the_check_fills_no_seat(more: tuple[Act, ...], wanted: bool) -> None:
    two = (rule(seats=[{"teams": ["cab"], "count": 2}]),)
    made = entry(*PAST_CHECK, rules=two)
    asked = replace(QUESTION, gate="ratify", rules_of="scheduled")
    acts = (*PAST_CHECK, act(9, "cho", gate="ratify"), *more)

    def today(counting: frozenset[str] | None) -> Verdict:
        return judged(*acts, rules=two, question=replace(asked, counting=counting))

    assert today(None).is_open, "ben's older act would fill a seat"
    assert ratified(made, today, acts, NOW) is wanted


PAST_CHECK = (PROPOSAL, act(3, "ben", gate="ratify", at=NOW - timedelta(hours=2)))
"""What was there when it went past the check: ben had ratified something before the deed."""


# Any history.


@st.composite
def approved(draw: st.DrawFn) -> World:
    """A world in which most of those who may approve have done so."""
    seats = {"people": list(NAMES), "count": draw(st.sampled_from([1, 1, 2]))}
    expiry = draw(st.sampled_from([{}, {"expires_after": "3h"}]))
    listed = draw(st.sampled_from([("one",), ("one", "two")]))
    away = {"delegate": ("eli", NOW - timedelta(days=1), NOW + timedelta(minutes=1))}
    made = [act(number, each, on_behalf_of=None) for number, each in enumerate(NAMES[1:4], 2) if draw(mostly)]
    deputy = [act(5, "eli", on_behalf_of="dee")] if draw(st.booleans()) else []
    return World(
        question=replace(QUESTION, disqualified={}, owner_team=None),
        rules=tuple(rule(each, [seats], distinct_people=draw(mostly), **expiry) for each in listed),
        acts=(act(1, "ana", "proposed"), *made, *deputy),
        people=tuple(person(each, **(away if each == "dee" else {})) for each in NAMES),
        teams=(), now=NOW,
    )  # fmt: skip


@st.composite
def histories(draw: st.DrawFn) -> tuple[World, tuple[Act, ...], datetime]:
    """A world at entry, acts that were made since, and when it is used."""
    world = draw(st.one_of(approved(), approved(), worlds()))
    later = []
    for number in range(11, 11 + draw(st.integers(0, 3))):
        one = draw(acts(number))
        named = draw(st.frozensets(st.integers(1, 13), max_size=2))
        decision = draw(st.sampled_from(["withdrawn", "withdrawn", "refused", one.decision.value]))
        later.append(replace(one, decision=type(one.decision)(decision), supersedes=frozenset(map(name, named)),
                             gate=world.question.gate))  # fmt: skip
    return world, tuple(later), NOW + draw(st.sampled_from([timedelta(), timedelta(hours=2), timedelta(hours=23)]))


def of(world: World) -> JudgedEntry:
    """How the record of a world passed its gate."""
    policies = (policy(*world.rules),) if world.rules else ()
    return JudgedEntry("c0ffee", NOW, found(world), policies, directory_of(world.people, world.teams), world.acts)


@given(histories())
@settings(max_examples=300)
def test_whether_it_stands_is_as_the_oracle_says(history: tuple[World, tuple[Act, ...], datetime]) -> None:
    world, later, used_at = history
    made = of(world)
    seen = stands(made, later, used_at, NOW)
    event(f"was open: {made.verdict.is_decided}, stands: {seen.is_open}")
    assert seen.is_open is oracle.stands(world, later, used_at)
    assert bool(seen.lapses) is not seen.is_open


@given(histories())
def test_nothing_that_is_said_later_lets_more_stand(history: tuple[World, tuple[Act, ...], datetime]) -> None:
    world, later, used_at = history
    made = of(world)
    if not stands(made, (), used_at, NOW).is_open:
        assert not stands(made, later, used_at, NOW).is_open
    if not stands(made, later, NOW, NOW).is_open:
        assert not stands(made, later, used_at, NOW).is_open
