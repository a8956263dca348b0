"""Calendars and instants around the days that go wrong: clock changes, leap day, skipped day, year's end."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from itsm_as_code.domain.calendars.hours import overlap, parse_hours
from itsm_as_code.domain.kinds.calendar import Calendar
from tests.domain.slow_time import WEEKDAYS, calendar

PLACES = [
    ("Europe/Berlin", date(2026, 3, 29)),
    ("Europe/Berlin", date(2026, 10, 25)),
    ("Europe/Berlin", date(2026, 12, 31)),
    ("America/New_York", date(2026, 3, 8)),
    ("America/New_York", date(2026, 11, 1)),
    ("America/St_Johns", date(2006, 10, 29)),
    ("Australia/Lord_Howe", date(2026, 4, 5)),
    ("Australia/Lord_Howe", date(2026, 10, 4)),
    ("Asia/Kolkata", date(2024, 2, 29)),
    ("Pacific/Apia", date(2011, 12, 30)),
    ("UTC", date(2024, 2, 29)),
]
HOURS = [
    "00:00-24:00",
    "08:00-18:00",
    "08:00-12:00",
    "13:00-17:30",
    "22:00-06:00",
    "23:30-00:30",
    "00:00-02:00",
    "02:00-04:00",
    "02:30-03:15",
    "01:30-02:15",
    "02:15-02:45",
    "01:45-02:00",
    "18:00-24:00",
    "00:00-00:01",
]


@st.composite
def day_hours(draw: st.DrawFn) -> list[str]:
    """Hours of one day, none of which overlap."""
    drawn = draw(st.lists(st.sampled_from(HOURS), max_size=2, unique=True))
    return drawn if overlap(tuple(parse_hours(each) for each in drawn)) is None else drawn[:1]


@st.composite
def version(draw: st.DrawFn, zone: str, day: date) -> dict[str, Any]:
    """One version with holidays, overrides and breaks near `day`."""
    near = st.integers(-2, 3).map(lambda n: (day + timedelta(days=n)).isoformat())
    usual = draw(day_hours())
    dated = draw(st.sampled_from([[], [0], [0, 60], [600]]))
    noon = datetime(day.year, day.month, day.day, 1, tzinfo=UTC)
    return {
        "effective_from": "2000-01-01",
        "time_zone": zone,
        "weekly": {name: draw(st.one_of(st.just(usual), day_hours())) for name in WEEKDAYS},
        "holidays": {"dates": [{"date": on, "name": "Own"} for on in draw(st.lists(near, max_size=2, unique=True))]},
        "overrides": [
            {"date": on, "hours": draw(day_hours()), "reason": "Other"}
            for on in draw(st.lists(near, max_size=2, unique=True))
        ],
        "breaks": [
            *({"at": hours, "reason": "Daily"} for hours in draw(st.lists(st.sampled_from(HOURS[2:]), max_size=1))),
            *(
                {
                    "from": (noon + timedelta(minutes=minutes)).isoformat(),
                    "until": (noon + timedelta(minutes=minutes + 90)).isoformat(),
                    "reason": "Once",
                }
                for minutes in dated
            ),
        ],
    }


@st.composite
def calendars_and_spans(draw: st.DrawFn) -> tuple[Calendar, datetime, datetime]:
    """A calendar and two instants within three days of the day that goes wrong there."""
    zone, day = draw(st.sampled_from(PLACES))
    versions = [draw(version(zone, day))]
    if draw(st.booleans()):
        other = draw(st.sampled_from([zone, "UTC", "Asia/Kolkata"]))
        versions.append({**draw(version(other, day)), "effective_from": day.isoformat()})
    middle = datetime(day.year, day.month, day.day, tzinfo=UTC)
    seconds = st.integers(-36 * 3600, 36 * 3600)
    first, second = draw(seconds), draw(seconds)
    start, end = (middle + timedelta(seconds=each) for each in sorted((first, second)))
    return calendar(*versions), start, end
