"""Finds records to which no rule of a policy would apply, and rules that would apply to no record.

It tries combinations of the values that the conditions treat differently.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations, product
from math import prod
from typing import TYPE_CHECKING, Any

from itsm_as_code.domain.approval.question import AFTERWARDS
from itsm_as_code.domain.approval.rules import fields_for, names_of_changes
from itsm_as_code.domain.condition import ConditionError, Sort, ValueType, compile_condition
from itsm_as_code.domain.condition.terms import Bound, Conjunction, Glob, IsSet, OneOf, Only, Term, Test, leaves

if TYPE_CHECKING:
    from itsm_as_code.domain.condition import Fields
    from itsm_as_code.domain.kinds.policy import PolicyRule
    from itsm_as_code.domain.kinds.service import Service

MOST = 20_000
"""The highest number of combinations to try. If there are more, nothing is reported."""
MOST_SORTS = 6
"""The highest number of sorts of values of which all combinations in a list are tried."""
_OTHER = "something-else"
_ALWAYS_THERE = ("tier", "risk_level")
"""Fields that are only unset if the verdict is unknown anyway."""
_LEFT_OUT = (Sort.INSTANT, Sort.DAY, Sort.DURATION)


def uncovered(
    kind: str, gate: str, rules: Sequence[PolicyRule], services: Iterable[Service]
) -> Mapping[str, Any] | None:
    """Returns the fields and values of a record to which no rule applies at the gate, or None if it finds none.

    It only uses fields that the conditions name. It skips records for which a condition can't be decided, because the
    verdict reports those and the gate stays closed. It also skips combinations that can't occur: a low risk at tier 1
    or 2, an emergency without an incident, and a step that changes nothing and passes a gate.
    """
    fields = fields_for(kind)
    conditions = [rule.when for rule in rules]
    named = {name for when in conditions if when is not None for name in _named(when)}
    if not rules or None in conditions or any(n not in fields or fields[n].sort in _LEFT_OUT for n in named):
        return None
    try:
        matchers = [compile_condition(when, fields) for when in conditions if when is not None]
    except ConditionError:
        return None
    for subject in _subjects(kind, named, [when for when in conditions if when is not None], fields, services):
        if subject.get("changes") == () and gate not in AFTERWARDS:
            continue
        try:
            if not any(matcher.matches(subject) for matcher in matchers):
                return subject
        except ConditionError:
            continue
    return None


def unreachable(kind: str, rule: PolicyRule, services: Iterable[Service]) -> bool:
    """Tells whether no record of the kind can meet the rule's condition. Returns False if that can't be decided."""
    fields = fields_for(kind)
    if rule.when is None:
        return False
    named = _named(rule.when)
    if any(n not in fields or fields[n].sort in _LEFT_OUT for n in named):
        return False
    try:
        matcher = compile_condition(rule.when, fields)
        subjects = list(_subjects(kind, named, [rule.when], fields, services))
        return bool(subjects) and not any(matcher.matches(subject) for subject in subjects)
    except ConditionError:
        return False


def _subjects(
    kind: str, named: set[str], conditions: list[Conjunction], fields: Fields, services: Iterable[Service]
) -> Iterator[Mapping[str, Any]]:
    """Yields combinations of the values that the conditions treat differently. A service keeps its own tier."""
    joint = [name for name in ("service", "tier") if name in named]
    listed = [service for service in services if service.state == "active"]
    known = [{"service": service.id, "tier": service.tier} for service in listed]
    places = list(dict.fromkeys(tuple(each[name] for name in joint) for each in known)) if joint else [()]
    others = sorted(named - set(joint))
    domains = [list(_values(name, kind, fields[name], conditions)) for name in others]
    if not places or prod(map(len, domains)) * len(places) > MOST:
        return
    for place, values in product(places, product(*domains)):
        subject = dict(zip(joint, place, strict=True)) | dict(zip(others, values, strict=True))
        if _can_be(subject):
            yield subject


def _can_be(subject: Mapping[str, Any]) -> bool:
    if subject.get("risk_level") == "low" and subject.get("tier") in (1, 2):
        return False
    return not (subject.get("type") == "emergency" and subject.get("incident_priority", "P1") is None)


def _values(name: str, kind: str, field: ValueType, conditions: list[Conjunction]) -> Iterator[Any]:
    """Yields enough values of one field: the conditions treat every other value like one of these. An id and a kind
    never change, and are new only together with other fields."""
    if name == "kind":
        yield kind
        return
    tests = [leaf.test for when in conditions for leaf in leaves(when) if leaf.field == name]
    single = _single(field, dict.fromkeys(value for test in tests for value in _compared(test)))
    if name == "changes":
        yield from _lists(_sorts(sorted(names_of_changes(kind) - {"id", "kind"}), field, tests))
    elif field.many:
        yield from _lists(_sorts(single, field, tests))
    else:
        yield from single
        if field.optional and name not in _ALWAYS_THERE:
            yield None


def _sorts(values: Iterable[Any], field: ValueType, tests: Iterable[Test]) -> list[Any]:
    """Returns one value of each sort: values of one sort are treated alike by all tests of elements of the list."""
    name = "each"
    asked = [Conjunction((Term(name, test),)) for test in tests if not isinstance(test, IsSet)]
    matchers = [compile_condition(condition, {name: field}) for condition in asked]
    found: dict[tuple[bool, ...], Any] = {}
    for value in values:
        found.setdefault(tuple(matcher.matches({name: (value,)}) for matcher in matchers), value)
    return list(found.values())


def _lists(values: list[Any]) -> Iterator[tuple[Any, ...]]:
    """Yields lists of these values: all combinations, or if there are too many, a choice of them."""
    sizes = range(len(values) + 1) if len(values) <= MOST_SORTS else sorted({0, 1, len(values) - 1, len(values)})
    for size in sizes:
        yield from combinations(values, size)


def _single(field: ValueType, written: Iterable[Any]) -> Iterator[Any]:
    match field.sort:
        case Sort.CHOICE:
            yield from field.choices
        case Sort.FLAG:
            yield from (True, False)
        case Sort.NUMBER:
            yield from dict.fromkeys(number + step for number in written for step in (-1, 0, 1))
        case Sort.PART:
            yield {}
        case _:
            yield from (*written, _OTHER)


def _named(when: Conjunction) -> set[str]:
    return {leaf.field for leaf in leaves(when)}


def _compared(test: object) -> Iterator[Any]:
    """Yields the values with which a test compares a field. For a pattern, yields one text that it matches."""
    match test:
        case OneOf(values) | Only(values):
            yield from values
        case Bound(_, value):
            yield value
        case Glob(pattern):
            yield pattern.replace("*", "").replace("?", "x")
