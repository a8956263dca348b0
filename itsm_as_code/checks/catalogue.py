"""Lists all checks and all rules. A check that is not listed here does not run."""

from __future__ import annotations

from itsm_as_code.checks import (
    approvals,
    attachments,
    authorship,
    change_models,
    conditions,
    coverage,
    entries,
    identity,
    knowledge,
    lifecycle,
    misread,
    policies,
    privacy,
    references,
    schedule,
    schema,
    settings,
    steps_names,
    steps_record,
    steps_timeline,
    steps_void,
    times,
    yaml_rules,
)
from itsm_as_code.checks.forms import form_answers, form_unanswerable
from itsm_as_code.checks.registry import AttachmentCheck, ChangeCheck, RecordCheck, WorkspaceCheck
from itsm_as_code.domain.rule import Rule


def _by_code(*families: tuple[Rule, ...]) -> tuple[Rule, ...]:
    return tuple(sorted((each for rules in families for each in rules), key=lambda each: each.code))


FAMILIES = {
    "YAML": ("Text that every YAML reader understands in the same way", yaml_rules.RULES),
    "SCH": ("The shape of records", _by_code(schema.RULES, (conditions.CONDITION_UNFIT,), settings.RULES)),
    "ID": ("Names and places", identity.RULES),
    "REF": ("References between records", references.RULES),
    "LIF": (
        "Lifecycles and history",
        _by_code(
            lifecycle.RULES,
            entries.RULES,
            change_models.RULES,
            steps_record.RULES,
            steps_timeline.RULES,
            steps_names.RULES,
            steps_void.RULES,
            authorship.RULES,
        ),
    ),
    "TIM": ("Implausible times", times.RULES),
    "KNW": ("Knowledge", _by_code(knowledge.RULES, attachments.RULES)),
    "PRV": ("Privacy and secrets", privacy.RULES),
    "SCD": ("Schedule", schedule.RULES),
    "APR": ("Approvals", approvals.RULES),
    "POL": ("Policies", _by_code(policies.RULES, coverage.RULES, misread.RULES)),
    "SLA": ("Agreements and calendars", conditions.RULES),
}
"""Maps each family to its title and its rules, in the order in which the documents list them."""

RULES: dict[str, Rule] = {rule.code: rule for _, rules in FAMILIES.values() for rule in rules}
"""Maps each code to its rule."""

_SETTINGS, _NEW_SETTINGS = settings.checks_of(RULES.keys())

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
    *change_models.CHECKS,
    *times.CHECKS,
    *knowledge.CHECKS,
    *attachments.CHECKS,
    *privacy.CHECKS,
    *schedule.CHECKS,
    *conditions.CHECKS,
    *policies.RECORD_CHECKS,
    *misread.CHECKS,
)
WORKSPACE_CHECKS: tuple[WorkspaceCheck, ...] = (
    identity.alias_used_twice,
    identity.identity_of_two_people,
    _SETTINGS,
    *policies.WORKSPACE_CHECKS,
    *coverage.WORKSPACE_CHECKS,
)
ATTACHMENT_CHECKS: tuple[AttachmentCheck, ...] = attachments.FILE_CHECKS
ARTICLE_FILE_CHECKS: tuple[RecordCheck, ...] = attachments.CHECKS
CONFLICT_CHECKS: tuple[ChangeCheck, ...] = (steps_record.changed_on_both_sides,)
CHANGE_CHECKS: tuple[ChangeCheck, ...] = (
    *steps_record.CHECKS,
    *steps_timeline.CHECKS,
    *steps_names.CHECKS,
    *steps_void.CHECKS,
    _NEW_SETTINGS,
    *policies.CHANGE_CHECKS,
    *coverage.CHANGE_CHECKS,
    identity.identity_taken_over,
)
