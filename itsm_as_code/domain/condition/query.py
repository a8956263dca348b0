"""Parses the words of `itsm list`, such as `state=new,in_progress priority<=P2 title~*vpn*`, into a condition."""

from __future__ import annotations

import re
from collections.abc import Sequence

from itsm_as_code.domain.condition.faults import condition_faults
from itsm_as_code.domain.condition.fields import Fields, Sort, ValueType, scalar_from_text
from itsm_as_code.domain.condition.glob import compile_glob
from itsm_as_code.domain.condition.terms import Bound, Conjunction, Glob, IsSet, Not, OneOf, Order, Term, Test
from itsm_as_code.domain.errors import UsageFault
from itsm_as_code.domain.finding import cut

_WORD = re.compile(r"([a-z][a-z0-9_.-]*)(!=|!~|<=|>=|=|<|>|~)(.*)", re.DOTALL)
_ORDERS = {"<": Order.LT, "<=": Order.LTE, ">": Order.GT, ">=": Order.GTE}
_UNKNOWN = ValueType(Sort.TEXT)


def parse_query(words: Sequence[str], fields: Fields) -> Conjunction:
    """Returns the condition that holds if all words hold. Raises UsageFault with a hint.

    `=` takes values separated by commas; with nothing after it, the field must be unset. `!=` is its opposite. `~`
    takes a glob, or a part of the text if there is no `*` or `?`; `!~` is its opposite. A word without an operator is
    searched for in `title`.
    """
    condition = Conjunction(tuple(_term(word, fields) for word in words))
    for fault in condition_faults(condition, fields):
        raise UsageFault(fault.message, hint=fault.help)
    return condition


def names_in(words: Sequence[str]) -> frozenset[str]:
    """Returns the fields that the words of a query name."""
    return frozenset(match[1] if (match := _WORD.fullmatch(word)) else "title" for word in words)


def _term(word: str, fields: Fields) -> Term:
    match = _WORD.fullmatch(word)
    if match is not None:
        name, sign, text = match.groups()
        return Term(name, _test(word, sign, text, fields.get(name, _UNKNOWN)))
    if "title" not in fields:
        raise UsageFault(f"{cut(word)} is not of the form field=value", hint="Write e.g. state=new or priority<=P2.")
    return Term("title", _piece(word, word))


def _test(word: str, sign: str, text: str, field: ValueType) -> Test:
    match sign:
        case "=":
            return _equal(text, field)
        case "!=":
            return Not(_equal(text, field)) if text else IsSet(wanted=True)
        case "~":
            return _piece(word, text)
        case "!~":
            return Not(_piece(word, text))
    return Bound(_ORDERS[sign], scalar_from_text(field, text))


def _equal(text: str, field: ValueType) -> Test:
    if not text:
        return IsSet(wanted=False)
    return OneOf(tuple(scalar_from_text(field, each) for each in text.split(",")))


def _piece(word: str, text: str) -> Glob:
    pattern = text if "*" in text or "?" in text else f"*{text}*"
    try:
        compile_glob(pattern)
    except ValueError as error:
        raise UsageFault(f"{cut(word)}: {error}") from None
    return Glob(pattern)
