"""Parses YAML with the library `ryaml`, and maps its error messages to our rules."""

from __future__ import annotations

import re

from itsm_as_code.checks import yaml_rules as rules
from itsm_as_code.domain.finding import Position
from itsm_as_code.domain.rule import Rule
from itsm_as_code.store.parser import Parser, Unparsable


def parse_fast(text: str) -> object:
    """Returns the value of `text`, parsed by ryaml (YAML 1.2, dates stay strings). Raises `Unparsable`."""
    import ryaml

    try:
        return ryaml.loads(text)  # type: ignore[attr-defined]
    except ryaml.InvalidYamlError as error:  # type: ignore[attr-defined]
        raise _unparsable(str(error)) from None
    except ValueError as error:  # a list or a map is used as a key, which Python does not allow
        raise Unparsable(rules.NON_STRING_KEY, str(error)) from None


FAST = Parser(parse_fast, exact=False)

_PLACE = re.compile(r" at line (\d+) column (\d+)")
_KEY = re.compile(r'duplicate entry with key "((?:[^"\\]|\\.)*)"')
_KINDS: tuple[tuple[str, Rule], ...] = (
    ("duplicate entry", rules.DUPLICATE_KEY),
    ("more than one document", rules.SEVERAL_DOCUMENTS),
    ("repetition limit", rules.ANCHOR_OR_ALIAS),
    ("unknown anchor", rules.ANCHOR_OR_ALIAS),
    ("recursion limit", rules.TOO_DEEP),
    ("invalid type: integer", rules.INTEGER_OUT_OF_RANGE),
    ("invalid value: string", rules.TAG),
    ("tag handle", rules.TAG),
    ("directive", rules.DIRECTIVE),
    ("tab character that violates indentation", rules.TAB_OUTSIDE_TEXT),
    ("tab character where an indentation", rules.TAB_OUTSIDE_TEXT),
)
"""Parts of the messages of ryaml 0.5 with their rules. Any other message means broken syntax. Tests cover each."""


def _unparsable(words: str) -> Unparsable:
    rule = next((rule for part, rule in _KINDS if part in words), rules.BROKEN_SYNTAX)
    first, _, context = words.partition(", while ")
    key = _KEY.search(words)
    return Unparsable(
        rule,
        words,
        position=_place(first) or Position(1, 1),
        began=_place(context),
        key=_unescaped(key[1]) if key else None,
    )


def _place(words: str) -> Position | None:
    """Returns the place that a message of ryaml names, or None. ryaml names no place for the first character."""
    found = _PLACE.search(words)
    return Position(int(found[1]), int(found[2])) if found else None


def _unescaped(key: str) -> str:
    """Returns the real key. ryaml quotes keys in the debug form of Rust."""
    simple = {"n": "\n", "t": "\t", "r": "\r"}

    def char(match: re.Match[str]) -> str:
        code = match[1]
        return chr(int(code[2:-1], 16)) if code.startswith("u{") else simple.get(code, code)

    return re.sub(r"\\(u\{[0-9a-f]+\}|.)", char, key)
