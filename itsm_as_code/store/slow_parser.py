"""Parses YAML with the events of ruamel.yaml's pure parser. It is used where ryaml is not available.

It sees how each scalar is written, so it can refuse what the strict subset forbids. It does not use the constructors
of ruamel.yaml, because these follow aliases, merge maps, and turn text into octal numbers and dates.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from itsm_as_code.checks import yaml_rules as rules
from itsm_as_code.domain.finding import Position
from itsm_as_code.domain.rule import Rule
from itsm_as_code.store.candidates import is_ambiguous
from itsm_as_code.store.fault import position_at
from itsm_as_code.store.parser import Parser, Unparsable

DEPTH_LIMIT = 128
"""The same limit of levels as in ryaml. Records may have half as many."""

_INTEGER = re.compile(r"0|-?[1-9][0-9]*")
_TAB_FIRST = re.compile(r"[|>][-+]?[ \t]*(?:#[^\n]*)?\n(?: *\n)* *\t")
_DIRECTIVE = re.compile(r"(?:[ \t]*(?:#[^\n]*)?\n)*%")
_WORDS: dict[str, bool | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    "true": True,
    "false": False,
}


def parse_slowly(text: str) -> object:
    """Returns the value of `text`. Raises `Unparsable`."""
    builder = _Builder(text)
    for event in events(text):
        builder.take(event)
    return builder.root


SLOW = Parser(parse_slowly, exact=True)


def events(text: str) -> Iterator[Any]:
    """Yields the events of ruamel.yaml with their marks. Raises `Unparsable` if it can't continue."""
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    try:
        yield from YAML(typ="safe", pure=True).parse(text)
    except MarkedYAMLError as error:
        words = f"{error.problem}, {error.context}" if error.context else str(error.problem)
        raise Unparsable(
            rules.BROKEN_SYNTAX, words, position=_at(error.problem_mark), began=_at(error.context_mark)
        ) from None
    except (YAMLError, ValueError, RecursionError, AttributeError, IndexError) as error:
        # ruamel.yaml does not convert some errors, e.g. for an invalid code point or a scalar at the end
        raise Unparsable(rules.BROKEN_SYNTAX, str(error)) from None


def _at(mark: Any) -> Position | None:
    return None if mark is None else Position(mark.line + 1, mark.column + 1)


class _Level:
    """An open list or map. `places` are the places of its keys. `key` is the key that has no value yet."""

    __slots__ = ("in_brackets", "items", "key", "places")

    def __init__(self, items: list[Any] | dict[Any, Any], *, in_brackets: bool) -> None:
        self.items = items
        self.in_brackets = in_brackets
        self.key: Any = _NO_KEY
        self.places: dict[tuple[type, Any], Position | None] = {}


_NO_KEY = object()


class _Builder:
    """Builds the value from events and holds the open lists and maps. It can be used once only."""

    def __init__(self, text: str) -> None:
        self.root: object = None
        self._text = text
        self._open: list[_Level] = []
        self._documents = 0

    def take(self, event: Any) -> None:
        """Adds the value or the part of a value that `event` stands for. Raises `Unparsable`."""
        match type(event).__name__:
            case "DocumentStartEvent":
                self._start_document(event)
            case "AliasEvent":
                raise _refused(rules.ANCHOR_OR_ALIAS, event)
            case "ScalarEvent":
                self._refuse_as_ryaml(event)
                self._add(_scalar(event), event)
            case "SequenceStartEvent":
                self._begin([], event)
            case "MappingStartEvent":
                self._begin({}, event)
            case "SequenceEndEvent" | "MappingEndEvent":
                self._open.pop()
            case _:
                pass

    def _refuse_as_ryaml(self, event: Any) -> None:
        """Refuses what ryaml refuses: a block that begins with a tab, and a colon at the edge of a flow scalar."""
        if event.style in ("|", ">"):
            if _TAB_FIRST.match(self._text, event.start_mark.index):
                raise _refused(rules.TAB_OUTSIDE_TEXT, event)
        elif self._open and self._open[-1].in_brackets and event.implicit[0]:
            after = self._text[event.end_mark.index : event.end_mark.index + 1]
            if event.value.startswith(":") or (event.value.endswith(":") and after in ",]}"):
                raise _refused(rules.BROKEN_SYNTAX, event, "did not find expected node content")

    def _start_document(self, event: Any) -> None:
        self._documents += 1
        if self._documents > 1:
            raise _refused(rules.SEVERAL_DOCUMENTS, event)
        if directive := _DIRECTIVE.match(self._text):
            place = position_at(self._text, directive.end() - 1)
            raise Unparsable(rules.DIRECTIVE, "", position=place)

    def _begin(self, items: list[Any] | dict[Any, Any], event: Any) -> None:
        _refuse_properties(event)
        if len(self._open) >= DEPTH_LIMIT:
            raise _refused(rules.TOO_DEEP, event)
        if self._open and isinstance(self._open[-1].items, dict) and self._open[-1].key is _NO_KEY:
            raise _refused(rules.NON_STRING_KEY, event)
        self._add(items, event)
        self._open.append(_Level(items, in_brackets=bool(event.flow_style)))

    def _add(self, value: Any, event: Any) -> None:
        if not self._open:
            self.root = value
            return
        level = self._open[-1]
        if isinstance(level.items, list):
            level.items.append(value)
        elif level.key is not _NO_KEY:
            level.items[level.key] = value
            level.key = _NO_KEY
        else:
            self._key(level, value, event)

    def _key(self, level: _Level, value: Any, event: Any) -> None:
        known = (type(value), value)
        if known in level.places:
            place, first = _at(event.start_mark), level.places[known]
            raise Unparsable(rules.DUPLICATE_KEY, "", position=place, key=str(value), first=first)
        level.places[known] = _at(event.start_mark)
        level.key = value


def _refused(rule: Rule, event: Any, words: str = "") -> Unparsable:
    return Unparsable(rule, words, position=_at(event.start_mark))


def _refuse_properties(event: Any) -> None:
    if event.anchor is not None:
        raise _refused(rules.ANCHOR_OR_ALIAS, event)
    if event.ctag is not None:
        raise _refused(rules.TAG, event)


def _scalar(event: Any) -> str | int | bool | None:
    _refuse_properties(event)
    value: str = event.value
    if any("\ud800" <= char <= "\udfff" for char in value):
        words = "found invalid Unicode character escape code, while parsing a quoted scalar"
        raise _refused(rules.BROKEN_SYNTAX, event, words)
    if not event.implicit[0]:
        return value
    if value in _WORDS:
        return _WORDS[value]
    if _INTEGER.fullmatch(value):
        if len(value) > 20:  # Python can't convert thousands of digits, and records hold at most sixteen
            raise _refused(rules.INTEGER_OUT_OF_RANGE, event)
        return int(value)
    if is_ambiguous(value):
        raise _refused(rules.ANCHOR_OR_ALIAS if value == "<<" else rules.AMBIGUOUS_SCALAR, event)
    return value
