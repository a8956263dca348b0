"""The clock against one that ticks every minute, and laws that hold for every timeline."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from itsm_as_code.domain.calendars.open_times import OpenTimes, compile_calendar
from itsm_as_code.domain.clocks.itemise import IntervalSort, intervals_of
from itsm_as_code.domain.clocks.status import ClockState
from itsm_as_code.domain.kinds.calendar import Calendar
from itsm_as_code.domain.kinds.incident import Incident
from tests.domain import slow_time
from tests.domain.slow_time import ALL_DAY, calendar
from tests.domain.tickets import ALWAYS, clock, hour, incident, target, was_breached

DURATIONS = {"P1": "2h", "P2": "5h", "P3": "9h"}
HOURS = {"P1": 2, "P2": 5, "P3": 9}
STATES = ["new", "in_progress", "on_hold", "resolved", "cancelled"]
POLICIES = st.sampled_from(["retroactive", "carry", "restart"])
REOPENS = st.sampled_from(["resume", "new_cycle"])
CALENDARS = [
    calendar(),
    calendar(zone="America/New_York", weekly=ALL_DAY),
    calendar(zone="Asia/Kolkata", breaks=[{"at": "12:00-13:00", "reason": "Lunch"}]),
    calendar(weekly={day: ["22:00-06:00"] for day in ("mon", "tue", "thu")}),
]
COMPILED = [compile_calendar(each) for each in CALENDARS]
fast = settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
minutes = st.integers(0, 4 * 1440)


@st.composite
def timelines(draw: st.DrawFn) -> Incident:
    """An incident over four days: states and priorities change at whole minutes."""
    times = sorted(draw(st.lists(minutes, min_size=1, max_size=7, unique=True)))
    entries: list[tuple[float, dict[str, Any]]] = []
    for index, minute in enumerate(times):
        entry: dict[str, Any] = {}
        if index == 0 or draw(st.booleans()):
            entry["priority"] = draw(st.sampled_from(list(HOURS)))
        if index == 0 or draw(st.booleans()):
            entry["state"] = draw(st.sampled_from(STATES)) if index else "new"
        entries.append((minute / 60, entry or {"note": "x"}))
    return incident(*entries)


def ticking(ticket: Incident, hours: Calendar, now: datetime, *, renew: bool) -> tuple[int, int, str]:
    """Elapsed minutes, target minutes and phase of a retroactive clock that looks at the ticket every minute."""
    elapsed, target_minutes, phase, stopped = 0, 0, "", False
    minute = ticket.timeline[0].at
    while minute <= now:
        facts: dict[str, str] = {}
        for entry in ticket.timeline:
            if entry.at <= minute:
                facts |= {k: v for k in ("state", "priority") if (v := getattr(entry, k)) is not None}
        phase = {"on_hold": "paused", "resolved": "met", "cancelled": "cancelled"}.get(facts["state"], "running")
        if stopped and phase in ("running", "paused") and renew:
            elapsed = 0
        stopped = phase in ("met", "cancelled")
        if not stopped:
            target_minutes = HOURS[facts["priority"]] * 60
        if phase == "running" and minute < now and slow_time.is_open(hours, minute):
            elapsed += 1
        minute += timedelta(minutes=1)
    return elapsed, target_minutes, phase


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(timelines(), st.integers(0, len(CALENDARS) - 1), st.integers(0, 2000), REOPENS)
def test_a_clock_says_what_one_that_ticks_every_minute_says(
    ticket: Incident, which: int, later: int, on_reopen: str
) -> None:
    now = ticket.timeline[0].at + timedelta(minutes=later)
    of = target(DURATIONS, on_reopen=on_reopen, warn_at=[])
    elapsed, target_minutes, phase = ticking(ticket, CALENDARS[which], now, renew=on_reopen == "new_cycle")
    current = clock(ticket, of, (now - hour(0)).total_seconds() / 3600, hours=COMPILED[which]).current
    assert current is not None
    assert (current.elapsed_seconds, current.target_seconds) == (elapsed * 60, target_minutes * 60)
    assert current.state.value == ("breached" if elapsed > target_minutes else phase)


@fast
@given(timelines(), st.sampled_from(COMPILED), minutes, POLICIES, REOPENS)
def test_the_account_has_no_gaps_and_adds_up(
    ticket: Incident, hours: OpenTimes, now: int, policy: str, on_reopen: str
) -> None:
    of = target(DURATIONS, on_priority_change=policy, on_reopen=on_reopen)
    cycles = clock(ticket, of, now / 60, hours=hours).cycles
    for cycle in cycles:
        intervals = intervals_of(cycle)
        assert all(one.end == other.start for one, other in pairwise(intervals))
        if intervals:
            assert intervals[0].start == cycle.started_at
        if policy != "carry":
            assert sum(each.seconds for each in intervals) == cycle.elapsed_seconds
        assert all(each.seconds == 0 for each in intervals if each.sort is not IntervalSort.COUNTED)
    joints = [(one.legs[-1].end, other.started_at) for one, other in pairwise(cycles) if one.legs]
    assert all(end == int(start.timestamp()) for end, start in joints)


@fast
@given(st.sampled_from(COMPILED), st.integers(1, 2000), st.integers(0, 2000), st.integers(0, 2000))
def test_pausing_then_resuming_equals_the_sum_of_its_parts(hours: OpenTimes, run: int, rest: int, again: int) -> None:
    start, pause, resume, end = 0, run, run + rest, run + rest + again
    ticket = incident(
        (start, {"state": "new", "priority": "P3"}),
        (pause / 60, {"state": "on_hold"}),
        (resume / 60, {"state": "in_progress"}),
    )
    current = clock(ticket, target(), end / 60, hours=hours).current
    assert current is not None
    parts = hours.working_seconds(hour(0), hour(pause / 60)) + hours.working_seconds(hour(resume / 60), hour(end / 60))
    assert current.elapsed_seconds == parts


@fast
@given(timelines(), st.sampled_from(COMPILED), st.integers(0, 10**5), st.integers(0, 10**5))
def test_a_paused_clock_never_breaches_however_long_it_waits(
    ticket: Incident, hours: OpenTimes, now: int, wait: int
) -> None:
    held = incident(
        *(((entry.at - hour(0)).total_seconds() / 3600, {"state": entry.state, "priority": entry.priority})
          for entry in ticket.timeline[:1]),
        (97, {"state": "on_hold"}),
    )  # fmt: skip
    before = clock(held, target(DURATIONS), 97 + now / 60, hours=hours).current
    after = clock(held, target(DURATIONS), 97 + (now + wait) / 60, hours=hours).current
    assert before is not None
    assert after is not None
    assert (before.state, before.elapsed_seconds) == (after.state, after.elapsed_seconds)


@fast
@given(timelines(), st.sampled_from(COMPILED), minutes)
def test_a_running_clock_is_at_its_target_when_it_is_due_and_breached_a_second_of_work_later(
    ticket: Incident, hours: OpenTimes, now: int
) -> None:
    seen = incident(
        *(((e.at - hour(0)).total_seconds() / 3600, {"state": e.state, "priority": e.priority, "note": "x"})
          for e in ticket.timeline if e.at <= hour(now / 60))
    ) if ticket.timeline[0].at <= hour(now / 60) else ticket  # fmt: skip
    current = clock(seen, target(DURATIONS), now / 60, hours=hours).current
    if current is None or current.state not in (ClockState.RUNNING, ClockState.AT_RISK):
        return
    assert current.due_at is not None
    assert current.target_seconds is not None
    if current.due_at < seen.timeline[-1].at:
        return  # used up to the second when the hours closed, by a target that came later: then another one held
    due = (current.due_at - hour(0)).total_seconds() / 3600
    at_due = clock(seen, target(DURATIONS), due, hours=hours).current
    assert at_due is not None
    assert at_due.elapsed_seconds == current.target_seconds
    assert at_due.state is not ClockState.BREACHED
    over = hours.due(current.due_at, 1)
    assert was_breached(clock(seen, target(DURATIONS), (over - hour(0)).total_seconds() / 3600, hours=hours))


@fast
@given(timelines(), st.sampled_from(COMPILED), minutes)
def test_without_a_change_of_priority_the_policies_agree(ticket: Incident, hours: OpenTimes, now: int) -> None:
    found = []
    for policy in ("retroactive", "carry", "restart"):
        cycles = clock(ticket, target("5h", on_priority_change=policy), now / 60, hours=hours).cycles
        found.append([(each.state, each.elapsed_seconds, each.due_at, each.warnings) for each in cycles])
    assert found[0] == found[1] == found[2]


@fast
@given(timelines(), minutes)
def test_a_breach_by_the_share_used_is_a_breach_under_carry_whatever_the_priority_becomes(
    ticket: Incident, now: int
) -> None:
    of = target(DURATIONS, on_priority_change="carry")
    states = [
        clock(ticket, of, minute / 60, hours=ALWAYS).state is ClockState.BREACHED for minute in range(0, now + 1, 97)
    ]
    assert states == sorted(states)
