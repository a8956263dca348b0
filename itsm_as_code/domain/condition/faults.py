"""What is wrong in a condition, once the fields it may name are known."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches

from itsm_as_code.domain.condition.fields import Fields, FieldType, Scalar, Sort, stretch_of, words_for
from itsm_as_code.domain.condition.terms import AnyOf, Bound, Conjunction, Every, Glob, Not, OneOf, Test
from itsm_as_code.domain.finding import FieldPath, cut


@dataclass(frozen=True, slots=True)
class ConditionFault:
    """What is wrong in a condition, where (below the condition's own field path), and the way out."""

    at: FieldPath
    message: str
    help: str | None = None


def condition_faults(condition: Conjunction, fields: Fields) -> tuple[ConditionFault, ...]:
    """All that keeps `condition` from being compiled against `fields`, in the order written."""
    return tuple(_faults(condition, fields, ()))


def _faults(condition: Conjunction, fields: Fields, at: FieldPath) -> Iterator[ConditionFault]:
    for term in condition.terms:
        if isinstance(term, AnyOf):
            for index, branch in enumerate(term.branches):
                yield from _faults(branch, fields, (*at, "any", index))
        elif term.field in fields:
            yield from _test_faults(term.test, term.field, fields[term.field], (*at, term.field))
        else:
            yield ConditionFault((*at, term.field), f"no field {cut(term.field)}", _suggest(term.field, fields))


def _suggest(name: str, fields: Fields) -> str:
    close = get_close_matches(name, fields, n=1)
    return f"Did you mean {close[0]}?" if close else f"There are {', '.join(sorted(fields))}."


def _test_faults(test: Test, name: str, field: FieldType, at: FieldPath) -> Iterator[ConditionFault]:
    match test:
        case Not(inner):
            yield from _test_faults(inner, name, field, at)
        case Every(tests):
            for each in tests:
                yield from _test_faults(each, name, field, at)
        case Bound(_, value):
            if not field.compares:
                yield ConditionFault(at, f"{name} is a {words_for(field)}: it has no order")
            yield from _value_faults((value,), name, field, at)
        case OneOf(values):
            yield from _value_faults(values, name, field, at)
        case Glob() if field.sort not in (Sort.TEXT, Sort.WORD, Sort.CHOICE):
            yield ConditionFault(at, f"{name} is a {words_for(field)}: globs are for text")


def _value_faults(values: tuple[Scalar, ...], name: str, field: FieldType, at: FieldPath) -> Iterator[ConditionFault]:
    if field.sort is Sort.PART:
        yield ConditionFault(at, f"{name} is a map", "Test whether it is there: {set: true}.")
        return
    for value in values:
        try:
            stretch_of(field, value)
        except ValueError as error:
            yield ConditionFault(at, f"{cut(str(value))} is no value of {name}: it {error}")
