"""The strict subset of YAML that records are written in, applied to a text that has been parsed.

A clean record costs a few searches for single characters and one walk over its values. Only where these
find something are the places looked at (`suspects`).
"""

from __future__ import annotations

import re
from typing import Final

from itsm_as_code.checks import yaml_rules as rules
from itsm_as_code.domain.finding import cut
from itsm_as_code.store.fault import Fault, position_at, shown
from itsm_as_code.store.parser import Parse
from itsm_as_code.store.suspects import Suspect, document_marks, marks, scalars, structural
from itsm_as_code.store.values import Survey, value_faults

MAX_BYTES: Final = 1 << 20
MAX_OPEN_BRACKETS: Final = 2000
"""Beyond this many brackets that are open at once ryaml needs seconds to say no (it grows with the square)."""


def too_large(data: bytes) -> Fault | None:
    """A fault where `data` is longer than a record may be. A tree may hand over one byte too many, not all."""
    if len(data) <= MAX_BYTES:
        return None
    return Fault(rules.TOO_LARGE, f"the file is larger than {MAX_BYTES >> 20} MiB")


def too_many_brackets(text: str) -> Fault | None:
    """A fault for a text that opens brackets without end: to be asked before it is parsed."""
    if len(text) <= MAX_OPEN_BRACKETS:
        return None
    opened = 0
    for found in re.finditer(r"[\[\]{}]", text):
        opened = opened + 1 if found.group() in "[{" else max(opened - 1, 0)
        if opened > MAX_OPEN_BRACKETS:
            message = f"more than {MAX_OPEN_BRACKETS} brackets are open at once"
            return Fault(rules.TOO_DEEP, message, position_at(text, found.start()))
    return None


def screen(text: str, data: object, parse: Parse) -> tuple[Fault, ...]:
    """What `text`, which `parse` reads as `data`, holds that no record may hold.

    Costs about a fifth of the parsing for a record without faults.
    """
    values = Survey(data)
    suspects = _suspects(text, values)
    ends = text.startswith(("---", "...")) or _BREAK.search(text)
    if not (suspects or ends or values.odd or "\\" in text):
        return ()
    faults = [_fault(text, suspect) for suspect in structural(text, data, suspects, parse)]
    if any(fault.rule in _UNSURE_RULES for fault in faults):
        return tuple(faults)  # what the values are is not known
    for offset in document_marks(text) if ends else ():
        message = "a line that begins or ends a document"
        faults.append(Fault(rules.SEVERAL_DOCUMENTS, message, position_at(text, offset)))
    explained = any(fault.rule in _NUMBER_RULES for fault in faults)
    faults += (fault for fault in value_faults(data) if not (explained and fault.rule in _NUMBER_RULES))
    return tuple(faults)


_UNSURE_RULES = (rules.ANCHOR_OR_ALIAS, rules.TAG, rules.DIRECTIVE)
_NUMBER_RULES = (rules.AMBIGUOUS_SCALAR, rules.INTEGER_OUT_OF_RANGE)


_BREAK = re.compile(r"\n(?:---|\.\.\.|%)")
_TRUE, _FALSE = re.compile(r"T(?:rue|RUE)"), re.compile(r"F(?:alse|ALSE)")
_PLUS = re.compile(r"\+(?<=[\s\[{,:]\+)")
_BASE = re.compile(r"0[xob](?<=[\s\[{,:+-]0.)")
_MINUS_ZERO = re.compile(r"-0(?<=[\s\[{,:]-0)")
"""Patterns that begin with a letter can be searched for fast. These are whatever the parser reads as a truth
value or a whole number besides true, false, 7 and -7."""


def _suspects(text: str, values: Survey) -> list[Suspect]:
    """The places to look at, in order; none for nearly every record."""
    found: list[Suspect] = []
    if "&" in text or "*" in text or "!" in text or "%" in text or "\t" in text:
        found += marks(text)
    if (
        values.odd
        or values.unsure
        or ("<" in text and "<<" in text)
        or (values.typed and (_TRUE.search(text) or _FALSE.search(text)))
        or _PLUS.search(text)
        or _BASE.search(text)
        or _MINUS_ZERO.search(text)
    ):
        found += scalars(text)
        found.sort(key=lambda suspect: suspect.start)
    return found


def _fault(text: str, suspect: Suspect) -> Fault:
    place = position_at(text, suspect.start)
    word = shown(re.split(r"[\s,\[\]{}]", text[suspect.start : suspect.start + 80], maxsplit=1)[0])
    scalar = cut(text[suspect.start : suspect.stop])
    help_words = None
    if suspect.rule is rules.AMBIGUOUS_SCALAR:
        message, help_words = f"YAML readers disagree about `{scalar}` without quotes", _quoting(scalar)
    elif suspect.rule is rules.INTEGER_OUT_OF_RANGE:
        message, help_words = f"the number {scalar} is beyond 2^53", f'Write "{scalar}".'
    elif suspect.rule is rules.TAB_OUTSIDE_TEXT:
        message = "a tab between values"
    elif scalar == "<<":
        message = "the merge key `<<`"
    else:
        message = f"the {_NAMES[scalar]} `{word}`"
    return Fault(suspect.rule, message, place, help=help_words)


_NAMES = {"&": "anchor", "*": "alias", "!": "tag", "%": "directive"}


def _quoting(scalar: str) -> str:
    """How to write what `scalar` may have meant."""
    for truth, words in (("true", ("y", "yes", "on", "true")), ("false", ("n", "no", "off", "false"))):
        if scalar.lower() in words:
            return f'Write {truth} for the truth value, or "{scalar}" for the text.'
    return f'Write "{scalar}" for the text; whole numbers are written like 15 or -3.'
