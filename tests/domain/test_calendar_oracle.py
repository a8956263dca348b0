"""The compiled calendar against the minute-by-minute walker, and laws that hold for every calendar."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from itsm_as_code.domain.calendars.open_times import NoWorkingTime, compile_calendar
from itsm_as_code.domain.calendars.zone import epoch
from itsm_as_code.domain.kinds.calendar import Calendar
from tests.domain import slow_time
from tests.domain.calendar_strategies import calendars_and_spans

Drawn = tuple[Calendar, datetime, datetime]
slowly = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
quickly = settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@slowly
@given(calendars_and_spans())
def test_working_seconds_are_those_that_the_walker_counts(drawn: Drawn) -> None:
    hours, start, end = drawn
    assert compile_calendar(hours).working_seconds(start, end) == slow_time.working_seconds(hours, start, end)


@slowly
@given(calendars_and_spans(), st.integers(1, 30 * 3600))
def test_due_is_where_the_walker_has_used_up_the_target(drawn: Drawn, seconds: int) -> None:
    hours, start, _ = drawn
    limit = start + timedelta(hours=40)
    walked = slow_time.due(hours, start, seconds, limit)
    compiled = compile_calendar(hours)
    if walked is None:
        assert compiled.working_seconds(start, limit) < seconds
    else:
        assert compiled.due(start, seconds) == walked


@slowly
@given(calendars_and_spans())
def test_a_minute_is_open_where_the_walker_says_so(drawn: Drawn) -> None:
    hours, start, _ = drawn
    compiled = compile_calendar(hours)
    minute = start.replace(second=0)
    for n in range(0, 1500, 31):
        asked = minute + timedelta(minutes=n)
        assert compiled.is_open(asked) == slow_time.is_open(hours, asked)


@quickly
@given(calendars_and_spans(), st.integers(0, 10**6))
def test_working_time_adds_up_over_any_point_between(drawn: Drawn, share: int) -> None:
    hours, start, end = drawn
    compiled = compile_calendar(hours)
    middle = start + timedelta(seconds=int((end - start).total_seconds()) * share // 10**6)
    parts = compiled.working_seconds(start, middle) + compiled.working_seconds(middle, end)
    assert parts == compiled.working_seconds(start, end)


@quickly
@given(calendars_and_spans())
def test_the_time_worked_until_an_instant_is_due_by_then(drawn: Drawn) -> None:
    hours, start, end = drawn
    compiled = compile_calendar(hours)
    assert compiled.due(start, compiled.working_seconds(start, end)) <= end


@quickly
@given(calendars_and_spans(), st.integers(1, 10**6))
def test_due_uses_up_exactly_the_target_and_no_instant_before_does(drawn: Drawn, seconds: int) -> None:
    hours, start, _ = drawn
    compiled = compile_calendar(hours)
    try:
        due = compiled.due(start, seconds)
    except NoWorkingTime:
        return
    assert compiled.working_seconds(start, due) == seconds
    assert compiled.working_seconds(start, due - timedelta(seconds=1)) == seconds - 1


@quickly
@given(calendars_and_spans(), st.integers(1, 10**5), st.integers(0, 3000), st.integers(1, 600))
def test_more_closed_hours_never_make_a_due_time_earlier(
    drawn: Drawn, seconds: int, from_minute: int, minutes: int
) -> None:
    hours, start, _ = drawn
    begins = start.replace(second=0) + timedelta(minutes=from_minute - 600)
    closed = [{"from": begins.isoformat(), "until": (begins + timedelta(minutes=minutes)).isoformat(), "reason": "x"}]
    data = hours.model_dump(by_alias=True, exclude_none=True)
    for each in data["versions"]:
        each["breaks"] = [*each["breaks"], *closed]
    with_closed = Calendar.model_validate(data)
    try:
        later = compile_calendar(with_closed).due(start, seconds)
    except NoWorkingTime:
        return
    assert compile_calendar(hours).due(start, seconds) <= later


@settings(max_examples=10, deadline=None)
@given(calendars_and_spans(), st.permutations([0, 1, 2]))
def test_answers_do_not_depend_on_what_was_asked_before(drawn: Drawn, order: list[int]) -> None:
    hours, start, end = drawn
    used = compile_calendar(hours)
    years = timedelta(days=500)
    for each in order:
        used.working_seconds(start - each * years, start + each * years)
    fresh, span = compile_calendar(hours), (epoch(start), epoch(end))
    assert used.working_seconds(start, end) == fresh.working_seconds(start, end)
    assert list(used.open_between_s(*span)) == list(fresh.open_between_s(*span))


@pytest.mark.parametrize("seconds", [1, 3600])
def test_an_empty_calendar_is_told_apart_from_a_slow_one(seconds: int) -> None:
    empty = compile_calendar(slow_time.calendar(weekly={}))
    start = slow_time.at("2026-11-21T00:00:00+00:00")
    assert empty.working_seconds(start, start + timedelta(days=4000)) == 0
    with pytest.raises(NoWorkingTime, match="hours has less than"):
        empty.due(start, seconds)
    with pytest.raises(NoWorkingTime, match="does not open"):
        empty.next_opening_s(epoch(start))
