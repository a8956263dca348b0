"""Defines the calendar: versions with time zone, weekly hours, holidays, overrides for single dates, and breaks."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated, ClassVar, Self

from pydantic import AfterValidator, Field, PlainSerializer, PlainValidator, WithJsonSchema, model_validator

from itsm_as_code.domain.calendars.hours import HOURS_PATTERN, Hours, overlap, parse_hours
from itsm_as_code.domain.calendars.zone import ZONE_PATTERN, load_zone
from itsm_as_code.domain.kinds.base import Part, Registered
from itsm_as_code.domain.kinds.types import (
    SHOWN,
    UNSEEN,
    Day,
    Instant,
    Line,
    Slug,
    describe,
)


def _known_zone(name: str) -> str:
    load_zone(name)
    return name


TimeZone = Annotated[str, Field(pattern=ZONE_PATTERN, max_length=64), AfterValidator(_known_zone)]
"""The name of an IANA time zone that exists on this machine."""

HoursRange = Annotated[
    Hours,
    PlainValidator(parse_hours),
    PlainSerializer(str),
    WithJsonSchema({"type": "string", "pattern": HOURS_PATTERN}),
]


class Weekday(StrEnum):
    """A day of the week is written in three letters. The week begins on Monday."""

    MON = "mon"
    TUE = "tue"
    WED = "wed"
    THU = "thu"
    FRI = "fri"
    SAT = "sat"
    SUN = "sun"


def _apart(hours: tuple[Hours, ...]) -> tuple[Hours, ...]:
    clash = overlap(hours)
    if clash is not None:
        raise ValueError(f"{clash[0]} and {clash[1]} overlap")
    return hours


DayHours = Annotated[tuple[HoursRange, ...], AfterValidator(_apart)]
"""The hours that begin on one day. Without any, the day is closed."""


class Week(Part):
    """These are the opening hours of a usual week. A day that is left out is closed."""

    mon: DayHours = describe("List the hours that begin on Monday, such as 08:00-18:00.", title="Monday", default=())
    tue: DayHours = describe("List the hours that begin on Tuesday.", title="Tuesday", default=())
    wed: DayHours = describe("List the hours that begin on Wednesday.", title="Wednesday", default=())
    thu: DayHours = describe("List the hours that begin on Thursday.", title="Thursday", default=())
    fri: DayHours = describe("List the hours that begin on Friday.", title="Friday", default=())
    sat: DayHours = describe("List the hours that begin on Saturday.", title="Saturday", default=())
    sun: DayHours = describe(
        "List the hours that begin on Sunday. 22:00-06:00 runs into Monday.", title="Sunday", default=()
    )

    def on(self, day: date) -> tuple[Hours, ...]:
        """Returns the hours that begin on the weekday of `day`."""
        hours: tuple[Hours, ...] = getattr(self, tuple(Weekday)[day.weekday()].value)
        return hours


class OwnHoliday(Part):
    """This is a day off that the country's list lacks."""

    date: Day = describe("Write the date, such as 2026-12-24.")
    name: Line = describe("Say what is celebrated, or why nobody works.")


class Holidays(Part):
    """On these days the weekly hours do not apply: a country's public holidays and dates of your own."""

    country: Annotated[str, Field(pattern=r"^[A-Z]{2}$")] | None = describe(
        "Write a country's two letters (ISO 3166-1), such as DE, to use its public holidays.", default=None
    )
    subdivision: Annotated[str, Field(pattern=r"^[A-Za-z0-9-]{1,10}$")] | None = describe(
        "Write a part of the country (ISO 3166-2), such as BY for DE-BY, to use its holidays too.", default=None
    )
    dates: tuple[OwnHoliday, ...] = describe("List days off that the country does not have.", default=())
    working: tuple[Day, ...] = describe("List holidays of the country on which people work as usual.", default=())

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.subdivision is not None and self.country is None:
            raise ValueError("a subdivision needs its country")
        _once("dates", [each.date for each in self.dates])
        both = {each.date for each in self.dates} & set(self.working)
        if both:
            raise ValueError(f"{min(both)} is both a day off and a working day")
        return self


class Override(Part):
    """An override gives one date other hours, whether it is a holiday or not."""

    date: Day = describe("Write the date, such as 2026-12-24.")
    hours: DayHours = describe("List the hours that begin on that date instead. An empty list means closed.")
    reason: Line = describe("Say why the day differs. This is shown where due times are explained.")


class Break(Part):
    """A break is time off in opening hours. It has either `at`, maybe with `days` or `date`, or `from` and `until`."""

    at: HoursRange | None = describe("Write the hours of the break, such as 12:00-13:00.", default=None)
    days: tuple[Weekday, ...] = describe(
        "List the weekdays on which the break takes place. Without this it is on every day.", default=()
    )
    date: Day | None = describe("Write the date of a break that happens once.", default=None)
    from_: Instant | None = describe("Write the instant at which a single break begins.", default=None, alias="from")
    until: Instant | None = describe("Write the instant at which a single break ends.", default=None)
    reason: Line = describe("Say what the break is for. This is shown where due times are explained.")

    @model_validator(mode="after")
    def _one_form(self) -> Self:
        single = self.from_ is not None and self.until is not None
        partly = (self.from_ is None) != (self.until is None)
        if partly or single == (self.at is not None) or (single and (self.days or self.date)):
            raise ValueError("a break has either `at` (maybe with `days` or `date`) or `from` and `until`")
        if self.days and self.date is not None:
            raise ValueError("a break is on weekdays or on one date, not both")
        if self.from_ is not None and self.until is not None and self.from_ >= self.until:
            raise ValueError("the break ends before it begins")
        return self


class CalendarVersion(Part):
    """A version holds the hours that are in force from one date on, until the next version."""

    effective_from: Day = describe(
        "Write the first day of this version, in its time zone. The first version also applies to the time before."
    )
    time_zone: TimeZone = describe("Write the IANA time zone of all times in this version, such as Europe/Berlin.")
    weekly: Week = describe("Write the opening hours of a usual week.")
    holidays: Holidays = describe("Say on which days the weekly hours do not apply.", default_factory=Holidays)
    overrides: tuple[Override, ...] = describe("List dates that have other hours. They override holidays.", default=())
    breaks: tuple[Break, ...] = describe("List time off. Breaks override everything else here.", default=())

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        _once("overrides", [each.date for each in self.overrides])
        return self


class Calendar(Registered):
    """A calendar says when people work. The clocks of an SLA run only in these hours."""

    KIND: ClassVar[str] = "calendar"

    id: Annotated[Slug, UNSEEN] = describe("Write the calendar's id.")
    name: Annotated[Line, SHOWN] = describe("Write what the calendar is called.")
    versions: Annotated[tuple[CalendarVersion, ...], UNSEEN] = describe(
        "List the calendar's versions, the oldest first.", min_length=1
    )

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        days = [version.effective_from for version in self.versions]
        if days != sorted(set(days)):
            raise ValueError(
                "versions must be in the order of `effective_from`, the oldest first, each with another day"
            )
        return self


def _once(what: str, days: list[date]) -> None:
    for day in sorted(set(days)):
        if days.count(day) > 1:
            raise ValueError(f"`{what}` names {day} twice")
