"""Tables: for terminals (rich, loaded when needed), as CSV that spreadsheets can't be tricked with, as JSON."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass

from itsm_as_code.render.clean import one_line
from itsm_as_code.render.style import Style

JSON_VERSION = 1
UNBOUNDED = 10_000
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of text under headings. `wide` names the column that gives way where space is short."""

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    wide: str | None = None


def as_table(table: Table, style: Style, width: int | None = None) -> str:
    """For a terminal of `width` columns; without one, as wide as it needs."""
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table as RichTable
    from rich.text import Text

    grid = RichTable(box=SIMPLE_HEAD, pad_edge=False, show_edge=False, header_style="bold")
    for heading in table.headings:
        wide = heading == table.wide
        grid.add_column(heading, no_wrap=True, overflow="ellipsis", min_width=20 if wide else None)
    for row in table.rows:
        grid.add_row(*(Text(one_line(cell)) for cell in row))
    stream = io.StringIO()
    console = Console(
        file=stream,
        width=width or UNBOUNDED,
        force_terminal=style.colour,
        color_system="standard" if style.colour else None,
    )
    console.print(grid)
    return "\n".join(line.rstrip() for line in stream.getvalue().splitlines())


def as_csv(table: Table) -> str:
    """RFC 4180 with LF. Cells that a spreadsheet would take for a formula get an apostrophe in front."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(table.headings)
    writer.writerows(tuple(_harmless(cell) for cell in row) for row in table.rows)
    return stream.getvalue().rstrip("\n")


def _harmless(cell: str) -> str:
    cleaned = one_line(cell)
    return f"'{cleaned}" if cell.startswith(_FORMULA) else cleaned


def as_json(table: Table, name: str) -> str:
    """A list of maps under `name`, with the version of the format; empty cells are left out."""
    rows = [{h: c for h, c in zip(table.headings, row, strict=True) if c} for row in table.rows]
    return json.dumps({"version": JSON_VERSION, name: rows}, indent=2, ensure_ascii=True)


def formatted(table: Table, output: str, name: str, style: Style, width: int | None) -> str:
    """The table in the format asked for: table, csv or json."""
    if output == "csv":
        return as_csv(table)
    return as_json(table, name) if output == "json" else as_table(table, style, width)


def columns(rows: Sequence[dict[str, str]], order: Sequence[str], wide: str | None = None) -> Table:
    """A table of the columns in `order` that at least one row fills."""
    used = tuple(name for name in order if any(row.get(name) for row in rows))
    return Table(used, tuple(tuple(row.get(name, "") for name in used) for row in rows), wide)
