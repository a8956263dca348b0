"""Wraps text between words. A command that people copy stays on one row, or continues in the way that a shell reads."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

_GIT = "add|branch|clone|commit|config|diff|fetch|log|merge|pull|push|switch"
_COMMAND = re.compile(
    rf"(?:(?<=: )|(?<=\$ )|(?<=  ))(?:itsm (?=[a-z-])|git (?=(?:{_GIT})\b))"
    r"""(?:'[^']*'|"[^"]*"|[^()'"])*?(?:$|;(?= ))"""
)
"""Matches text that looks like a command after a colon, a prompt or a label, up to the end or a semicolon."""
_WORD = re.compile(r"(?:`[^`]*`|\S)+")
_SHELL_WORD = re.compile(r"""(?:'[^']*'|"(?:\\.|[^"\\])*"|\\.|\S)+""")
_CONTINUED = " \\"
_CHAINED = ("&&", "||", "|")
"""Signs after which a shell continues to read in the next row without a backslash."""


class TextRow(NamedTuple):
    """A row: the text from `start` to `end`, indented. `joint` is added at its end if a command continues below."""

    start: int
    end: int
    indent: int = 0
    joint: str = ""


class _Word(NamedTuple):
    start: int
    end: int
    in_command: bool = False
    """Whether it is a word of a command that was divided."""
    goes_on: bool = False
    """Whether the word before it belongs to the same command."""


def rows(text: str, width: int, hang: int) -> list[TextRow]:
    """Returns the rows of a text on `width` columns. Rows after the first begin at column `hang`. A word that is wider
    than a row stays whole, and the terminal folds it."""
    if columns(text) <= width:
        return [TextRow(0, len(text))]
    hang = min(hang, width // 2)
    found: list[TextRow] = []
    start = used = end = 0
    for word in _words(text, width - hang):
        need = columns(text[end : word.end])
        own = columns(text[word.start : word.end])
        spare = len(_CONTINUED) if word.in_command else 0
        if used + need + spare > width and used > hang and hang + own <= width:
            joined = word.goes_on and not text[start:end].endswith(_CHAINED)
            found.append(TextRow(start, end, hang if found else 0, _CONTINUED if joined else ""))
            start, used, need = word.start, hang, own
        used, end = used + need, word.end
    return [*found, TextRow(start, len(text.rstrip()) if text.strip() else len(text), hang if found else 0)]


def columns(text: str) -> int:
    """Returns how many columns of a terminal a text takes."""
    if text.isascii():
        return len(text)
    from rich.cells import cell_len

    return cell_len(text)


def _words(text: str, room: int) -> Iterator[_Word]:
    """Yields the pieces that may be at the beginning of a row."""
    place = 0
    for command in _COMMAND.finditer(text):
        yield from _plain_words(text, place, command.start(), room)
        yield from _parted(text, command.start(), command.end(), room)
        place = command.end()
    yield from _plain_words(text, place, len(text), room)


def _plain_words(text: str, start: int, end: int, room: int) -> Iterator[_Word]:
    for word in _WORD.finditer(text, start, end):
        yield from _parted(text, word.start(), word.end(), room)


def _parted(text: str, start: int, end: int, room: int) -> Iterator[_Word]:
    """Yields a command as one word if there is room. If not, yields each command of its chain, or else their words."""
    if columns(text[start:end]) <= room:
        yield _Word(start, end)
        return
    pieces = [piece for link in _links(text, start, end) for piece in _pieces(text, link, room)]
    yield from (_Word(*piece, in_command=True, goes_on=number > 0) for number, piece in enumerate(pieces))


def _links(text: str, start: int, end: int) -> Iterator[list[tuple[int, int]]]:
    """Yields the words of each command in a chain, together with the sign after it."""
    link: list[tuple[int, int]] = []
    for word in _SHELL_WORD.finditer(text, start, end):
        link.append(word.span())
        if word[0] in _CHAINED:
            yield link
            link = []
    if link:
        yield link


def _pieces(text: str, link: list[tuple[int, int]], room: int) -> list[tuple[int, int]]:
    start, end = link[0][0], link[-1][1]
    return [(start, end)] if columns(text[start:end]) + len(_CONTINUED) <= room else link
