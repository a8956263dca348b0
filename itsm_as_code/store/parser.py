"""Defines a parser: a function from YAML text to plain values, and the error that it raises for bad text.

Every parser refuses duplicate keys and more than one document. `strict` applies the other rules for records.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from itsm_as_code.domain.finding import Position
from itsm_as_code.domain.rule import Rule

Parse = Callable[[str], object]
"""Parses text into strings, numbers, booleans, None, lists and maps. Raises `Unparsable`."""


@dataclass(frozen=True, slots=True)
class Parser:
    """A parser with its ability.

    An `exact` parser itself refuses the syntax that the strict subset forbids: anchors, tags, ambiguous scalars. For
    other parsers, the text is searched for these (see `candidates`).
    """

    parse: Parse
    exact: bool


class Unparsable(Exception):
    """The parser refuses the text because of `rule`.

    `words` is the parser's own message. `position` is where it stopped, and `began` is where the value began that it
    was reading. If a key occurs twice, `key` is this key and `first` its first place, if known.
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
