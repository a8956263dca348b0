"""Compiles a condition for typed fields. The result tells whether the condition holds, and explains why."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, tzinfo

from itsm_as_code.domain.condition.faults import condition_faults
from itsm_as_code.domain.condition.fields import (
    Fields,
    Scalar,
    Sort,
    Value,
    ValueType,
    point_of,
    stretch_of,
    words_for,
)
from itsm_as_code.domain.condition.glob import compile_glob
from itsm_as_code.domain.condition.terms import (
    AnyOf,
    Bound,
    Conjunction,
    Every,
    Glob,
    IsSet,
    Not,
    OneOf,
    Only,
    Order,
    Term,
    Test,
)
from itsm_as_code.domain.errors import CouldNotCheck
from itsm_as_code.domain.finding import cut

Subject = Mapping[str, Value]
"""Maps fields to values. It must have every field that the condition names; an unset field is None."""
_Test = Callable[[Value], bool]
_Holds = Callable[[Subject], bool]
_Part = tuple[Term | AnyOf, _Holds, tuple["Matcher", ...], bool]
"""A term, its test without checks, the branches of an `any`, and whether its field must be set."""
_PLAIN = frozenset((Sort.TEXT, Sort.WORD, Sort.CHOICE, Sort.NUMBER, Sort.FLAG))


class ConditionError(CouldNotCheck):
    """A condition is neither true nor false, because it names something that its subject does not have."""


@dataclass(frozen=True, slots=True)
class TermResult:
    """Whether one term holds, the actual value of the field, and for `any` the explanation of each branch."""

    words: str
    holds: bool
    actual: Value = None
    branches: tuple[Explanation, ...] = ()


@dataclass(frozen=True, slots=True)
class Explanation:
    """Whether a condition holds, with the result of each term in the order written."""

    holds: bool
    terms: tuple[TermResult, ...]


@dataclass(frozen=True, slots=True)
class Matcher:
    """A compiled condition. `fields` are the fields that it reads, and `needs` those of them that must be set."""

    condition: Conjunction
    fields: frozenset[str]
    needs: frozenset[str]
    holds: _Holds
    """The test without checks, for callers that know that all fields are there."""
    _terms: tuple[_Part, ...]

    def matches(self, subject: Subject) -> bool:
        """Tells whether the condition holds. Raises ConditionError if a missing field makes that impossible to decide.

        A missing field does not matter if another term fails, or if another branch of an `any` holds. The order of
        terms never matters.
        """
        if not self._missing(subject):
            return self.holds(subject)
        answer = self._answer(subject)
        if answer is None:
            missing = ", ".join(self._missing(subject))
            raise ConditionError(
                f"can't decide whether “{self.condition}” holds: not set: {missing}",
                hint=f"Set {missing}, or test first whether it is set.",
            )
        return answer

    def explain(self, subject: Subject) -> Explanation:
        """Says which terms hold. A term that can't be decided counts as one that does not hold.

        Raises ConditionError as `matches` does.
        """
        holds = self.matches(subject)
        results = tuple(
            TermResult(
                words=str(part[0]),
                holds=_answer(part, subject) is True,
                actual=None if isinstance(part[0], AnyOf) else subject.get(part[0].field),
                branches=tuple(branch.explain(subject) for branch in part[2] if branch._answer(subject) is not None),
            )
            for part in self._terms
        )
        return Explanation(holds, results)

    def _answer(self, subject: Subject) -> bool | None:
        """Returns True, False, or None if that can't be decided (the strong conjunction of Kleene's logic)."""
        answers = [_answer(part, subject) for part in self._terms]
        return False if False in answers else None if None in answers else True

    def _missing(self, subject: Subject) -> list[str]:
        return sorted(
            name for name in self.fields if name not in subject or (name in self.needs and subject[name] is None)
        )


def _answer(part: _Part, subject: Subject) -> bool | None:
    """Returns True, False, or None if the term can't be decided."""
    term, holds, branches, must_be_set = part
    if isinstance(term, AnyOf):
        answers = [branch._answer(subject) for branch in branches]
        return True if True in answers else None if None in answers else False
    if term.field not in subject or (must_be_set and subject[term.field] is None):
        return None
    return holds(subject)


def compile_condition(condition: Conjunction, fields: Fields, *, zone: tzinfo = UTC) -> Matcher:
    """Compiles a condition. A date means the day in `zone`. Raises ConditionError with the first fault."""
    for fault in condition_faults(condition, fields):
        where = ".".join(str(step) for step in fault.at)
        raise ConditionError(f"{where}: {fault.message}", hint=fault.help)
    return _matcher(condition, fields, zone)


