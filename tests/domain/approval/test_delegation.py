"""Deciding in somebody's place: dated, not chained, and never a way to be two people."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from itsm_as_code.domain.approval.act import Act, ActProof
from itsm_as_code.domain.approval.directory import Directory
from itsm_as_code.domain.approval.verdict import GateStatus
from itsm_as_code.domain.kinds.person import Person
from tests.domain.approval.world import (
    NOW,
    PEOPLE,
    PROPOSAL,
    QUESTION,
    STALE,
    TEAMS,
    act,
    name,
    person,
    reasons,
    registry,
    rule,
    verdict,
)

START, END = NOW - timedelta(days=1), NOW + timedelta(days=1)
FOR_BEN = act(2, "zoe", on_behalf_of="ben")
PAIR = rule(seats=[{"teams": ["cab"], "count": 2}])


def delegating(*pairs: tuple[str, str], start: datetime = START, end: datetime = END) -> Directory:
    """The people, some of whom have delegated: (from, to)."""
    to = dict(pairs)
    return registry([p if p.id not in to else _with_delegate(p.id, to[p.id], start, end) for p in PEOPLE], TEAMS)


def _with_delegate(each: str, to: str, start: datetime, end: datetime) -> Person:
    was = next(p for p in PEOPLE if p.id == each)
    return person(each, delegate=(to, start, end), roles=was.roles)


def test_a_deputy_fills_the_seat_of_the_delegator() -> None:
    found = verdict(PROPOSAL, FOR_BEN, people=delegating(("ben", "zoe")))
    assert found.is_open
    assert [(each.by, each.act, each.why) for each in found.filled] == [("ben", FOR_BEN.id, "team/cab")]


def test_a_deputy_who_does_not_say_so_decides_as_themselves() -> None:
    found = verdict(PROPOSAL, act(2, "zoe"), people=delegating(("ben", "zoe")))
    assert reasons(found) == {name(2): "zoe may fill no seat of changes/cab at base"}


@pytest.mark.parametrize(
    ("start", "end", "passes"),
    [(NOW, END, True), (NOW + timedelta(seconds=1), END, False), (START, NOW, False)],
    ids=["begins now", "begins later", "ended"],
)
def test_a_delegation_holds_in_a_half_open_stretch_of_the_checks_clock(
    start: datetime, end: datetime, passes: bool
) -> None:
    people = delegating(("ben", "zoe"), start=start, end=end)
    for backdated in (FOR_BEN, replace(FOR_BEN, at=NOW - timedelta(minutes=1))):
        found = verdict(PROPOSAL, backdated, people=people)
        assert found.is_open is passes
        if not passes:
            assert reasons(found) == {FOR_BEN.id: "the delegation from ben to zoe is not in force"}


def test_nobody_appoints_themselves() -> None:
    found = verdict(PROPOSAL, FOR_BEN)
    assert reasons(found) == {FOR_BEN.id: "ben has not delegated to zoe at base"}
    assert reasons(verdict(PROPOSAL, act(2, "zoe", on_behalf_of="eve"))) == {name(2): "eve is not on base"}
    assert reasons(verdict(PROPOSAL, act(2, "zoe", on_behalf_of="gone"))) == {name(2): "gone may not decide"}


def test_delegation_is_not_chained() -> None:
    people = delegating(("ben", "ana"), ("ana", "zoe"))
    assert not verdict(act(1, "cho", "proposed"), FOR_BEN, people=people).is_open


def test_delegator_and_deputy_fill_one_seat_for_the_delegator() -> None:
    people = delegating(("ben", "zoe"))
    found = verdict(PROPOSAL, act(3, "ben"), FOR_BEN, rules=[PAIR], people=people)
    assert found.status is GateStatus.PENDING
    assert reasons(found) == {FOR_BEN.id: "ben decided in person"}


def test_a_deputy_does_not_fill_a_seat_of_their_own_besides() -> None:
    people = delegating(("ben", "cho"))
    own, delegated = act(3, "cho"), act(4, "cho", on_behalf_of="ben")
    assert verdict(PROPOSAL, own, delegated, rules=[PAIR], people=people).status is GateStatus.PENDING
    assert verdict(PROPOSAL, own, delegated, act(5, "dee"), rules=[PAIR], people=people).is_open


def test_a_deputy_of_two_fills_one_seat() -> None:
    people = delegating(("ben", "zoe"), ("cho", "zoe"))
    found = verdict(PROPOSAL, FOR_BEN, act(3, "zoe", on_behalf_of="cho"), rules=[PAIR], people=people)
    assert found.status is GateStatus.PENDING


def test_a_delegator_who_decided_in_person_frees_the_deputy() -> None:
    people = delegating(("ben", "cho"))
    acts = act(2, "ben"), act(3, "cho", on_behalf_of="ben"), act(4, "cho")
    assert verdict(PROPOSAL, *acts, rules=[PAIR], people=people).is_open


def test_what_the_delegator_said_of_other_content_leaves_the_deputy_free() -> None:
    stale = act(3, "ben", digest=STALE)
    assert verdict(PROPOSAL, stale, FOR_BEN, people=delegating(("ben", "zoe"))).is_open


def test_a_delegation_to_the_author_is_none() -> None:
    people = delegating(("ben", "zoe"))
    asked = replace(QUESTION, disqualified={"zoe": "is one of its authors"})
    found = verdict(PROPOSAL, FOR_BEN, question=asked, people=people)
    assert found.status is GateStatus.PENDING
    assert reasons(found) == {FOR_BEN.id: "zoe is one of its authors"}


def test_an_author_is_not_let_in_through_a_deputy() -> None:
    asked = replace(QUESTION, disqualified={"ben": "is one of its authors"})
    found = verdict(PROPOSAL, FOR_BEN, question=asked, people=delegating(("ben", "zoe")))
    assert reasons(found) == {FOR_BEN.id: "ben is one of its authors"}


@pytest.mark.parametrize("proposal", [act(1, "zoe", "proposed"), act(1, "zoe", "proposed", on_behalf_of="ana")])
def test_whoever_proposed_for_another_does_not_approve(proposal: Act) -> None:
    people = delegating(("ana", "zoe"), ("ben", "zoe"))
    found = verdict(proposal, FOR_BEN, people=people)
    assert found.status is GateStatus.PENDING
    assert reasons(found) == {FOR_BEN.id: "zoe proposed it"}


def test_an_author_who_may_approve_does_so_for_another_by_a_signed_act_only() -> None:
    lone = rule(author_may_approve=True, seats=[{"teams": ["cab"], "evidence": "any"}])
    asked = replace(QUESTION, disqualified={"zoe": "is one of its authors"})
    people = delegating(("ben", "zoe"))
    assert verdict(PROPOSAL, FOR_BEN, rules=[lone], question=asked, people=people).is_open
    seen = replace(FOR_BEN, proof=ActProof.REVIEW)
    assert not verdict(PROPOSAL, seen, rules=[lone], question=asked, people=people).is_open


def test_a_deputy_withdraws_what_the_delegator_said_and_the_other_way_round() -> None:
    people = delegating(("cho", "zoe"))
    ben = act(2, "ben")
    for one, other in (("cho", "zoe"), ("zoe", "cho")):
        first = act(5, one, "refused", on_behalf_of=None if one == "cho" else "cho")
        second = act(6, other, "withdrawn", on_behalf_of=None if other == "cho" else "cho", supersedes=[5])
        assert verdict(PROPOSAL, ben, first, people=people).status is GateStatus.REFUSED
        assert verdict(PROPOSAL, ben, first, second, people=people).is_open


def test_a_deputy_whose_time_is_over_takes_no_refusal_back_but_brings_no_approval_back_either() -> None:
    over = delegating(("ben", "zoe"), end=NOW)
    refused, approved = act(5, "ben", "refused"), act(5, "ben")
    later = act(6, "zoe", "proposed", on_behalf_of="ben", supersedes=[5])
    assert verdict(PROPOSAL, act(3, "cho"), refused, later, people=over).status is GateStatus.REFUSED
    assert verdict(PROPOSAL, approved, people=over).is_open
    assert verdict(PROPOSAL, approved, later, people=over).status is GateStatus.PENDING
