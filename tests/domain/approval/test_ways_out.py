"""What a verdict says of the way out: who takes a refusal back, and what to do before a review can be decided on."""

from __future__ import annotations

from dataclasses import replace

from itsm_as_code.checks.approvals import message, way_out
from itsm_as_code.domain.kinds.person import Person
from tests.domain.approval.world import PEOPLE, PROPOSAL, QUESTION, TEAMS, act, person, registry, rule, verdict

RULE = rule(withdraw_by=("change-manager",))
TAKE_BACK = f"itsm withdraw {QUESTION.subject} --gate scheduled"


def without(*gone: str) -> tuple[Person, ...]:
    """The people of base, some of whom have left."""
    return tuple(person(each.id, state="retired") if each.id in gone else each for each in PEOPLE)


def way(*, rules: object = RULE, left: tuple[str, ...] = (), disqualified: tuple[str, ...] = ()) -> str:
    question = replace(QUESTION, disqualified=dict.fromkeys(disqualified, "is one of its authors"))
    refusal = act(4, "dee", "refused")
    people = registry(without(*left), TEAMS)
    return way_out(verdict(PROPOSAL, refusal, rules=[rules], question=question, people=people))  # type: ignore[list-item]


def test_a_refusal_is_taken_back_by_its_maker_or_a_named_role() -> None:
    by_zoe = f"{TAKE_BACK} --act {act(4, 'x').id} --push"
    assert way() == f"dee takes it back with: {TAKE_BACK} --push; or zoe may withdraw it with: {by_zoe}"
    assert way(rules=rule()) == f"dee takes it back with: {TAKE_BACK} --push"


def test_who_has_left_takes_nothing_back() -> None:
    assert way(left=("dee",)) == f"zoe may withdraw it with: {TAKE_BACK} --act {act(4, 'x').id} --push"


def test_an_author_is_not_named_though_they_hold_the_role() -> None:
    assert way(disqualified=("zoe",)) == f"dee takes it back with: {TAKE_BACK} --push"


def test_where_nobody_could_it_says_why() -> None:
    assert way(left=("dee", "zoe")).startswith("dee may no longer decide, and no rule names")


def test_a_review_is_written_before_it_is_decided_on() -> None:
    found = verdict(question=replace(QUESTION, gate="post-review", faults=("there is no review",), review_missing=True))
    assert way_out(found).startswith("write `post_implementation_review`, then: itsm approve")


def test_seats_of_one_sort_are_told_of_together_and_approvals_that_do_not_count_too() -> None:
    two = rule(seats=[{"count": 2, "teams": ["cab"]}])
    told = message(verdict(PROPOSAL, act(3, "ben", digest="itsm1:" + "0" * 64), rules=[two]))
    assert "changes/cab by 2 of ben, cho, dee" in told
    assert "the approval of ben does not count: stale" in told


def test_a_deputy_is_named_beside_whose_decision_it_is() -> None:
    at = QUESTION
    away = person("cho", delegate=("ana", "2026-11-20T00:00:00Z", "2026-11-30T00:00:00Z"))
    people = registry(tuple(away if each.id == "cho" else each for each in PEOPLE), TEAMS)
    (filled,) = verdict(act(1, "dee", "proposed"), act(3, "ana", on_behalf_of="cho"), question=at, people=people).filled
    assert (filled.by, filled.made_by) == ("cho", "ana")
    (own,) = verdict(PROPOSAL, act(3, "ben"), people=people).filled
    assert (own.by, own.made_by) == ("ben", None)
