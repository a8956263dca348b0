"""Subjects that no rule of a policy would meet, and rules that no subject would: looked for among the values that the
conditions tell apart."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import product
from math import prod
from typing import TYPE_CHECKING, Any

from itsm_as_code.domain.approval.rules import fields_for
from itsm_as_code.domain.condition import ConditionError, FieldType, Sort, compile_condition
from itsm_as_code.domain.condition.terms import AnyOf, Bound, Conjunction, Every, Glob, IsSet, Not, OneOf, Term, Test

if TYPE_CHECKING:
    from itsm_as_code.domain.condition import Fields
    from itsm_as_code.domain.kinds.policy import PolicyRule
    from itsm_as_code.domain.kinds.service import Service

MOST = 20_000
"""How many combinations of values are looked at; where there are more, nothing is said."""
_OTHER = "something-else"
_ALWAYS_THERE = ("tier", "risk_level")
"""Fields that are unset only where the verdict is unknown anyway."""
_LEFT_OUT = (Sort.INSTANT, Sort.DAY, Sort.DURATION)


def uncovered(kind: str, rules: Sequence[PolicyRule], services: Iterable[Service]) -> Mapping[str, Any] | None:
    """Field to value of a subject to which no rule applies, or None where none was found.

    Only fields that the conditions name are looked at. What can't be told is left out: the verdict says so then, and
    nothing passes. So is what no subject can be: a low risk at tier 1 or 2, an emergency without an incident.
    """
    fields = fields_for(kind)
    conditions = [rule.when for rule in rules]
    named = {name for when in conditions if when is not None for name in _names(when)}
    if not rules or None in conditions or any(n not in fields or fields[n].sort in _LEFT_OUT for n in named):
        return None
    try:
        matchers = [compile_condition(when, fields) for when in conditions if when is not None]
    except ConditionError:
        return None
    for subject in _subjects(kind, named, [when for when in conditions if when is not None], fields, services):
        try:
            if not any(matcher.matches(subject) for matcher in matchers):
                return subject
        except ConditionError:
            continue
    return None


def unreachable(kind: str, rule: PolicyRule, services: Iterable[Service]) -> bool:
    """Whether no subject of the kind can meet the rule's condition. False where that can't be told."""
    fields = fields_for(kind)
    if rule.when is None:
        return False
    named = set(_names(rule.when))
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
    """Combinations of the values that the conditions tell apart. A service and its tier go together."""
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
    if subject.get("risk_level") == "low" and (subject.get("tier") or 3) <= 2:
        return False
    return not (subject.get("type") == "emergency" and subject.get("incident_priority", "P1") is None)


def _values(name: str, kind: str, field: FieldType, conditions: list[Conjunction]) -> Iterator[Any]:
    """Values of one field, of which the conditions treat no other one in another way."""
    if name == "kind":
        yield kind
        return
    single = _single(field, dict.fromkeys(value for when in conditions for value in _written(when, name)))
    if field.many:
        listed = list(single)
        yield from ((), *((value,) for value in listed), tuple(listed))
        return
    yield from single
    if field.optional and name not in _ALWAYS_THERE:
        yield None


def _single(field: FieldType, written: Iterable[Any]) -> Iterator[Any]:
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


def _names(when: Conjunction) -> Iterator[str]:
    for term in when.terms:
        if isinstance(term, AnyOf):
            for branch in term.branches:
                yield from _names(branch)
        else:
            yield term.field


def _written(when: Conjunction, name: str) -> Iterator[Any]:
    """What the tests of a field compare it with; of a pattern one text that it matches."""
    for term in when.terms:
        if isinstance(term, AnyOf):
            for branch in term.branches:
                yield from _written(branch, name)
        elif isinstance(term, Term) and term.field == name:
            yield from _compared(term.test)


def _compared(test: Test) -> Iterator[Any]:
    match test:
        case OneOf(values):
            yield from values
        case Bound(_, value):
            yield value
        case Glob(pattern):
            yield pattern.replace("*", "").replace("?", "x")
        case Not(inner):
            yield from _compared(inner)
        case Every(tests):
            for each in tests:
                yield from _compared(each)
        case IsSet():
            return
