"""Finds places in a YAML text that may break a rule of the strict subset. `masked` tells which of them do."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final

from itsm_as_code.checks import yaml_rules as rules
from itsm_as_code.domain.rule import Rule

MAX_INTEGER: Final = (1 << 53) - 1
_DOCUMENT_MARKS_LIMIT = 10


@dataclass(frozen=True, slots=True)
class Candidate:
    """The span from `start` to `stop` of a text, and the rule that it may break."""

    rule: Rule
    start: int
    stop: int


_MARK = re.compile(r"[&*!%](?<![^\s\[{,:].)(?:(?<=!)|(?<=[&*])(?=\S)|(?<=%)(?<![^\n].))")
_RULES = {"&": rules.ANCHOR_OR_ALIAS, "*": rules.ANCHOR_OR_ALIAS, "!": rules.TAG, "%": rules.DIRECTIVE}
_ANCHOR = re.compile(r"(?<![^\s\[{,:])&([0-9A-Za-z_-]+)")
_ALIAS = re.compile(r"(?<![^\s\[{,:])\*([0-9A-Za-z_-]+)[^\s,\[\]{}]*")
_TABS = re.compile(r"^[ \t]*\t|\t+", re.MULTILINE)
_HEADER = re.compile(
    r"[|>][-+0-9]*(?:\#|[ \t]*(?:[ \t]\#[^\n]*)?\n\n*(?P<blank>[ ]+)\n(?:[ ]*\n)*(?P=blank)[ ]+[^ \n])"
)
_DOCUMENT = re.compile(r"^(?:---|\.\.\.)(?=\s|$)", re.MULTILINE)
_ONLY_COMMENTS = re.compile(r"(?:[ \t]*(?:[#%][^\n]*)?\n)*")

_NUMBER = (
    r"[-+]?(?:[0-9][0-9_]*(?::[0-9]{1,2})*(?:\.[0-9_]*)?(?:[eE][-+]?[0-9]+)?|\.[0-9_]+(?:[eE][-+]?[0-9]+)?"
    r"|\.(?:inf|Inf|INF|nan|NaN|NAN)|0[xX][0-9a-fA-F_]+|0[oO][0-7_]+|0[bB][01_]+)"
)
WORDS: Final = frozenset((
    "y", "Y", "yes", "Yes", "YES", "n", "N", "no", "No", "NO", "on", "On", "ON", "off", "Off", "OFF",
    "True", "TRUE", "False", "FALSE", "=", "<<",
))  # fmt: skip
"""The ambiguous scalars that are not numbers. All numbers begin with a digit, a sign or a dot."""
_WORD = "|".join(sorted(WORDS))
_AMBIGUOUS = re.compile(f"{_NUMBER}|{_WORD}")
_INTEGER = re.compile(r"0|-?[1-9][0-9]*")
_SCALAR = re.compile(
    rf"[-+.0-9=<yYnNoOTF](?:(?<![^\s\[{{,].)|(?<=[\"'\]}}]:.))"
    rf"(?<=(?=(?P<scalar>{_NUMBER}|{_WORD})[ \t]*(?:$|[,\]}}]|:(?=[\s,\[\]{{}}]|$)|(?<=[ \t])\#)).)",
    re.MULTILINE,
)
"""Matches the first character, then what is before it, then the whole scalar. This order is three times as fast."""


def is_ambiguous(text: str) -> bool:
    """Tells whether some YAML 1.1 or 1.2 reader reads `text` without quotes as something other than this text.

    Returns False for `true`, `false` and the words for null, because all readers agree about them.
    """
    return _AMBIGUOUS.fullmatch(text) is not None


def marks(text: str) -> Iterator[Candidate]:
    """Yields the places where an anchor, an alias, a tag or a directive could begin."""
    for found in _MARK.finditer(text):
        yield Candidate(_RULES[found.group()], found.start(), found.end())


def known_aliases(text: str) -> list[Candidate]:
    """Returns the possible aliases that have a possible anchor. Such text may grow when it is parsed."""
    anchors = {found[1] for found in _ANCHOR.finditer(text)}
    return [
        Candidate(rules.ANCHOR_OR_ALIAS, found.start(), found.end())
        for found in _ALIAS.finditer(text)
        if found[1] in anchors
    ]


def tabs(text: str) -> Iterator[Candidate]:
    """Yields runs of tabs that could be outside a text, and indentation that contains a tab."""
    for found in _TABS.finditer(text):
        yield Candidate(rules.TAB_OUTSIDE_TEXT, found.start(), found.end())


def headers(text: str) -> Iterator[Candidate]:
    """Yields possible headers of block scalars that ruamel.yaml, which edits records, refuses."""
    for found in _HEADER.finditer(text):
        yield Candidate(rules.BROKEN_SYNTAX, found.start(), found.start() + 1)


def scalars(text: str) -> Iterator[Candidate]:
    """Yields the places of possible plain scalars that are ambiguous or are very large numbers."""
    for found in _SCALAR.finditer(text):
        value = found["scalar"]
        whole = _INTEGER.fullmatch(value) is not None
        if (whole and len(value) <= 20 and abs(int(value)) <= MAX_INTEGER) or not _follows_structure(
            text, found.start()
        ):
            continue
        rule = rules.INTEGER_OUT_OF_RANGE if whole else rules.AMBIGUOUS_SCALAR
        if value == "<<":
            rule = rules.ANCHOR_OR_ALIAS
        yield Candidate(rule, *found.span("scalar"))


def _follows_structure(text: str, start: int) -> bool:
    """Tells whether a value may begin at `start`, i.e. only blanks separate it from a line start or an indicator."""
    stop = start
    while stop and text[stop - 1] in " \t":
        stop -= 1
    before = text[stop - 1 : stop]
    if before in ("-", "?") and stop == start:
        return False
    return before in ("", "\n", "[", "{", ",", "-", "?", ":")


def document_marks(text: str) -> Iterator[int]:
    """Yields the offsets of about ten `---` and `...` lines at most, without a `---` after comments alone."""
    for number, found in enumerate(islice(_DOCUMENT.finditer(text), _DOCUMENT_MARKS_LIMIT + 1)):
        leading = number == 0 and found.group() == "---" and _ONLY_COMMENTS.fullmatch(text, 0, found.start())
        if not leading:
            yield found.start()