def _matcher(condition: Conjunction, fields: Fields, zone: tzinfo) -> Matcher:
    parts = tuple(_part(term, fields, zone) for term in condition.terms)
    names = frozenset(_names(condition))
    tests = tuple(part[1] for part in parts)
    bounded = frozenset(_bounded(condition))
    needs = frozenset(name for name in names if name in bounded or not fields[name].optional)
    return Matcher(condition, names, needs, _all_of(tests), parts)


def _all_of(tests: tuple[_Holds, ...]) -> _Holds:
    if len(tests) == 1:
        return tests[0]
    return lambda subject: all(test(subject) for test in tests)


def _part(term: Term | AnyOf, fields: Fields, zone: tzinfo) -> _Part:
    if isinstance(term, AnyOf):
        branches = tuple(_matcher(branch, fields, zone) for branch in term.branches)
        tests = tuple(branch.holds for branch in branches)
        return term, lambda subject: any(test(subject) for test in tests), branches, False
    must_be_set = _has_bound(term.test) or not fields[term.field].optional
    return term, _on_field(term, fields[term.field], zone), (), must_be_set


def _on_field(term: Term, field: ValueType, zone: tzinfo) -> _Holds:
    """Returns the test of one field. The most common test (one of some words) gets a faster form."""
    name = term.field
    if isinstance(term.test, OneOf) and field.sort in _PLAIN and not field.many:
        admitted = frozenset(term.test.values)
        return lambda subject: subject[name] in admitted
    test = _test(term.test, field, zone)
    return lambda subject: test(subject[name])


def _test(test: Test, field: ValueType, zone: tzinfo) -> _Test:
    """Returns the test of a field's whole value. A list passes if one of its elements does, and `only` if all do and
    there is one; an unset value fails."""
    match test:
        case Not(inner):
            passes = _test(inner, field, zone)
            return lambda value: not passes(value)
        case Every(tests):
            all_pass = tuple(_test(each, field, zone) for each in tests)
            return lambda value: all(passes(value) for passes in all_pass)
        case IsSet(wanted):
            return lambda value: (value is not None and value != ()) is wanted
        case Only(values):
            meant = _equality(values, field, zone)
            return lambda value: bool(value) and all(meant(each) for each in value)
    one = _one(test, field, zone)
    if field.many:
        return lambda value: value is not None and any(one(each) for each in value)
    return lambda value: value is not None and one(value)


def _one(test: OneOf | Bound | Glob, field: ValueType, zone: tzinfo) -> _Test:
    """Returns the test of a single value that is set."""
    match test:
        case OneOf(values):
            return _equality(values, field, zone)
        case Bound(order, written):
            return _comparison(order, written, field, zone)
        case Glob(pattern):
            return compile_glob(pattern, ignore_case=field.sort is Sort.TEXT)


def _equality(values: tuple[Scalar, ...], field: ValueType, zone: tzinfo) -> _Test:
    if field.sort in _PLAIN:
        admitted = frozenset(values)
        return lambda value: value in admitted
    stretches = tuple(stretch_of(field, value, zone) for value in values)
    return lambda value: any(stretch.holds(_point(field, value)) for stretch in stretches)


def _comparison(order: Order, written: Scalar, field: ValueType, zone: tzinfo) -> _Test:
    stretch = stretch_of(field, written, zone)
    low, high = stretch.low, stretch.high
    match order:
        case Order.LT:
            return lambda value: bool(_point(field, value) < low)
        case Order.GTE:
            return lambda value: bool(_point(field, value) >= low)
        case Order.LTE:
            return lambda value: stretch.holds(point := _point(field, value)) or bool(point < low)
        case Order.GT:
            if high is None:
                return lambda value: bool(_point(field, value) > low)
            return lambda value: bool(_point(field, value) >= high)


def _point(field: ValueType, value: Value) -> Value:
    try:
        return point_of(field, value)
    except ValueError:
        raise ConditionError(f"can't compare {cut(str(value))} with a value of type {words_for(field)}") from None


def _names(condition: Conjunction) -> Iterator[str]:
    for term in condition.terms:
        if isinstance(term, AnyOf):
            for branch in term.branches:
                yield from _names(branch)
        else:
            yield term.field


def _bounded(condition: Conjunction) -> Iterator[str]:
    """Yields the fields that are compared by order without `set: true` next to it. An unset value has no order."""
    for term in condition.terms:
        if isinstance(term, AnyOf):
            for branch in term.branches:
                yield from _bounded(branch)
        elif _has_bound(term.test):
            yield term.field


def _has_bound(test: Test) -> bool:
    match test:
        case Bound():
            return True
        case Not(inner):
            return _has_bound(inner)
        case Every(tests):
            return IsSet(wanted=True) not in tests and any(_has_bound(each) for each in tests)
    return False
