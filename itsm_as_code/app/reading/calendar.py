"""`itsm calendar`: finds what happens on which day: changes, freezes, opening hours."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from itsm_as_code.app.checkout.checkout import Checkout
from itsm_as_code.app.reading.sla import book_of
from itsm_as_code.app.records.lookup import require
from itsm_as_code.domain.kinds.calendar import Calendar
from itsm_as_code.domain.kinds.change import Change
from itsm_as_code.domain.kinds.freeze import Freeze
from itsm_as_code.domain.snapshot import Snapshot

SHOWN_STATES = ("submitted", "scheduled", "implementing", "evaluation", "closed")


@dataclass(frozen=True, slots=True)
class CalendarItem:
    """Something that happens in a half-open stretch of time."""

    start: datetime
    end: datetime
    sort: str
    id: str
    title: str
    state: str = ""
    type: str = ""
    service: str = ""

    @property
    def words(self) -> str:
        """What it is, in words."""
        if self.sort == "freeze":
            return f"freeze: {self.title}"
        return f"{self.type} change, {self.state}, {self.service}: {self.title}"


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """One day in the workspace's zone: its items, and for how many seconds each calendar is open."""

    date: date
    items: tuple[CalendarItem, ...]
    open_seconds: tuple[tuple[str, int], ...]


def agenda(checkout: Checkout, days: int, *, service: str | None = None) -> Iterator[CalendarDay]:
    """Yields `days` days from the present one, in the workspace's zone.

    Raises UsageFault if there is no such service.
    """
    snapshot = checkout.here
    if service is not None:
        require(snapshot, "service", service)
    zone = ZoneInfo(snapshot.settings.time_zone)
    items = sorted(_items(snapshot, service), key=lambda item: (item.start, item.id))
    book = book_of(snapshot)
    calendars = [calendar.id for calendar in snapshot.all(Calendar)]
    start = checkout.now.astimezone(zone).date()
    for offset in range(days):
        day = start + timedelta(days=offset)
        begin = datetime.combine(day, time(), zone).astimezone(UTC)
        end = datetime.combine(day + timedelta(days=1), time(), zone).astimezone(UTC)
        hours = tuple((name, book.hours(name).working_seconds(begin, end)) for name in calendars)
        yield CalendarDay(day, tuple(i for i in items if i.start < end and i.end > begin), hours)


def _items(snapshot: Snapshot, service: str | None) -> Iterator[CalendarItem]:
    for change in snapshot.all(Change):
        if change.window is not None and change.state in SHOWN_STATES and service in (None, change.service):
            start, end = change.window.start, change.window.end
            yield CalendarItem(start, end, "change", change.id, change.title, change.state, change.type, change.service)
    for freeze in snapshot.all(Freeze):
        if freeze.state == "active":
            yield CalendarItem(freeze.from_, freeze.until, "freeze", freeze.id, freeze.title, freeze.state)
