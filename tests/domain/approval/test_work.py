"""When work begins or goes on, and in which window: by the entry, by what the outcome says, and by the clock."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from itsm_as_code.domain.approval.verdict import Lapse
from itsm_as_code.domain.approval.work import (
    RECORDED_WITHIN,
    UNDER_WAY,
    Work,
    outside_window,
    window_over,
    work_began,
    work_done,
    work_in,
)
from itsm_as_code.domain.instants import write_instant
from itsm_as_code.domain.kinds.change import Change
from itsm_as_code.domain.lifecycle import CHANGE, REQUEST
from tests.domain.approval.test_inquiry import CHANGE as RECORD
from tests.domain.approval.world import NOW

MINUTE = timedelta(minutes=1)
START, END = NOW, NOW + timedelta(hours=2)
WINDOW = {"start": write_instant(START), "end": write_instant(END)}


def at(minutes: float) -> str:
    return write_instant(NOW + minutes * MINUTE)


def entries(*states: str, first: float = 0) -> list[dict[str, Any]]:
    """Entries of ana that set these states, a minute apart."""
    return [{"at": at(first + number), "by": "ana", "state": state} for number, state in enumerate(states)]


def change(timeline: list[dict[str, Any]], **fields: Any) -> Change:
    return Change.model_validate(RECORD | {"window": WINDOW, "timeline": timeline} | fields)


REQUEST_RECORD: dict[str, Any] = {
    "id": "REQ-20261121-7K3Q9", "kind": "request", "schema": 1, "title": "x", "item": "laptop", "requester": "ana",
}  # fmt: skip


def data(*states: str, of: dict[str, Any] = RECORD) -> dict[str, Any]:
    return of | {"timeline": entries(*states)}


def asked(*states: str) -> dict[str, Any]:
    return data(*states, of=REQUEST_RECORD)


# Whether it begins.


@pytest.mark.parametrize(("before", "after"), [*product((None, *CHANGE.states), CHANGE.states)], ids=str)
def test_work_on_a_change_begins_where_it_comes_under_way(before: str | None, after: str) -> None:
    base = data(before) if before is not None else None
    begins = after in UNDER_WAY and before not in UNDER_WAY
    assert (work_in("change", base, data(*filter(None, (before, after)))) is Work.BEGINS) is begins


@pytest.mark.parametrize(("before", "after"), [*product(REQUEST.states, REQUEST.states)], ids=str)
def test_work_on_a_request_goes_on_where_a_new_entry_takes_it_up_past_its_gate(before: str, after: str) -> None:
    past = before in ("in_progress", "on_hold", "fulfilled", "closed")
    found = work_in("request", asked(before), asked(before, after))
    assert found is (Work.GOES_ON if past and after == "in_progress" else None)


def test_work_that_is_taken_up_and_ended_in_one_step_goes_on_too() -> None:
    held, ended = asked("in_progress", "on_hold"), asked("in_progress", "on_hold", "in_progress", "fulfilled")
    assert work_in("request", held, ended) is Work.GOES_ON
    assert work_in("request", None, ended) is None, "it passes its gate"
    assert work_in("request", held, asked("in_progress", "on_hold") | {"tags": ["x"]}) is None


def test_other_kinds_and_imports_have_no_work_that_begins() -> None:
    assert work_in("incident", data("new"), data("new", "in_progress")) is None
    assert work_in("article", {"state": "draft"}, {"state": "published"}) is None
    assert work_in("change", None, data("closed") | {"imported": {"system": "x"}}) is None
    assert work_in("request", {"timeline": "none"}, {"timeline": ["none"]}) is None


@pytest.mark.parametrize("before", ["in_progress", "on_hold"])
@pytest.mark.parametrize("timeline", [None, 5, "none", ["none"]])
def test_no_work_goes_on_in_a_request_whose_timeline_can_not_be_read(before: str, timeline: object) -> None:
    assert work_in("request", asked(before), REQUEST_RECORD | {"timeline": timeline}) is None


# When it began, and when it was done.


def test_work_began_with_the_entry_that_took_it_under_way() -> None:
    assert work_began(change(entries("draft", "scheduled"))) is None
    assert work_began(change(entries("scheduled", "implementing", "evaluation", "closed"))) == NOW + MINUTE
    assert work_began(change(entries("closed"))) == NOW


def test_work_that_was_taken_back_began_when_it_began_again() -> None:
    listed = entries("scheduled", "implementing")
    listed += [{"at": at(2), "by": "ana", "void": at(1)}]
    assert work_began(change(listed)) is None
    assert work_began(change(listed + entries("implementing", first=5))) == NOW + 5 * MINUTE


def test_work_has_not_begun_where_it_was_given_up() -> None:
    assert work_began(change(entries("scheduled", "implementing", "draft"))) is None


def test_a_note_says_nothing_of_when_work_began() -> None:
    noted = [*entries("scheduled", "implementing"), {"at": at(2), "by": "ana", "note": "Half of it."}]
    assert work_began(change(noted)) == NOW + MINUTE
    assert work_began(change([*noted, *entries("evaluation", first=3)])) == NOW + MINUTE


def test_work_is_done_when_it_is_evaluated() -> None:
    assert work_done(change(entries("scheduled", "implementing", "evaluation", "closed"))) == NOW + 2 * MINUTE
    assert work_done(change(entries("scheduled", "implementing", "closed"))) is None, "closed later than that, perhaps"
    assert work_done(change([*entries("evaluation"), {"at": at(1), "by": "ana", "void": at(0)}])) is None


# In which window.


def whys(made: Change, earliest: datetime, latest: datetime | None = None) -> list[str]:
    return [each.why for each in outside_window(made, earliest, latest or earliest)]


def ways_out(lapses: Iterable[Lapse]) -> list[str]:
    """What is to be done, without the half that all have in common."""
    common = f", or agree on another window: itsm revise {RECORD['id']}"
    found = [each.way_out for each in lapses]
    assert all(each.endswith(common) for each in found)
    return [each.removesuffix(common) for each in found]


def begun(minutes: float, **fields: Any) -> Change:
    return change([*entries("scheduled", first=-999), *entries("implementing", first=minutes)], **fields)


@pytest.mark.parametrize(
    ("minutes", "words"),
    [(-1, ["work began at 2026-11-21T08:59:00Z, before its window opens at 2026-11-21T09:00:00Z"]), (0, []), (119, []),
     (120, ["work began at 2026-11-21T11:00:00Z, after its window ended at 2026-11-21T11:00:00Z"])],
)  # fmt: skip
def test_the_entry_is_in_the_window(minutes: int, words: list[str]) -> None:
    assert whys(begun(minutes), NOW + 121 * MINUTE) == words


def test_the_clock_has_reached_the_window_when_the_step_can_have_landed() -> None:
    assert whys(begun(0), NOW - MINUTE) == [
        "its window opens at 2026-11-21T09:00:00Z, and it is 2026-11-21T08:59:00Z by the clock of this check"
    ]
    assert whys(begun(0), NOW - MINUTE, NOW) == []


def test_what_began_in_the_window_may_be_recorded_for_some_hours() -> None:
    assert whys(begun(60), END + RECORDED_WITHIN - timedelta(seconds=1)) == []
    assert whys(begun(60), END + RECORDED_WITHIN) == [
        "its window ended at 2026-11-21T11:00:00Z, and what began in it must be recorded within 12 hours"
    ]
    assert whys(begun(60, retrospective={"reason": "The network was down."}), END + timedelta(days=90)) == []


@pytest.mark.parametrize(("started", "fault"), [(at(-1), True), (at(0), False), (at(120), True)])
def test_what_the_outcome_says_counts_beside_the_entry(started: str, fault: bool) -> None:
    outcome = {"code": "successful", "started_at": started}
    assert bool(whys(begun(60, outcome=outcome), END)) is fault


def test_without_a_window_nobody_agreed_to_a_time() -> None:
    bare = {key: value for key, value in RECORD.items() if key != "window"} | {"timeline": entries("closed")}
    assert whys(Change.model_validate(bare), NOW) == ["it has no window, so nobody agreed to a time for the work"]


def test_an_emergency_begins_at_any_time_and_its_window_is_never_over() -> None:
    urgent = begun(-60, type="emergency")
    assert list(outside_window(urgent, NOW - timedelta(days=9), NOW)) == []
    assert list(window_over(urgent, END + timedelta(days=9))) == []


@pytest.mark.parametrize(
    ("begun_at", "clock", "way_out"),
    [
        (-1, NOW, "correct the time if it is wrong"), (120, END, "correct the time if it is wrong"),
        (0, NOW - MINUTE, "begin when the window opens"),
        (0, END + RECORDED_WITHIN, "say in `retrospective` that the work is done already"),
    ],
)  # fmt: skip
def test_what_is_to_be_done_fits_the_reason(begun_at: int, clock: datetime, way_out: str) -> None:
    assert ways_out(outside_window(begun(begun_at), clock, clock)) == [way_out]


def test_a_window_is_given_or_another_one_agreed_on() -> None:
    bare = {key: value for key, value in RECORD.items() if key != "window"} | {"timeline": entries("closed")}
    assert ways_out(outside_window(Change.model_validate(bare), NOW, NOW)) == ["give it a window"]
    assert ways_out(window_over(change(entries("scheduled")), END)) == ["correct the time if it is wrong"]


def test_a_window_is_over_at_its_end() -> None:
    waiting = change(entries("scheduled"))
    assert list(window_over(waiting, END - MINUTE)) == []
    assert [each.why for each in window_over(waiting, END)] == ["its window ended at 2026-11-21T11:00:00Z"]


@given(st.integers(-300, 1200), st.integers(-300, 1200), st.integers(0, 120))
def test_no_instant_that_an_author_writes_makes_up_for_the_clock(written: int, clock: int, slack: int) -> None:
    """An entry is refused unless it is in the window, and so is the clock, give or take what may be recorded late."""
    earliest, latest = NOW + clock * MINUTE, NOW + (clock + slack) * MINUTE
    allowed = 0 <= written < 120 and latest >= START and earliest < END + RECORDED_WITHIN
    assert (list(outside_window(begun(written), earliest, latest)) == []) is allowed
