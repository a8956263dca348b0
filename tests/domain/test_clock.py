from __future__ import annotations

from typing import Any

import pytest

from itsm_as_code.domain.calendars.open_times import compile_calendar
from itsm_as_code.domain.clocks.itemise import intervals_of
from itsm_as_code.domain.clocks.status import ClockState, Cycle
from itsm_as_code.domain.kinds.incident import Incident
from itsm_as_code.domain.kinds.sla import Target
from tests.domain.slow_time import calendar
from tests.domain.tickets import clock, hour, incident, target, was_breached

HOUR = 3600
NEW = {"state": "new", "impact": "low", "urgency": "low", "priority": "P3"}
WORK = {"state": "in_progress"}
HOLD = {"state": "on_hold", "reason": "waiting for the customer"}
RESOLVED = {"state": "resolved"}
OFFICE = compile_calendar(calendar())


def state(ticket: Incident, of: Target, now: float, **more: Any) -> str:
    return clock(ticket, of, now, **more).state.value


def cycle(ticket: Incident, of: Target, now: float, **more: Any) -> Cycle:
    current = clock(ticket, of, now, **more).current
    assert current is not None
    return current


# States -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("now", "expected"),
    [(0, "running"), (2.9, "running"), (3, "at_risk"), (4, "at_risk"), (4 + 1 / HOUR, "breached")],
)
def test_a_clock_runs_is_at_risk_from_the_threshold_on_and_breached_after_the_target(now: float, expected: str) -> None:
    assert state(incident((0, NEW)), target(), now) == expected


@pytest.mark.parametrize(("resolved", "expected"), [(3.9, "met"), (4, "met"), (4 + 1 / HOUR, "breached")])
def test_exactly_at_the_target_is_met(resolved: float, expected: str) -> None:
    assert state(incident((0, NEW), (resolved, RESOLVED)), target(), 10) == expected


def test_before_the_first_entry_no_clock_has_started() -> None:
    status = clock(incident((1, NEW)), target(), 0.5)
    assert (status.state, status.current, status.due_at) == (ClockState.NOT_STARTED, None, None)


def test_a_paused_clock_stands_still_and_has_no_due_time() -> None:
    paused = cycle(incident((0, NEW), (1, HOLD)), target(), 1000)
    assert (paused.state, paused.elapsed_seconds, paused.due_at) == (ClockState.PAUSED, HOUR, None)
    assert paused.paused_seconds == 999 * HOUR


def test_what_is_breached_stays_so_when_it_pauses_or_is_cancelled() -> None:
    for entry in (HOLD, {"state": "cancelled"}):
        assert state(incident((0, NEW), (5, entry)), target(), 6) == "breached"


def test_a_cancelled_ticket_is_neither_met_nor_breached() -> None:
    assert state(incident((0, NEW), (1, {"state": "cancelled"})), target(), 9) == "cancelled"


def test_a_priority_without_a_duration_has_no_target() -> None:
    none = cycle(incident((0, NEW)), target({"P1": "1h"}), 9)
    assert (none.state, none.target_seconds, none.due_at, none.remaining_seconds) == (
        ClockState.NO_TARGET,
        None,
        None,
        None,
    )


# Due times ----------------------------------------------------------------------------------------


def test_a_due_time_moves_by_the_pause() -> None:
    ticket = incident((0, NEW), (1, HOLD), (3, WORK))
    assert cycle(ticket, target(), 3).due_at == hour(6)
    assert cycle(ticket, target(), 5).remaining_seconds == HOUR


def test_a_breached_clock_keeps_the_due_time_that_it_missed() -> None:
    assert cycle(incident((0, NEW), (1, HOLD), (3, WORK), (9, RESOLVED)), target(), 20).due_at == hour(6)


def test_a_met_clock_tells_when_it_would_have_been_due() -> None:
    met = cycle(incident((0, NEW), (1, RESOLVED)), target(), 20)
    assert (met.due_at, met.stopped_at) == (hour(4), hour(1))


