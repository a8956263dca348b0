from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from itsm_as_code.domain.calendars.closed_reasons import closed_between
from itsm_as_code.domain.calendars.hours import Hours, parse_hours
from itsm_as_code.domain.calendars.open_times import compile_calendar
from itsm_as_code.domain.calendars.zone import at_epoch, epoch, load_zone
from itsm_as_code.domain.errors import CouldNotCheck
from itsm_as_code.domain.kinds.calendar import Calendar
from tests.domain.slow_time import ALL_DAY, OFFICE, WEEKDAYS, at, calendar

HOUR = 3600
NIGHTS = {day: ["22:00-06:00"] for day in WEEKDAYS}


def opened(hours: Calendar, start: str, end: str) -> list[tuple[str, str]]:
    """Open stretches as text in UTC."""
    stretches = compile_calendar(hours).open_between_s(epoch(at(start)), epoch(at(end)))
    return [(f"{at_epoch(opens):%d %H:%M}", f"{at_epoch(closes):%d %H:%M}") for opens, closes in stretches]


def worked(hours: Calendar | None, start: str, end: str) -> float:
    return compile_calendar(hours).working_seconds(at(start), at(end)) / HOUR


def every_day(*hours: str) -> dict[str, list[str]]:
    return {day: list(hours) for day in WEEKDAYS}


# Clock changes -----------------------------------------------------------------------------------


def test_a_day_has_23_hours_in_spring_and_25_in_autumn() -> None:
    berlin = calendar(zone="Europe/Berlin", weekly=ALL_DAY)
    assert worked(berlin, "2026-03-29T00:00:00+01:00", "2026-03-30T00:00:00+02:00") == 23
    assert worked(berlin, "2026-10-25T00:00:00+02:00", "2026-10-26T00:00:00+01:00") == 25


def test_an_opening_that_clocks_skip_is_the_instant_of_the_jump() -> None:
    berlin = calendar(zone="Europe/Berlin", weekly=every_day("02:30-03:15"))
    assert opened(berlin, "2026-03-29T00:00:00Z", "2026-03-29T12:00:00Z") == [("29 01:00", "29 01:15")]


def test_a_closing_that_clocks_skip_is_the_instant_of_the_jump() -> None:
    berlin = calendar(zone="Europe/Berlin", weekly=every_day("01:30-02:30"))
    assert opened(berlin, "2026-03-29T00:00:00Z", "2026-03-29T12:00:00Z") == [("29 00:30", "29 01:00")]


def test_hours_that_clocks_skip_altogether_are_not_there() -> None:
    berlin = calendar(zone="Europe/Berlin", weekly=every_day("02:10-02:50"))
    assert opened(berlin, "2026-03-29T00:00:00Z", "2026-03-29T12:00:00Z") == []


def test_of_repeated_wall_times_the_first_opens_and_the_second_closes() -> None:
    berlin = calendar(zone="Europe/Berlin", weekly=every_day("02:15-02:45"))
    assert opened(berlin, "2026-10-25T00:00:00Z", "2026-10-25T12:00:00Z") == [("25 00:15", "25 01:45")]


def test_a_closing_where_the_repeated_hour_begins_is_the_first_of_the_two() -> None:
    late = calendar(zone="Europe/Berlin", weekly=every_day("18:00-02:00"))
    assert worked(late, "2026-10-24T12:00:00Z", "2026-10-25T12:00:00Z") == 8


def test_lord_howe_changes_its_clocks_by_half_an_hour() -> None:
    lord_howe = calendar(zone="Australia/Lord_Howe", weekly=ALL_DAY)
    assert worked(lord_howe, "2026-10-04T00:00:00+10:30", "2026-10-05T00:00:00+11:00") == 23.5
    assert worked(lord_howe, "2026-04-05T00:00:00+11:00", "2026-04-06T00:00:00+10:30") == 24.5


