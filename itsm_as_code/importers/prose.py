"""Separates prose in Markdown from code, and finds the first heading and the first sentence."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

_FENCE = re.compile(r"^[ \t>]*(?:[-*+]|\d+[.)])?[ \t]*(```+|~~~+)")
_HEADING = re.compile(r"^ {0,3}#{1,6}[ \t]+(.+?)[ \t]*#*[ \t]*$")
_UNDERLINED = re.compile(r"\s*(\S.*)\n=+[ \t]*(?:\n|\Z)")
_MARKS = re.compile(r"!\[[^\]]*\]\([^)]*\)|<[^>]*>|\{\{.*?\}\}|\[\^[^\]]*\]")
_LINKED = re.compile(r"\[([^\]]*)\](?:\([^)]*\)|\[[^\]]*\])")
_EMPHASIS = re.compile(r"(?<!\w)[*_]{1,3}(?=\S)|(?<=\S)[*_]{1,3}(?!\w)|`+")
_NO_PROSE = re.compile(
    r"^\s*(#|>|```|~~~|\||[-*+]\s|\d+[.)]\s|<|!|:::|={3,}|-{3,}|\{\{|\[[^\]]*\]:|import |export )|^(    |\t)"
)
_SENTENCE = re.compile(r"(.+?[.!?])(?=\s+[\"'(\[]?[A-Z0-9]|\s*$)", re.DOTALL)
_LONGEST_PROSE = 2_000
_LONGEST_LINE = 10_000
"""Longer lines are data, not prose."""


def blocks(lines: Iterable[str]) -> Iterator[tuple[bool, str]]:
    """Yields the text in pieces: (is code, text). Code is a line of a fenced block, or one too long to be prose."""
    fence = ""
    prose: list[str] = []
    for line in lines:
        mark = _FENCE.match(line)
        if not (fence or mark or len(line) > _LONGEST_LINE):
            prose.append(line)
            continue
        if prose:
            yield False, "\n".join(prose)
            prose = []
        yield True, line
        if not fence:
            fence = mark[1] if mark else ""
        elif mark and mark[1].startswith(fence) and not line.strip("`~> \t"):
            fence = ""
    if prose:
        yield False, "\n".join(prose)


def first_heading(body: str) -> str:
    """Returns the text of the first heading outside code, or an empty text."""
    underlined = _UNDERLINED.match(body)
    if underlined:
        return plain(underlined[1])
    found = (match for line in _outside_code(body) if (match := _HEADING.match(line)))
    match = next(found, None)
    return plain(match[1]) if match else ""


def first_sentence(body: str) -> str:
    """Returns the first sentence of the first paragraph, without Markdown; empty if there is no prose."""
    paragraph: list[str] = []
    in_other = False
    for line in [*_outside_code(body), ""]:
        if not line.strip():
            if paragraph:
                break
            in_other = False
        elif paragraph or not (in_other or _NO_PROSE.match(line)):
            paragraph.append(line.strip())
        else:
            in_other = not line.lstrip().startswith("#")
    prose = plain(" ".join(paragraph))
    match = _SENTENCE.match(prose)
    return match[1] if match else prose


def plain(text: str) -> str:
    """Returns Markdown as it reads: links as their text, without emphasis, images and tags."""
    bare = _EMPHASIS.sub("", _LINKED.sub(r"\1", _MARKS.sub("", text[:_LONGEST_PROSE])))
    return re.sub(r"\s+", " ", re.sub(r"\\([\[\]*_`#])", r"\1", bare)).strip()


def _outside_code(body: str) -> Iterator[str]:
    for is_code, block in blocks(body.split("\n")):
        yield from [""] if is_code else block.split("\n")
