"""Freezes, emergencies and afterwards: what a verdict is asked, read from real records of base."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from itsm_as_code.domain.approval.debts import Debt, entry_fault
from itsm_as_code.domain.approval.freezes import exception_faults, exception_rules, freezes_over
from itsm_as_code.domain.approval.gates import Gate
from itsm_as_code.domain.approval.inquiry import Subject, facts_of
from itsm_as_code.domain.kinds.change import Change
from tests.checks.memory import as_files, snapshot_of
from tests.domain.approval.test_inquiry import CHANGE, EMERGENCY, INCIDENT, MODEL, SCHEDULED, STANDARD, Data, ask
from tests.domain.approval.world import (
    NOW,
    PEOPLE,
    PROPOSAL,
    QUESTION,
    act,
    name,
    person,
    reasons,
    registry,
    rule,
    verdict,
)

FREEZE: Data = {
    "id": "year-end", "kind": "freeze", "schema": 1, "title": "Year end", "scope": {"tier": 1}, "reason": "Books.",
    "from": "2026-11-29T00:00:00Z", "until": "2026-12-02T00:00:00Z", "exceptions": [{"roles": ["keeper"]}],
}  # fmt: skip
EXCEPTION = "exception/year-end"


@pytest.fixture(params=["Pacific/Kiritimati", "Pacific/Pago_Pago"])
def far_from_greenwich(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The machine's own time zone is fourteen hours before or eleven behind UTC."""
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def subject(head: Data) -> Subject:
    return Subject("change", head["id"], None, head, Change.model_validate(head), {})


def test_a_freeze_of_base_over_the_window_is_found_by_the_tier_of_base() -> None:
    base = snapshot_of(as_files(FREEZE))
    facts = facts_of(subject(CHANGE), base, base)
    assert (facts["tier"], facts["risk_level"], facts["type"]) == (1, "moderate", "normal")
    assert [each.id for each in freezes_over(Change.model_validate(CHANGE), facts, base, NOW)] == ["year-end"]
    assert list(exception_faults(Change.model_validate(CHANGE), EXCEPTION, facts, base)) == [
        "it is in the freeze year-end: move the window, or say in `freeze_exception` why it can't wait"
    ]
    assert list(exception_rules(EXCEPTION, base)) == ["freeze/year-end"]


def test_a_freeze_that_is_not_on_base_grants_nothing() -> None:
    base = snapshot_of({})
    facts = facts_of(subject(CHANGE), base, base)
    assert list(freezes_over(Change.model_validate(CHANGE), facts, base, NOW)) == []
    assert exception_rules(EXCEPTION, base) == {}
    assert list(exception_faults(Change.model_validate(CHANGE), EXCEPTION, facts, base)) == [
        "there is no freeze year-end at base"
    ]


def test_facts_are_those_of_the_question_also_without_a_service_and_with_a_ticket_of_head() -> None:
    base, head = snapshot_of({}), snapshot_of(as_files(INCIDENT))
    assert facts_of(subject(EMERGENCY), base, head)["incident_priority"] == "P1"
    assert facts_of(subject(EMERGENCY), base, base)["incident_priority"] is None
    lost = facts_of(subject(CHANGE | {"service": "ghost"}), base, base)
    assert lost["tier"] is None


def test_a_gate_may_go_by_the_rules_of_another() -> None:
    assert ask(CHANGE, Gate("ratify", None, "scheduled")).rules_of == "scheduled"
    assert ask(CHANGE).rules_of is None


@pytest.mark.parametrize(("head", "wanted"), [(CHANGE, False), (STANDARD, False), (EMERGENCY, True), (MODEL, False)])
def test_an_author_who_approves_an_emergency_needs_a_reason(head: Data, wanted: bool) -> None:
    assert ask(head, SCHEDULED, also=(INCIDENT,)).reason_wanted is wanted


@pytest.mark.usefixtures("far_from_greenwich")
@pytest.mark.parametrize(
    ("end", "inside"),
    [("2026-12-01T00:00:00Z", True), ("2026-11-30T23:59:59Z", True), ("2026-12-01T00:00:01Z", False),
     ("2026-12-01T09:00:00+09:00", True), ("2026-12-01T01:00:00+00:30", False)],
)  # fmt: skip
def test_a_models_last_day_is_that_of_utc_wherever_it_is_checked(end: str, inside: bool) -> None:
    window = {"start": "2026-11-30T08:00:00Z", "end": end}
    assert (ask(STANDARD | {"window": window}, base=(MODEL,)).faults == ()) is inside


@pytest.mark.usefixtures("far_from_greenwich")
@pytest.mark.parametrize(
    ("hour", "day", "begins"), [(1, "23", False), (1, "22", True), (23, "23", False), (23, "22", True)]
)
def test_the_day_of_an_emergency_is_that_of_utc_wherever_it_is_checked(hour: int, day: str, begins: bool) -> None:
    found = entry_fault(f"CHG-202611{day}-7K3Q9", datetime(2026, 11, 21, hour, tzinfo=UTC))
    yet_to_come = "the id of an emergency may not name a day in the future: create a new change"
    assert found == (None if begins else yet_to_come)


def test_a_debt_without_an_authors_approval_gives_no_reason_for_its_deadline() -> None:
    debt = Debt("CHG-20261121-7K3Q9", "it", NOW, NOW + timedelta(days=5), False)
    assert debt.words == "CHG-20261121-7K3Q9 lacks its post-implementation review, due 2026-11-26T09:00:00Z"