def test_the_day_that_apia_skipped_has_no_hours() -> None:
    apia = calendar(zone="Pacific/Apia", weekly=every_day("08:00-18:00"))
    assert opened(apia, "2011-12-29T00:00:00-10:00", "2012-01-01T00:00:00+14:00") == [
        ("29 18:00", "30 04:00"),
        ("30 18:00", "31 04:00"),
    ]


def test_hours_into_the_skipped_day_end_at_the_jump() -> None:
    apia = calendar(zone="Pacific/Apia", weekly={"thu": ["22:00-06:00"]})
    assert opened(apia, "2011-12-29T00:00:00-10:00", "2012-01-01T00:00:00+14:00") == [("30 08:00", "30 10:00")]


def test_no_calendar_means_always() -> None:
    assert worked(None, "2026-03-28T23:00:00Z", "2026-03-29T23:00:00Z") == 24
    assert compile_calendar(None).is_open(at("2026-12-25T03:00:00Z"))


# Precedence ---------------------------------------------------------------------------------------


def test_a_break_beats_an_override_which_beats_a_holiday_which_beats_the_week() -> None:
    hours = calendar(
        weekly=OFFICE,
        holidays={"dates": [{"date": "2026-11-24", "name": "Day off"}, {"date": "2026-11-25", "name": "Another"}]},
        overrides=[{"date": "2026-11-25", "hours": ["10:00-14:00"], "reason": "Stocktaking"}],
        breaks=[{"at": "12:00-13:00", "reason": "Lunch"}],
    )
    assert opened(hours, "2026-11-23T00:00:00Z", "2026-11-26T00:00:00Z") == [
        ("23 08:00", "23 12:00"),
        ("23 13:00", "23 18:00"),
        ("25 10:00", "25 12:00"),
        ("25 13:00", "25 14:00"),
    ]


def test_hours_past_midnight_belong_to_the_day_they_begin_on() -> None:
    nights = calendar(weekly=NIGHTS, holidays={"dates": [{"date": "2026-11-24", "name": "Day off"}]})
    assert opened(nights, "2026-11-23T12:00:00Z", "2026-11-25T23:00:00Z") == [
        ("23 22:00", "24 06:00"),
        ("25 22:00", "25 23:00"),
    ]


def test_holidays_that_touch_close_both_days() -> None:
    hours = calendar(
        weekly=OFFICE,
        holidays={"dates": [{"date": "2026-11-24", "name": "One"}, {"date": "2026-11-25", "name": "Two"}]},
    )
    assert worked(hours, "2026-11-23T18:00:00Z", "2026-11-26T08:00:00Z") == 0


def test_leap_day_is_a_day_like_others() -> None:
    assert worked(calendar(weekly=OFFICE), "2024-02-28T00:00:00Z", "2024-03-02T00:00:00Z") == 30


def test_a_break_on_one_date_or_some_weekdays_leaves_the_rest_open() -> None:
    hours = calendar(
        breaks=[
            {"at": "12:00-13:00", "days": ["mon"], "reason": "Round"},
            {"at": "08:00-09:00", "date": "2026-11-24", "reason": "Drill"},
            {"from": "2026-11-25T17:00:00Z", "until": "2026-11-26T09:00:00Z", "reason": "Move"},
        ]
    )
    totals = [worked(hours, f"2026-11-{day}T00:00:00Z", f"2026-11-{day + 1}T00:00:00Z") for day in range(23, 28)]
    assert totals == [9, 9, 9, 9, 10]


def test_a_break_past_midnight_reaches_into_the_next_day() -> None:
    hours = calendar(weekly=ALL_DAY, breaks=[{"at": "22:00-02:00", "days": ["mon"], "reason": "Backup"}])
    assert worked(hours, "2026-11-24T00:00:00Z", "2026-11-25T00:00:00Z") == 22


def test_a_night_shift_is_cut_by_a_break_of_the_morning_after() -> None:
    hours = calendar(weekly=NIGHTS, breaks=[{"at": "03:00-04:00", "reason": "Meal"}])
    assert worked(hours, "2026-11-23T12:00:00Z", "2026-11-24T12:00:00Z") == 7


