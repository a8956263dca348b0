"""Reads a table from CSV or JSON as other systems export them, with various delimiters, quotes and headers."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from itsm_as_code.domain.errors import CouldNotCheck
from itsm_as_code.importers.decode import decoded

if TYPE_CHECKING:
    from itsm_as_code.importers.loss import Losses

_DELIMITERS = ",;\t|"
_NAME_GAP = re.compile(r"[\s\-]+")
_MAGIC = {
    b"PK\x03\x04": "an Excel workbook or another zip file",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook",
    b"\x1f\x8b": "compressed with gzip",
    b"%PDF": "a PDF",
    b"<?xml": "XML",
    b"<html": "HTML",
    b"<!DOC": "HTML",
}


@dataclass(frozen=True, slots=True)
class SourceTable:
    """Column names in lower case with underscores, and rows of as many cells, without blanks around them."""

    columns: tuple[str, ...]
    rows: list[list[str]]


def read_table(data: bytes, name: str, losses: Losses) -> SourceTable:
    """Returns the table in `data`. Raises CouldNotCheck if there is none."""
    kind = next((what for magic, what in _MAGIC.items() if data.startswith(magic)), None)
    if kind is not None:
        raise CouldNotCheck(f"{name} is {kind}, not CSV or JSON.", hint="Export it again as CSV (UTF-8).")
    text = decoded(data, name, losses)
    if text.lstrip()[:1] in ("{", "["):
        return _from_json(text, name, losses)
    return _from_csv(text, name, losses)


def _from_csv(text: str, name: str, losses: Losses) -> SourceTable:
    hint = re.match(r"sep=(.)\r?\n", text)  # Excel names the delimiter like this.
    text = text[hint.end() :] if hint else text
    delimiter = hint[1] if hint else _sniffed(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        header = next((row for row in reader if any(cell.strip() for cell in row)), None)
        if header is None:
            raise CouldNotCheck(f"{name} is empty: there is not even a header.", hint="Export it again.")
        columns = _unique([column_name(cell) for cell in header], losses)
        return SourceTable(columns, list(_rows(reader, header, losses)))
    except csv.Error as error:
        raise CouldNotCheck(
            f"{name} can't be read as CSV: {error} at line {reader.line_num}.",
            hint="Most often a quotation mark is not closed. Export it again.",
        ) from None


def _sniffed(text: str) -> str:
    """Returns the delimiter that the first line has most of, outside quotation marks, or a comma if it has none."""
    first = re.sub(r'"[^"]*"', "", next((part for part in text.splitlines() if part.strip()), ""))
    return max(_DELIMITERS, key=first.count)


def _rows(reader: Iterator[list[str]], header: list[str], losses: Losses) -> Iterator[list[str]]:
    width = len(header)
    for row in reader:
        cells = [cell.strip() for cell in row]
        if not any(cells):
            continue
        if row == header:
            losses.noted("rows", "The header again, between the rows: left out.")
            continue
        if len(cells) > width:
            losses.dropped("rows", "More cells than columns: the last ones have no name.", "; ".join(cells[width:]))
            del cells[width:]
        elif len(cells) < width:
            losses.noted("rows", "Fewer cells than columns: the last ones are taken as empty.", cells[0])
            cells += [""] * (width - len(cells))
        yield cells


def _from_json(text: str, name: str, losses: Losses) -> SourceTable:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        raise CouldNotCheck(f"{name} can't be read as JSON.", hint="Export it again.") from None
    if isinstance(found, dict):
        found = next((found[key] for key in ("result", "records", "value") if key in found), [found])
    records = [row for row in found if isinstance(row, dict)] if isinstance(found, list) else []
    if not records:
        raise CouldNotCheck(f"{name} holds no list of records.", hint='Expected {"result": [{…}, …]}.')
    names = tuple(dict.fromkeys(key for row in records for key in row))
    columns = _unique([column_name(key) for key in names], losses)
    return SourceTable(columns, [[_cell(row.get(key), key) for key in names] for row in records])


def _cell(value: Any, column: str) -> str:
    """Returns a JSON value as a cell. Displayed times are in the reader's zone, so the stored value, in UTC, is
    taken."""
    if isinstance(value, dict):
        shown, stored = value.get("display_value"), value.get("value")
        is_stamp = column.endswith(("_at", "_on", "_time"))
        return _cell(stored if (is_stamp and stored) or shown in (None, "") else shown, "")
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.strip() if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def column_name(cell: str) -> str:
    """Returns a column's name as it is compared: lower case, underscores, without prefix or suffix of a display
    value."""
    found = _NAME_GAP.sub("_", cell.strip().strip('"').lower())
    return re.sub(r"\.(display_value|name|user_name)$|^dv_", "", found)


def _unique(names: list[str], losses: Losses) -> tuple[str, ...]:
    """Returns unique names. The second of two equal names gets a name that nothing reads."""
    seen: set[str] = set()
    unique = []
    for index, name in enumerate(names):
        fresh = name
        if name in seen or not name:
            losses.dropped("columns", "No name, or one that another column has: not read.", name or f"#{index + 1}")
            fresh = f"#{index + 1}"
        seen.add(fresh)
        unique.append(fresh)
    return tuple(unique)
