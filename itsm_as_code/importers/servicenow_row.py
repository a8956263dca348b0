"""Reads rows of a ServiceNow export by our field names, and turns the source's words into ours."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from itsm_as_code.domain.errors import UsageFault
from itsm_as_code.domain.kinds.types import NOBODY
from itsm_as_code.importers.clean import folded, line
from itsm_as_code.importers.mapping import DROP, SourceMapping
from itsm_as_code.importers.servicenow_words import ON_HOLD_REASONS

if TYPE_CHECKING:
    from itsm_as_code.domain.settings import PriorityMatrix
    from itsm_as_code.importers.loss import Losses
    from itsm_as_code.importers.parties import Parties
    from itsm_as_code.importers.stamp import Stamps
    from itsm_as_code.importers.table import SourceTable

Row = list[str]
_STAMPS = ("opened_at", "created_at", "updated_at", "resolved_at", "closed_at")
_NOT_READ = (DROP, "active")
_NO_FIELD = "No record has such a field; map the column to custom.<name> to keep it."
_DERIVED = {"active": "Follows from the state."}
_TRUE, _FALSE = ("true", "1", "yes"), ("false", "0", "no")


class Columns:
    """Knows which column has each of our fields."""

    def __init__(self, table: SourceTable, mapping: SourceMapping, losses: Losses) -> None:
        self._missing = mapping.missing
        self.at: dict[str, int] = {}
        self._words = words = mapping["columns"]
        rank = {folded(theirs): place for place, theirs in enumerate(words.given)}
        unread: list[int] = []
        for index in sorted(range(len(table.columns)), key=lambda i: rank.get(table.columns[i], len(rank))):
            ours = words.find(table.columns[index])
            if ours is None or ours in _NOT_READ or ours in self.at:
                unread.append(index)
            else:
                self.at[ours] = index
        self._report_unread(table, unread, losses)
        if not self.at.keys() & {"number", "sys_id"} or not self.at.keys() & {"opened_at", "created_at", "updated_at"}:
            lacks = "number" if "number" not in self.at else "opened_at"
            raise UsageFault(
                f"The file has no column for `{lacks}`; it has: {', '.join(table.columns[:20])}.",
                hint="Name it in a mapping file: columns: {<their column>: " + lacks + "}; see --write-mapping.",
            )

    def text(self, row: Row, field: str) -> str:
        """Returns the cell, or an empty text if the column or the value is missing."""
        index = self.at.get(field)
        if index is None:
            return ""
        cell = row[index]
        return "" if cell in self._missing else cell

    def emptied(self, row: Row, field: str) -> bool:
        """Returns whether the column is there and its cell is empty. That says more than a missing value."""
        index = self.at.get(field)
        return index is not None and row[index] == ""

    def stamps(self, table: SourceTable) -> Iterator[str]:
        """Yields all cells with times."""
        for name in _STAMPS:
            if name in self.at:
                index = self.at[name]
                yield from {row[index] for row in table.rows}

    @property
    def custom(self) -> dict[str, str]:
        """Maps each custom field to the column's field name."""
        return {field.removeprefix("custom."): field for field in self.at if field.startswith("custom.")}

    def _why_unread(self, column: str) -> str:
        ours = self._words.find(column)
        if ours == DROP:
            return "The mapping leaves this column out."
        if ours in self.at:
            return f"Another column is read as `{ours}`."
        return _DERIVED.get(column, _NO_FIELD)

    def _report_unread(self, table: SourceTable, unread: list[int], losses: Losses) -> None:
        for index in sorted(unread):
            values = Counter(row[index] for row in table.rows)
            told = {value: n for value, n in values.items() if value and value not in self._missing}
            why = self._why_unread(table.columns[index])
            for value, count in sorted(told.items(), key=lambda item: (-item[1], item[0])):
                losses.dropped(table.columns[index], why, value, count)