def test_an_override_without_hours_closes_the_day() -> None:
    hours = calendar(overrides=[{"date": "2026-11-24", "hours": [], "reason": "Move"}])
    assert worked(hours, "2026-11-24T00:00:00Z", "2026-11-25T00:00:00Z") == 0


# Holidays of countries ------------------------------------------------------------------------------


def test_public_holidays_of_a_country_and_its_parts_are_closed_unless_switched_off() -> None:
    rules: dict[str, Any] = {"country": "DE", "subdivision": "BY"}
    epiphany = ("2026-01-06T00:00:00+01:00", "2026-01-07T00:00:00+01:00")
    assert worked(calendar(zone="Europe/Berlin", holidays=rules), *epiphany) == 0
    assert worked(calendar(zone="Europe/Berlin", holidays={"country": "DE"}), *epiphany) == 10
    assert worked(calendar(zone="Europe/Berlin", holidays={**rules, "working": ["2026-01-06"]}), *epiphany) == 10


def test_names_of_holidays_do_not_follow_the_locale(monkeypatch: pytest.MonkeyPatch) -> None:
    from itsm_as_code.domain.calendars.public_holidays import country_holidays

    country_holidays.cache_clear()
    monkeypatch.setenv("LANGUAGE", "fr")
    assert "New Year's Day" in country_holidays("CH", None, 2026).values()
    country_holidays.cache_clear()


@pytest.mark.parametrize(
    ("holidays", "message"),
    [
        ({"country": "XX"}, "no holiday data for country XX"),
        ({"country": "DE", "subdivision": "QQ"}, "DE has no subdivision QQ"),
    ],
)
def test_a_country_without_holiday_data_can_not_be_checked(holidays: dict[str, str], message: str) -> None:
    with pytest.raises(CouldNotCheck, match=message):
        worked(calendar(holidays=holidays), "2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z")


# Versions -----------------------------------------------------------------------------------------


def test_each_version_counts_from_its_date_in_its_zone_and_the_first_before_too() -> None:
    old = {"effective_from": "2026-01-01", "time_zone": "UTC", "weekly": every_day("08:00-10:00")}
    new = {"effective_from": "2026-07-01", "time_zone": "UTC", "weekly": every_day("08:00-11:00")}
    hours = calendar(old, new)
    for day, expected in [("2025-06-30", 2), ("2026-06-30", 2), ("2026-07-01", 3)]:
        assert worked(hours, f"{day}T00:00:00Z", f"{day}T23:59:59Z") == expected


def test_a_night_shift_is_not_cut_by_a_new_version() -> None:
    old = {"effective_from": "2026-01-01", "time_zone": "UTC", "weekly": NIGHTS}
    new = {"effective_from": "2026-07-01", "time_zone": "UTC", "weekly": OFFICE}
    assert worked(calendar(old, new), "2026-06-30T12:00:00Z", "2026-07-01T07:00:00Z") == 8


# Questions ------------------------------------------------------------------------------------------


def test_a_due_time_may_fall_on_a_closing_instant() -> None:
    hours = compile_calendar(calendar())
    assert hours.due(at("2026-11-23T08:00:00Z"), 10 * HOUR) == at("2026-11-23T18:00:00Z")
    assert hours.due(at("2026-11-23T08:00:00Z"), 10 * HOUR + 1) == at("2026-11-24T08:00:01Z")


def test_nothing_is_used_up_at_the_start_itself() -> None:
    saturday = at("2026-11-21T03:00:00Z")
    assert compile_calendar(calendar()).due(saturday, 0) == saturday


def test_a_negative_amount_is_a_bug_of_the_caller() -> None:
    with pytest.raises(ValueError, match="can't be negative"):
        compile_calendar(calendar()).due(at("2026-11-21T03:00:00Z"), -1)


