"""What is wrong in a calendar that its model can't see: places without holiday data, versions that never open."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from itsm_as_code.domain.calendars.holidays_of import country_holidays
from itsm_as_code.domain.finding import Spot

if TYPE_CHECKING:
    from itsm_as_code.domain.kinds.calendar import Calendar, CalendarVersion


def calendar_faults(calendar: Calendar) -> Iterator[Spot]:
    """Faults of all versions: on such a calendar clocks can't be told, or would never run out."""
    for index, version in enumerate(calendar.versions):
        fault = _no_holidays(version)
        if fault is not None:
            yield Spot(fault, ("versions", index, "holidays", "country"))
        if not _opens(version):
            yield Spot(
                "it is never open, so no clock on it ever runs out",
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
