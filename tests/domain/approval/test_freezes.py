"""Freezes over a window: half-open on both sides, active ones of base, with a scope that covers the change."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from itsm_as_code.domain.approval.freezes import exception_faults, exception_rules, freezes_over, same_terms
from itsm_as_code.domain.kinds.change import Change
from itsm_as_code.domain.kinds.freeze import Freeze
from itsm_as_code.domain.snapshot import Snapshot
from tests.site.memory import MemorySnapshot

START = datetime(2026, 12, 20, tzinfo=UTC)
FACTS: Mapping[str, Any] = {
    "type": "normal", "service": "mail", "tier": 3, "risk_level": "low", "incident_priority": None, "changes": (),
    "before": None,
}  # fmt: skip


def hours(count: float) -> datetime:
    return START + timedelta(hours=count)


def freeze(name: str = "year-end", start: float = 0, end: float = 10, **fields: Any) -> Freeze:
    data = {
        "id": name, "kind": "freeze", "schema": 1, "title": "Year end", "scope": {}, "reason": "The books close.",
        "from": hours(start).isoformat(), "until": hours(end).isoformat(), "exceptions": [{"roles": ["keeper"]}],
    }  # fmt: skip
    return Freeze.model_validate(data | fields)


def change(start: float | None = 2, end: float = 4, *entries: tuple[float, str], **fields: Any) -> Change:
    timeline = [{"at": hours(when).isoformat(), "by": "ana", "state": state} for when, state in entries]
    data: dict[str, Any] = {
        "id": "CHG-20261220-7K3Q9", "kind": "change", "schema": 1, "title": "x", "type": "normal", "reason": "y",
        "service": "mail", "timeline": timeline or [{"at": hours(-50).isoformat(), "by": "ana", "state": "scheduled"}],
    }  # fmt: skip
    if start is not None:
        data["window"] = {"start": hours(start).isoformat(), "end": hours(end).isoformat()}
    return Change.model_validate(data | fields)


def base(*freezes: Freeze) -> Snapshot:
    return MemorySnapshot(*freezes)


def over(about: Change, *freezes: Freeze, facts: Mapping[str, Any] = FACTS, now: datetime = START) -> list[str]:
    return [each.id for each in freezes_over(about, facts, base(*freezes), now)]


@pytest.mark.parametrize(
    ("start", "end", "meets"),
    [
        (2, 4, True), (0, 10, True), (-5, 20, True), (-5, 1, True), (9, 20, True),
        (-5, 0, False), (10, 12, False), (-9, -8, False), (11, 12, False),
    ],
)  # fmt: skip
def test_a_window_that_only_touches_a_freeze_is_outside_it(start: float, end: float, meets: bool) -> None:
    assert over(change(start, end), freeze()) == (["year-end"] if meets else [])


@pytest.mark.parametrize(
    ("begun", "now", "meets"),
    [(-3, -2, False), (-3, 1, True), (3, 4, True), (3, 12, True), (-3, 12, True), (11, 12, False)],
)
def test_work_that_begins_outside_its_window_is_held_against_the_time_that_it_takes(
    begun: float, now: float, meets: bool
) -> None:
    about = change(50, 60, (-50, "scheduled"), (begun, "implementing"))
    assert over(about, freeze(), now=hours(now)) == []
    found = freezes_over(about, FACTS, base(freeze()), hours(now), begins=True)
    assert [each.id for each in found] == (["year-end"] if meets else [])


SPAN = st.tuples(st.integers(0, 12), st.integers(1, 6)).map(lambda each: (each[0], each[0] + each[1]))


@settings(max_examples=100)
@given(window=SPAN, frozen=SPAN)
def test_a_freeze_is_over_a_window_where_they_share_an_hour(window: tuple[int, int], frozen: tuple[int, int]) -> None:
    shared = set(range(*window)) & set(range(*frozen))
    assert bool(over(change(*window), freeze("f", *frozen))) is bool(shared)


def test_the_offset_in_which_a_window_is_written_does_not_matter() -> None:
    elsewhere = {"start": "2026-12-20T11:00:00+01:00", "end": "2026-12-20T12:00:00+01:00"}
    assert over(change(window=elsewhere), freeze()) == []  # begins when the freeze ends, at 10:00 UTC
    assert over(change(window=elsewhere | {"start": "2026-12-20T10:59:00+01:00"}), freeze()) == ["year-end"]


def test_a_retired_freeze_stops_nothing_and_each_other_one_is_named() -> None:
    freezes = freeze("one"), freeze("two", state="retired"), freeze("three")
    assert over(change(), *freezes) == ["one", "three"]


@pytest.mark.parametrize(
    ("scope", "covers"),
    [
        ({}, True), ({"service": "mail"}, True), ({"service": "portal"}, False), ({"type": {"not": "emergency"}}, True),
        ({"type": "emergency"}, False), ({"tier": {"lt": 3}}, False), ({"tier": 3, "type": "normal"}, True),
    ],
    ids=str,
)  # fmt: skip
def test_a_freeze_is_over_the_changes_of_its_scope(scope: Any, covers: bool) -> None:
    assert over(change(), freeze(scope=scope)) == (["year-end"] if covers else [])


@pytest.mark.parametrize(
    "scope", [{"tier": {"lt": 3}}, {"incident_priority": {"lte": "P2"}}, {"nonsense": "x"}, {"tier": "high"}], ids=str
)
def test_a_scope_that_cant_be_decided_holds_and_nobody_can_grant_an_exception(scope: Any) -> None:
    facts = {**FACTS, "tier": None}
    frozen = freeze(scope=scope)
    asked = change(freeze_exception={"reason": "It can't wait."})
    assert over(asked, frozen, facts=facts) == ["year-end"]
    assert list(exception_faults(asked, "exception/year-end", facts, base(frozen))) == [
        "it can't be decided whether the freeze year-end covers the change"
    ]


# A change without a window: emergencies may be such, and what is over.


@pytest.mark.parametrize(
    ("began", "now", "meets"),
    [(2, 3, True), (-5, -1, False), (-5, 0, True), (-5, 20, True), (9.9, 30, True), (10, 30, False), (12, 13, False)],
)
def test_without_a_window_the_time_since_work_began_counts(began: float, now: float, meets: bool) -> None:
    emergency = change(None, 0, (began, "implementing"), type="emergency")
    assert over(emergency, freeze(), now=hours(now)) == (["year-end"] if meets else [])


def test_a_clock_that_runs_ahead_hides_no_freeze() -> None:
    emergency = change(None, 0, (10.05, "implementing"), type="emergency")
    assert over(emergency, freeze(), now=hours(9.99)) == ["year-end"]


# Who may grant an exception.


def test_the_seats_of_a_freeze_are_the_rule_for_its_exceptions() -> None:
    frozen = freeze(exceptions=[{"roles": ["keeper"]}, {"teams": ["cab"], "count": 2}])
    rules = exception_rules("exception/year-end", base(frozen))
    assert list(rules) == ["freeze/year-end"]
    assert rules["freeze/year-end"].seats == frozen.exceptions
    assert not rules["freeze/year-end"].author_may_approve and rules["freeze/year-end"].veto


def test_a_freeze_without_seats_or_that_base_lacks_makes_no_rule() -> None:
    assert exception_rules("exception/year-end", base(freeze(exceptions=[]))) == {}
    assert exception_rules("exception/other", base(freeze())) == {}


def test_what_keeps_an_exception_from_being_granted_is_said() -> None:
    silent, asking = change(), change(freeze_exception={"reason": "It can't wait."})
    closed = base(freeze(exceptions=[]))
    assert list(exception_faults(asking, "exception/year-end", FACTS, base(freeze()))) == []
    assert list(exception_faults(silent, "exception/year-end", FACTS, base(freeze()))) == [
        "it is in the freeze year-end: move the window, or say in `freeze_exception` why it can't wait"
    ]
    assert list(exception_faults(asking, "exception/year-end", FACTS, closed)) == [
        "the freeze year-end allows no exception: move the window"
    ]
    assert len(list(exception_faults(silent, "exception/year-end", FACTS, closed))) == 2
    assert list(exception_faults(asking, "exception/other", FACTS, closed)) == ["there is no freeze other at base"]


# Whether a freeze asks for the same as before.

GATE = "exception/year-end"


@pytest.mark.parametrize(
    "otherwise",
    [
        {"state": "retired"}, {"scope": {"service": "mail"}}, {"start": 1}, {"end": 11}, {"exceptions": []},
        {"exceptions": [{"roles": ["keeper"], "count": 2}]},
    ],
    ids=str,
)  # fmt: skip
def test_a_freeze_of_other_people_changes_or_times_asks_for_something_else(otherwise: dict[str, Any]) -> None:
    assert not same_terms(GATE, base(freeze()), base(freeze(**otherwise)))
    assert not same_terms(GATE, base(freeze(**otherwise)), base(freeze()))


def test_a_freeze_that_is_told_of_in_other_words_asks_for_the_same() -> None:
    reworded = freeze(title="The end of the year", reason="Accounts need the systems.")
    assert same_terms(GATE, base(freeze()), base(reworded))


def test_a_freeze_asks_for_something_else_where_it_is_there_only_once() -> None:
    assert not same_terms(GATE, base(freeze()), base(freeze("other")))
    assert not same_terms(GATE, base(), base(freeze()))
    assert same_terms(GATE, base(), base(freeze("other")))


def test_no_freeze_changes_what_another_gate_asks_for() -> None:
    assert same_terms("scheduled", base(freeze("scheduled")), base(freeze("scheduled", state="retired")))