def test_a_reversed_span_has_no_working_time() -> None:
    assert worked(calendar(), "2026-11-24T00:00:00Z", "2026-11-23T00:00:00Z") == 0


def test_hours_are_open_at_their_start_and_closed_at_their_end() -> None:
    hours = compile_calendar(calendar())
    assert hours.is_open(at("2026-11-23T08:00:00Z"))
    assert not hours.is_open(at("2026-11-23T18:00:00Z"))


def test_the_next_opening_is_now_where_it_is_open() -> None:
    hours = compile_calendar(calendar())
    assert hours.next_opening_s(epoch(at("2026-11-23T09:30:00Z"))) == epoch(at("2026-11-23T09:30:00Z"))
    assert hours.next_opening_s(epoch(at("2026-11-21T09:30:00Z"))) == epoch(at("2026-11-23T08:00:00Z"))


def test_stretches_that_touch_are_one() -> None:
    hours = calendar(weekly=every_day("00:00-12:00", "12:00-24:00"))
    assert len(opened(hours, "2025-12-30T00:00:00Z", "2026-01-03T00:00:00Z")) == 1


@pytest.mark.parametrize(
    ("zone", "start", "end"),
    [
        ("Asia/Kolkata", "2025-12-31T18:30:00Z", "2025-12-31T23:00:00Z"),
        ("Pacific/Apia", "2025-12-31T10:00:00Z", "2025-12-31T23:00:00Z"),
        ("Pacific/Honolulu", "2026-01-01T00:00:00Z", "2026-01-01T09:00:00Z"),
    ],
)
def test_the_year_ends_where_the_calendar_is(zone: str, start: str, end: str) -> None:
    hours = (at(end) - at(start)).total_seconds() / HOUR
    assert worked(calendar(zone=zone, weekly=ALL_DAY), start, end) == hours


def test_fractions_of_seconds_are_dropped() -> None:
    assert worked(None, "2026-11-23T08:00:00.900000+00:00", "2026-11-23T08:00:02.100000+00:00") * HOUR == 2


def test_targets_of_years_are_found_and_beyond_the_horizon_refused() -> None:
    hours = compile_calendar(calendar(weekly={"mon": ["08:00-09:00"]}))
    start = at("2026-11-23T00:00:00Z")
    assert hours.due(start, 100 * HOUR) == start + timedelta(weeks=99, hours=9)
    with pytest.raises(CouldNotCheck, match="in 10 years"):
        hours.due(start, 600 * HOUR)


@pytest.mark.parametrize("instant", ["1066-10-14T09:00:00Z", "2999-01-01T00:00:00Z"])
def test_instants_outside_the_years_of_computing_are_refused(instant: str) -> None:
    for hours in (calendar(), None):
        with pytest.raises(CouldNotCheck, match="between the years 1970 and 2199"):
            compile_calendar(hours).is_open(at(instant))


def test_closed_time_is_explained_with_its_dates() -> None:
    hours = compile_calendar(
        calendar(
            holidays={"dates": [{"date": "2026-11-24", "name": "Founders"}]},
            overrides=[{"date": "2026-11-25", "hours": ["08:00-10:00"], "reason": "Stocktaking"}],
            breaks=[{"at": "12:00-13:00", "reason": "Lunch"}],
        )
    )
    start, end = epoch(at("2026-11-23T08:00:00Z")), epoch(at("2026-11-26T08:00:00Z"))
    assert [(seconds[1] - seconds[0], why) for seconds, why in closed_between(hours, start, end)] == [
        (1 * HOUR, "break: Lunch"),
        (38 * HOUR, "2026-11-24 holiday: Founders; 2026-11-25 override: Stocktaking"),
        (22 * HOUR, "2026-11-25 override: Stocktaking"),
    ]


def test_the_local_day_is_that_of_the_calendar_s_zone() -> None:
    apia = compile_calendar(calendar(zone="Pacific/Apia"))
    assert f"{apia.day_at(at('2026-11-21T12:00:00Z'))}" == "2026-11-22"
    assert f"{compile_calendar(None).day_at(at('2026-11-21T23:30:00-02:00'))}" == "2026-11-22"


