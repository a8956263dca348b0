from __future__ import annotations

import pytest

from itsm_as_code.domain.calendars.business_days import due_in_business_days
from itsm_as_code.domain.calendars.open_times import NoWorkingTime, compile_calendar
from itsm_as_code.domain.kinds.calendar import Calendar
from tests.domain.slow_time import OFFICE, WEEKDAYS, at, calendar


def due(hours: Calendar | None, start: str, count: int) -> str:
    found = due_in_business_days(compile_calendar(hours), at(start), count)
    return f"{found:%a %d %H:%M}"


def test_business_days_keep_the_wall_time_and_skip_closed_days() -> None:
    assert due(calendar(), "2026-11-19T10:30:00Z", 3) == "Tue 24 10:30"


def test_business_days_keep_the_wall_time_across_a_change_of_clocks() -> None:
    berlin = calendar(zone="Europe/Berlin")
    assert due(berlin, "2026-10-23T10:30:00+02:00", 1) == "Mon 26 09:30"


def test_a_holiday_is_no_business_day_and_a_day_wholly_in_a_break_neither() -> None:
    hours = calendar(
        holidays={"dates": [{"date": "2026-11-24", "name": "Off"}]},
        breaks=[{"at": "00:00-24:00", "date": "2026-11-25", "reason": "Move"}],
    )
    assert due(hours, "2026-11-23T10:30:00Z", 1) == "Thu 26 10:30"


@pytest.mark.parametrize("start", ["2026-11-20T18:00:00Z", "2026-11-21T12:00:00Z", "2026-11-23T07:00:00Z"])
def test_a_start_in_closed_time_moves_to_the_next_opening_first(start: str) -> None:
    assert due(calendar(), start, 1) == "Tue 24 08:00"


def test_on_a_shorter_day_the_last_closing_or_first_opening_stands_for_the_wall_time() -> None:
    hours = calendar(overrides=[{"date": "2026-11-24", "hours": ["10:00-12:00"], "reason": "Short"}])
    assert due(hours, "2026-11-23T17:00:00Z", 1) == "Tue 24 12:00"
    assert due(hours, "2026-11-23T08:30:00Z", 1) == "Tue 24 10:00"


def test_a_wall_time_inside_a_break_stays() -> None:
    hours = calendar(overrides=[{"date": "2026-11-24", "hours": ["08:00-11:00", "14:00-18:00"], "reason": "Split"}])
    assert due(hours, "2026-11-23T12:00:00Z", 1) == "Tue 24 12:00"


def test_hours_past_midnight_count_with_the_day_they_began_on() -> None:
    nights = calendar(weekly={day: ["22:00-06:00"] for day in WEEKDAYS[:5]})
    assert due(nights, "2026-11-24T02:00:00Z", 1) == "Wed 25 02:00"
    assert due(nights, "2026-11-28T02:00:00Z", 1) == "Tue 01 02:00"


def test_without_a_calendar_every_day_counts() -> None:
    assert due(None, "2026-11-21T10:30:00+02:00", 2) == "Mon 23 08:30"


def test_a_calendar_that_never_opens_again_has_no_business_days() -> None:
    closing_down = calendar(
        {"effective_from": "2026-01-01", "time_zone": "UTC", "weekly": OFFICE},
        {"effective_from": "2026-11-24", "time_zone": "UTC", "weekly": {}},
    )
    with pytest.raises(NoWorkingTime, match="too few working days"):
        due(closing_down, "2026-11-23T10:00:00Z", 1)


def test_days_are_counted_from_one() -> None:
    with pytest.raises(ValueError, match="at least 1"):
        due(calendar(), "2026-11-23T10:00:00Z", 0)
