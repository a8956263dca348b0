"""Makes lines of text for people. A line consists of spans, and each span has a tone.

The texts stay as records write them. Only a `Screen` cleans and colours them, so that each is cleaned exactly once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

from itsm_as_code.domain.rule import Severity

_BEGINNING = re.compile(r" *(?:(?:[-*+]|\d{1,3}\.) +)?")
"""Matches what is before the words of a line: blanks, and the mark of a list item."""


class Tone(Enum):
    """How a piece of text looks. The value is its SGR code, which sets the colour in a terminal."""

    PLAIN = ""
    STRONG = "1"
    FAINT = "2"
    HINT = "32"
    BAD = "1;31"
    WARM = "1;33"
    CALM = "1;36"


class Span(NamedTuple):
    """A piece of a line that has one tone."""

    text: str
    tone: Tone = Tone.PLAIN


@dataclass(frozen=True, slots=True)
class Line:
    """One line. If it must be wrapped, its further rows begin at column `hang`. A `fixed` line has its layout already:
    it is not wrapped, and its tabs stay."""

    spans: tuple[Span, ...]
    hang: int = 2
    fixed: bool = False


def line(*parts: str | Span, hang: int = 2) -> Line:
    """Makes a line of texts and spans."""
    return Line(tuple(part if isinstance(part, Span) else Span(part) for part in parts), hang)


def fixed(*parts: str | Span) -> Line:
    """Makes a line that keeps its layout on every screen."""
    return Line(line(*parts).spans, fixed=True)


def verbatim(text: str, indent: int = 0) -> Iterator[Line]:
    """Yields the lines of a text of several lines, without blanks at their ends."""
    for each in text.rstrip("\n").split("\n"):
        row = f"{' ' * indent}{each}".rstrip(" ")
        begins = _BEGINNING.match(row)
        yield line(row, hang=begins.end() if begins else 0)


def strong(text: str) -> Span:
    """Returns text that readers should see first."""
    return Span(text, Tone.STRONG)


def faint(text: str) -> Span:
    """Returns text that only gives context."""
    return Span(text, Tone.FAINT)


def hint(text: str) -> Span:
    """Returns text that says what to do next."""
    return Span(text, Tone.HINT)


def bad(text: str) -> Span:
    """Returns text about something that went wrong."""
    return Span(text, Tone.BAD)


def warm(text: str) -> Span:
    """Returns text about something that needs attention soon."""
    return Span(text, Tone.WARM)


_LEVELS = {Severity.ERROR: Tone.BAD, Severity.WARNING: Tone.WARM, Severity.NOTICE: Tone.CALM}


def level(severity: Severity, text: str) -> Span:
    """Returns text in the colour of a severity."""
    return Span(text, _LEVELS[severity])
