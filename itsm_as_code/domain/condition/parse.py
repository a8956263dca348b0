"""From the map that a record writes to a condition. Faults name the place inside the map."""

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
    Order,
    Term,
    Test,
)
from itsm_as_code.domain.finding import FieldPath, cut

_DEEPEST = 8
_WIDEST = 200


def parse_condition(data: object) -> Conjunction:
    """The condition that a map of plain values writes. Raises ValueError naming the place and the way out."""
    if isinstance(data, Conjunction):
        return data
    return _conjunction(data, (), _DEEPEST)


def _conjunction(data: object, at: FieldPath, depth: int) -> Conjunction:
    if not isinstance(data, Mapping):
        raise _fault(at, "a condition is a map of field to value")
    if depth == 0 or len(data) > _WIDEST:
        raise _fault(at, "the condition is too deep or too wide")
    return Conjunction(tuple(_term(str(name), value, (*at, str(name)), depth) for name, value in data.items()))


def _term(name: str, value: object, at: FieldPath, depth: int) -> Term | AnyOf:
    if name != "any":
        return Term(name, _test(value, at, depth))
    if not _is_list(value) or not 0 < len(value) <= _WIDEST:
        raise _fault(at, "`any` takes a list of maps, at least one")
    branches = tuple(_conjunction(each, (*at, i), depth - 1) for i, each in enumerate(value))
    if any(not branch.terms for branch in branches):
        raise _fault(at, "an empty map in `any` would match everything")
    return AnyOf(branches)


def _test(value: object, at: FieldPath, depth: int) -> Test:
    if isinstance(value, Mapping):
        return _operators(value, at, depth)
    if _is_list(value):
        if not 0 < len(value) <= _WIDEST:
            raise _fault(at, "a list of values needs one to 200 values")
        return OneOf(tuple(_scalar(each, (*at, i)) for i, each in enumerate(value)))
    return OneOf((_scalar(value, at),))


def _operators(operators: Mapping[Any, Any], at: FieldPath, depth: int) -> Test:
    if not operators or depth == 0:
        raise _fault(at, "name an operator: not, lt, lte, gt, gte, glob or set")
    tests = tuple(_operator(str(name), value, (*at, str(name)), depth) for name, value in operators.items())
    return tests[0] if len(tests) == 1 else Every(tests)


def _operator(name: str, value: object, at: FieldPath, depth: int) -> Test:
    match name:
        case "not":
            return Not(_test(value, at, depth - 1))
        case "lt" | "lte" | "gt" | "gte":
            return Bound(Order(name), _scalar(value, at))
        case "glob" if isinstance(value, str) and value:
            _check_glob(value, at)
            return Glob(value)
        case "set" if isinstance(value, bool):
            return IsSet(value)
        case "glob":
            raise _fault(at, 'a glob is text such as "*vpn*"')
        case "set":
            raise _fault(at, "`set` takes true or false")
    raise _fault(at, "no such operator; there are not, lt, lte, gt, gte, glob and set")


def _check_glob(pattern: str, at: FieldPath) -> None:
    try:
        compile_glob(pattern)
    except ValueError as error:
        raise _fault(at, str(error)) from None


def _scalar(value: object, at: FieldPath) -> Scalar:
    if isinstance(value, str | int):
        return value
    raise _fault(at, "a value is text, a whole number, true or false")


def _is_list(value: object) -> TypeGuard[Sequence[object]]:
    return isinstance(value, Sequence) and not isinstance(value, str | bytes)


def _fault(at: FieldPath, message: str) -> ValueError:
    where = ".".join(str(step) for step in at)
    return ValueError(f"{cut(where)}: {message}" if where else message)