@dataclass(slots=True)
class Reader:
    """Reads rows: columns, mapping, times and names together."""

    columns: Columns
    mapping: SourceMapping
    stamps: Stamps
    parties: Parties
    losses: Losses
    priorities: PriorityMatrix
    _understood: dict[int, dict[str, str | None]] = field(default_factory=dict)

    def text(self, row: Row, field: str) -> str:
        """Returns the cell."""
        return self.columns.text(row, field)

    def line(self, row: Row, field: str) -> str:
        """Returns the cell, cleaned for one line of a record."""
        return line(self.columns.text(row, field), field, self.losses)

    def instant(self, row: Row, field: str) -> datetime | None:
        """Returns the time in the cell."""
        return self.stamps.read(self.columns.text(row, field), field)

    def word(self, row: Row, section: str, field: str) -> str | None:
        """Returns our word for the one in the cell, or None with a line in the report."""
        theirs = self.columns.text(row, field)
        if not theirs:
            return None
        ours = self.mapping[section].find(theirs)
        if ours is None:
            self.losses.dropped(field, f"Not a word that is known; map it under `{section}`.", theirs)
        elif ours == DROP:
            self.losses.dropped(field, "The mapping leaves this value out.", theirs)
        return None if ours == DROP else ours

    def truth(self, row: Row, field: str) -> bool | None:
        """Returns a cell that says true or false."""
        said = self.columns.text(row, field).lower()
        if said and said not in _TRUE and said not in _FALSE:
            self.losses.dropped(field, "Neither true nor false.", said)
        return None if said not in (*_TRUE, *_FALSE) else said in _TRUE

    def number(self, row: Row, field: str) -> int | None:
        """Returns a cell with a count."""
        said = self.columns.text(row, field).replace(",", "")
        return int(said) if said.isascii() and said.isdigit() and len(said) < 12 else None

    def key(self, row: Row) -> str:
        """Returns what the source calls the incident: its number, or else its sys_id."""
        return self.line(row, "number") or self.line(row, "sys_id")

    def tracked(self, row: Row, before: dict[str, str]) -> dict[str, str | None]:
        """Returns the tracked fields that the row sets. Each row is reported once. `before` is what held until then."""
        found = self._understood.get(id(row))
        if found is None:
            state = self.word(row, "states", "state")
            found = self._understood[id(row)] = {
                "state": state,
                "reason": self._reason(row, state),
                **self._priority(row),
                "team": self.parties.find("team", self.text(row, "team"), "team"),
                "assignee": self.parties.find("person", self.text(row, "assignee"), "assignee"),
            }
        is_left = self.text(row, "assignee") or self.columns.emptied(row, "assignee")
        if found["assignee"] is None and is_left and before.get("assignee", NOBODY) != NOBODY:
            return found | {"assignee": NOBODY}
        return found

    def _priority(self, row: Row) -> dict[str, str | None]:
        """Returns impact, urgency and priority. If only the priority is missing, it comes from our matrix."""
        impact = self.word(row, "impacts", "impact")
        urgency = self.word(row, "urgencies", "urgency")
        priority = self.word(row, "priorities", "priority")
        if priority is None and impact and urgency:
            from itsm_as_code.domain.kinds.types import Level

            priority = self.priorities[Level(impact)][Level(urgency)].value
            why = "Missing beside impact and urgency: the priority of the workspace's matrix was taken."
            self.losses.guessed("priority", why, f"{impact}/{urgency}")
        elif priority is None and (impact or urgency):
            self.losses.dropped("impact", "Without a priority neither impact nor urgency can be taken over.")
            impact = urgency = None
        return {"impact": impact, "urgency": urgency, "priority": priority}

    def _reason(self, row: Row, state: str | None) -> str | None:
        """Returns why a ticket waits: the state's own words, or else the reason column."""
        if state != "on_hold":
            return None
        code = self.text(row, "reason")
        if code:
            plain = f"Hold reason {code}" if code.isdigit() else code
            found = self.mapping["hold_reasons"].find(code, otherwise=plain) or plain
            return line(found, "reason", self.losses) or None
        named = ON_HOLD_REASONS.get(folded(self.text(row, "state")))
        return named or ("On hold" if self.text(row, "state").isdigit() else self.line(row, "state"))
