"""Selects the rules of the policies on base that apply to a question, and says why the others do not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from itsm_as_code.domain.approval.gates import BEYOND
from itsm_as_code.domain.approval.question import UNPUBLISHED
from itsm_as_code.domain.approval.rule_names import rule_of_policy
from itsm_as_code.domain.condition import ConditionError, compile_condition, fields_of_kind
from itsm_as_code.domain.condition.fields import NUMBER, PRIORITY, WORD, Fields, ordered
from itsm_as_code.domain.ids import ATTACHMENTS
from itsm_as_code.domain.kinds import KINDS
from itsm_as_code.domain.revision import SETTINGS_KIND, WORKFLOWS_KIND
from itsm_as_code.domain.settings import Settings

if TYPE_CHECKING:
    from itsm_as_code.domain.approval.question import Question
    from itsm_as_code.domain.condition.compiled import TermResult
    from itsm_as_code.domain.kinds.policy import Policy, PolicyRule

COMPUTED: Fields = {
    "tier": NUMBER.or_unset(),
    "risk_level": ordered("low", "moderate", "high").or_unset(),
    "incident_priority": PRIORITY.or_unset(),
    "changes": WORD.listed().without_not(),
    "before": WORD.or_unset(),
}
"""The computed values that conditions may read besides material fields: the service's tier, the computed risk, the
priority of the open incident or problem that a change names, what the step changes, and the state before."""
OF_A_STEP = ("changes", "before")
"""The computed values that tell of a step, and not of the record as it is."""
STATE = "state"
"""Stands in `changes` where the record enters the state of the gate."""


_NAMED_AS = {UNPUBLISHED: "published"}
"""Maps gates that no policy names to the gate whose policies apply."""


@dataclass(frozen=True, slots=True)
class SkippedRule:
    """A rule that does not apply, and the reason."""

    rule: str
    why: str


@dataclass(frozen=True, slots=True)
class SelectedRules:
    """The rules that apply (by their name, see `rule_names`), those that do not, and what makes the choice
    uncertain."""

    rules: Mapping[str, PolicyRule]
    skipped_rules: tuple[SkippedRule, ...]
    faults: tuple[str, ...]


def fields_for(kind: str) -> Fields:
    """Returns the fields that a policy's condition may name for this kind: material fields and computed values."""
    from itsm_as_code.domain.shape import material_keys

    if kind == WORKFLOWS_KIND:
        return {"kind": WORD, **COMPUTED}
    model = Settings if kind == SETTINGS_KIND else KINDS[kind].model
    readable = material_keys(model) | {"kind"}
    return {**{name: found for name, found in fields_of_kind(model).items() if name in readable}, **COMPUTED}


def names_of_changes(kind: str) -> frozenset[str]:
    """Returns what `changes` may hold for records of this kind: material fields, `state` where the record enters the
    state of a gate, and `attachments` where other files belong to an article."""
    from itsm_as_code.domain.shape import material_keys

    if kind == WORKFLOWS_KIND:
        return frozenset({"files"})
    model = Settings if kind == SETTINGS_KIND else KINDS[kind].model
    more = ({STATE} if kind in BEYOND else set()) | ({ATTACHMENTS} if kind == "article" else set())
    return (material_keys(model) - {"revision"}) | more


def policies_for(policies: Iterable[Policy], kind: str, gate: str) -> list[Policy]:
    """Returns the active policies for a gate of a kind, sorted by id."""
    named = _NAMED_AS.get(gate, gate)
    return sorted(
        (p for p in policies if p.state == "active" and kind in p.subject and p.gate == named), key=lambda p: p.id
    )


def select(policies: Iterable[Policy], question: Question) -> SelectedRules:
    """Selects the rules that apply to the question. A condition that can't be decided is a fault.

    Rules are only added: none takes the place of another one.
    """
    fields = fields_for(question.kind)
    rules: dict[str, PolicyRule] = dict(question.own_rules)
    skipped: list[SkippedRule] = []
    faults: list[str] = []
    for policy in policies_for(policies, question.kind, question.rules_of or question.gate):
        for rule in policy.rules:
            name = rule_of_policy(policy.id, rule.id, rules)
            try:
                why = _why_not(rule, fields, question.facts)
            except ConditionError as error:
                faults.append(f"{name}: {error.message}")
                continue
            if why is None:
                rules[name] = rule
            else:
                skipped.append(SkippedRule(name, why))
                if rule.mandatory:
                    faults.append(f"{name} is mandatory and does not apply: {why}")
    return SelectedRules(rules, tuple(skipped), tuple(faults))


def _why_not(rule: PolicyRule, fields: Fields, facts: Mapping[str, object]) -> str | None:
    """Returns the terms of the condition that do not hold, as text, or None if the rule applies."""
    if rule.when is None:
        return None
    explanation = compile_condition(rule.when, fields).explain(facts)
    if explanation.holds:
        return None
    missed = (term for term in explanation.terms if not term.holds)
    return "; ".join(f"{term.words} does not hold{_actual(term)}" for term in missed)


def _actual(term: TermResult) -> str:
    """Returns the value of a field in brackets; "" for alternatives, which are about several fields."""
    return "" if term.branches else f" ({'absent' if term.actual is None else term.actual})"
