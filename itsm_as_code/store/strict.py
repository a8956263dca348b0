"""Checks that a parsed text is in the strict subset of YAML in which records are written.

For a record without faults this takes a few fast searches for single characters and one walk over its values. The
slower search for places (`candidates`) only runs if these find something.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Final

from itsm_as_code.checks import yaml_rules as rules
from itsm_as_code.domain.finding import FieldPath
from itsm_as_code.store.candidates import Candidate, document_marks, headers, known_aliases, marks, scalars, tabs
from itsm_as_code.store.fault import Fault, position_at
from itsm_as_code.store.masked import neutral, plain_scalars, structures
from itsm_as_code.store.parser import Parser, Unparsable
from itsm_as_code.store.values import Survey, value_faults
from itsm_as_code.store.wording import forbidden

MAX_BYTES: Final = 1 << 20
SHOWN_PLACES: Final = 100
"""The highest number of faults of one type that are reported for a file."""
MAX_OPEN_BRACKETS: Final = 2000
"""The highest number of brackets open at once. With more, ryaml needs seconds to refuse (quadratic time)."""


def too_large(data: bytes) -> Fault | None:
    """Returns a fault if `data` is longer than a record may be. Trees read at most one byte more than that."""
    if len(data) <= MAX_BYTES:
        return None
    return Fault(rules.TOO_LARGE, f"the file is larger than {MAX_BYTES >> 20} MiB")


def refuse_hostile(text: str, parser: Parser) -> tuple[Fault, ...]:
    """Returns faults for a text that would take `parser` minutes or all memory, so that it must not be parsed.

    An example is a text of 47 KB with 9,000 aliases to a list of 10,000 items: the limit of ryaml is a hundred times
    the size of the document. Raises `Unparsable` if the text is also broken in another way.
    """
    if text.count("[") + text.count("{") > MAX_OPEN_BRACKETS and (fault := _too_many_brackets(text)):
        return (fault,)
    if parser.exact or "*" not in text or "&" not in text:
        return ()
    candidates = known_aliases(text)
    if not candidates:
        return ()
    try:
        found = [candidate for candidate, _ in islice(plain_scalars(text, candidates, parser.parse), 10)]
    except Unparsable:
        parser.parse(neutral(text, candidates))  # if the text is broken anyway, report that error
        found = candidates[:10]
    return tuple(_forbidden(text, candidate) for candidate in found)


def _too_many_brackets(text: str) -> Fault | None:
    opened = 0
    for found in re.finditer(r"[\[\]{}]", text):
        opened = opened + 1 if found.group() in "[{" else max(opened - 1, 0)
        if opened > MAX_OPEN_BRACKETS:
            message = f"more than {MAX_OPEN_BRACKETS} brackets are open at once"
            return Fault(rules.TOO_DEEP, message, position_at(text, found.start()))
    return None


def strict_faults(text: str, data: object, parser: Parser) -> tuple[Fault, ...]:
    """Returns the faults of `text`, which `parser` parses to `data`, that break the strict subset.

    For a record without faults it takes about a quarter of the time of parsing.
    """
    values = Survey(data)
    marked = _marked(text, parser)
    scalar = _unsure(text, values) and not parser.exact
    ends = text.startswith(("---", "...")) or "\n---" in text or "\n..." in text or ("%" in text and "\n%" in text)
    escapes = "\\" in text and '"' in text
    if not (marked or scalar or ends or values.odd or escapes):
        return ()
    faults = [_forbidden(text, candidate) for candidate in structures(text, data, marked, parser.parse)]
    if scalar:
        faults += islice(_scalar_faults(text, parser), SHOWN_PLACES)
    if ends:
        message = "this line begins or ends a document"
        faults += (
            Fault(rules.SEVERAL_DOCUMENTS, message, position_at(text, offset)) for offset in document_marks(text)
        )
    if any(fault.rule in _UNSURE_RULES for fault in faults):
        return tuple(faults)  # the values are not certain
    if not (values.odd or escapes):
        return tuple(faults)
    told = {fault.field for fault in faults}
    more = (fault for fault in value_faults(data) if fault.field not in told)
    return (*faults, *islice(more, SHOWN_PLACES))


def _scalar_faults(text: str, parser: Parser) -> Iterator[Fault]:
    candidates = list(scalars(text))
    for some in (candidates[:_FIRST_CANDIDATES], candidates[_FIRST_CANDIDATES:]):
        try:
            for candidate, field in plain_scalars(text, some, parser.parse):
                yield _forbidden(text, candidate, field)
        except Unparsable:  # if it can't be decided, refuse all of them
            yield from (_forbidden(text, candidate) for candidate in some)


_FIRST_CANDIDATES = 1000
"""How many are checked first. In a file full of faults these are enough."""
_UNSURE_RULES = (rules.ANCHOR_OR_ALIAS, rules.TAG, rules.DIRECTIVE)


def _forbidden(text: str, candidate: Candidate, field: FieldPath = ()) -> Fault:
    return forbidden(candidate.rule, text, candidate.start, position_at(text, candidate.start), field)


_TRUE, _FALSE = re.compile(r"T(?:rue|RUE)"), re.compile(r"F(?:alse|ALSE)")
_PLUS = re.compile(r"\+(?<=[\s\[{,:]\+)")
_BASE = re.compile(r"0[xob](?<=[\s\[{,:+-]0.)")
_MINUS_ZERO = re.compile(r"-0(?<=[\s\[{,:]-0)")
"""They match what the parser reads as a truth value or a whole number, except true, false, 7 and -7.

Each pattern begins with a plain character, because `re` finds such patterns fast.
"""


def _marked(text: str, parser: Parser) -> list[Candidate]:
    """Returns the places to check whatever the values are, in order. Most records have none."""
    found: list[Candidate] = []
    if "\t" in text:
        found += tabs(text)
    if parser.exact:
        return found
    if "&" in text or "!" in text or "%" in text:  # the parser refuses an alias (*) without an anchor (&)
        found += marks(text)
    if ("|" in text or ">" in text) and ("#" in text or " \n" in text):
        found += headers(text)
    found.sort(key=lambda candidate: candidate.start)
    return found


def _unsure(text: str, values: Survey) -> bool:
    """Tells whether there may be plain scalars that readers read differently."""
    return bool(
        values.odd
        or values.unsure
        or ("<" in text and "<<" in text)
        or (values.typed and (_TRUE.search(text) or ("F" in text and _FALSE.search(text))))
        or ("+" in text and _PLUS.search(text))
        or _BASE.search(text)
        or _MINUS_ZERO.search(text)
    )
