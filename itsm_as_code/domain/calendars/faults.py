"""Finds faults of a calendar that its model can't find: places without holiday data, versions that never open."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from itsm_as_code.domain.calendars.public_holidays import country_holidays
from itsm_as_code.domain.finding import Spot

if TYPE_CHECKING:
    from itsm_as_code.domain.kinds.calendar import Calendar, CalendarVersion


def calendar_faults(calendar: Calendar) -> Iterator[Spot]:
    """Yields the faults of all versions. With such a fault, a due time can't be computed or never comes."""
    for index, version in enumerate(calendar.versions):
        fault = _no_holidays(version)
        if fault is not None:
            yield Spot(fault, ("versions", index, "holidays", "country"))
        if not _opens(version):
            yield Spot(
                "the calendar is never open, so a clock that uses it never runs out",
                ("versions", index, "weekly"),
                "Name hours under `weekly` or `overrides`.",
            )


def _no_holidays(version: CalendarVersion) -> str | None:
    rules = version.holidays
    if rules.country is None:
        return None
    try:
        country_holidays(rules.country, rules.subdivision, version.effective_from.year)
    except ValueError as error:
        return str(error)
    return None


def _opens(version: CalendarVersion) -> bool:
    week = version.weekly
    usual = (week.mon, week.tue, week.wed, week.thu, week.fri, week.sat, week.sun)
    return any(usual) or any(override.hours for override in version.overrides)