# Records ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("08:00-18:00", Hours(480, 1080)),
        ("18:00-24:00", Hours(1080, 1440)),
        ("22:00-06:00", Hours(1320, 1800)),
        ("22:00-00:00", Hours(1320, 1440)),
    ],
)
def test_hours_are_read_as_minutes_of_the_day_they_begin_on(text: str, hours: Hours) -> None:
    assert parse_hours(text) == hours


@pytest.mark.parametrize("hours", [Hours(480, 1080), Hours(1080, 1440), Hours(1320, 1800), Hours(0, 1440)])
def test_hours_are_written_as_they_are_read(hours: Hours) -> None:
    assert parse_hours(str(hours)) == hours


@pytest.mark.parametrize(
    "text", ["8:00-18:00", "08:00-25:00", "24:00-08:00", "08:00", "08:00-08:00", 800, "٠٨:00-18:00", "08:00-1٨:00"]
)
def test_hours_of_other_forms_are_refused(text: object) -> None:
    with pytest.raises(ValueError, match="hours"):
        parse_hours(text)


@pytest.mark.parametrize("name", ["localtime", "posixrules", "Factory", "right/UTC", "../etc/passwd", "Europe", ""])
def test_names_that_are_no_zone_everywhere_are_refused(name: str) -> None:
    with pytest.raises(ValueError, match="no time zone"):
        load_zone(name)


def test_a_zone_with_a_slip_is_suggested() -> None:
    with pytest.raises(ValueError, match="did you mean Europe/Berlin"):
        load_zone("Europe/Berln")


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"weekly": {"mon": ["08:00-12:00", "11:00-13:00"]}}, "08:00-12:00 and 11:00-13:00 overlap"),
        ({"holidays": {"subdivision": "BY"}}, "needs its country"),
        ({"holidays": {"dates": [{"date": "2026-01-02", "name": "A"}], "working": ["2026-01-02"]}}, "both a day off"),
        ({"holidays": {"dates": [{"date": "2026-01-02", "name": "A"}] * 2}}, "twice"),
        ({"overrides": [{"date": "2026-01-02", "hours": [], "reason": "A"}] * 2}, "twice"),
        ({"breaks": [{"reason": "A"}]}, "either `at`"),
        ({"breaks": [{"reason": "A", "from": "2026-01-02T00:00:00Z"}]}, "either `at`"),
        ({"breaks": [{"reason": "A", "at": "12:00-13:00", "days": ["mon"], "date": "2026-01-02"}]}, "not both"),
        (
            {"breaks": [{"reason": "A", "from": "2026-01-02T00:00:00Z", "until": "2026-01-02T00:00:00Z"}]},
            "ends before it begins",
        ),
        ({"time_zone": "Mars/Base"}, "no time zone"),
    ],
)
def test_a_calendar_that_contradicts_itself_is_refused(fields: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        calendar(**fields)


def test_versions_stand_in_order() -> None:
    one = {"effective_from": "2026-01-01", "time_zone": "UTC", "weekly": {}}
    with pytest.raises(ValidationError, match="oldest first"):
        calendar(one, one)


def test_a_calendar_is_written_as_it_is_read() -> None:
    hours = calendar(
        zone="Europe/Berlin",
        holidays={"country": "DE", "working": ["2026-10-03"]},
        breaks=[{"from": "2026-01-02T00:00:00Z", "until": "2026-01-03T00:00:00Z", "reason": "Move"}],
    )
    assert Calendar.model_validate(hours.model_dump(by_alias=True, exclude_defaults=True)) == hours


def test_instants_of_any_offset_mean_the_same() -> None:
    hours = compile_calendar(calendar())
    one, other = datetime.fromisoformat("2026-11-23T08:00:00+00:00"), at("2026-11-23T17:00:00+09:00")
    assert hours.due(one, 60) == hours.due(other, 60)
