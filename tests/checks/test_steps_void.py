"""When an entry that is on base may be taken back: by the clock of the check, and never where others decided."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from itsm_as_code.checks.steps_void import VOID_WITHIN
from itsm_as_code.domain.approval.gates import BEYOND
from itsm_as_code.domain.finding import Finding
from itsm_as_code.domain.kinds import KINDS
from itsm_as_code.domain.kinds.ticket import Ticket
from itsm_as_code.domain.lifecycle import LIFECYCLES
from tests.checks.memory import as_files, codes, entry, incident, look_at_step
from tests.checks.workspace import NOW
from tests.domain.approval.test_gates import WHOLE

FIRST = entry("08:00", state="new")
SECOND = entry("09:00", note="The certificate has run out.")
VOID = entry("09:05", void="2026-11-21T09:00:00Z")
LATE = {"LIF035", "LIF036", "LIF037", "LIF021"}


def step(base: list[dict[str, Any]], head: list[dict[str, Any]], ago: timedelta | None = timedelta()) -> list[Finding]:
    landed = NOW - ago if ago is not None else None
    return look_at_step(as_files(incident(*base)), as_files(incident(*head)), landed=landed)


@pytest.mark.parametrize(
    ("ago", "late"),
    [
        (timedelta(), False), (VOID_WITHIN, False), (VOID_WITHIN + timedelta(seconds=1), True),
        (timedelta(days=30), True), (-timedelta(minutes=5), False), (None, True),
    ],
)  # fmt: skip
def test_what_landed_is_taken_back_within_ten_minutes(ago: timedelta | None, late: bool) -> None:
    assert codes(step([FIRST, SECOND], [FIRST, SECOND, VOID], ago)) == (["LIF035"] if late else [])


@pytest.mark.parametrize("told", ["08:59", "09:00", "09:05", "17:00"])
def test_the_times_in_the_entries_do_not_matter(told: str) -> None:
    """They are the writer's own."""
    void = entry(told, void="2026-11-21T09:00:00Z", recorded="2026-11-21T11:59:00Z")
    assert codes(step([FIRST, SECOND], [FIRST, SECOND, void], timedelta(minutes=9))) == []
    assert codes(step([FIRST, SECOND], [FIRST, SECOND, void], timedelta(minutes=11))) == ["LIF035"]


def test_what_is_not_on_base_yet_is_taken_back_at_any_time() -> None:
    assert codes(step([FIRST], [FIRST, SECOND, {**VOID, "at": "2026-11-21T11:00:00Z"}], None)) == []


def test_an_entry_before_a_void_does_not_draw_it_away() -> None:
    """Without this rule, somebody could bring an entry back to life that was taken back long ago."""
    twin = {**SECOND, "note": "Something else."}
    assert codes(step([FIRST, SECOND, VOID], [FIRST, SECOND, twin, VOID])) == ["LIF037"]
    assert codes(step([FIRST, SECOND, VOID], [FIRST, SECOND, VOID, twin])) == []


def _record(kind: str, *states: str) -> dict[str, Any]:
    entries = [entry(f"08:0{number}", state=state) for number, state in enumerate(states)]
    return {"kind": kind, "schema": 1, **WHOLE.get(kind, incident()), "timeline": entries}


TICKETS = [kind for kind in KINDS if KINDS[kind].is_ticket]
STEPS = [
    (kind, origin, step.target) for kind in TICKETS for step in LIFECYCLES[kind].transitions for origin in step.origins
]


@pytest.mark.parametrize(("kind", "origin", "target"), [each for each in STEPS if each[0] in (*WHOLE, "incident")])
def test_a_step_into_or_out_of_a_decided_state_is_followed_and_not_taken_back(
    kind: str, origin: str, target: str
) -> None:
    decided = {*LIFECYCLES[kind].final, *(state for states in BEYOND.get(kind, {}).values() for state in states)}
    base = _record(kind, origin, target)
    head = {**base, "timeline": [*base["timeline"], entry("08:05", void="2026-11-21T08:01:00Z")]}
    found = set(codes(look_at_step(as_files(base), as_files(head), landed=NOW))) & LATE
    assert found == ({"LIF036"} if {origin, target} & decided else set())


