"""The words of `itsm list`, such as `state=new,in_progress priority<=P2 title~*vpn*`, as a condition."""

from __future__ import annotations

import re
from collections.abc import Sequence

from itsm_as_code.domain.condition.faults import condition_faults
from itsm_as_code.domain.condition.fields import Fields, FieldType, Sort, scalar_from_text
from itsm_as_code.domain.condition.glob import compile_glob
from itsm_as_code.domain.condition.terms import Bound, Conjunction, Glob, IsSet, Not, OneOf, Order, Term, Test
from itsm_as_code.domain.errors import UsageFault
from itsm_as_code.domain.finding import cut

_WORD = re.compile(r"([a-z][a-z0-9_.-]*)(!=|!~|<=|>=|=|<|>|~)(.*)", re.DOTALL)
_ORDERS = {"<": Order.LT, "<=": Order.LTE, ">": Order.GT, ">=": Order.GTE}
_UNKNOWN = FieldType(Sort.TEXT)


def parse_query(words: Sequence[str], fields: Fields) -> Conjunction:
    """The condition that holds where all words do. Raises UsageFault, with the way out.

    `=` takes values with commas between; nothing after it means unset. `!=` is its opposite. `~` takes a
    glob, or a piece of text where it has no `*` or `?`; `!~` its opposite. A word without a sign is looked
    for in `title`.
    """
    condition = Conjunction(tuple(_term(word, fields) for word in words))
    for fault in condition_faults(condition, fields):
        raise UsageFault(fault.message, hint=fault.help)
    return condition


def _term(word: str, fields: Fields) -> Term:
    match = _WORD.fullmatch(word)
    if match is not None:
        name, sign, text = match.groups()
        return Term(name, _test(word, sign, text, fields.get(name, _UNKNOWN)))
    if "title" not in fields:
        raise UsageFault(f"{cut(word)} is no field=value", hint="Write e.g. state=new or priority<=P2.")
    return Term("title", _piece(word, word))


def _test(word: str, sign: str, text: str, field: FieldType) -> Test:
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


def _equal(text: str, field: FieldType) -> Test:
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