def test_a_clock_counts_in_the_hours_of_its_calendar() -> None:
    ticket = incident((17, NEW))
    assert cycle(ticket, target(), 18, hours=OFFICE).due_at == hour(24 + 11)
    assert state(ticket, target(), 24 + 11, hours=OFFICE) == "at_risk"


def test_a_due_time_on_a_closing_instant_is_not_breached_all_night() -> None:
    ticket = incident((14, NEW))
    overnight = cycle(ticket, target(), 24 + 8, hours=OFFICE)
    assert (overnight.due_at, overnight.state, overnight.remaining_seconds) == (hour(18), ClockState.AT_RISK, 0)


def test_business_days_end_at_the_same_wall_time() -> None:
    assert cycle(incident((10, NEW)), target("2bd"), 11, hours=OFFICE).due_at == hour(48 + 10)


def test_business_days_from_closed_time_end_at_an_opening_and_not_the_evening_before() -> None:
    assert cycle(incident((3, NEW)), target("1bd"), 4, hours=OFFICE).due_at == hour(24 + 8)


def test_a_pause_moves_business_days_by_its_working_time() -> None:
    ticket = incident((10, NEW), (12, HOLD), (15, WORK))
    assert cycle(ticket, target("1bd"), 16, hours=OFFICE).due_at == hour(24 + 13)


def test_a_calendar_that_never_opens_gives_no_due_time_and_says_so() -> None:
    empty = cycle(incident((0, NEW)), target(), 9, hours=compile_calendar(calendar(weekly={})))
    assert (empty.due_at, empty.state) == (None, ClockState.RUNNING)
    assert empty.note is not None
    assert "open seconds" in empty.note


def test_thresholds_tell_when_they_were_reached_or_will_be() -> None:
    warned = cycle(incident((0, NEW)), target(warn_at=[50, 75]), 2.5).warnings
    assert [(each.percent, each.reached_at, each.expected_at) for each in warned] == [
        (50, hour(2), None),
        (75, None, hour(3)),
    ]


def test_a_threshold_between_two_seconds_is_reached_at_the_later() -> None:
    warned = cycle(incident((0, NEW)), target("1m", warn_at=[33]), 0.01)
    assert warned.warnings[0].reached_at == hour(20 / HOUR)


# Start and stop -----------------------------------------------------------------------------------


@pytest.mark.parametrize("answer", [{"response": True}, WORK, {"response": True, "note": "We look."}])
def test_a_response_is_the_first_one_marked_or_leaving_new(answer: dict[str, Any]) -> None:
    ticket = incident((0, NEW), (1, {"note": "Seen."}), (2, answer), (50, HOLD))
    answered = cycle(ticket, target(), 99, name="response")
    assert (answered.state, answered.elapsed_seconds) == (ClockState.MET, 2 * HOUR)


def test_a_response_clock_does_not_pause() -> None:
    never = target(stop={"responded": True})
    assert state(incident((0, NEW), (1, HOLD)), never, 9, name="response") == "breached"


def test_an_update_is_owed_from_the_response_on_and_again_after_each_update() -> None:
    ticket = incident((0, NEW), (10, {**WORK, "response": True}), (13, {"public": "Still on it."}), (18, {"note": "x"}))
    status = clock(ticket, target(), 19, name="update")
    assert [(each.state.value, each.elapsed_seconds / HOUR) for each in status.cycles] == [("met", 3), ("breached", 6)]


def test_an_update_with_the_resolution_ends_the_last_cycle() -> None:
    ticket = incident((0, NEW), (1, {**WORK, "response": True}), (2, {**RESOLVED, "public": "Done."}))
    status = clock(ticket, target(), 99, name="update")
    assert [each.state.value for each in status.cycles] == ["met"]


def test_an_own_target_starts_at_its_own_condition() -> None:
    own = target(start={"team": "network"}, pause="never")
    ticket = incident((0, NEW), (5, {"team": "network"}), (6, HOLD))
    assert cycle(ticket, own, 7, name="network-ola").started_at == hour(5)
    assert cycle(ticket, own, 7, name="network-ola").elapsed_seconds == 2 * HOUR


