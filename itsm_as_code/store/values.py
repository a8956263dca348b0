"""Checks the parsed values of a record: finds faults, and values whose spelling in the text must be checked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final

from itsm_as_code.checks import yaml_rules as rules
from itsm_as_code.domain.finding import FieldPath, cut, dotted
from itsm_as_code.store.candidates import MAX_INTEGER, WORDS, is_ambiguous
from itsm_as_code.store.characters import escaped_fault
from itsm_as_code.store.fault import Fault, shown

MAX_DEPTH: Final = 64


class Survey:
    """The result of a walk over a record's values. It says whether the text must be checked more closely."""

    __slots__ = ("odd", "typed", "unsure")

    def __init__(self, data: object) -> None:
        self.odd = False
        """There is a value or key of a type that records can't have, or too deep nesting. This is certainly a fault."""
        self.unsure = False
        """There is a string that would be ambiguous without quotes, so the text must show whether it has them."""
        self.typed = False
        """There is a truth value, whose spelling must be checked."""
        level, depth = [data], 0
        while level:
            depth += 1
            if depth > MAX_DEPTH:
                self.odd = True
                return
            level = self._below(level)

    def _below(self, level: list[Any]) -> list[Any]:
        """Checks the values in the lists and maps of one level, and returns the lists and maps among them.

        It runs for every value of every record, so it is written for speed.
        """
        below: list[Any] = []
        for node in level:
            values: Iterable[Any] = node
            if type(node) is dict:
                if not _HARMLESS_KEYS.issuperset(node):
                    self._keys(node)
                values = node.values()
            elif type(node) is not list:
                values = (node,)  # the whole document is one scalar
            for value in values:
                kind = type(value)
                if kind is str:
                    if (
                        value < "A"
                    ):  # a date such as 2026-11-21 is most frequent here, and no number has two dashes inside
                        if value[4:8:3] != "--" and is_ambiguous(value):
                            self.unsure = True
                    elif (
                        len(value) < 4 and value in WORDS
                    ):  # longer ones are parsed as truth values unless they have quotes
                        self.unsure = True
                elif kind is dict or kind is list:
                    below.append(value)
                elif kind is bool:
                    self.typed = True
                elif kind is not int or not -MAX_INTEGER <= value <= MAX_INTEGER:
                    self.odd = True
        return below

    def _keys(self, node: dict[object, object]) -> None:
        for key in node:
            if type(key) is not str:
                self.odd = True
            elif is_ambiguous(key):
                self.unsure = True
            elif len(_HARMLESS_KEYS) < _HARMLESS_KEYS_LIMIT:
                _HARMLESS_KEYS.add(key)


_HARMLESS_KEYS: set[str] = set()
"""A cache of keys that are not ambiguous scalars. Records use few different keys."""
_HARMLESS_KEYS_LIMIT = 10_000


def value_faults(data: object) -> Iterator[Fault]:
    """Yields the faults of the values alone: null, numbers, keys, depth, and characters written as escapes."""
    stack: list[tuple[FieldPath, object]] = [((), data)]
    while stack:
        path, value = stack.pop()
        if len(path) >= MAX_DEPTH and isinstance(value, (dict, list)):
            yield Fault(rules.TOO_DEEP, f"the record is nested more than {MAX_DEPTH} levels deep", field=path)
        elif isinstance(value, dict):
            yield from _key_faults(path, value)
            stack += [((*path, str(key)), below) for key, below in value.items()][::-1]
        elif isinstance(value, list):
            stack += [((*path, index), below) for index, below in enumerate(value)][::-1]
        else:
            yield from _leaf_faults(path, value)


def _leaf_faults(path: FieldPath, value: object) -> Iterator[Fault]:
    name = shown(dotted(path))
    if value is None and path:
        yield Fault(rules.NULL_VALUE, f"{name} has no value", field=path, at_key=True)
    elif isinstance(value, float):
        message = f"{name} is a number with a fraction or an exponent"
        yield Fault(rules.AMBIGUOUS_SCALAR, message, field=path)
    elif isinstance(value, int) and not -MAX_INTEGER <= value <= MAX_INTEGER:
        yield Fault(rules.INTEGER_OUT_OF_RANGE, f"{name} is beyond ±(2^53 - 1)", field=path)
    elif isinstance(value, str) and (char := escaped_fault(value)):
        yield Fault(rules.CONTROL_CHARACTER, f"{name} holds {char}, written as an escape", field=path)


def _key_faults(path: FieldPath, value: dict[object, object]) -> Iterator[Fault]:
    for key in value:
        if not isinstance(key, str):
            word = "null" if key is None else str(key).lower() if isinstance(key, bool) else str(key)
            yield Fault(
                rules.NON_STRING_KEY,
                f"the key {cut(word)} is not text",
                field=(*path, word),
                help=f'Write "{cut(word)}": …, or use a name.',
                at_key=True,
            )
        elif char := escaped_fault(key):
            yield Fault(rules.CONTROL_CHARACTER, f"a key holds {char}, written as an escape", field=path)
