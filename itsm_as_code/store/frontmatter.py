"""Reads articles: YAML fields between two lines `---`, with the text in Markdown below."""

from __future__ import annotations

import re
from dataclasses import dataclass

from itsm_as_code.checks import yaml_rules as rules
from itsm_as_code.domain.finding import Position
from itsm_as_code.store import strict
from itsm_as_code.store.characters import decoded
from itsm_as_code.store.fault import Fault
from itsm_as_code.store.parser import Parser
from itsm_as_code.store.reader import Read, read_text

BODY = "body"
"""The name of the field that holds the text of an article."""

_OPENING = "---\n"
_CLOSING = re.compile(r"^---[ \t]*(?:\n|\Z)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class ArticleParts:
    """The parts of an article's text. `fields` begins on line 2. `body_line` is the first line of the body."""

    fields: str
    body: str
    body_line: int


def split_article(text: str) -> ArticleParts | None:
    """Splits `text` into its parts. Returns None if the front matter is missing or not closed."""
    if not text.startswith(_OPENING):
        return None
    closing = _CLOSING.search(text, len(_OPENING))
    if closing is None:
        return None
    body_line = text.count("\n", 0, closing.end()) + 1
    return ArticleParts(text[len(_OPENING) : closing.start()], text[closing.end() :], body_line)


def read_article(data: bytes, *, parser: Parser | None = None) -> Read:
    """Reads the fields from the bytes of a Markdown file. The text becomes the field `body`.

    Size and characters are checked in the whole file. The lines of positions are lines of the file.
    """
    if fault := strict.too_large(data):
        return Read(None, (fault,))
    text, faults = decoded(data)
    if text is None or any(fault.rule is not rules.CARRIAGE_RETURN for fault in faults):
        return Read(None, faults)
    if faults:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    article = split_article(text)
    if article is None:
        return Read(None, (*faults, _no_front_matter(text)))
    read = read_text(article.fields, parser=parser)
    faults += tuple(fault.moved(1) for fault in read.faults)
    if read.data is None or faults:
        return Read(None, faults)
    if BODY in read.data:
        message = f"the front matter has a field `{BODY}`, but the {BODY} is the text below it"
        return Read(None, (Fault(rules.DUPLICATE_KEY, message, field=(BODY,), at_key=True),))
    return Read({**read.data, BODY: article.body})


def _no_front_matter(text: str) -> Fault:
    if text.startswith(_OPENING):
        return Fault(
            rules.NO_FRONT_MATTER,
            "the front matter that begins here is never closed",
            Position(1, 1),
            help="Add a line `---` after the last field.",
        )
    return Fault(rules.NO_FRONT_MATTER, "the file does not begin with a line `---`", Position(1, 1))
