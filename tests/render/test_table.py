"""Tables fit the terminal: columns that can be done without go first, then the title is wrapped; ids never are."""

from __future__ import annotations

import pytest
from rich.cells import cell_len

from itsm_as_code.render.screen import Screen
from itsm_as_code.render.table import Table, as_csv, as_table, columns

TITLE = "Ultrasound studies of Wyebridge never arrive in the archive"
TABLE = Table(
    ("id", "kind", "state", "service", "title"),
    (
        ("INC-20261113-A7B3W", "incident", "in_progress", "radiology-archive", TITLE),
        ("INC-20261114-B7B3W", "incident", "new", "print", "日本語のタイトル" * 6),
    ),
    "title",
    ("kind", "service"),
)


@pytest.mark.parametrize("width", [40, 50, 60, 80, 100, 120, 200])
def test_no_line_is_wider_than_the_terminal_and_no_id_is_cut(width: int) -> None:
    lines = as_table(TABLE, Screen(width=width)).splitlines()
    assert max(map(cell_len, lines)) <= width
    assert [line[:21] for line in lines[2:] if line[:1] != " "] == ["INC-20261113-A7B3W   ", "INC-20261114-B7B3W   "]


def test_what_can_be_done_without_goes_in_its_order() -> None:
    def headings(width: int) -> list[str]:
        return as_table(TABLE, Screen(width=width)).splitlines()[0].split()

    assert headings(200) == ["id", "kind", "state", "service", "title"]
    assert headings(85) == ["id", "state", "service", "title"]
    assert headings(70) == ["id", "state", "title"]


def test_a_title_is_wrapped_at_words_and_without_a_terminal_it_is_not() -> None:
    heading, _, *rows = as_table(TABLE, Screen(width=70)).splitlines()
    assert " ".join(row[heading.index("title") :] for row in rows).startswith(TITLE)
    assert "title" not in as_table(TABLE, Screen(width=45)).splitlines()[0]
    assert TITLE in as_table(TABLE, Screen())
    assert TITLE in as_csv(TABLE)


def test_columns_that_nobody_fills_are_left_out() -> None:
    table = columns([{"id": "a", "title": "A"}], ("id", "owner", "title"), "title")
    assert table.headings == ("id", "title")


def test_cells_are_one_line_and_harmless() -> None:
    table = Table(("id", "title"), (("a", "two\nlines \x1b[31mred"),), "title")
    text = as_table(table, Screen(colour=True, width=80))
    assert "two⏎lines \\u001b[31mred" in text
    assert "\x1b[31m" not in text
