"""Shows the calendar to programs: what happens when, and how long each calendar is open on each day."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from itsm_as_code.domain.instants import write_utc
from itsm_as_code.render.table import JSON_VERSION, Table

if TYPE_CHECKING:
    from collections.abc import Sequence

HEADINGS = ("start", "end", "sort", "id", "state", "type", "service", "title")


def items(days: Iterable[Any]) -> list[dict[str, str]]:
    """Returns each change and freeze once, even if it takes several days. Instants are in UTC."""
    found = dict.fromkeys(item for day in days for item in day.items)
    return [
        {name: str(getattr(item, name)) for name in HEADINGS}
        | {"start": write_utc(item.start), "end": write_utc(item.end)}
        for item in found
    ]


def as_rows(days: Iterable[Any]) -> Table:
    """Returns the items as a table for a spreadsheet."""
    return Table(HEADINGS, tuple(tuple(row.values()) for row in items(days)))


def as_json(days: Sequence[Any], *, with_hours: bool) -> str:
    """Returns the items as JSON. With `with_hours`, adds the seconds for which each calendar is open on each day."""
    data: dict[str, Any] = {"version": JSON_VERSION, "items": [_filled(row) for row in items(days)]}
    if with_hours:
        data["hours"] = [
            {"date": day.date.isoformat(), "calendar": name, "open_seconds": seconds}
            for day in days
            for name, seconds in day.open_seconds
        ]
    return json.dumps(data, indent=2, ensure_ascii=True)


def _filled(row: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in row.items() if value}
