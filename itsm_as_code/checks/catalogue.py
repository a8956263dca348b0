"""All checks and all rules, listed in one place. A check that is not here does not exist."""

from __future__ import annotations

from itsm_as_code.checks import (
    identity,
    knowledge,
    lifecycle,
    privacy,
    references,
    schedule,
    schema,
    steps,
    times,
    yaml_rules,
)
from itsm_as_code.checks.forms import form_answers
from itsm_as_code.checks.registry import ChangeCheck, RecordCheck, WorkspaceCheck
from itsm_as_code.domain.rule import Rule

FAMILIES = {
    "YAML": ("Text that every YAML reader reads alike", yaml_rules.RULES),
    "SCH": ("The shape of records", schema.RULES),
    "ID": ("Names and places", identity.RULES),
    "REF": ("References between records", references.RULES),
    "LIF": ("Lifecycles and history", (*lifecycle.RULES, *steps.RULES)),
    "TIM": ("Implausible times", times.RULES),
    "KNW": ("Knowledge", knowledge.RULES),
    "PRV": ("Privacy and secrets", privacy.RULES),
    "SCD": ("Schedule", schedule.RULES),
}
"""Family to what it is about and its rules, in the order of the documents."""

RULES: dict[str, Rule] = {rule.code: rule for _, rules in FAMILIES.values() for rule in rules}
"""Code to rule."""

RECORD_CHECKS: tuple[RecordCheck, ...] = (
    schema.kind_matches_model,
    schema.custom_fields,
    form_answers,
    identity.id_matches_path,
    identity.reserved_id,
    references.dangling_reference,
    references.reference_to_retired,
    references.reference_to_itself,
    references.references_in_a_circle,
    references.assignee_outside_team,
    *lifecycle.CHECKS,
    *times.CHECKS,
    *knowledge.CHECKS,
    *privacy.CHECKS,
    *schedule.CHECKS,
)
WORKSPACE_CHECKS: tuple[WorkspaceCheck, ...] = (identity.alias_used_twice,)
CHANGE_CHECKS: tuple[ChangeCheck, ...] = steps.CHECKS
