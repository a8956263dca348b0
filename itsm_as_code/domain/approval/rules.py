"""Which rules of the policies at base apply to a question, and why the others do not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from itsm_as_code.domain.condition import ConditionError, compile_condition, fields_of_kind
from itsm_as_code.domain.condition.fields import NUMBER, PRIORITY, WORD, Fields, ordered
from itsm_as_code.domain.kinds import KINDS
from itsm_as_code.domain.revision import SETTINGS_KIND, WORKFLOWS_KIND
from itsm_as_code.domain.settings import Settings

if TYPE_CHECKING:
    from itsm_as_code.domain.approval.question import Question
    from itsm_as_code.domain.kinds.policy import Policy, PolicyRule

COMPUTED: Fields = {
    "tier": NUMBER.or_unset(),
    "risk_level": ordered("low", "moderate", "high").or_unset(),
    "incident_priority": PRIORITY.or_unset(),
    "changes": WORD.listed(),
    "before": WORD.or_unset(),
}
"""What conditions may read besides material fields: the service's tier, the computed risk, the priority of the open
incident or problem behind an emergency, the material fields that the step changes, the state before."""


@dataclass(frozen=True, slots=True)
class Passed:
    """A rule that was looked at and does not apply, and why."""

    rule: str
    why: str


@dataclass(frozen=True, slots=True)
class Selected:
    """The rules that apply (`policy/rule` to rule), those that do not, and what keeps the choice from being sure."""

    rules: Mapping[str, PolicyRule]
    passed: tuple[Passed, ...]
    faults: tuple[str, ...]


def fields_for(kind: str) -> Fields:
    """The fields that a policy's condition on this kind may name: material ones and computed ones."""
    from itsm_as_code.domain.shape import material_keys

    if kind == WORKFLOWS_KIND:
        return {"kind": WORD, **COMPUTED}
    model = Settings if kind == SETTINGS_KIND else KINDS[kind].model
    readable = material_keys(model) | {"id", "kind"}
    return {**{name: found for name, found in fields_of_kind(model).items() if name in readable}, **COMPUTED}


def policies_for(policies: Iterable[Policy], kind: str, gate: str) -> list[Policy]:
    """The policies in force for a gate of a kind, by id."""
    return sorted(
        (p for p in policies if p.state == "active" and kind in p.subject and p.gate == gate), key=lambda p: p.id
    )


def select(policies: Iterable[Policy], question: Question) -> Selected:
    """The rules that apply to the question. A condition that can't be decided is a fault, never a no."""
    fields = fields_for(question.kind)
    rules: dict[str, PolicyRule] = dict(question.own_rules)
    passed: list[Passed] = []
    faults: list[str] = []
    for policy in policies_for(policies, question.kind, question.rules_of or question.gate):
        for rule in policy.rules:
            name = f"{policy.id}/{rule.id}"
            try:
                why = _why_not(rule, fields, question.facts)
            except ConditionError as error:
                faults.append(f"{name}: {error.message}")
                continue
            if why is None:
                rules[name] = rule
            else:
                passed.append(Passed(name, why))
                if rule.mandatory:
                    faults.append(f"{name} is mandatory and does not apply: {why}")
    return Selected(rules, tuple(passed), tuple(faults))


def _why_not(rule: PolicyRule, fields: Fields, facts: Mapping[str, object]) -> str | None:
    """The terms that do not hold, in words, or None where the rule applies."""
    if rule.when is None:
        return None
    explanation = compile_condition(rule.when, fields).explain(facts)
    if explanation.holds:
        return None
    return "; ".join(f"{term.words} does not hold ({term.actual})" for term in explanation.terms if not term.holds)
