"""How much faster a query on a compiled calendar is than the same query by `businesstimedelta`.

Both sides have their calendar and holidays ready; the figure is the median of several rounds over the same
pairs of instants.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from statistics import median
from time import perf_counter

import businesstimedelta
import holidays
import pytz

from itsm_as_code.domain.calendars.open_times import compile_calendar
from itsm_as_code.domain.kinds.calendar import Calendar

ZONE = "Europe/Berlin"
FIRST = datetime(2026, 1, 1, tzinfo=UTC)
Pair = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Measured:
    """Seconds of one query."""

    ours: float
    theirs: float


def pairs(count: int) -> list[Pair]:
    """Tickets of a year, each open for up to thirty days."""
    chance = random.Random(1)  # noqa: S311 - the same tickets in each run
    starts = [FIRST + timedelta(seconds=chance.randrange(330 * 86400)) for _ in range(count)]
    return [(start, start + timedelta(seconds=chance.randrange(30 * 86400))) for start in starts]


def ours() -> Callable[[Pair], float]:
    """Working seconds by the compiled calendar."""
    weekly = {day: ["08:00-18:00"] for day in ("mon", "tue", "wed", "thu", "fri")}
    version = {"effective_from": "2026-01-01", "time_zone": ZONE, "weekly": weekly, "holidays": {"country": "DE"}}
    hours = compile_calendar(
        Calendar.model_validate(
            {"id": "office", "kind": "calendar", "schema": 1, "name": "Office", "versions": [version]}
        )
    )
    return lambda pair: hours.working_seconds(*pair)


def theirs() -> Callable[[Pair], float]:
    """Working seconds by `businesstimedelta`, which wants a zone of pytz."""
    zone = pytz.timezone(ZONE)
    work = businesstimedelta.WorkDayRule(start_time=time(8), end_time=time(18), working_days=[0, 1, 2, 3, 4], tz=zone)
    off = businesstimedelta.HolidayRule(holidays.country_holidays("DE"), tz=zone)
    rules = businesstimedelta.Rules([work, off])
    return lambda pair: float(rules.difference(*pair).timedelta.total_seconds())


def seconds_a_query(query: Callable[[Pair], float], asked: list[Pair], rounds: int) -> float:
    """Median seconds of one query."""
    taken = []
    for _ in range(rounds):
        begun = perf_counter()
        for pair in asked:
            query(pair)
        taken.append((perf_counter() - begun) / len(asked))
    return median(taken)


def measured() -> Measured:
    """Seconds of one query by both. Raises RuntimeError where their answers differ."""
    compiled, walked = ours(), theirs()
    asked = pairs(40)
    differing = sum(compiled(pair) != walked(pair) for pair in asked)
    if differing:
        raise RuntimeError(f"{differing} of {len(asked)} answers differ from those of businesstimedelta")
    return Measured(seconds_a_query(compiled, asked * 50, 5), seconds_a_query(walked, asked, 3))
