"""`itsm calendar`: what happens on which day: changes, freezes, opening hours."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from itsm_as_code.app.lookup import require
from itsm_as_code.app.sla import book_of
from itsm_as_code.app.workspace import Workspace
from itsm_as_code.domain.snapshot import Snapshot

SHOWN_STATES = ("submitted", "scheduled", "implementing", "evaluation", "closed")


@dataclass(frozen=True, slots=True)
class Item:
    """Something that happens in a half-open stretch of time."""

    start: datetime
    end: datetime
    sort: str
    id: str
    words: str


@dataclass(frozen=True, slots=True)
class Day:
    """One day in the workspace's zone: its items, and the opening hours of each calendar in words."""

    date: date
    items: tuple[Item, ...]
    hours: tuple[str, ...]


def agenda(workspace: Workspace, first: datetime, days: int, *, service: str | None = None) -> Iterator[Day]:
    """`days` days from the one that holds `first`, in the workspace's zone.

    Raises UsageFault where there is no such service.
    """
    snapshot = workspace.snapshot()
    if service is not None:
        require(snapshot, "service", service)
    zone = ZoneInfo(snapshot.settings.time_zone)
    items = sorted(_items(snapshot, service), key=lambda item: (item.start, item.id))
    book = book_of(snapshot)
    calendars = [calendar.id for calendar in snapshot.records("calendar")]
    start = first.astimezone(zone).date()
    for offset in range(days):
        day = start + timedelta(days=offset)
        begin = datetime.combine(day, time(), zone).astimezone(UTC)
        end = datetime.combine(day + timedelta(days=1), time(), zone).astimezone(UTC)
        hours = tuple(f"{name} {_hours(book.hours(name).working_seconds(begin, end))}" for name in calendars)
        yield Day(day, tuple(i for i in items if i.start < end and i.end > begin), hours)


def _hours(seconds: int) -> str:
    return f"open {seconds / 3600:g} h" if seconds else "closed"


def _items(snapshot: Snapshot, service: str | None) -> Iterator[Item]:
    changes: Any = snapshot.records("change")
    for change in changes:
        if change.window is not None and change.state in SHOWN_STATES and service in (None, change.service):
            words = f"{change.type} change, {change.state}, {change.service}: {change.title}"
            yield Item(change.window.start, change.window.end, "change", change.id, words)
    freezes: Any = snapshot.records("freeze")
    for freeze in freezes:
        if freeze.state == "active":
            yield Item(freeze.from_, freeze.until, "freeze", freeze.id, f"freeze: {freeze.title}")
