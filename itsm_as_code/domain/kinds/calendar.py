"""Calendar: when work is done. Zone, weekly hours, holidays, dated overrides and breaks, in versions."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated, ClassVar, Self

from pydantic import AfterValidator, Field, PlainSerializer, PlainValidator, WithJsonSchema, model_validator

from itsm_as_code.domain.calendars.hours import HOURS_PATTERN, Hours, overlap, parse_hours
from itsm_as_code.domain.calendars.zone import ZONE_PATTERN, load_zone
from itsm_as_code.domain.kinds.base import Part, Registered
from itsm_as_code.domain.kinds.types import Day, Instant, Line, Slug, describe


def _known_zone(name: str) -> str:
    load_zone(name)
    return name


TimeZone = Annotated[str, Field(pattern=ZONE_PATTERN, max_length=64), AfterValidator(_known_zone)]
"""The name of an IANA time zone that exists here."""

HoursRange = Annotated[
    Hours,
    PlainValidator(parse_hours),
    PlainSerializer(str),
    WithJsonSchema({"type": "string", "pattern": HOURS_PATTERN}),
]


class Weekday(StrEnum):
    """Days of the week, in the order of `date.weekday`."""

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
"""The hours that begin on one day; none means closed."""


class Week(Part):
    """Opening hours of a usual week. A day that is left out is closed."""

    mon: DayHours = describe("Hours that begin on Monday, e.g. 08:00-18:00.", default=())
    tue: DayHours = describe("Hours that begin on Tuesday.", default=())
    wed: DayHours = describe("Hours that begin on Wednesday.", default=())
    thu: DayHours = describe("Hours that begin on Thursday.", default=())
    fri: DayHours = describe("Hours that begin on Friday.", default=())
    sat: DayHours = describe("Hours that begin on Saturday.", default=())
    sun: DayHours = describe("Hours that begin on Sunday; 22:00-06:00 runs into Monday.", default=())

    def on(self, day: date) -> tuple[Hours, ...]:
        """The hours that begin on the weekday of `day`."""
        hours: tuple[Hours, ...] = getattr(self, tuple(Weekday)[day.weekday()].value)
        return hours


class OwnHoliday(Part):
    """A day off that the country's list has not."""

    date: Day = describe("The date.")
    name: Line = describe("What is celebrated or why nobody works.")


class Holidays(Part):
    """Days without weekly hours: a country's public holidays, own dates, less those on which work goes on."""

    country: Annotated[str, Field(pattern=r"^[A-Z]{2}$")] | None = describe(
        "Take the public holidays of this country: two letters, ISO 3166-1.", default=None
    )
    subdivision: Annotated[str, Field(pattern=r"^[A-Za-z0-9-]{1,10}$")] | None = describe(
        "Take those of this part of the country too: its ISO 3166-2 code without the country.", default=None
    )
    dates: tuple[OwnHoliday, ...] = describe("Days off besides the country's.", default=())
    working: tuple[Day, ...] = describe("Holidays of the country on which work goes on as usual.", default=())

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
    """Other hours on one date, holiday or not."""

    date: Day = describe("The date.")
    hours: DayHours = describe("The hours that begin on that date instead; an empty list means closed.")
    reason: Line = describe("Why the day differs; shown where due times are explained.")


class Break(Part):
    """Time off inside opening hours: `at` on weekdays or `date` once, or `from` an instant `until` another."""

    at: HoursRange | None = describe("The hours of the break, e.g. 12:00-13:00.", default=None)
    days: tuple[Weekday, ...] = describe("The weekdays it is on; none means every day.", default=())
    date: Day | None = describe("The one date that it is on.", default=None)
    from_: Instant | None = describe("When a single break begins.", default=None, alias="from")
    until: Instant | None = describe("When a single break ends.", default=None)
    reason: Line = describe("What the break is; shown where due times are explained.")

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
    """The hours that are in force from one date on."""

    effective_from: Day = describe(
        "First day of this version, in its time zone. The first version also counts for the time before."
    )
    time_zone: TimeZone = describe("The IANA time zone of all times here, e.g. Europe/Berlin.")
    weekly: Week = describe("Opening hours of a usual week.")
    holidays: Holidays = describe("Days without weekly hours.", default_factory=Holidays)
    overrides: tuple[Override, ...] = describe("Dates with other hours; they beat holidays.", default=())
    breaks: tuple[Break, ...] = describe("Time off that beats everything else.", default=())

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        _once("overrides", [each.date for each in self.overrides])
        return self


class Calendar(Registered):
    """When work is done: the hours in which clocks run."""

    KIND: ClassVar[str] = "calendar"

    id: Slug = describe("The calendar's id.")
    name: Line = describe("What it is called.")
    versions: tuple[CalendarVersion, ...] = describe("Its versions, oldest first.", min_length=1)

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        days = [version.effective_from for version in self.versions]
        if days != sorted(set(days)):
            raise ValueError("versions follow each other by `effective_from`, the oldest first")
        return self


def _once(what: str, days: list[date]) -> None:
    for day in sorted(set(days)):
        if days.count(day) > 1:
            raise ValueError(f"{what} name {day} twice")
