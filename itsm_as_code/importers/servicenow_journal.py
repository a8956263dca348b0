"""Reads journal fields of ServiceNow (comments, work notes). One cell has many dated pieces; each becomes a note."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from itsm_as_code.domain.instants import parse_instant, write_instant
from itsm_as_code.importers.clean import text

if TYPE_CHECKING:
    from itsm_as_code.domain.edit import Plain
    from itsm_as_code.importers.servicenow_row import Reader, Row

FIELDS = ("comments", "work_notes")
_HEAD = re.compile(
    r"^(\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}[ T]\d{1,2}:\d{2}(?::\d{2})?(?: [AaPp][Mm])?)"
    r" - (.{1,200}?) \(([^()\n]{1,60})\)[ \t]*$",
    re.MULTILINE,
)


def with_journal(entries: list[dict[str, Plain]], row: Row, read: Reader) -> list[dict[str, Plain]]:
    """Returns the entries with the notes of the row's journal among them, all in the order of time."""
    notes = [note for field in FIELDS for note in _notes(field, row, read, entries)]
    first = parse_instant(entries[0]["at"])
    for note in notes:
        if parse_instant(note["at"]) < first:
            read.losses.noted("journal", "A note from before the opening: it has the time of the opening.", note["at"])
            note["at"] = write_instant(first)
    return sorted([*entries, *notes], key=lambda entry: parse_instant(entry["at"]))


def _notes(field: str, row: Row, read: Reader, entries: list[dict[str, Plain]]) -> Iterator[dict[str, Plain]]:
    cell = read.text(row, field).replace("\r\n", "\n")
    heads = list(_HEAD.finditer(cell))
    stray = text(cell[: heads[0].start()] if heads else cell, field, read.losses, limit=90_000)
    if stray:
        why = "A note without time and name: it has the time and the author of the last step."
        read.losses.guessed(field, why, stray)
        yield {"at": entries[-1]["at"], "by": entries[-1]["by"], "imported": True, "note": stray}
    ends = [*(head.start() for head in heads[1:]), len(cell)]
    for head, end in zip(heads, ends, strict=False):
        said = text(cell[head.end() : end], field, read.losses, limit=90_000)
        at = read.stamps.read(head[1], field)
        if said and at is not None:
            yield _note(at, read.parties.actor(head[2], field), said)
        elif said:
            read.losses.dropped(field, "A note whose time can't be read.", said)


def _note(at: datetime, by: Plain, said: str) -> dict[str, Plain]:
    return {"at": write_instant(at), "by": by, "imported": True, "note": said}
