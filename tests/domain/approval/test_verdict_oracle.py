"""The verdict against a brute-force oracle over small worlds, and what must hold in every world."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from itsm_as_code.domain.approval.act import Act, ActProof
from itsm_as_code.domain.approval.directory import Directory, directory_of
from itsm_as_code.domain.approval.judge import judge
from itsm_as_code.domain.approval.verdict import GateStatus, Verdict
from itsm_as_code.domain.kinds.person import Person
from itsm_as_code.domain.kinds.policy import PolicyRule
from itsm_as_code.domain.kinds.team import Team
from tests.domain.approval import oracle
from tests.domain.approval.oracle import World
from tests.domain.approval.world import DIGEST, NOW, QUESTION, STALE, act, name, person, policy, rule, team

NAMES = ("ana", "ben", "cho", "dee", "eli")
who = st.sampled_from(NAMES)
some = st.frozensets(who, max_size=4).map(sorted)
many = st.frozensets(who, min_size=2).map(sorted)
mostly_not = st.sampled_from([False] * 7 + [True])
mostly = st.sampled_from([True] * 7 + [False])


@st.composite
def persons(draw: st.DrawFn, each: str) -> Person:
    more: dict[str, Any] = {"roles": ("boss",) if draw(mostly_not) else ()}
    if draw(mostly_not):
        more["state"] = "retired"
    if draw(mostly_not):
        more["type"] = "bot"
    if draw(st.booleans()):
        more["delegate"] = (draw(who), NOW - timedelta(days=1), NOW + timedelta(hours=draw(st.sampled_from([0, 1, 9]))))
    return person(each, **more)


@st.composite
def teams(draw: st.DrawFn, each: str) -> Team:
    return team(each, *draw(some), parents=draw(st.sampled_from([(), ("red",), ("blue",)])))


@st.composite
def seats(draw: st.DrawFn) -> dict[str, Any]:
    seat: dict[str, Any] = {"count": draw(st.sampled_from([1, 1, 1, 2])), "people": draw(st.one_of(many, some))}
    seat["teams"] = draw(st.sampled_from([(), ("red",), ("red", "blue")]))
    seat["roles"] = draw(st.sampled_from([(), ("boss",)]))
    seat["owner_team"] = draw(mostly_not)
    seat["evidence"] = draw(st.sampled_from(["any", "signed", "signed", "review"]))
    return seat


@st.composite
def rules(draw: st.DrawFn, each: str) -> PolicyRule:
    if draw(mostly_not):
        return rule(each, "none", because="nobody needs to")
    more: dict[str, Any] = {"withdraw_by": ("boss",) if draw(st.booleans()) else ()}
    more["author_may_approve"] = draw(mostly_not)
    more["distinct_people"] = draw(mostly)
    more["veto"] = draw(mostly)
    if draw(mostly_not):
        more["expires_after"] = "1d"
    return rule(
        each,
        draw(st.one_of(st.lists(seats(), min_size=1, max_size=1), st.lists(seats(), min_size=1, max_size=2))),
        **more,
    )


@st.composite
def acts(draw: st.DrawFn, number: int) -> Act:
    decision = draw(st.sampled_from(["approved"] * 12 + ["proposed"] * 2 + ["refused", "withdrawn"]))
    more: dict[str, Any] = {"digest": draw(st.sampled_from([DIGEST] * 9 + [STALE]))}
    more["at"] = NOW - draw(st.sampled_from([timedelta(hours=1)] * 9 + [timedelta(days=1), timedelta(minutes=-6)]))
    more["on_behalf_of"] = draw(st.sampled_from([None] * 12 + [*NAMES]))
    more["supersedes"] = draw(st.frozensets(st.integers(1, 6), max_size=2)) if draw(mostly_not) else ()
    more["proof"] = draw(st.sampled_from([ActProof.SIGNED] * 6 + [ActProof.REVIEW]))
    more["seat"] = draw(st.sampled_from([None] * 9 + ["one"]))
    more["fault"] = draw(st.sampled_from([None] * 12 + ["unsigned"]))
    more["comment"] = draw(st.sampled_from([None, "It can't wait."]))
    more["subject"] = draw(st.sampled_from([QUESTION.subject] * 12 + ["CHG-20261121-0000A"]))
    by = NAMES[number % len(NAMES)] if draw(mostly) else draw(who)
    return act(number, by, decision, **more)


@st.composite
def worlds(draw: st.DrawFn) -> World:
    disqualified = draw(st.sampled_from([(), (), (), ("ana",), ("ben",)]))
    made = World(
        question=replace(
            QUESTION,
            disqualified=dict.fromkeys(disqualified, "is one of its authors"),
            owner_team=draw(st.sampled_from(["red", None])),
            reason_wanted=draw(mostly_not),
            held_back=("a review is overdue",) if draw(mostly_not) else (),
        ),
        rules=tuple(draw(rules(each)) for each in draw(st.sampled_from([(), *[("one",)] * 9, *[("one", "two")] * 5]))),
        acts=(
            *draw(openings()),
            *(draw(acts(number)) for number in range(2, draw(st.sampled_from([6, 5, 4, 3, 2, 1])) + 1)),
        ),
        people=tuple(draw(persons(each)) for each in NAMES),
        teams=(draw(teams("red")), draw(teams("blue"))),
        now=NOW,
    )
    if not draw(mostly_not):
        return made
    afterwards = tuple(replace(each, gate="ratify") for each in made.acts)
    return replace(made, acts=afterwards, question=replace(made.question, gate="ratify", rules_of="scheduled"))


def openings() -> st.SearchStrategy[tuple[Act, ...]]:
    """Most worlds begin with somebody's proposal."""
    return st.one_of(who.map(lambda each: (act(1, each, "proposed"),)), st.just(()))


