"""The strict subset of YAML that records are written in, applied to a text that has been parsed.

A clean record costs a few searches for single characters and one walk over its values. Only where these
find something are the places looked at (`suspects`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Final

from itsm_as_code.checks import yaml_rules as rules
from itsm_as_code.domain.finding import FieldPath
from itsm_as_code.store.disguise import neutral, plain_scalars, structures
from itsm_as_code.store.fault import Fault, position_at
from itsm_as_code.store.parser import Parser, Unparsable
from itsm_as_code.store.suspects import Suspect, document_marks, headers, known_aliases, marks, scalars, tabs
from itsm_as_code.store.values import Survey, value_faults
from itsm_as_code.store.wording import forbidden

MAX_BYTES: Final = 1 << 20
SHOWN_PLACES: Final = 100
"""How many faults of one sort are told of one file."""
MAX_OPEN_BRACKETS: Final = 2000
"""Beyond this many brackets that are open at once ryaml needs seconds to say no (it grows with the square)."""


def too_large(data: bytes) -> Fault | None:
    """A fault where `data` is longer than a record may be. A tree may hand over one byte too many, not all."""
    if len(data) <= MAX_BYTES:
        return None
    return Fault(rules.TOO_LARGE, f"the file is larger than {MAX_BYTES >> 20} MiB")


def hostile(text: str, parser: Parser) -> tuple[Fault, ...]:
    """Faults for a text that `parser` must not be given as it is: it would take minutes, or all memory.

    So would 9,000 aliases to a list of 10,000 (47 KB): ryaml's limit is a hundred times the document.
    Raises `Unparsable`.
    """
    if text.count("[") + text.count("{") > MAX_OPEN_BRACKETS and (fault := _too_many_brackets(text)):
        return (fault,)
    if parser.exact or "*" not in text or "&" not in text:
        return ()
    suspects = known_aliases(text)
    if not suspects:
        return ()
    try:
        found = [suspect for suspect, _ in islice(plain_scalars(text, suspects, parser.parse), 10)]
    except Unparsable:
        parser.parse(neutral(text, suspects))  # broken anyway: then its error is the one to tell
        found = suspects[:10]
    return tuple(_forbidden(text, suspect) for suspect in found)


def _too_many_brackets(text: str) -> Fault | None:
    opened = 0
    for found in re.finditer(r"[\[\]{}]", text):
        opened = opened + 1 if found.group() in "[{" else max(opened - 1, 0)
        if opened > MAX_OPEN_BRACKETS:
            message = f"more than {MAX_OPEN_BRACKETS} brackets are open at once"
            return Fault(rules.TOO_DEEP, message, position_at(text, found.start()))
    return None


def screen(text: str, data: object, parser: Parser) -> tuple[Fault, ...]:
    """What `text`, which `parser` reads as `data`, holds that no record may hold.

    Costs about a quarter of the parsing for a record without faults.
    """
    values = Survey(data)
    marked = _marked(text, parser)
    scalar = _unsure(text, values) and not parser.exact
    ends = text.startswith(("---", "...")) or "\n---" in text or "\n..." in text or "\n%" in text
    escapes = "\\" in text and '"' in text
    if not (marked or scalar or ends or values.odd or escapes):
        return ()
    faults = [_forbidden(text, suspect) for suspect in structures(text, data, marked, parser.parse)]
    if scalar:
        faults += islice(_scalar_faults(text, parser), SHOWN_PLACES)
    if ends:
        message = "a line that begins or ends a document"
        faults += (
            Fault(rules.SEVERAL_DOCUMENTS, message, position_at(text, offset)) for offset in document_marks(text)
        )
    if any(fault.rule in _UNSURE_RULES for fault in faults):
        return tuple(faults)  # what the values are is not known
    if not (values.odd or escapes):
        return tuple(faults)
    told = {fault.field for fault in faults}
    more = (fault for fault in value_faults(data) if fault.field not in told)
    return (*faults, *islice(more, SHOWN_PLACES))


def _scalar_faults(text: str, parser: Parser) -> Iterator[Fault]:
    suspects = list(scalars(text))
    for some in (suspects[:_FIRST_SUSPECTS], suspects[_FIRST_SUSPECTS:]):
        try:
            for suspect, field in plain_scalars(text, some, parser.parse):
                yield _forbidden(text, suspect, field)
        except Unparsable:  # what can't be told apart is refused
            yield from (_forbidden(text, suspect) for suspect in some)


_FIRST_SUSPECTS = 1000
"""As many as are looked at before the rest: in a file full of faults they are enough."""
_UNSURE_RULES = (rules.ANCHOR_OR_ALIAS, rules.TAG, rules.DIRECTIVE)


def _forbidden(text: str, suspect: Suspect, field: FieldPath = ()) -> Fault:
    return forbidden(suspect.rule, text, suspect.start, position_at(text, suspect.start), field)


_TRUE, _FALSE = re.compile(r"T(?:rue|RUE)"), re.compile(r"F(?:alse|ALSE)")
_PLUS = re.compile(r"\+(?<=[\s\[{,:]\+)")
_BASE = re.compile(r"0[xob](?<=[\s\[{,:+-]0.)")
_MINUS_ZERO = re.compile(r"-0(?<=[\s\[{,:]-0)")
"""Patterns that begin with a letter can be searched for fast. These are whatever the parser reads as a truth
value or a whole number besides true, false, 7 and -7."""


def _marked(text: str, parser: Parser) -> list[Suspect]:
    """The places to look at whatever the values are, in order; none for most records."""
    found: list[Suspect] = []
    if "\t" in text:
        found += tabs(text)
    if parser.exact:
        return found
    if "&" in text or "*" in text or "!" in text or "%" in text:
        found += marks(text)
    if ("#" in text and ("|" in text or ">" in text)) or " \n" in text:
        found += headers(text)
    found.sort(key=lambda suspect: suspect.start)
    return found


def _unsure(text: str, values: Survey) -> bool:
    """Whether there may be plain scalars that readers read differently."""
    return bool(
        values.odd
        or values.unsure
        or ("<" in text and "<<" in text)
        or (values.typed and (_TRUE.search(text) or _FALSE.search(text)))
        or _PLUS.search(text)
        or _BASE.search(text)
        or _MINUS_ZERO.search(text)
    )
