"""Finds out whether anybody is left to decide on a record, besides those who wrote it or asked for it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from itsm_as_code.domain.approval.gates import BEYOND, EDITED
from itsm_as_code.domain.approval.question import EDIT, POST_REVIEW
from itsm_as_code.domain.approval.rules import fields_for, policies_for
from itsm_as_code.domain.approval.seats import fill, places
from itsm_as_code.domain.condition import Condition, ConditionError, compile_condition
from itsm_as_code.domain.condition.terms import AnyOf, Conjunction, Term
from itsm_as_code.domain.ids import TICKET_PREFIXES
from itsm_as_code.domain.lifecycle import LIFECYCLES
from itsm_as_code.domain.revision import state_in

if TYPE_CHECKING:
    from collections.abc import Iterable

    from itsm_as_code.domain.approval.directory import Directory
    from itsm_as_code.domain.approval.question import Question
    from itsm_as_code.domain.approval.seats import SeatPlace
    from itsm_as_code.domain.kinds.policy import Policy, PolicyRule

_OF_THE_NEXT_STEP = frozenset({"changes", "before"})
"""What rules may read and nobody knows yet: what the next edit of the record changes, and from which state."""


@dataclass(frozen=True, slots=True)
class _Ahead:
    """The rules that will apply when a record passes a gate next, and those that may apply."""

    sure: Mapping[str, PolicyRule]
    possible: Mapping[str, PolicyRule]


def gates_ahead(kind: str, data: Mapping[str, Any]) -> tuple[str, ...]:
    """Returns the gates at which people may yet have to decide on a record, as it is now."""
    if kind in EDITED:
        return (EDIT,)
    if "imported" in data and kind in TICKET_PREFIXES:
        return ()
    state = state_in(kind, data)
    own = tuple(BEYOND.get(kind, ())) if not _is_over(kind, state) else ()
    reviewed = kind == "change" and data.get("type") == "emergency" and state not in ("rejected", "cancelled")
    return (*own, *((POST_REVIEW,) if reviewed else ()))


def _is_over(kind: str, state: str | None) -> bool:
    """Tells whether no step leads out of the state. From a final state, such as rejected, one may."""
    return kind in LIFECYCLES and state is not None and not list(LIFECYCLES[kind].from_state(state))


def _rules_ahead(policies: Iterable[Policy], asked: Question) -> _Ahead:
    """Returns the rules for the question, if the record stays as it is. A rule that can't be decided on is possible."""
    sure: dict[str, PolicyRule] = dict(asked.own_rules)
    possible: dict[str, PolicyRule] = {}
    for policy in policies_for(policies, asked.kind, asked.gate):
        for rule in policy.rules:
            applies = _applies(rule.when, asked)
            if applies is not False:
                (sure if applies else possible)[f"{policy.id}/{rule.id}"] = rule
    return _Ahead(sure, possible)


def _applies(when: Condition | None, asked: Question) -> bool | None:
    """Tells whether a rule will apply, or None if that depends on the next step."""
    if when is None:
        return True
    known = tuple(term for term in when.terms if not _reads_the_next_step(term))
    try:
        holds = compile_condition(Conjunction(known), fields_for(asked.kind)).matches(asked.facts)
    except ConditionError:
        return None
    return (True if len(known) == len(when.terms) else None) if holds else False


def _reads_the_next_step(term: Term | AnyOf) -> bool:
    if isinstance(term, Term):
        return term.field in _OF_THE_NEXT_STEP
    return any(_reads_the_next_step(each) for branch in term.branches for each in branch.terms)


def shut_out(policies: Iterable[Policy], asked: Question, people: Directory) -> Iterator[str]:
    """Yields the rules with a seat that nobody can fill, only because of who wrote the record or asked for it.

    Somebody besides the people in the seats must be left to propose, if the gate needs a proposal.
    """
    ahead = _rules_ahead(policies, asked)
    together = [dict(ahead.sure), *({**ahead.sure, name: rule} for name, rule in ahead.possible.items())]
    found: dict[str, None] = {}
    for rules in together:
        if not _unfilled(rules, asked, people, ()):
            found |= dict.fromkeys(_unfilled(rules, asked, people, asked.disqualified))
    yield from found


def _unfilled(
    rules: Mapping[str, PolicyRule], asked: Question, people: Directory, barred: Collection[str]
) -> tuple[str, ...]:
    """Returns the rules with a place that stays empty without the barred people: all rules, if nobody is left who could
    propose."""
    lacking = _empty(rules, asked, people, frozenset(barred))
    if lacking or not asked.needs_proposal:
        return lacking
    proposers = (person for person in sorted(people.members) if people.members[person].may_decide)
    for proposer in proposers:
        if not _empty(rules, asked, people, frozenset((*barred, proposer))):
            return ()
    return tuple(rules)


def _empty(
    rules: Mapping[str, PolicyRule], asked: Question, people: Directory, barred: frozenset[str]
) -> tuple[str, ...]:
    wanted: dict[SeatPlace, tuple[str, ...]] = {}
    shared: dict[SeatPlace, str] = {}
    for place, (rule, seat) in places(dict(rules)).items():
        could = people.candidates(seat, asked.owner_team)
        wanted[place] = could if rule.author_may_approve else tuple(p for p in could if p not in barred)
        shared[place] = "all" if rule.distinct_people else f"{place.rule}#{place.seat}"
    filled = fill(wanted, shared)
    return tuple(dict.fromkeys(place.rule for place in wanted if place not in filled))
