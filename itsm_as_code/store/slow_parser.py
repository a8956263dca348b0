"""YAML text to plain values by the events of ruamel.yaml's pure parser: what serves where ryaml does not exist.

It reads plain scalars exactly as ryaml does. ruamel.yaml's own constructors are not used: they follow aliases,
merge maps, and call text octal numbers and dates.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from itsm_as_code.checks import yaml_rules as rules
from itsm_as_code.domain.finding import Position
from itsm_as_code.domain.rule import Rule
from itsm_as_code.store.parser import Unparsable

DEPTH_LIMIT = 128
"""As in ryaml; records may hold half of it."""

_INTEGER = re.compile(r"[-+]?(?:0|[1-9][0-9]*|0x[0-9a-fA-F]+|0o[0-7]+|0b[01]+)")
_FLOAT = re.compile(r"[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")
_DIGITS = re.compile(r"[-+]?[0-9]+")
_TAB_FIRST = re.compile(r"[|>][-+]?[ \t]*(?:#[^\n]*)?\n(?: *\n)* *\t")
_WORDS: dict[str, bool | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}


def parse_slowly(text: str) -> object:
    """The value that `text` stands for. Raises `Unparsable`."""
    builder = _Builder(text)
    for event in events(text):
        builder.take(event)
    return builder.root


def events(text: str) -> Iterator[Any]:
    """ruamel.yaml's events, each with marks. Raises `Unparsable` where it can't go on."""
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
        # ruamel.yaml lets some faults out as they are: a code point that is none, a scalar at the end
        raise Unparsable(rules.BROKEN_SYNTAX, str(error)) from None


def _at(mark: Any) -> Position | None:
    return None if mark is None else Position(mark.line + 1, mark.column + 1)


class _Builder:
    """Takes events, holds the open lists and maps; one use."""

    def __init__(self, text: str) -> None:
        self.root: object = None
        self._text = text
        self._open: list[list[Any] | dict[Any, Any]] = []
        self._keys: list[Any] = []  # one a level: the key that waits for its value, or _NO_KEY
        self._documents = 0

    def take(self, event: Any) -> None:
        """Adds what `event` stands for."""
        match type(event).__name__:
            case "DocumentStartEvent":
                self._start_document(event)
            case "AliasEvent":
                raise _refused(rules.ANCHOR_OR_ALIAS, event, "an alias")
            case "ScalarEvent":
                if event.style in ("|", ">"):
                    self._refuse_tab(event)
                self._add(_scalar(event), event)
            case "SequenceStartEvent":
                self._begin([], event)
            case "MappingStartEvent":
                self._begin({}, event)
            case "SequenceEndEvent" | "MappingEndEvent":
                self._open.pop()
                self._keys.pop()
            case _:
                pass

    def _refuse_tab(self, event: Any) -> None:
        """As ryaml: where a block of text begins with a tab, its indentation is unclear."""
        if _TAB_FIRST.match(self._text, event.start_mark.index):
            raise _refused(rules.TAB_OUTSIDE_TEXT, event, "a tab where the indentation is looked for")

    def _start_document(self, event: Any) -> None:
        self._documents += 1
        if self._documents > 1:
            raise _refused(rules.SEVERAL_DOCUMENTS, event, "another document")
        if event.version or event.tags:
            raise Unparsable(rules.DIRECTIVE, "a directive", position=Position(1, 1))

    def _begin(self, value: list[Any] | dict[Any, Any], event: Any) -> None:
        _refuse_properties(event)
        if len(self._open) >= DEPTH_LIMIT:
            raise _refused(rules.TOO_DEEP, event, "recursion limit exceeded")
        if self._open and isinstance(self._open[-1], dict) and self._keys[-1] is _NO_KEY:
            raise _refused(rules.NON_STRING_KEY, event, "a list or map as a key")
        self._add(value, event)
        self._open.append(value)
        self._keys.append(_NO_KEY)

    def _add(self, value: Any, event: Any) -> None:
        if not self._open:
            self.root = value
            return
        parent, key = self._open[-1], self._keys[-1]
        if isinstance(parent, list):
            parent.append(value)
        elif key is not _NO_KEY:
            parent[key] = value
            self._keys[-1] = _NO_KEY
        elif value in parent and any(type(known) is type(value) for known in parent if known == value):
            raise _refused(rules.DUPLICATE_KEY, event, f"found duplicate key {value!r}", key=str(value))
        else:
            self._keys[-1] = value


_NO_KEY = object()


def _refused(rule: Rule, event: Any, words: str, *, key: str | None = None) -> Unparsable:
    return Unparsable(rule, words, position=_at(event.start_mark), key=key)


def _refuse_properties(event: Any) -> None:
    if event.anchor is not None:
        raise _refused(rules.ANCHOR_OR_ALIAS, event, "an anchor")
    if event.ctag is not None:
        raise _refused(rules.TAG, event, "a tag")


def _scalar(event: Any) -> str | int | float | bool | None:
    _refuse_properties(event)
    value: str = event.value
    if any("\ud800" <= char <= "\udfff" for char in value):  # half a character, by an escape
        raise _refused(rules.BROKEN_SYNTAX, event, "found invalid Unicode character escape, while a quoted scalar")
    if not event.implicit[0]:
        return value
    if value in _WORDS:
        return _WORDS[value]
    if _INTEGER.fullmatch(value):
        return _integer(value, event)
    if _FLOAT.fullmatch(value) and not _DIGITS.fullmatch(value):
        number = float(value.lower().replace(".inf", "inf").replace(".nan", "nan"))
        # beyond the largest number ryaml keeps the text
        return value if number in (float("inf"), float("-inf")) and "n" not in value.lower() else number
    return value


def _integer(value: str, event: Any) -> int:
    if len(value) > 20:  # Python refuses to read a few thousand digits, and records hold sixteen
        raise _refused(rules.INTEGER_OUT_OF_RANGE, event, "a number this long")
    return int(value, 0)