def test_a_pause_can_hang_on_the_reason() -> None:
    customer = target(pause={"state": "on_hold", "reason": {"glob": "waiting for the customer*"}})
    ticket = incident((0, NEW), (1, HOLD), (3, {"reason": "vendor"}), (4, WORK))
    assert cycle(ticket, customer, 5).elapsed_seconds == 3 * HOUR


def test_a_ticket_born_resolved_is_met_at_once() -> None:
    born = cycle(incident((0, {**NEW, "state": "resolved"})), target(), 9)
    assert (born.state, born.elapsed_seconds, born.stopped_at) == (ClockState.MET, 0, hour(0))


# Entries ------------------------------------------------------------------------------------------


def test_entries_later_than_the_clock_do_not_count_yet() -> None:
    ticket = incident((0, NEW), (2, RESOLVED))
    assert state(ticket, target(), 1) == "running"
    assert cycle(ticket, target(), 1).due_at == hour(4)


def test_an_entry_that_was_taken_back_does_not_count() -> None:
    ticket = incident((0, NEW), (1, HOLD), (1.1, {"void": hour(1).isoformat()}))
    assert cycle(ticket, target(), 3).elapsed_seconds == 3 * HOUR


def test_an_entry_counts_until_it_is_taken_back() -> None:
    ticket = incident((0, NEW), (1, HOLD), (1.1, {"void": hour(1).isoformat()}))
    assert state(ticket, target(), 1.05) == "paused"


def test_a_backfilled_entry_counts_when_it_happened() -> None:
    ticket = incident((0, NEW), (5, {"note": "x"}), (1, {**HOLD, "recorded": hour(5).isoformat()}))
    assert cycle(ticket, target(), 6).elapsed_seconds == HOUR


# Priority -----------------------------------------------------------------------------------------

RAISED = incident((0, NEW), (2, {"priority": "P1"}))
LOWERED = incident((0, {**NEW, "priority": "P1"}), (2, {"priority": "P3"}))
BOTH = {"P1": "4h", "P3": "8h"}


@pytest.mark.parametrize(
    ("ticket", "policy", "elapsed", "due"),
    [
        (RAISED, "retroactive", 3, 4),
        (RAISED, "carry", 2, 5),
        (RAISED, "restart", 1, 6),
        (LOWERED, "retroactive", 3, 8),
        (LOWERED, "carry", 5, 6),
        (LOWERED, "restart", 1, 10),
    ],
)
def test_a_change_of_priority_counts_from_the_start_carries_the_share_or_starts_again(
    ticket: Incident, policy: str, elapsed: float, due: float
) -> None:
    changed = cycle(ticket, target(BOTH, on_priority_change=policy), 3)
    assert (changed.elapsed_seconds / HOUR, changed.due_at) == (elapsed, hour(due))


def test_pauses_are_kept_when_the_priority_changes() -> None:
    ticket = incident((0, NEW), (1, HOLD), (3, WORK), (4, {"priority": "P1"}))
    assert cycle(ticket, target(BOTH), 5).due_at == hour(6)


def test_a_higher_priority_can_breach_at_once_but_only_retroactively() -> None:
    ticket = incident((0, NEW), (5, {"priority": "P1"}))
    found = {
        policy: state(ticket, target(BOTH, on_priority_change=policy), 5)
        for policy in ("retroactive", "carry", "restart")
    }
    assert found == {"retroactive": "breached", "carry": "running", "restart": "running"}


@pytest.mark.parametrize("policy", ["carry", "restart"])
def test_a_breach_is_not_wiped_out_by_lowering_the_priority(policy: str) -> None:
    ticket = incident((0, {**NEW, "priority": "P1"}), (4 + 1 / HOUR, {"priority": "P3"}))
    assert was_breached(clock(ticket, target(BOTH, on_priority_change=policy), 4.5))


def test_a_breach_by_one_second_is_carried_to_a_shorter_target() -> None:
    ticket = incident((0, NEW), (8 + 1 / HOUR, {**RESOLVED, "priority": "P1"}))
    reopened = incident((0, NEW), (8 + 1 / HOUR, {"priority": "P1"}), (8 + 1 / HOUR, RESOLVED))
    of = target(BOTH, on_priority_change="carry")
    assert (state(ticket, of, 9), state(reopened, of, 9)) == ("breached", "breached")


