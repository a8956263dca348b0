"""Finds the faults of a condition, given the fields that it may name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches

from itsm_as_code.domain.condition.fields import Fields, Scalar, Sort, ValueType, stretch_of, words_for
from itsm_as_code.domain.condition.terms import AnyOf, Bound, Conjunction, Every, Glob, Not, OneOf, Only, Test
from itsm_as_code.domain.finding import FieldPath, cut
from itsm_as_code.domain.suggest import nearest


@dataclass(frozen=True, slots=True)
class ConditionFault:
    """A fault of a condition: its place below the condition's own path, a message and a hint."""

    at: FieldPath
    message: str
    help: str | None = None


def condition_faults(condition: Conjunction, fields: Fields) -> tuple[ConditionFault, ...]:
    """Returns all faults that keep `condition` from being compiled for `fields`, in the order written."""
    return tuple(_faults(condition, fields, ()))


def _faults(condition: Conjunction, fields: Fields, at: FieldPath) -> Iterator[ConditionFault]:
    for term in condition.terms:
        if isinstance(term, AnyOf):
            for index, branch in enumerate(term.branches):
                yield from _faults(branch, fields, (*at, "any", index))
        elif term.field in fields:
            yield from _test_faults(term.test, term.field, fields[term.field], (*at, term.field))
        else:
            yield ConditionFault(
                (*at, term.field), f"there is no field {cut(term.field)}", _suggest(term.field, fields)
            )


def _suggest(name: str, fields: Fields) -> str:
    close = get_close_matches(name, fields, n=1)
    return f"Did you mean {close[0]}?" if close else f"There are {', '.join(sorted(fields))}."


def _test_faults(test: Test, name: str, field: ValueType, at: FieldPath) -> Iterator[ConditionFault]:
    match test:
        case Not() if not field.takes_not:
            yield ConditionFault(
                at,
                f"`not` can't be said of {name}: whatever has one of these values beside others would not be meant",
                f"List the values that are meant, or write {name}: {{only: […]}} for these and no others.",
            )
        case Not(inner):
            yield from _test_faults(inner, name, field, at)
        case Only() if not field.many:
            yield ConditionFault(at, f"{name} has one value, and `only` is for lists", "Write the values alone.")
        case Every(tests):
            for each in tests:
                yield from _test_faults(each, name, field, at)
        case Bound(_, value):
            if not field.compares:
                yield ConditionFault(at, f"{name} ({words_for(field)}) has no order, so it can't be compared")
            yield from _value_faults((value,), name, field, at)
        case OneOf(values) | Only(values):
            yield from _value_faults(values, name, field, at)
        case Glob() if field.sort not in (Sort.TEXT, Sort.WORD, Sort.CHOICE):
            yield ConditionFault(at, f"{name} ({words_for(field)}) is not text, so it can't have a glob")


def _value_faults(values: tuple[Scalar, ...], name: str, field: ValueType, at: FieldPath) -> Iterator[ConditionFault]:
    if field.sort is Sort.PART:
        yield ConditionFault(at, f"{name} is a map and can't be compared", "Test whether it has a value: {set: true}.")
        return
    for value in values:
        try:
            stretch_of(field, value)
        except ValueError as error:
            close = nearest(str(value), field.choices)
            help_ = f"Did you mean {close}?" if close else None
            yield ConditionFault(at, f"{cut(str(value))} is not a value of {name}: it {error}", help_)
