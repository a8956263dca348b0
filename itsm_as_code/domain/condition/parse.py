"""Parses the map that a record writes into a condition. Errors name the place in the map."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeGuard

from itsm_as_code.domain.condition.fields import Scalar
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
from itsm_as_code.domain.finding import FieldPath, cut

_DEEPEST = 8
_WIDEST = 200
_NAMES = "not, only, lt, lte, gt, gte, glob or set"


def parse_condition(data: object) -> Conjunction:
    """Parses a map of plain values into a condition. Raises ValueError with the place and a hint."""
    if isinstance(data, Conjunction):
        return data
    return _conjunction(data, (), _DEEPEST)


def _conjunction(data: object, at: FieldPath, depth: int) -> Conjunction:
    if not isinstance(data, Mapping):
        raise _fault(at, "a condition must be a map of fields to values")
    if depth == 0 or len(data) > _WIDEST:
        raise _fault(at, "the condition has too many levels or too many fields")
    return Conjunction(tuple(_term(str(name), value, (*at, str(name)), depth) for name, value in data.items()))


def _term(name: str, value: object, at: FieldPath, depth: int) -> Term | AnyOf:
    if name != "any":
        return Term(name, _test(value, at, depth))
    if not _is_list(value) or not 0 < len(value) <= _WIDEST:
        raise _fault(at, "`any` must be a list of at least one map")
    branches = tuple(_conjunction(each, (*at, i), depth - 1) for i, each in enumerate(value))
    if any(not branch.terms for branch in branches):
        raise _fault(at, "an empty map in `any` would match everything")
    return AnyOf(branches)


def _test(value: object, at: FieldPath, depth: int) -> Test:
    return _operators(value, at, depth) if isinstance(value, Mapping) else OneOf(_values(value, at))


def _values(value: object, at: FieldPath) -> tuple[Scalar, ...]:
    """Returns the values of a list, or the one value."""
    if not _is_list(value):
        return (_scalar(value, at),)
    if not 0 < len(value) <= _WIDEST:
        raise _fault(at, "a list of values must have 1 to 200 values")
    return tuple(_scalar(each, (*at, i)) for i, each in enumerate(value))


def _operators(operators: Mapping[Any, Any], at: FieldPath, depth: int) -> Test:
    if not operators or depth == 0:
        raise _fault(at, f"name an operator: {_NAMES}")
    tests = tuple(_operator(str(name), value, (*at, str(name)), depth) for name, value in operators.items())
    return tests[0] if len(tests) == 1 else Every(tests)


def _operator(name: str, value: object, at: FieldPath, depth: int) -> Test:
    match name:
        case "not":
            return Not(_test(value, at, depth - 1))
        case "only":
            return Only(_values(value, at))
        case "lt" | "lte" | "gt" | "gte":
            return Bound(Order(name), _scalar(value, at))
        case "glob" if isinstance(value, str) and value:
            _check_glob(value, at)
            return Glob(value)
        case "set" if isinstance(value, bool):
            return IsSet(value)
        case "glob":
            raise _fault(at, 'a glob must be text such as "*vpn*"')
        case "set":
            raise _fault(at, "`set` must be true or false")
    raise _fault(at, f"there is no such operator; use {_NAMES}")


def _check_glob(pattern: str, at: FieldPath) -> None:
    try:
        compile_glob(pattern)
    except ValueError as error:
        raise _fault(at, str(error)) from None


def _scalar(value: object, at: FieldPath) -> Scalar:
    if isinstance(value, str | int):
        return value
    raise _fault(at, "a value must be text, a whole number, true or false")


def _is_list(value: object) -> TypeGuard[Sequence[object]]:
    return isinstance(value, Sequence) and not isinstance(value, str | bytes)


def _fault(at: FieldPath, message: str) -> ValueError:
    where = ".".join(str(step) for step in at)
    return ValueError(f"{cut(where)}: {message}" if where else message)