def test_a_priority_set_at_the_very_start_is_no_change() -> None:
    ticket = incident((0, NEW), (0, {"priority": "P1"}))
    status = clock(ticket, target(BOTH, on_priority_change="restart"), 1)
    assert [each.target_seconds for each in status.cycles] == [4 * HOUR]


def test_exactly_the_share_used_is_carried_without_a_breach() -> None:
    ticket = incident((0, {**NEW, "priority": "P1"}), (4, {**RESOLVED, "priority": "P3"}))
    assert state(ticket, target(BOTH, on_priority_change="carry"), 9) == "met"


def test_a_priority_after_the_resolution_changes_nothing() -> None:
    ticket = incident((0, NEW), (5, RESOLVED), (6, {"priority": "P1"}))
    assert state(ticket, target(BOTH), 9) == "met"


def test_time_without_a_promise_counts_retroactively_but_is_not_carried() -> None:
    ticket = incident((0, {**NEW, "priority": "P5"}), (3, {"priority": "P1"}))
    assert cycle(ticket, target(BOTH), 4).elapsed_seconds == 4 * HOUR
    assert cycle(ticket, target(BOTH, on_priority_change="carry"), 4).elapsed_seconds == HOUR


# Reopening ----------------------------------------------------------------------------------------

REOPENED = incident((0, NEW), (3, RESOLVED), (20, {**WORK, "reason": "came back"}))


def test_a_reopened_clock_goes_on_where_it_stopped() -> None:
    resumed = clock(REOPENED, target(), 20.5)
    assert len(resumed.cycles) == 1
    assert resumed.current is not None
    assert (resumed.current.elapsed_seconds, resumed.due_at) == (3.5 * HOUR, hour(21))


def test_a_reopened_clock_can_start_a_new_cycle() -> None:
    renewed = clock(REOPENED, target(on_reopen="new_cycle"), 20.5)
    assert [(each.state.value, each.elapsed_seconds / HOUR) for each in renewed.cycles] == [
        ("met", 3),
        ("running", 0.5),
    ]
    assert renewed.due_at == hour(24)


def test_time_between_resolving_and_reopening_is_neither_running_nor_paused() -> None:
    status = cycle(REOPENED, target(), 20.5)
    assert [each.sort.value for each in intervals_of(status)][1] == "stopped"
    assert status.paused_seconds == 0


def test_a_breach_in_an_earlier_cycle_is_remembered() -> None:
    ticket = incident((0, NEW), (5, RESOLVED), (20, WORK), (21, RESOLVED))
    status = clock(ticket, target(on_reopen="new_cycle"), 30)
    assert (status.state, was_breached(status)) == (ClockState.MET, True)


# Account ------------------------------------------------------------------------------------------


def test_every_interval_says_what_it_added_and_why() -> None:
    ticket = incident((16, NEW), (17, HOLD), (33, {"reason": "waiting for parts"}), (34, WORK), (36, RESOLVED))
    intervals = intervals_of(cycle(ticket, target(), 99, hours=OFFICE))
    assert [(each.sort.value, each.seconds / HOUR, each.why, each.entry) for each in intervals] == [
        ("counted", 1, "state new", 0),
        ("paused", 0, "state on_hold, reason waiting for the customer", 1),
        ("paused", 0, "state on_hold, reason waiting for parts", 2),
        ("counted", 2, "state in_progress", 3),
        ("stopped", 0, "state resolved", 4),
    ]


def test_closed_time_inside_a_run_is_taken_out_with_its_reason() -> None:
    intervals = intervals_of(cycle(incident((17, NEW)), target(), 33, hours=OFFICE))
    assert [(each.sort.value, each.start, each.seconds, each.why) for each in intervals] == [
        ("counted", hour(17), HOUR, "state new"),
        ("closed", hour(18), 0, "outside opening hours"),
        ("counted", hour(32), HOUR, "state new"),
    ]
