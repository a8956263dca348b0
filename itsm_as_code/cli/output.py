"""Printing: lines for people are fitted to the screen of their stream; documents for programs are printed as they
are."""

from __future__ import annotations

import os
import sys
from typing import IO, TYPE_CHECKING

import click

from itsm_as_code.domain.instants import write_utc

if TYPE_CHECKING:
    from datetime import datetime

    from itsm_as_code.render.line import Line
    from itsm_as_code.render.screen import Screen


USUAL = 80
"""The width of a terminal that does not report one."""


def screen(*, err: bool = False) -> Screen:
    """Returns the screen of a stream. It depends on --color, NO_COLOR, TERM=dumb, and whether the stream is a
    terminal."""
    from itsm_as_code.render.screen import Screen

    stream = sys.stderr if err else sys.stdout
    terminal = stream.isatty()
    ctx = click.get_current_context(silent=True)
    wish = (ctx.find_object(dict) or {}).get("color", "auto") if ctx is not None else "auto"
    allowed = terminal and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    return Screen(allowed if wish == "auto" else wish == "always", _width(stream) if terminal else None)


def _width(terminal: IO[str]) -> int:
    """Returns the width of the terminal. As in other programs, the variable COLUMNS comes first."""
    wish = os.environ.get("COLUMNS", "")
    if wish.isdigit() and int(wish) > 0:
        return int(wish)
    try:
        return os.get_terminal_size(terminal.fileno()).columns or USUAL
    except (OSError, ValueError):
        return USUAL


def show(*lines: Line | str, err: bool = False) -> None:
    """Prints lines for people. A text is one line, whatever characters it has."""
    from itsm_as_code.render.line import Line, line

    on = screen(err=err)
    for each in lines:
        told = each if isinstance(each, Line) else line(each)
        click.echo(on.shown(told), err=err, color=on.colour)


def note(words: str) -> None:
    """Prints a line on standard error, beside the output of the command."""
    show(words, err=True)


def tell_clock(fixed: datetime | None) -> None:
    """Says by which clock a report was judged, if that was not the machine's own. Reports for programs always say
    it."""
    if fixed is not None:
        note(f"judged at {write_utc(fixed)}")


def put(document: str) -> None:
    """Prints a document for a program, or text that has its layout already."""
    click.echo(document, color=screen().colour)
