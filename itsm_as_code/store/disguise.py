"""Whether a suspect is structure or only content: `* item` in a block of text, a comment, `"yes"` in quotes.

The parser itself decides. A suspect gets a disguise of private characters, and the text is parsed again:
content comes back with the disguise in it and is otherwise unchanged, structure does not. So an exact answer
costs one parsing more for a text that is clean, and no second opinion on YAML is needed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from itsm_as_code.checks import yaml_rules as rules
from itsm_as_code.domain.finding import FieldPath
from itsm_as_code.store.parser import Parse, Unparsable
from itsm_as_code.store.suspects import Suspect

_FOUND_LIMIT = 10
_CHARACTERS_LIMIT = 8 << 20
"""How much text may be parsed again to name the places after the first one."""


def structures(text: str, data: object, suspects: Sequence[Suspect], parse: Parse) -> Iterator[Suspect]:
    """Those of `suspects` (in order of their place) that are structure in `text`, which parses to `data`.

    For anything but scalars. The first one is always found, up to nine more while that stays cheap.
    """
    disguise = _Disguise(text, data, parse)
    found = 0
    while suspects and found < _FOUND_LIMIT and not (found and disguise.tired) and not disguise.hides(suspects):
        place = _first(suspects, disguise.hides)
        yield suspects[place]
        found += 1
        suspects = suspects[place + 1 :]


def _first(suspects: Sequence[Suspect], hides: Callable[[Sequence[Suspect]], bool]) -> int:
    """The index of the first structure among `suspects`, which hold one; mostly it is among the first."""
    low, high = 0, 1  # the first `low` are content
    while high < len(suspects) and hides(suspects[low:high]):
        low, high = high, min(2 * high, len(suspects))
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if hides(suspects[low:middle]) else (low, middle)
    return low


class _Disguise:
    """Parses one text again and again with some of its suspects disguised."""

    def __init__(self, text: str, data: object, parse: Parse) -> None:
        self._text = text
        self._data = data
        self._parse = parse
        self._sign = _unused("\ue000", text)
        self._parsed = 0

    @property
    def tired(self) -> bool:
        """Whether enough text was parsed."""
        return self._parsed > _CHARACTERS_LIMIT

    def hides(self, suspects: Sequence[Suspect]) -> bool:
        """Whether the text means the same with all of `suspects` disguised: none of them is structure."""
        disguised = _dressed(self._text, ((suspect, *self._clothes(suspect)) for suspect in suspects))
        self._parsed += len(disguised)
        try:
            return self._same(self._data, self._parse(disguised))
        except Unparsable:
            return False

    def _clothes(self, suspect: Suspect) -> tuple[str, str]:
        """What to write before and after `suspect`.

        A tab gets a comment beside it: that is one in plain text too, where readers disagree about tabs.
        One that begins its line must go on doing so, since folding depends on it.
        """
        if suspect.rule is not rules.TAB_OUTSIDE_TEXT:
            return self._sign, ""
        leads = suspect.start == 0 or self._text[suspect.start - 1] == "\n"
        return ("", f"{self._sign}0 #") if leads else (f"{self._sign}0 #", self._sign)

    def _same(self, one: object, other: object) -> bool:
        if isinstance(one, str) and isinstance(other, str):
            return one == self._undressed(other)
        if isinstance(one, dict) and isinstance(other, dict):
            keys = [self._undressed(key) if isinstance(key, str) else key for key in other]
            return list(one) == keys and all(map(self._same, one.values(), other.values()))
        if isinstance(one, list) and isinstance(other, list):
            return len(one) == len(other) and all(map(self._same, one, other))
        return type(one) is type(other) and (one == other or one != one)  # noqa: PLR0124 - NaN is itself

    def _undressed(self, value: str) -> str:
        return value.replace(f"{self._sign}0 #", "").replace(self._sign, "")


def plain_scalars(text: str, suspects: Sequence[Suspect], parse: Parse) -> Iterator[tuple[Suspect, FieldPath]]:
    """Those of `suspects` that are whole scalars without quotes in `text`, with their fields.

    Each gets a number as its disguise. A scalar that comes back as nothing but a disguised suspect was plain,
    or was all of a block of text (`|-`): then brackets tell, which are text in a block and a list elsewhere.
    Raises `Unparsable` where the disguise breaks the text, as for a key near the limit of 1024 characters.
    """
    if not suspects:
        return
    side = _unused("\ue001", text)
    clothes = {number: (f"{side}{number}{side}", side) for number in range(len(suspects))}
    numbers = _Numbers(side)
    numbers.look(parse(_dressed(text, ((suspects[number], *clothes[number]) for number in clothes))))
    values = sorted(numbers.values)
    if values:
        dressed = ((suspects[number], f"[{clothes[number][0]}", f"{side}]") for number in values)
        numbers.look(parse(_dressed(text, dressed)))
    for number, field in sorted({**numbers.keys, **numbers.listed}.items()):
        yield suspects[number], field


class _Numbers:
    """The numbers of the suspects that came back as whole keys, as whole values, and as lists of one."""

    def __init__(self, side: str) -> None:
        self.keys: dict[int, FieldPath] = {}
        self.values: dict[int, FieldPath] = {}
        self.listed: dict[int, FieldPath] = {}
        self._whole = re.compile(f"{side}([0-9]+){side}[^{side}]*{side}")
        self._clothes = re.compile(f"{side}[0-9]+{side}|{side}")

    def look(self, data: object) -> None:
        """Finds the numbers in `data`."""
        stack: list[tuple[FieldPath, object]] = [((), data)]
        while stack:
            path, node = stack.pop()
            if isinstance(node, dict):
                for key, value in node.items():
                    below = (*path, self._clothes.sub("", str(key)))
                    self._note(self.keys, str(key), below)
                    stack.append((below, value))
            elif isinstance(node, list):
                if len(node) == 1 and isinstance(node[0], str):
                    self._note(self.listed, node[0], path)
                stack += [((*path, index), value) for index, value in enumerate(node)]
            elif isinstance(node, str):
                self._note(self.values, node, path)

    def _note(self, numbers: dict[int, FieldPath], text: str, path: FieldPath) -> None:
        if found := self._whole.fullmatch(text):
            numbers[int(found[1])] = path


def neutral(text: str, suspects: Iterable[Suspect]) -> str:
    """`text` with another character in place of the first one of each suspect: all places stay where they are."""
    char, parts, place = "\ue002", list[str](), 0
    for suspect in suspects:
        parts += (text[place : suspect.start], char)
        place = suspect.start + 1
    return "".join((*parts, text[place:]))


def _dressed(text: str, suspects: Iterable[tuple[Suspect, str, str]]) -> str:
    """`text` with something before and after each suspect."""
    parts: list[str] = []
    place = 0
    for suspect, before, after in suspects:
        parts += (text[place : suspect.start], before, text[suspect.start : suspect.stop], after)
        place = suspect.stop
    return "".join((*parts, text[place:]))


def _unused(char: str, text: str) -> str:
    """A run of `char` that `text` does not contain."""
    run = char
    while run in text:
        run += run
    return run
