"""Finds the two places of a duplicate key. The parser names the key, but not both lines."""

from __future__ import annotations

import re
from collections.abc import Callable

from itsm_as_code.checks import yaml_rules as rules
from itsm_as_code.domain.finding import Position
from itsm_as_code.store.fault import Fault, position_at, shown
from itsm_as_code.store.parser import Parse, Unparsable

_PLACES_LIMIT = 2000


def duplicate_key(text: str, error: Unparsable, parse: Parse) -> Fault:
    """Returns the fault for a duplicate key. It is placed at the second key and names both lines.

    To find the two, it renames the key in some places of the text and parses again (a binary search). So it never
    reports the same word in a block of text or in another map.
    """
    if error.key is None:
        return Fault(rules.DUPLICATE_KEY, "the same key occurs twice in one map", error.position)
    key = shown(error.key)
    pair = _known(error) or _Places(text, error, parse).pair()
    if pair is None:
        return Fault(rules.DUPLICATE_KEY, f"the key {key} occurs twice in one map", error.position)
    first, second = pair
    message = f"the key {key} occurs twice in one map: in line {first.line} and in line {second.line}"
    return Fault(rules.DUPLICATE_KEY, message, second, help=f"Keep one of the two `{key}`, or merge their values.")


def _known(error: Unparsable) -> tuple[Position, Position] | None:
    return (error.first, error.position) if error.first and error.position else None


class _Places:
    """Finds out which two places of one key make the parser refuse a text."""

    def __init__(self, text: str, error: Unparsable, parse: Parse) -> None:
        key = re.escape(error.key or "")
        pattern = rf"(?<![^\s\[{{,?\"'-]){key}(?=[\"']?[ \t]*:)"
        self._starts = [found.start() for found in re.finditer(pattern, text)][:_PLACES_LIMIT]
        self._text = text
        self._key = error.key
        self._parse = parse

    def pair(self) -> tuple[Position, Position] | None:
        """Returns the places of the first pair, or None if the key is written in a form that is not searched for."""
        count = len(self._starts)
        if count < 2 or not self._minds(0, count):
            return None
        second = self._least(lambda many: self._minds(0, many), count)
        first = second - 1 - self._least(lambda many: self._minds(second - 1 - many, second), second - 1)
        return position_at(self._text, self._starts[first]), position_at(self._text, self._starts[second - 1])

    def _minds(self, start: int, stop: int) -> bool:
        """Tells whether the parser still refuses the key if only the places from `start` to `stop` keep it."""
        parts: list[str] = []
        place = 0
        for number, offset in enumerate(self._starts):
            if not start <= number < stop:
                parts += (self._text[place:offset], f"\ue000{number}\ue000")
                place = offset
        try:
            self._parse("".join((*parts, self._text[place:])))
        except Unparsable as error:
            return error.rule is rules.DUPLICATE_KEY and error.key == self._key
        return False

    @staticmethod
    def _least(holds: Callable[[int], bool], upper: int) -> int:
        """Returns the least number up to `upper` for which `holds` is true. It must stay true for greater numbers."""
        low, high = 0, upper
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (low, middle) if holds(middle) else (middle, high)
        return high
