"""What a condition says: tests of fields, all of which must hold. Knows nothing of the fields' types."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from itsm_as_code.domain.condition.fields import Scalar


class Order(StrEnum):
    """The comparisons."""

    LT = "lt"
    LTE = "lte"
    GT = "gt"
    GTE = "gte"


SIGNS = {Order.LT: "<", Order.LTE: "<=", Order.GT: ">", Order.GTE: ">="}


@dataclass(frozen=True, slots=True)
class OneOf:
    """Equal to one of these values."""

    values: tuple[Scalar, ...]

    def __str__(self) -> str:
        return f"= {', '.join(_write(value) for value in self.values)}"


@dataclass(frozen=True, slots=True)
class Bound:
    """Less or greater than a value."""

    order: Order
    value: Scalar

    def __str__(self) -> str:
        return f"{SIGNS[self.order]} {_write(self.value)}"


@dataclass(frozen=True, slots=True)
class Glob:
    """Matches a pattern."""

    pattern: str

    def __str__(self) -> str:
        return f"~ {self.pattern}"


@dataclass(frozen=True, slots=True)
class IsSet:
    """Has, or has not, a value."""

    wanted: bool

    def __str__(self) -> str:
        return "is set" if self.wanted else "is not set"


@dataclass(frozen=True, slots=True)
class Not:
    """Everything that the test inside does not pass, unset included."""

    test: Test

    def __str__(self) -> str:
        words = str(self.test)
        return f"!{words}" if words[0] in "=~" else f"not {words}"


@dataclass(frozen=True, slots=True)
class Every:
    """Passes all of several tests."""

    tests: tuple[Test, ...]

    def __str__(self) -> str:
        return " and ".join(str(test) for test in self.tests)


Test = OneOf | Bound | Glob | IsSet | Not | Every


@dataclass(frozen=True, slots=True)
class Term:
    """A test of one field."""

    field: str
    test: Test

    def __str__(self) -> str:
        return f"{self.field} {self.test}"


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one of several conditions."""

    branches: tuple[Conjunction, ...]

    def __str__(self) -> str:
        return "any of (" + ") or (".join(str(branch) for branch in self.branches) + ")"


@dataclass(frozen=True, slots=True)
class Conjunction:
    """All terms hold. No terms: always holds."""

    terms: tuple[Term | AnyOf, ...]

    def __str__(self) -> str:
        return " and ".join(str(term) for term in self.terms) or "always"


def _write(value: Scalar) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