def test_a_verdict_waits_for_people_where_a_proposal_or_somebody_lacks() -> None:
    held = replace(QUESTION, held_back=("team it first has to pay",))
    for acts, waits in (
        ((), True), ((PROPOSAL,), True), ((act(2, "ben"),), True), ((PROPOSAL, act(2, "ben")), False),
    ):  # fmt: skip
        assert verdict(*acts).waits_for_people is waits
        assert verdict(*acts, question=held).waits_for_people is waits
    full = verdict(PROPOSAL, act(2, "ben"), question=held)
    assert not full.is_open


@pytest.mark.parametrize(
    ("disqualified", "proposer", "proposes_for", "withdraws_for", "blocks"),
    [
        ("dee", "ana", None, None, False), ("zoe", "ana", None, None, True), ("dee", "zoe", None, None, True),
        ("dee", "ana", "zoe", None, True), ("dee", "ana", None, "dee", True), ("zoe", "ana", None, "ben", True),
        ("dee", "ana", None, "ben", False),
    ],
)  # fmt: skip
def test_whoever_wrote_or_proposed_what_was_refused_takes_nobodys_refusal_back(
    disqualified: str, proposer: str, proposes_for: str | None, withdraws_for: str | None, blocks: bool
) -> None:
    """zoe holds the role for it, also where she acts as somebody's deputy."""
    day = timedelta(days=1)
    deputies = [person(each, delegate=("zoe", NOW - day, NOW + day)) for each in ("ben", "dee")]
    people = registry([each for each in PEOPLE if each.id not in ("ben", "dee")] + deputies)
    found = verdict(
        act(1, proposer, "proposed", on_behalf_of=proposes_for), act(3, "cho", "refused"),
        act(4, "zoe", "withdrawn", supersedes=[3], on_behalf_of=withdraws_for),
        question=replace(QUESTION, disqualified={disqualified: "asked for it"}), people=people,
        rules=[rule(withdraw_by=["change-manager"])],
    )  # fmt: skip
    assert [each.id for each in found.blocking] == ([name(3)] if blocks else [])


def test_an_exception_is_decided_by_the_seats_of_the_freeze_on_base() -> None:
    asked = ask(
        CHANGE | {"freeze_exception": {"reason": "It can't wait."}},
        Gate(EXCEPTION),
        base=(FREEZE,),
    )
    assert list(asked.own_rules) == ["freeze/year-end"]
    assert asked.faults == ()


def test_an_exception_without_a_reason_or_without_its_freeze_has_no_answer() -> None:
    unasked = ask(CHANGE, Gate(EXCEPTION), base=(FREEZE,))
    assert unasked.faults == (
        "it is in the freeze year-end: move the window, or say in `freeze_exception` why it can't wait",
    )
    lost = ask(CHANGE, Gate(EXCEPTION), also=(FREEZE,))
    assert lost.own_rules == {}
    assert lost.faults == ("there is no freeze year-end at base",)


def test_an_exception_from_a_freeze_whose_scope_can_not_be_decided_has_no_answer() -> None:
    change = CHANGE | {"service": "ghost", "freeze_exception": {"reason": "It can't wait."}}
    asked = ask(change, Gate(EXCEPTION), base=(FREEZE | {"scope": {"tier": {"lt": 3}}},))
    assert asked.faults == ("it can't be decided whether the freeze year-end covers the change",)


def test_a_review_is_decided_on_when_there_is_one() -> None:
    review = {"summary": "It went well."}
    written = ask(CHANGE | {"post_implementation_review": review}, Gate("post-review"))
    assert (written.faults, written.review_missing) == ((), False)
    missing = ask(CHANGE, Gate("post-review"))
    assert missing.faults == ("there is no review to decide on yet: write `post_implementation_review`",)
    assert missing.review_missing
    assert not ask(CHANGE, Gate("scheduled")).review_missing


AUTHORS = rule(author_may_approve=True, seats=[{"teams": ["cab"]}])
REASON = "an author's own approval of an emergency needs a reason"


@pytest.mark.parametrize(
    ("author", "decides_for", "comment", "why"),
    [
        ("ben", None, None, REASON), ("ben", None, "", REASON), ("ben", None, "It burns.", None),
        ("cho", None, None, None), ("dee", "dee", None, REASON), ("dee", "dee", "It burns.", None),
        ("ben", "dee", None, REASON),
    ],
)  # fmt: skip
def test_an_author_approves_an_emergency_with_a_reason(
    author: str, decides_for: str | None, comment: str | None, why: str | None
) -> None:
    """ben approves, for himself or for dee."""
    day = timedelta(days=1)
    dee = person("dee", delegate=("ben", NOW - day, NOW + day))
    people = registry([each for each in PEOPLE if each.id != "dee"] + [dee])
    asked = replace(QUESTION, reason_wanted=True, disqualified={author: "is one of its authors"})
    approval = act(2, "ben", on_behalf_of=decides_for, comment=comment)
    found = verdict(PROPOSAL, approval, question=asked, rules=[AUTHORS], people=people)
    assert reasons(found).get(approval.id) == why
    assert found.is_open is (why is None)
    unasked = replace(asked, reason_wanted=False)
    assert verdict(PROPOSAL, approval, question=unasked, rules=[AUTHORS], people=people).is_open


@pytest.mark.parametrize(("level", "applies"), [("low", False), ("moderate", False), ("high", True)])
def test_risk_levels_are_ordered_from_low_to_high(level: str, applies: bool) -> None:
    facts = {**QUESTION.facts, "risk_level": level}
    risky = rule("risky", when={"risk_level": {"gt": "moderate"}})
    found = verdict(rules=[rule(), risky], question=replace(QUESTION, facts=facts))
    assert ("changes/risky" in found.rules) is applies
