"""Explains why a text could not be parsed: the place, what the parser found there, and the usual cause."""

from __future__ import annotations

import re

from itsm_as_code.checks import yaml_rules as rules
from itsm_as_code.domain.finding import Position
from itsm_as_code.store.candidates import document_marks, marks
from itsm_as_code.store.duplicates import duplicate_key
from itsm_as_code.store.fault import Fault, position_at, shown
from itsm_as_code.store.parser import Parse, Unparsable
from itsm_as_code.store.wording import forbidden


def explained(text: str, error: Unparsable, parse: Parse) -> Fault:
    """Returns the fault for `error`, which `parse` raised for `text`."""
    if error.rule is rules.DUPLICATE_KEY:
        return duplicate_key(text, error, parse)
    if error.rule is rules.SEVERAL_DOCUMENTS:
        mark = next(document_marks(text), None)
        place = error.position if mark is None else position_at(text, mark)
        return Fault(error.rule, "the text continues after its first document", place)
    if error.rule in (rules.ANCHOR_OR_ALIAS, rules.TOO_DEEP) and (offset := _alias(text)) is not None:
        return forbidden(rules.ANCHOR_OR_ALIAS, text, offset, position_at(text, offset))
    if error.rule is not rules.BROKEN_SYNTAX:
        place = error.position or _odd_key(text)
        if error.rule is rules.DIRECTIVE:
            place = Position(place.line, 1)
        return forbidden(error.rule, text, _offset(text, place), place)
    message, hint, position = _diagnosis([line[:_LINE_LIMIT] for line in text.split("\n")], error)
    return Fault(rules.BROKEN_SYNTAX, message, position, help=hint)


_CONFLICT = re.compile(r"<<<<<<<|=======|>>>>>>>")

_LINE_LIMIT = 500
"""How many characters of a line are searched for the usual faults."""


def _offset(text: str, place: Position) -> int:
    """Returns the offset of `place` in `text`. It is the inverse of `position_at`."""
    start = 0
    for _ in range(place.line - 1):
        start = text.find("\n", start) + 1
    return start + place.column - 1


def _alias(text: str) -> int | None:
    """Returns the offset of the first possible anchor or alias, or None if there is no possible alias."""
    places = [candidate.start for candidate in marks(text) if candidate.rule is rules.ANCHOR_OR_ALIAS]
    return places[0] if any(text[place] == "*" for place in places) else None


def _odd_key(text: str) -> Position:
    """Returns the place of the first key that is not text, such as `? …`, `[a]: …`, `{a: b}: …` or `!a b: …`."""
    found = re.search(r"^[ -]*(?=\?\s|![^:\n]*:\s|\[.*\][ ]*:\s|\{.*\}[ ]*:\s)", text, re.MULTILINE)
    return position_at(text, found.end() if found else 0)


_TAB_INDENT = re.compile(r"[ -]*\t")


def _diagnosis(lines: list[str], error: Unparsable) -> tuple[str, str, Position]:
    """Returns what is wrong, how to fix it, and the place."""
    place = error.position or Position(1, 1)
    line = lines[place.line - 1] if place.line <= len(lines) else ""
    words = error.words
    if (marked := next((n for n, each in enumerate(lines, 1) if _CONFLICT.match(each)), None)) is not None:
        return (
            "a merge conflict was left in the file",
            "Decide between the two sides and remove the marks.",
            Position(marked, 1),
        )
    if _TAB_INDENT.match(line) or "tab character" in words:
        return "a tab indents this line", "Indent with spaces.", place
    if "quoted scalar" in words and ("end of stream" in words or "document" in words):
        return "a quote is opened here and never closed", "Add the closing quote.", error.began or place
    if "quoted scalar" in words and "escape" in words:
        return (
            "YAML does not know this backslash escape",
            "Use single quotes, or write the backslash twice.",
            place,
        )
    if "flow sequence" in words or "flow mapping" in words:
        return _unclosed_bracket(words, error.began or place)
    if "mapping values are not allowed" in words:
        return _second_colon(lines, place)
    if "sequence entries are not allowed" in words:
        return "a list can't begin on the line of its key", "Begin the list on the next line.", place
    if "cannot start any token" in words:
        char = line[place.column - 1 : place.column]
        return f"a text can't begin with `{shown(char)}`", "Put the text in quotes.", place
    if "node content" in words:
        char = line[place.column - 1 : place.column]
        return f"a value was expected here, not `{shown(char)}`", "Write a value, or put it in quotes.", place
    if "could not find expected ':'" in words:
        return _missing_colon(lines, error.began or place)
    if "block scalar" in words:
        return "only a comment may follow | or >", "Begin the text on the next line.", place
    if _after_value(line, place):
        return "there is more text after the end of the value", "Put the whole value in one pair of quotes.", place
    return _indentation(lines, place)


def _unclosed_bracket(words: str, began: Position) -> tuple[str, str, Position]:
    bracket = "]" if "sequence" in words else "}"
    return (
        f"the bracket that opens here is not closed, or a comma is missing inside it (expected `,` or `{bracket}`)",
        f"Add the `{bracket}`, or quote texts that hold commas, colons or brackets.",
        began,
    )


def _second_colon(lines: list[str], place: Position) -> tuple[str, str, Position]:
    before = lines[place.line - 1][: place.column - 1]
    above = lines[place.line - 2] if place.line > 1 else ""
    if re.search(r":\s", before):
        return "the value contains `: `, which begins another value", "Put the value in quotes.", place
    if found := _NO_SPACE.fullmatch(above):
        return _SPACE_MISSING, _SPACE_HINT, Position(place.line - 1, found.end("key") + 1)
    return (
        "this key is deeper than the one above it, which already has a value",
        "Check the indentation of this line and of the one above.",
        place,
    )


_NO_SPACE = re.compile(r"[ -]*(?P<key>[\w-]+):(?=\S)(?!.*:\s).*")
_SPACE_MISSING, _SPACE_HINT = "a space is missing after the colon", "Write `key: value`."


def _missing_colon(lines: list[str], place: Position) -> tuple[str, str, Position]:
    line = lines[place.line - 1] if place.line <= len(lines) else ""
    if found := _NO_SPACE.match(line):
        return _SPACE_MISSING, _SPACE_HINT, Position(place.line, found.end("key") + 1)
    if re.match(r"\s*-[^\s-]", line):
        return "a space is missing after the dash", "Write `- item`.", place
    return "this key has no colon", "Write `key: value`, or indent the line if it continues the text above.", place


def _after_value(line: str, place: Position) -> bool:
    return re.search(r"[\"'\]}]\s*$", line[: place.column - 1]) is not None


def _indentation(lines: list[str], place: Position) -> tuple[str, str, Position]:
    if place.line > 1 and re.search(r"\S\s*$", lines[place.line - 2]) and place.column > 1:
        return (
            "the indentation of this line does not match any line above it",
            "Align it with the keys or list items it belongs to.",
            place,
        )
    return "the line is neither `key: value` nor `- item`", "Check the line and the one above it.", place