def found(world: World, people: Directory | None = None) -> Verdict:
    policies = [policy(*world.rules)] if world.rules else []
    return judge(world.question, policies, world.acts, people or directory_of(world.people, world.teams), world.now)


@given(worlds())
@settings(max_examples=100)
def test_the_verdict_is_that_of_the_oracle(world: World) -> None:
    assert found(world).status == oracle.status(world)


@given(worlds())
def test_an_approved_verdict_shows_who_sits_where(world: World) -> None:
    seen = found(world)
    by_id = {each.id: each for each in world.acts}
    for each in seen.filled:
        assert (each.by is None) == (each.act is None) == (each.why is None)
        if each.act is not None:
            assert each.by == by_id[each.act].stands_for
            assert not each.could
    if seen.is_open:
        assert all(each.by for each in seen.filled)
        assert seen.proposed_by or not seen.filled or not world.question.needs_proposal


@given(worlds())
def test_every_act_on_the_subject_counts_or_is_discarded_once_with_a_reason(world: World) -> None:
    seen = found(world)
    discarded = [each.act.id for each in seen.discarded]
    assert len(discarded) == len(set(discarded))
    counted = {each.act for each in seen.filled} | {each.id for each in seen.blocking}
    approvals = {a.id for a in world.acts if a.decision == "approved" and a.subject == world.question.subject}
    assert approvals <= counted | set(discarded)
    assert not counted & set(discarded)
    assert all(each.why for each in seen.discarded)


@given(worlds())
def test_whoever_could_fill_an_empty_place_does_so_by_approving(world: World) -> None:
    seen = found(world)
    against = {a.stands_for for a in world.acts if a.decision in ("refused", "withdrawn")}
    for place in seen.filled:
        if seen.status is GateStatus.UNKNOWN or place.seat.evidence == "review":
            continue
        for candidate in set(place.could) - against:
            one_more = replace(world, acts=(*world.acts, act(7, candidate, gate=world.question.gate, comment="x")))
            assert sum(each.by is None for each in found(one_more).filled) < sum(e.by is None for e in seen.filled)


@given(worlds(), who, st.sampled_from([None, *NAMES]), st.sampled_from([DIGEST, STALE]))
def test_one_more_refusal_never_approves(world: World, by: str, on_behalf_of: str | None, digest: str) -> None:
    assume(not found(world).is_open)
    refusal = act(7, by, "refused", on_behalf_of=on_behalf_of, digest=digest, gate=world.question.gate)
    assert not found(replace(world, acts=(*world.acts, refusal))).is_open


@given(worlds(), who, st.booleans())
def test_one_person_less_never_approves(world: World, leaver: str, for_good: bool) -> None:
    assume(not found(world).is_open)
    others = tuple(each for each in world.people if each.id != leaver)
    retired = () if for_good else (person(leaver, state="retired"),)
    assert not found(replace(world, people=(*others, *retired))).is_open


@given(worlds(), st.integers(0, 90))
def test_time_alone_never_approves(world: World, minutes: int) -> None:
    settled = replace(world, acts=tuple(each for each in world.acts if each.at <= NOW))
    assume(not found(settled).is_open)
    assert not found(replace(settled, now=NOW + timedelta(hours=1, minutes=minutes))).is_open


@given(worlds())
def test_content_that_nobody_decided_on_is_approved_only_where_nobody_needs_to(world: World) -> None:
    edited = found(replace(world, question=replace(world.question, digest="itsm1:" + "c" * 64)))
    assert not edited.is_open or (found(world).is_open and not edited.filled)


@given(worlds(), st.data())
def test_acts_on_another_record_never_matter(world: World, data: st.DataObject) -> None:
    other = replace(data.draw(acts(8)), subject="CHG-20261121-0000A", supersedes=frozenset(map(name, range(1, 7))))
    assert found(replace(world, acts=(other, *world.acts))) == found(world)


@given(worlds(), st.randoms(use_true_random=False))
def test_order_never_matters(world: World, random: Any) -> None:
    def mixed(listed: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(random.sample(listed, len(listed)))

    other = replace(world, acts=mixed(world.acts), people=mixed(world.people), teams=mixed(world.teams))
    assert found(other) == found(world)


@given(worlds(), st.integers(1, 6))
def test_an_act_without_sound_evidence_is_as_good_as_none(world: World, number: int) -> None:
    unproved = tuple(replace(a, fault="unsigned") if a.id == name(number) else a for a in world.acts)
    without = tuple(a for a in world.acts if a.id != name(number))
    assert found(replace(world, acts=unproved)).status is found(replace(world, acts=without)).status


def test_the_worlds_are_not_all_alike() -> None:
    """The properties above would hold emptily in worlds where nothing is ever approved."""
    seen: set[GateStatus] = set()

    @given(worlds())
    @settings(max_examples=200, derandomize=True, database=None)
    def look(world: World) -> None:
        seen.add(found(world).status)

    look()
    assert seen == set(GateStatus)
