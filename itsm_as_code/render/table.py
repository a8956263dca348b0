"""Shows tables on terminals (rich, loaded when needed), as CSV that is safe for spreadsheets, and as JSON."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from itsm_as_code.domain.instants import write_utc
from itsm_as_code.render.clean import one_line
from itsm_as_code.render.screen import Screen

JSON_VERSION = 1
UNBOUNDED = 10_000
WORDS = 24
"""The wide column has at least this many terminal columns, enough for some words of a title."""
FEW_WORDS = 14
"""With less, the wide column would break words; then it is left out."""
GAP = 3
"""There are this many terminal columns between two columns of a table."""
_TRAILING = re.compile(r" (?: |\x1b\[[0-9;]*m)*$")
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of text under headings.

    If space is short, the columns of `dispensable` are left out in their order until the column `wide` has room for
    some words; then `wide` is wrapped, or left out if words would have to be broken. `accents` maps certain cell
    texts to a colour (in rich's words). `at` is the instant at which the rows were judged, if that matters.
    """

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    wide: str | None = None
    dispensable: tuple[str, ...] = ()
    accents: Mapping[str, str] = field(default_factory=dict)
    at: datetime | None = None

    def without(self, heading: str) -> Table:
        """Returns the table without one column."""
        gone = self.headings.index(heading)
        rows = tuple(row[:gone] + row[gone + 1 :] for row in self.rows)
        return replace(self, headings=self.headings[:gone] + self.headings[gone + 1 :], rows=rows)


def as_table(table: Table, screen: Screen) -> str:
    """Returns the table as wide as the screen; without a width it is as wide as it needs."""
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table as RichTable
    from rich.text import Text

    width = screen.width
    if width is not None:
        table = _fitting(table, width)
    grid = RichTable(box=SIMPLE_HEAD, pad_edge=False, show_edge=False, header_style="bold")
    widths = _widths(table)
    spare = (width or UNBOUNDED) - sum(widths) - GAP * (len(widths) - 1)
    for heading, natural in zip(table.headings, widths, strict=True):
        wanted = max(natural + min(spare, 0), 1) if heading == table.wide else natural
        grid.add_column(heading, no_wrap=heading != table.wide, overflow="fold", width=wanted)
    for row in table.rows:
        grid.add_row(*(Text(one_line(cell), style=table.accents.get(cell, "")) for cell in row))
    stream = io.StringIO()
    console = Console(
        file=stream,
        width=width or UNBOUNDED,
        force_terminal=screen.colour,
        color_system="standard" if screen.colour else None,
    )
    console.print(grid)
    return "\n".join(
        _TRAILING.sub(lambda ends: ends[0].replace(" ", ""), line) for line in stream.getvalue().splitlines()
    )


def _fitting(table: Table, width: int) -> Table:
    for heading in table.dispensable:
        if _needed(table, WORDS) <= width:
            return table
        if heading in table.headings:
            table = table.without(heading)
    if table.wide in table.headings and _needed(table, FEW_WORDS) > width:
        table = table.without(table.wide)
    return table


def _needed(table: Table, least: int) -> int:
    """Returns the number of terminal columns that the table needs if the wide column has `least`."""
    widths = zip(table.headings, _widths(table), strict=True)
    taken = [min(natural, least) if heading == table.wide else natural for heading, natural in widths]
    return sum(taken) + GAP * (len(taken) - 1)


def _widths(table: Table) -> list[int]:
    """Returns the natural width of each column."""
    from rich.cells import cell_len

    texts = [[heading, *(one_line(row[n]) for row in table.rows)] for n, heading in enumerate(table.headings)]
    return [max(map(cell_len, column)) for column in texts]


def as_csv(table: Table) -> str:
    """Returns RFC 4180 with LF. A cell that a spreadsheet would take for a formula gets an apostrophe in front, but
    not a number."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(table.headings)
    writer.writerows(tuple(_harmless(cell) for cell in row) for row in table.rows)
    return stream.getvalue().rstrip("\n")


def _harmless(cell: str) -> str:
    cleaned = one_line(cell)
    return f"'{cleaned}" if cell.startswith(_FORMULA) and not _NUMBER.fullmatch(cell) else cleaned


def as_json(table: Table, name: str) -> str:
    """Returns a list of maps under `name`, with the version of the format. Empty cells are left out."""
    rows = [{h: c for h, c in zip(table.headings, row, strict=True) if c} for row in table.rows]
    judged = {"at": write_utc(table.at)} if table.at is not None else {}
    return json.dumps({"version": JSON_VERSION, **judged, name: rows}, indent=2, ensure_ascii=True)


FORMATS: dict[str, Callable[[Table, str, Screen], str]] = {
    "table": lambda table, _name, screen: as_table(table, screen),
    "csv": lambda table, _name, _screen: as_csv(table),
    "json": lambda table, name, _screen: as_json(table, name),
}
"""Maps each format of a table to a function that gets the table, the name of its rows and the screen."""


def columns(
    rows: Sequence[dict[str, str]], order: Sequence[str], wide: str | None = None, dispensable: tuple[str, ...] = ()
) -> Table:
    """Returns a table with the columns of `order` that at least one row fills."""
    used = tuple(name for name in order if any(row.get(name) for row in rows))
    return Table(used, tuple(tuple(row.get(name, "") for name in used) for row in rows), wide, dispensable)
