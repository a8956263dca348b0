"""Places in a YAML text that may hold what a record must not, and the test which of them do.

A pattern finds the places; whether one is structure or only content (`* item` in a block of text, `"yes"`,
a comment) is decided by the parser itself: the suspect gets a disguise, a private character, and the text is
parsed again. Content comes back with the disguise in it and is otherwise unchanged; structure does not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from itsm_as_code.checks import yaml_rules as rules
from itsm_as_code.domain.rule import Rule
from itsm_as_code.store.parser import Parse, Unparsable

_FOUND_LIMIT = 10
_BYTES_LIMIT = 16 << 20
"""How much text may be parsed again to name the places after the first one."""


@dataclass(frozen=True, slots=True)
class Suspect:
    """Characters `start` to `stop` of the text; `before` and `after` say how to disguise them."""

    rule: Rule
    start: int
    stop: int
    before: str
    after: str = ""


_MARK = re.compile(r"(?<![^\s\[{,:])(?:[&*](?=\S)|!)|(?m:^)%|\t")
_RULES = {"&": rules.ANCHOR_OR_ALIAS, "*": rules.ANCHOR_OR_ALIAS, "!": rules.TAG, "%": rules.DIRECTIVE}
_DOCUMENT = re.compile(r"^(?:---|\.\.\.)(?=\s|$)", re.MULTILINE)
_ONLY_COMMENTS = re.compile(r"(?:[ \t]*(?:[#%][^\n]*)?\n)*")

_NUMBER = (
    r"[-+]?(?:[0-9][0-9_]*(?::[0-9]{1,2})*(?:\.[0-9_]*)?(?:[eE][-+]?[0-9]+)?|\.[0-9_]+(?:[eE][-+]?[0-9]+)?"
    r"|\.(?:inf|Inf|INF|nan|NaN|NAN)|0[xX][0-9a-fA-F_]+|0[oO][0-7_]+|0[bB][01_]+)"
)
_WORD = r"y|Y|yes|Yes|YES|n|N|no|No|NO|on|On|ON|off|Off|OFF|True|TRUE|False|FALSE|=|<<"
_AMBIGUOUS = re.compile(f"{_NUMBER}|{_WORD}")
_INTEGER = re.compile(r"0|-?[1-9][0-9]*")
_KEY_END = r"[ \t]*:(?=[\s,\[\]{}]|$)"
_VALUE_END = r"[ \t]*(?:$|[,\]}]|(?<=[ \t])\#)"
_SCALAR = re.compile(
    rf"[-+.0-9=<yYnNoOTF](?<![^\s\[{{,:].)(?<=(?=(?P<scalar>{_NUMBER}|{_WORD})(?:(?P<key>{_KEY_END})|{_VALUE_END})).)",
    re.MULTILINE,
)
"""A first character, then what stands before it, then the whole: three times as fast as in reading order."""


def is_ambiguous(text: str) -> bool:
    """Whether some YAML 1.1 or 1.2 reader takes `text` without quotes for something else than this text."""
    return _AMBIGUOUS.fullmatch(text) is not None


def marks(text: str) -> Iterator[Suspect]:
    """Where an anchor, alias, tag, directive or a tab between values could stand."""
    for found in _MARK.finditer(text):
        char = found.group()
        if char == "\t":
            yield Suspect(rules.TAB_OUTSIDE_TEXT, found.start(), found.end(), _SIGN, _SIGN)
        else:
            yield Suspect(_RULES[char], found.start(), found.end(), _SIGN)


def scalars(text: str) -> Iterator[Suspect]:
    """Where a plain scalar could stand that readers read differently, or a very large number."""
    for found in _SCALAR.finditer(text):
        value = found["scalar"]
        whole = _INTEGER.fullmatch(value) is not None
        if (whole and len(value) <= 16) or not _follows_structure(text, found.start()):
            continue
        rule = rules.INTEGER_OUT_OF_RANGE if whole else rules.AMBIGUOUS_SCALAR
        if value == "<<":
            rule = rules.ANCHOR_OR_ALIAS
        brackets = ("", "") if found["key"] else ("[", "]")
        start, stop = found.span("scalar")
        yield Suspect(rule, start, stop, brackets[0] + _SIDE, _SIDE + brackets[1])


def _follows_structure(text: str, start: int) -> bool:
    """Whether only blanks are between `start` and the begin of its line or what may stand before a value."""
    stop = start
    while stop and text[stop - 1] in " \t":
        stop -= 1
    before = text[stop - 1 : stop]
    if before in ("-", "?", ":") and stop == start:  # as in {"a":014}
        return before == ":" and text[stop - 2 : stop - 1] in ('"', "'", "]", "}")
    return before in ("", "\n", "[", "{", ",", "-", "?", ":")


def document_marks(text: str) -> Iterator[int]:
    """Offsets of `---` and `...` lines other than one `---` that has only comments before it; at most ten."""
    for number, found in enumerate(islice(_DOCUMENT.finditer(text), _FOUND_LIMIT + 1)):
        leading = number == 0 and found.group() == "---" and _ONLY_COMMENTS.fullmatch(text, 0, found.start())
        if not leading:
            yield found.start()


def structural(text: str, data: object, suspects: Sequence[Suspect], parse: Parse) -> Iterator[Suspect]:
    """Those of `suspects` (in order of their place) that are structure in `text`, which parses to `data`.

    The first one is always found, up to nine more while that stays cheap.
    """
    disguise = _Disguise(text, data, parse)
    found = 0
    while suspects and found < _FOUND_LIMIT and not disguise.tired and not disguise.hides(suspects):
        low, high = 0, len(suspects)  # the first `low` are content, among the first `high` is structure
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if disguise.hides(suspects[low:middle]) else (low, middle)
        yield suspects[low]
        found += 1
        suspects = suspects[high:]


_SIGN, _SIDE = "\ue000", "\ue001"
"""What disguises are written with. Where the text has one of them itself, a longer run stands for it."""


class _Disguise:
    """Parses one text again and again with some of its suspects disguised."""

    def __init__(self, text: str, data: object, parse: Parse) -> None:
        self._text = text
        self._data = data
        self._parse = parse
        self._sign, self._side = _unused(_SIGN, text), _unused(_SIDE, text)
        self._parsed = 0

    @property
    def tired(self) -> bool:
        """Whether enough text was parsed."""
        return self._parsed > _BYTES_LIMIT

    def hides(self, suspects: Sequence[Suspect]) -> bool:
        """Whether the text means the same with all of `suspects` disguised: none of them is structure."""
        disguised = self._dressed(suspects)
        self._parsed += len(disguised)
        try:
            return self._same(self._data, self._parse(disguised))
        except Unparsable:
            return False

    def _dressed(self, suspects: Sequence[Suspect]) -> str:
        parts: list[str] = []
        place = 0
        for suspect in suspects:
            parts += (
                self._text[place : suspect.start],
                suspect.before.replace(_SIGN, self._sign).replace(_SIDE, self._side),
                self._text[suspect.start : suspect.stop],
                suspect.after.replace(_SIGN, self._sign).replace(_SIDE, self._side),
            )
            place = suspect.stop
        return "".join((*parts, self._text[place:]))

    def _undressed(self, value: str) -> str:
        side = self._side
        return value.replace(f"[{side}", "").replace(f"{side}]", "").replace(side, "").replace(self._sign, "")

    def _same(self, one: object, other: object) -> bool:
        if isinstance(one, str) and isinstance(other, str):
            return one == self._undressed(other)
        if isinstance(one, dict) and isinstance(other, dict):
            keys = [self._key(key) for key in other]
            return list(one) == keys and all(map(self._same, one.values(), other.values()))
        if isinstance(one, list) and isinstance(other, list):
            return len(one) == len(other) and all(map(self._same, one, other))
        return type(one) is type(other) and (one == other or one != one)  # noqa: PLR0124 - NaN is itself

    def _key(self, key: object) -> object:
        """A key without disguises; one that is disguised as a whole is structure, and stays so."""
        if not isinstance(key, str):
            return key
        side = self._side
        whole = key.startswith(side) and key.endswith(side) and key.count(side) == 2
        return key if whole else self._undressed(key)


def _unused(char: str, text: str) -> str:
    """A run of `char` that `text` does not contain."""
    run = char
    while run in text:
        run += run
    return run
