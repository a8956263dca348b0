"""All checks and all rules, listed in one place. A check that is not here does not exist."""

from __future__ import annotations

from itsm_as_code.checks import (
    approvals,
    attachments,
    conditions,
    coverage,
    entries,
    identity,
    knowledge,
    lifecycle,
    models,
    policies,
    privacy,
    references,
    schedule,
    schema,
    settings,
    steps_record,
    steps_timeline,
    times,
    yaml_rules,
)
from itsm_as_code.checks.forms import form_answers, form_unanswerable
from itsm_as_code.checks.registry import AttachmentCheck, ChangeCheck, RecordCheck, WorkspaceCheck
from itsm_as_code.domain.rule import Rule


def _by_code(*families: tuple[Rule, ...]) -> tuple[Rule, ...]:
    return tuple(sorted((each for rules in families for each in rules), key=lambda each: each.code))


FAMILIES = {
    "YAML": ("Text that every YAML reader reads alike", yaml_rules.RULES),
    "SCH": ("The shape of records", _by_code(schema.RULES, (conditions.CONDITION_UNFIT,), settings.RULES)),
    "ID": ("Names and places", identity.RULES),
    "REF": ("References between records", references.RULES),
    "LIF": (
        "Lifecycles and history",
        _by_code(lifecycle.RULES, entries.RULES, models.RULES, steps_record.RULES, steps_timeline.RULES),
    ),
    "TIM": ("Implausible times", times.RULES),
    "KNW": ("Knowledge", (*knowledge.RULES, *attachments.RULES)),
    "PRV": ("Privacy and secrets", privacy.RULES),
    "SCD": ("Schedule", schedule.RULES),
    "APR": ("Approvals", approvals.RULES),
    "POL": ("Policies", _by_code(policies.RULES, coverage.RULES)),
    "SLA": ("Agreements and calendars", conditions.RULES),
}
"""Family to what it is about and its rules, in the order of the documents."""

RULES: dict[str, Rule] = {rule.code: rule for _, rules in FAMILIES.values() for rule in rules}
"""Code to rule."""

RECORD_CHECKS: tuple[RecordCheck, ...] = (
    schema.kind_matches_model,
    schema.custom_fields,
    form_answers,
    form_unanswerable,
    identity.id_matches_path,
    identity.act_lies_with_its_subject,
    identity.reserved_id,
    identity.key_listed_twice,
    references.dangling_reference,
    references.reference_to_retired,
    references.reference_to_itself,
    references.references_in_a_circle,
    references.assignee_outside_team,
    *lifecycle.CHECKS,
    *entries.CHECKS,
    *models.CHECKS,
    *times.CHECKS,
    *knowledge.CHECKS,
    *attachments.CHECKS,
    *privacy.CHECKS,
    *schedule.CHECKS,
    *conditions.CHECKS,
    *policies.RECORD_CHECKS,
)
WORKSPACE_CHECKS: tuple[WorkspaceCheck, ...] = (
    identity.alias_used_twice,
    identity.identity_of_two_people,
    settings.setting_without_effect,
    *policies.WORKSPACE_CHECKS,
    *coverage.WORKSPACE_CHECKS,
)
ATTACHMENT_CHECKS: tuple[AttachmentCheck, ...] = attachments.FILE_CHECKS
ARTICLE_FILE_CHECKS: tuple[RecordCheck, ...] = attachments.CHECKS
CONFLICT_CHECKS: tuple[ChangeCheck, ...] = (steps_record.changed_on_both_sides,)
CHANGE_CHECKS: tuple[ChangeCheck, ...] = (
    *steps_record.CHECKS,
    *steps_timeline.CHECKS,
    settings.new_setting_without_effect,
    *policies.CHANGE_CHECKS,
    *coverage.CHANGE_CHECKS,
    identity.identity_taken_over,
)
