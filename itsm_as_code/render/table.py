"""Tables: for terminals (rich, loaded when needed), as CSV that spreadsheets can't be tricked with, as JSON."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from itsm_as_code.render.clean import one_line
from itsm_as_code.render.style import Style

JSON_VERSION = 1
UNBOUNDED = 10_000
WORDS = 24
"""Terminal columns that the wide column has at least: some words of a title."""
GAP = 3
"""Terminal columns between two columns of a table."""
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of text under headings.

    Where space is short the columns of `dispensable` are left out, the first first, until the column `wide` has
    room for some words; then that one is cut. `accents` gives cells with a certain text their colour (rich's words).
    """

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    wide: str | None = None
    dispensable: tuple[str, ...] = ()
    accents: Mapping[str, str] = field(default_factory=dict)

    def without(self, heading: str) -> Table:
        """The table without one column."""
        gone = self.headings.index(heading)
        rows = tuple(row[:gone] + row[gone + 1 :] for row in self.rows)
        return replace(self, headings=self.headings[:gone] + self.headings[gone + 1 :], rows=rows)


def as_table(table: Table, style: Style, width: int | None = None) -> str:
    """For a terminal of `width` columns; without one, as wide as it needs."""
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table as RichTable
    from rich.text import Text

    if width is not None:
        table = _fitting(table, width)
    grid = RichTable(box=SIMPLE_HEAD, pad_edge=False, show_edge=False, header_style="bold")
    widths = _widths(table)
    spare = (width or UNBOUNDED) - sum(widths) - GAP * (len(widths) - 1)
    for heading, natural in zip(table.headings, widths, strict=True):
        wanted = max(natural + min(spare, 0), 1) if heading == table.wide else natural
        grid.add_column(heading, no_wrap=True, overflow="ellipsis", width=wanted)
    for row in table.rows:
        grid.add_row(*(Text(one_line(cell), style=table.accents.get(cell, "")) for cell in row))
    stream = io.StringIO()
    console = Console(
        file=stream,
        width=width or UNBOUNDED,
        force_terminal=style.colour,
        color_system="standard" if style.colour else None,
    )
    console.print(grid)
    return "\n".join(line.rstrip() for line in stream.getvalue().splitlines())


def _fitting(table: Table, width: int) -> Table:
    for heading in table.dispensable:
        if _needed(table) <= width:
            break
        if heading in table.headings:
            table = table.without(heading)
    return table


def _needed(table: Table) -> int:
    """How many columns of a terminal the table needs at least."""
    widths = zip(table.headings, _widths(table), strict=True)
    least = [min(natural, WORDS) if heading == table.wide else natural for heading, natural in widths]
    return sum(least) + GAP * (len(least) - 1)


def _widths(table: Table) -> list[int]:
    """The natural width of each column."""
    from rich.cells import cell_len

    texts = [[heading, *(one_line(row[n]) for row in table.rows)] for n, heading in enumerate(table.headings)]
    return [max(map(cell_len, column)) for column in texts]


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


def columns(
    rows: Sequence[dict[str, str]], order: Sequence[str], wide: str | None = None, dispensable: tuple[str, ...] = ()
) -> Table:
    """A table of the columns in `order` that at least one row fills."""
    used = tuple(name for name in order if any(row.get(name) for row in rows))
    return Table(used, tuple(tuple(row.get(name, "") for name in used) for row in rows), wide, dispensable)
