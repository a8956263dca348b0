"""YAML text to plain values, or why not. `ryaml` does it; where no wheel of it exists, `slow_parser` does.

Both refuse duplicate keys and more than one document. What records may not hold beyond that is not known here.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from itsm_as_code.checks import yaml_rules as rules
from itsm_as_code.domain.finding import Position
from itsm_as_code.domain.rule import Rule

Parse = Callable[[str], object]
"""From text to strings, numbers, booleans, None, lists and maps. Raises `Unparsable`."""


@dataclass(frozen=True, slots=True)
class Parser:
    """A way to parse. One that is `exact` refuses by itself what the strict subset forbids in the syntax:
    anchors, tags, ambiguous scalars; for one that is not, the text is searched for them (`suspects`).
    """

    parse: Parse
    exact: bool


class Unparsable(Exception):
    """The text is refused by `rule`.

    `words` are the parser's own, `position` is where it stopped, `began` where the value it was in begins,
    `key` is the key that occurs twice, if that is the fault, `first` where it does so first, if known.
    """

    def __init__(
        self,
        rule: Rule,
        words: str,
        *,
        position: Position | None = None,
        began: Position | None = None,
        key: str | None = None,
        first: Position | None = None,
    ) -> None:
        super().__init__(words)
        self.rule = rule
        self.words = words
        self.position = position
        self.began = began
        self.key = key
        self.first = first


@cache
def installed() -> Parser:
    """The fastest parser there is."""
    try:
        import ryaml  # noqa: F401
    except ImportError:
        from itsm_as_code.store.slow_parser import SLOW

        return SLOW
    return FAST


def parse_fast(text: str) -> object:
    """The value that `text` stands for, read by ryaml (YAML 1.2, dates stay strings). Raises `Unparsable`."""
    import ryaml

    try:
        return ryaml.loads(text)  # type: ignore[attr-defined]
    except ryaml.InvalidYamlError as error:  # type: ignore[attr-defined]
        raise _unparsable(str(error)) from None
    except ValueError as error:  # a list or a map as a key: no Python value can be one
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
"""What ryaml 0.5 says, and which rule that is; anything else is broken syntax. A test holds each of them."""


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
    """The place in ryaml's words, which leave it out where it is the first character."""
    found = _PLACE.search(words)
    return Position(int(found[1]), int(found[2])) if found else None


def _unescaped(key: str) -> str:
    """A key as it is, from the Rust debug form in which ryaml quotes it."""
    simple = {"n": "\n", "t": "\t", "r": "\r"}

    def char(match: re.Match[str]) -> str:
        code = match[1]
        return chr(int(code[2:-1], 16)) if code.startswith("u{") else simple.get(code, code)

    return re.sub(r"\\(u\{[0-9a-f]+\}|.)", char, key)
