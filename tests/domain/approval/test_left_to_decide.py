"""Whether anybody is left to decide on a record, besides those who wrote it or asked for it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from itsm_as_code.domain.approval.authorship import IS_AUTHOR
from itsm_as_code.domain.approval.directory import directory_of
from itsm_as_code.domain.approval.gates import EDITED
from itsm_as_code.domain.approval.left_to_decide import gates_ahead, shut_out
from itsm_as_code.domain.approval.question import Question
from tests.domain.approval.test_gates import WHOLE
from tests.domain.approval.world import QUESTION, person, policy, rule, team

PEOPLE = directory_of(
    [person("ana"), person("ben"), person("dee"), person("robo", type="bot"), person("out", state="retired")],
    [team("cab", "ana", "ben", "robo", "out"), team("it", "dee")],
)


IMPORTED = {"system": "old", "at": "2026-11-21T08:00:00Z"}


def ticket(kind: str, *states: str, **fields: Any) -> dict[str, Any]:
    entries = [{"at": "2026-11-21T08:00:00Z", "by": "ana", "state": state} for state in states]
    return {"kind": kind, "schema": 1, **WHOLE.get(kind, {}), "timeline": entries} | fields


def article(state: str, **fields: Any) -> dict[str, Any]:
    return {"kind": "article", "schema": 1, **WHOLE["article"], "state": state} | fields


@pytest.mark.parametrize(
    ("kind", "data", "gates"),
    [
        *((kind, {}, ("edit",)) for kind in EDITED),
        ("change", ticket("change", "draft"), ("scheduled",)),
        ("change", ticket("change", "draft", "scheduled"), ("scheduled",)),
        ("change", ticket("change", "draft", "closed"), ()),
        ("change", ticket("change", "draft", type="emergency"), ("scheduled", "post-review")),
        ("change", ticket("change", "closed", type="emergency"), ("post-review",)),
        ("change", ticket("change", "cancelled", type="emergency"), ()),
        ("change", ticket("change", "rejected", type="emergency"), ("scheduled",)),
        ("change", ticket("change", "closed", type="emergency", imported=IMPORTED), ()),
        ("request", ticket("request", "submitted"), ("in_progress",)),
        ("request", ticket("request", "closed"), ()),
        ("article", article("draft"), ("published",)),
        ("article", article("published", imported=IMPORTED), ("published",)),
        ("article", article("retired"), ("published",)),
        ("incident", ticket("incident", "new"), ()),
        ("asset", {"state": "active"}, ()),
    ],
)
def test_people_may_yet_decide_at_these_gates(kind: str, data: dict[str, Any], gates: tuple[str, ...]) -> None:
    assert gates_ahead(kind, data) == gates


def asked(*barred: str, **fields: Any) -> Question:
    return replace(QUESTION, disqualified=dict.fromkeys(barred, IS_AUTHOR), **fields)


def lacking(rules: list[Any], *barred: str, **fields: Any) -> list[str]:
    return list(shut_out([policy(*rules)], asked(*barred, **fields), PEOPLE))


def test_a_seat_that_somebody_is_left_for_lacks_nobody() -> None:
    assert lacking([rule()]) == lacking([rule()], "ana") == []


def test_bots_and_people_who_have_left_are_nobody() -> None:
    assert lacking([rule()], "ana", "ben") == ["changes/cab"]


def test_authors_count_where_the_rule_lets_them_approve() -> None:
    assert lacking([rule(author_may_approve=True)], "ana", "ben") == []


def test_a_rule_that_nobody_could_satisfy_anyway_is_not_the_authors_doing() -> None:
    assert lacking([rule(seats=[{"teams": ["none"]}])], "ana", "ben") == []


def test_seats_that_leave_nobody_to_propose_are_not_the_authors_doing() -> None:
    people = directory_of([person("ana"), person("ben")], [])
    both = policy(rule(seats=[{"people": ["ana", "ben"], "count": 2}]))
    assert list(shut_out([both], asked("ana"), people)) == []


def test_the_seat_of_the_owner_team_lacks_somebody_where_its_members_are_authors() -> None:
    owners = rule(seats=[{"owner_team": True}])
    assert lacking([owners], "ana") == []
    assert lacking([owners], "dee") == ["changes/cab"]


def test_a_rule_that_asks_for_nobody_lacks_nobody() -> None:
    assert lacking([rule(seats="none", because="So.")], "ana", "ben", "dee") == []


def test_two_rules_may_need_the_same_person() -> None:
    both = [rule(), rule("again", seats=[{"people": ["ana", "ben"]}])]
    assert lacking(both) == []
    assert lacking(both, "ben") == ["changes/again"]
    on_a_condition = [
        rule(each, seats=[{"people": ["ana", "ben"]}], when={"type": "normal"}) for each in ("one", "two")
    ]
    assert lacking(on_a_condition, "ben") == ["changes/two"]
    apart = [rule(distinct_people=False), rule("again", seats=[{"people": ["ben"]}], distinct_people=False)]
    assert lacking(apart, "ana") == []


def test_somebody_is_left_to_propose() -> None:
    three = [rule(seats=[{"people": ["ana", "ben", "dee"], "count": 2}])]
    assert lacking(three, "dee") == []  # dee proposes
    people = directory_of([person("ana"), person("ben")], [])
    alone = [rule(seats=[{"people": ["ana", "ben"], "count": 2}], author_may_approve=True)]
    assert list(shut_out([policy(*alone)], asked("ana"), people)) == []
    seats = [{"people": ["ana"]}]
    assert (
        list(shut_out([policy(rule(seats=seats))], asked("ben"), directory_of([person("ana"), person("ben")], [])))
        == []
    )


@pytest.mark.parametrize(
    ("when", "lacks"),
    [
        ({"type": "normal"}, True), ({"type": "standard"}, False), ({"changes": ["plan"]}, True),
        ({"before": "draft", "type": "normal"}, True), ({"before": "draft", "type": "standard"}, False),
        ({"any": [{"changes": ["plan"]}, {"type": "standard"}]}, True), ({"any": [{"type": "standard"}]}, False),
    ],
    ids=str,
)  # fmt: skip
def test_a_rule_counts_if_it_applies_or_may_apply_to_the_next_step(when: dict[str, Any], lacks: bool) -> None:
    assert lacking([rule(when=when)], "ana", "ben") == (["changes/cab"] if lacks else [])


def test_a_condition_that_can_not_be_decided_may_hold() -> None:
    assert lacking([rule(when={"tpye": "normal"})], "ana", "ben") == ["changes/cab"]


def test_rules_that_can_not_apply_together_are_looked_at_one_by_one() -> None:
    apart = [rule("one", when={"changes": ["plan"]}), rule("other", when={"before": "draft"})]
    assert lacking(apart, "ana") == []
    assert lacking(apart, "ana", "ben") == ["changes/one", "changes/other"]


def test_what_only_the_record_itself_asks_for_counts_too() -> None:
    own = {"item/laptop": rule("laptop")}
    assert lacking([rule("none", when={"type": "standard"})], "ana", "ben", own_rules=own) == ["item/laptop"]


def test_afterwards_nobody_needs_to_propose() -> None:
    people = directory_of([person("ana")], [])
    found = policy(rule(seats=[{"people": ["ana"]}]), gate="post-review")
    assert list(shut_out([found], asked("ben", gate="post-review"), people)) == []
    assert list(shut_out([found], asked("ana", gate="post-review"), people)) == ["changes/cab"]
