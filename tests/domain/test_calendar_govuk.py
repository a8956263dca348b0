"""Holiday data against what the government of the United Kingdom published."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path

import pytest

from itsm_as_code.domain.calendars.public_holidays import country_holidays

SATURDAY = 5
"""Of a holiday on a weekend the government lists the substitute day alone, we close on both."""
SUBDIVISIONS = {"england-and-wales": "ENG", "scotland": "SCT", "northern-ireland": "NIR"}


@pytest.mark.real_data
@pytest.mark.parametrize("division", SUBDIVISIONS)
def test_bank_holidays_are_those_that_the_government_published(division: str, real_data: Path) -> None:
    published = json.loads((real_data / "bank-holidays-govuk/bank-holidays.json").read_text("utf-8"))
    years = {year: days for year, days in published["divisions"][division].items() if year.isdigit()}
    assert years
    for year, days in years.items():
        expected = {_date(day["date"]) for day in days}
        ours = set(country_holidays("GB", SUBDIVISIONS[division], int(year)))
        assert expected <= ours, year
        assert {day for day in ours - expected if day.weekday() < SATURDAY} == set(), year


def _date(text: str) -> date:
    return datetime.strptime(text, "%d/%m/%Y").date()  # noqa: DTZ007 - a date