def test_of_a_record_that_base_can_not_read_nothing_is_taken_back() -> None:
    base, head = incident(FIRST, SECOND, colour="red"), incident(FIRST, SECOND, VOID)
    assert "LIF036" in codes(look_at_step(as_files(base), as_files(head), landed=NOW))


ENTRIES = st.lists(
    st.builds(
        lambda minute, by, more: entry(f"09:0{minute}", **more) | {"by": by},
        st.integers(0, 3),
        st.sampled_from(["ana", "ben"]),
        st.one_of(
            st.builds(lambda minute: {"void": f"2026-11-21T09:0{minute}:00Z"}, st.integers(0, 3)),
            st.builds(lambda state: {"state": state}, st.sampled_from(["in_progress", "resolved", "closed"])),
            st.just({"note": "x"}),
        ),
    ),
    max_size=5,
)


@given(ENTRIES, ENTRIES, st.lists(st.booleans(), min_size=10, max_size=10))
def test_without_a_finding_what_base_said_counts_as_it_did(
    base: list[dict[str, Any]], more: list[dict[str, Any]], which: list[bool]
) -> None:
    """New entries come anywhere between those of base, long after these have landed."""
    old, new, head = [FIRST, *base], list(more), [FIRST]
    for each, first in zip(base, which, strict=False):
        if first and new:
            head.append(new.pop())
        head.append(each)
    head += new
    found = set(codes(step(old, head, timedelta(hours=1)))) & LATE
    if not found:
        before, after, brought = (Counter(map(repr, each)) for each in (_standing(old), _standing(head), more))
        assert before <= after, "what base said counts, be it by a new entry that says the same"
        assert after - before <= brought, "and nothing else but what is new"


def _standing(entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    model: Any = KINDS["incident"].model.model_validate(incident(*entries))
    assert isinstance(model, Ticket)
    return [each for index, each in enumerate(entries) if index not in model.voided]


LONG_AGO = timedelta(hours=1)


@pytest.mark.parametrize(
    ("base", "head", "ago", "said"),
    [
        (
            [FIRST, SECOND], [FIRST, SECOND, VOID], LONG_AGO,
            "the entry of 2026-11-21T09:00:00Z landed at 2026-11-21T11:00:00Z, more than ten minutes ago",
        ),
        (
            [FIRST, SECOND], [FIRST, SECOND, VOID], None,
            "the entry of 2026-11-21T09:00:00Z landed at an unknown time, more than ten minutes ago",
        ),
        (
            [FIRST, {**SECOND, "state": "cancelled"}], [FIRST, {**SECOND, "state": "cancelled"}, VOID], timedelta(),
            "the entry of 2026-11-21T09:00:00Z entered cancelled, and it is on base",
        ),
        (
            [FIRST, SECOND, VOID], [FIRST, SECOND, {**SECOND, "note": "Something else."}, VOID], timedelta(),
            "the entry of 2026-11-21T09:00:00Z is void on base and would count again",
        ),
    ],
)  # fmt: skip
def test_a_finding_says_which_entry_it_is_about_and_shows_the_timeline(
    base: list[dict[str, Any]], head: list[dict[str, Any]], ago: timedelta | None, said: str
) -> None:
    assert [(each.message, each.field) for each in step(base, head, ago)] == [(said, ("timeline",))]


def test_an_entry_that_left_a_decided_state_is_named_by_that_state() -> None:
    base = [FIRST, entry("08:30", state="resolved"), entry("08:40", state="closed"), {**SECOND, "state": "in_progress"}]
    (found,) = (each for each in step(base, [*base, VOID]) if each.code in LATE)
    assert found.message == "the entry of 2026-11-21T09:00:00Z left closed, and it is on base"


def test_an_entry_before_which_there_was_no_state_left_none() -> None:
    """Such a timeline is a finding of its own; whatever it says, its entries can be judged."""
    base = [{**SECOND, "state": "in_progress"}]
    assert set(codes(step(base, [*base, VOID]))) & LATE == set()


def test_what_base_can_not_read_has_no_instant_to_show() -> None:
    base, head = incident(FIRST, SECOND, colour="red"), incident(FIRST, SECOND, VOID)
    found = look_at_step(as_files(base), as_files(head), landed=NOW)
    said = [each.message for each in found if each.code == "LIF036"]
    assert said == ["the entry of ? may have entered any state, and it is on base"]
