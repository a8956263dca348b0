"""`itsm calendar`: changes, freezes and opening hours, by day of the workspace's zone."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from itsm_as_code.app.reading.calendar import CalendarDay, agenda
from itsm_as_code.domain.errors import UsageFault
from tests.checkouts import checkout_over
from tests.checks.memory import as_files, change, entry, snapshot_of
from tests.checks.workspace import NOW

NIGHT = {"start": "2026-11-22T23:00:00Z", "end": "2026-11-23T01:00:00Z"}
PLANNED = change(entry("08:00", state="scheduled"), window=NIGHT)
DROPPED = change(entry("08:00", state="cancelled", reason="no"), window=NIGHT, id="CHG-20261121-AAAAA")
FREEZE: dict[str, Any] = {
    "id": "close", "kind": "freeze", "schema": 1, "title": "Month end", "reason": "Books close.",
    "from": "2026-11-24T00:00:00Z", "until": "2026-11-25T00:00:00Z", "scope": {},
}  # fmt: skip
HOURS: dict[str, Any] = {
    "id": "office", "kind": "calendar", "schema": 1, "name": "Office",
    "versions": [{"effective_from": "2026-01-01", "time_zone": "Europe/Lisbon", "weekly": {"mon": ["09:00-17:00"]}}],
}  # fmt: skip


def days(number: int = 5, zone: str = "UTC", service: str | None = None, now: datetime = NOW) -> list[CalendarDay]:
    settings = f"id: 4h7k2m9qx1zt\nschema: 1\nname: Example\ntime_zone: {zone}\n"
    snapshot = snapshot_of({"itsm.yaml": settings, **as_files(PLANNED, DROPPED, FREEZE, HOURS)})
    return list(agenda(checkout_over(snapshot, now), number, service=service))


def ids(found: list[CalendarDay]) -> dict[int, list[str]]:
    return {day.date.day: [item.id for item in day.items] for day in found if day.items}


def test_what_lasts_over_midnight_is_on_both_days_and_what_is_dropped_on_none() -> None:
    assert ids(days()) == {22: [PLANNED["id"]], 23: [PLANNED["id"]], 24: ["close"]}


def test_a_stretch_that_ends_at_midnight_is_not_on_the_day_that_begins_then() -> None:
    assert 25 not in ids(days())


def test_days_are_those_of_the_workspaces_zone() -> None:
    assert ids(days(zone="Asia/Tokyo"))[23] == [PLANNED["id"]]
    assert 22 not in ids(days(zone="Asia/Tokyo"))
    late = datetime(2026, 11, 21, 23, tzinfo=UTC)
    assert days(1, "Asia/Tokyo", now=late)[0].date == date(2026, 11, 22)


def test_a_service_narrows_the_changes_and_must_be_there() -> None:
    assert PLANNED["id"] in ids(days(service="portal"))[22]
    with pytest.raises(UsageFault, match="there is no service"):
        days(service="nowhere")


def test_opening_hours_are_told_for_each_calendar() -> None:
    opened = {day.date.day: day.open_seconds for day in days()}
    assert opened[23] == (("office", 8 * 3600),)
    assert opened[22] == (("office", 0),)


def test_an_item_says_what_it_is() -> None:
    (first, *_) = [item for day in days() for item in day.items]
    assert (first.sort, first.words) == ("change", "normal change, scheduled, portal: New certificate")


def test_the_agenda_begins_with_the_present_day() -> None:
    assert [day.date.day for day in days(2, now=NOW.replace(day=23))] == [23, 24]
