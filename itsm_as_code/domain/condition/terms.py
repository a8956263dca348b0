"""Defines the parts of a condition: tests of fields, which must all hold. It does not know the fields' types."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from itsm_as_code.domain.condition.fields import Scalar
from itsm_as_code.domain.finding import FieldPath


class Order(StrEnum):
    """The comparison operators."""

    LT = "lt"
    LTE = "lte"
    GT = "gt"
    GTE = "gte"


SIGNS = {Order.LT: "<", Order.LTE: "<=", Order.GT: ">", Order.GTE: ">="}


@dataclass(frozen=True, slots=True)
class OneOf:
    """The test that a field equals one of these values."""

    values: tuple[Scalar, ...]

    def __str__(self) -> str:
        return f"= {', '.join(_write(value) for value in self.values)}"


@dataclass(frozen=True, slots=True)
class Bound:
    """The test that a field is less or greater than a value."""

    order: Order
    value: Scalar

    def __str__(self) -> str:
        return f"{SIGNS[self.order]} {_write(self.value)}"


@dataclass(frozen=True, slots=True)
class Glob:
    """The test that a field matches a pattern."""

    pattern: str

    def __str__(self) -> str:
        return f"~ {self.pattern}"


@dataclass(frozen=True, slots=True)
class IsSet:
    """The test that a field has a value, or has none."""

    wanted: bool

    def __str__(self) -> str:
        return "is set" if self.wanted else "is not set"


@dataclass(frozen=True, slots=True)
class Only:
    """The test that a list has values, and none but these."""

    values: tuple[Scalar, ...]

    def __str__(self) -> str:
        return f"only {', '.join(_write(value) for value in self.values)}"


@dataclass(frozen=True, slots=True)
class Not:
    """The test that the inner test fails. An unset field passes it."""

    test: Test

    def __str__(self) -> str:
        words = str(self.test)
        return f"!{words}" if words[0] in "=~" else f"not {words}"


@dataclass(frozen=True, slots=True)
class Every:
    """The test that a field passes all of several tests."""

    tests: tuple[Test, ...]

    def __str__(self) -> str:
        return " and ".join(str(test) for test in self.tests)


Test = OneOf | Only | Bound | Glob | IsSet | Not | Every


@dataclass(frozen=True, slots=True)
class Term:
    """The term that one field passes a test."""

    field: str
    test: Test

    def __str__(self) -> str:
        return f"{self.field} {self.test}"


@dataclass(frozen=True, slots=True)
class AnyOf:
    """The term that at least one of several conditions holds."""

    branches: tuple[Conjunction, ...]

    def __str__(self) -> str:
        return "any of (" + ") or (".join(str(branch) for branch in self.branches) + ")"


@dataclass(frozen=True, slots=True)
class Conjunction:
    """The condition that all terms hold. Without terms it always holds."""

    terms: tuple[Term | AnyOf, ...]

    def __str__(self) -> str:
        return " and ".join(str(term) for term in self.terms) or "always"


def _write(value: Scalar) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


class FieldTest(NamedTuple):
    """One test of a condition that holds no other tests: its place, its field, and whether a `not` around it turns its
    answer round."""

    at: FieldPath
    field: str
    test: OneOf | Only | Bound | Glob | IsSet
    negated: bool


def leaves(condition: Conjunction, at: FieldPath = ()) -> Iterator[FieldTest]:
    """Yields all tests of a condition at any depth, in the order written."""
    for term in condition.terms:
        if isinstance(term, AnyOf):
            for index, branch in enumerate(term.branches):
                yield from leaves(branch, (*at, "any", index))
        else:
            for test, negated in _flat(term.test, negated=False):
                yield FieldTest((*at, term.field), term.field, test, negated)


def _flat(test: Test, *, negated: bool) -> Iterator[tuple[OneOf | Only | Bound | Glob | IsSet, bool]]:
    match test:
        case Not(inner):
            yield from _flat(inner, negated=not negated)
        case Every(tests):
            for each in tests:
                yield from _flat(each, negated=negated)
        case _:
            yield test, negated
