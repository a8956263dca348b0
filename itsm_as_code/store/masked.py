"""Decides whether a candidate is YAML syntax, or only content such as `* item` in a text or `"yes"` in quotes.

The parser itself decides. A mask of private characters is put around a candidate, and the text is parsed again.
If the data are the same except for the mask, the candidate was content; otherwise it was syntax. So the answer is
exact, needs no YAML rules of our own, and costs one more parse for a text without faults.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from itsm_as_code.checks import yaml_rules as rules
from itsm_as_code.domain.finding import FieldPath
from itsm_as_code.store.candidates import Candidate
from itsm_as_code.store.parser import Parse, Unparsable

_FOUND_LIMIT = 10
_CHARACTERS_LIMIT = 8 << 20
"""How many characters may be parsed again to find places after the first one."""


def structures(text: str, data: object, candidates: Sequence[Candidate], parse: Parse) -> Iterator[Candidate]:
    """Yields those of `candidates` that are syntax in `text`, which parses to `data`. `candidates` are in text order.

    It works for everything except scalars. It always finds the first one, and up to nine more if that is cheap.
    """
    mask = _Masking(text, data, parse)
    found = 0
    while candidates and found < _FOUND_LIMIT and not (found and mask.tired) and not mask.hides(candidates):
        place = _first(candidates, mask.hides)
        yield candidates[place]
        found += 1
        candidates = candidates[place + 1 :]


def _first(candidates: Sequence[Candidate], hides: Callable[[Sequence[Candidate]], bool]) -> int:
    """Returns the index of the first candidate that is syntax. There must be one; it is usually near the start."""
    low, high = 0, 1  # the first `low` are content
    while high < len(candidates) and hides(candidates[low:high]):
        low, high = high, min(2 * high, len(candidates))
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if hides(candidates[low:middle]) else (low, middle)
    return low


class _Masking:
    """Parses one text several times, each time with other candidates masked."""

    def __init__(self, text: str, data: object, parse: Parse) -> None:
        self._text = text
        self._data = data
        self._parse = parse
        self._sign = _unused("\ue000", text)
        self._parsed = 0

    @property
    def tired(self) -> bool:
        """Tells whether the limit of text to parse has been reached."""
        return self._parsed > _CHARACTERS_LIMIT

    def hides(self, candidates: Sequence[Candidate]) -> bool:
        """Tells whether the text means the same with all of `candidates` masked. If so, none of them is syntax."""
        masked = _with_masks(self._text, ((candidate, *self._mask_of(candidate)) for candidate in candidates))
        self._parsed += len(masked)
        try:
            return self._same(self._data, self._parse(masked))
        except Unparsable:
            return False

    def _mask_of(self, candidate: Candidate) -> tuple[str, str]:
        """Returns what to write before and after `candidate`.

        A tab gets a comment next to it, which also shows tabs inside plain text, where readers disagree about them.
        A tab at the start of a line must stay there, because folding depends on it.
        """
        if candidate.rule is not rules.TAB_OUTSIDE_TEXT:
            return self._sign, ""
        leads = candidate.start == 0 or self._text[candidate.start - 1] == "\n"
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


def plain_scalars(text: str, candidates: Sequence[Candidate], parse: Parse) -> Iterator[tuple[Candidate, FieldPath]]:
    """Yields those of `candidates` that are whole scalars without quotes in `text`, each with its field.

    Each candidate gets a number as its mask. If a scalar comes back as exactly one masked candidate, it was either
    plain or the whole of a block scalar (`|-`). Brackets around it tell the difference: a block keeps them as text,
    and a plain scalar becomes a list.
    Raises `Unparsable` if the mask breaks the text, e.g. if a key then exceeds the limit of 1024 characters.
    """
    if not candidates:
        return
    side = _unused("\ue001", text)
    masks = {number: (f"{side}{number}{side}", side) for number in range(len(candidates))}
    numbers = _Numbers(side)
    numbers.look(parse(_with_masks(text, ((candidates[number], *masks[number]) for number in masks))))
    values = sorted(numbers.values)
    if values:
        wrapped = ((candidates[number], f"[{masks[number][0]}", f"{side}]") for number in values)
        numbers.look(parse(_with_masks(text, wrapped)))
    for number, field in sorted({**numbers.keys, **numbers.listed}.items()):
        yield candidates[number], field


class _Numbers:
    """The numbers of the candidates that came back as whole keys, as whole values, or as lists of one item."""

    def __init__(self, side: str) -> None:
        self.keys: dict[int, FieldPath] = {}
        self.values: dict[int, FieldPath] = {}
        self.listed: dict[int, FieldPath] = {}
        self._whole = re.compile(f"{side}([0-9]+){side}[^{side}]*{side}")
        self._mask_of = re.compile(f"{side}[0-9]+{side}|{side}")

    def look(self, data: object) -> None:
        """Collects the numbers in `data`."""
        stack: list[tuple[FieldPath, object]] = [((), data)]
        while stack:
            path, node = stack.pop()
            if isinstance(node, dict):
                for key, value in node.items():
                    below = (*path, self._mask_of.sub("", str(key)))
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


def neutral(text: str, candidates: Iterable[Candidate]) -> str:
    """Replaces the first character of each candidate in `text`. No other character moves."""
    char, parts, place = "\ue002", list[str](), 0
    for candidate in candidates:
        parts += (text[place : candidate.start], char)
        place = candidate.start + 1
    return "".join((*parts, text[place:]))


def _with_masks(text: str, candidates: Iterable[tuple[Candidate, str, str]]) -> str:
    """Returns `text` with the given texts before and after each candidate."""
    parts: list[str] = []
    place = 0
    for candidate, before, after in candidates:
        parts += (text[place : candidate.start], before, text[candidate.start : candidate.stop], after)
        place = candidate.stop
    return "".join((*parts, text[place:]))


def _unused(char: str, text: str) -> str:
    """Returns a run of `char` that does not occur in `text`."""
    run = char
    while run in text:
        run += run
    return run
