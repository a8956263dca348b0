"""SCH011 and family SLA: checks that conditions name fields and values that exist, and that calendars have hours."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from itsm_as_code.checks.registry import Context, record_check, rule
from itsm_as_code.domain.approval.question import EDIT, POST_REVIEW
from itsm_as_code.domain.finding import FieldPath, Spot, cut
from itsm_as_code.domain.kinds import KINDS
from itsm_as_code.domain.lifecycle import LIFECYCLES
from itsm_as_code.domain.revision import SETTINGS_KIND, WORKFLOWS_KIND
from itsm_as_code.domain.suggest import did_you_mean

if TYPE_CHECKING:
    from itsm_as_code.domain.condition import Condition, Fields

DECIDED = (*KINDS, SETTINGS_KIND, WORKFLOWS_KIND)
"""The kinds that a policy may name under `subject`."""

CONDITION_UNFIT = rule(
    "SCH011", "condition-does-not-fit",
    why="A condition on a field that its records lack, or on a value that the field never has, never matches.",
    fix="Name a field and a value of the kinds that the condition is for; docs/fields.md lists them.",
)  # fmt: skip
SLA_UNFIT = rule(
    "SLA001", "sla-condition-does-not-fit",
    why="If a condition can't be decided, the clock can't be computed, and nobody can say whether the target was met.",
    fix="Name a field and a value that tickets have: state, reason, assignee, team, responded and the like.",
)  # fmt: skip
CALENDAR_UNUSABLE = rule(
    "SLA002", "calendar-without-hours",
    why="No due time can be computed on a calendar that never opens or whose holidays are unknown.",
    fix="Write opening hours under `weekly`, and use a country code that has holiday data.",
)  # fmt: skip


@record_check(CONDITION_UNFIT, "policy")
def policy_condition(policy: Any, _: Context) -> Iterator[Spot]:
    """Checks a policy's subjects (must be kinds), its gate (must be a state of them) and its rules' conditions."""
    kinds = [kind for kind in policy.subject if kind in DECIDED]
    for index, name in enumerate(policy.subject):
        if name not in DECIDED:
            hint = did_you_mean(name, DECIDED) or None
            yield Spot(f"there is no kind `{cut(name)}`", ("subject", index), help=hint)
    states = [state for kind in kinds if kind in LIFECYCLES for state in LIFECYCLES[kind].states]
    states += [EDIT, *([POST_REVIEW] if "change" in kinds else [])]
    if policy.gate not in states:
        hint = did_you_mean(policy.gate, tuple(dict.fromkeys(states))) or None
        yield Spot(f"`{cut(policy.gate)}` is not a state of {', '.join(kinds)}", ("gate",), help=hint)
    for index, each in enumerate(policy.rules):
        if each.when is not None:
            for kind in kinds:
                yield from _faults(each.when, kind, named_fields(kind), ("rules", index, "when"))
            yield from _changes_that_never_are(each.when, kinds, ("rules", index, "when"))


def _changes_that_never_are(when: Condition, kinds: list[str], at: FieldPath) -> Iterator[Spot]:
    """Yields words under `changes` that are no field of any of the kinds: a rule for them would never apply."""
    from itsm_as_code.domain.approval.rules import names_of_changes
    from itsm_as_code.domain.condition.terms import OneOf, Only, leaves

    known = frozenset().union(*map(names_of_changes, kinds))
    for leaf in leaves(when):
        if leaf.field == "changes" and isinstance(leaf.test, OneOf | Only):
            for word in (each for each in leaf.test.values if isinstance(each, str) and each not in known):
                hint = did_you_mean(word, known) or f"there are {', '.join(sorted(known))}"
                yield Spot(f"a step never changes `{cut(word)}` of {', '.join(kinds)}", (*at, *leaf.at), help=hint)


@record_check(CONDITION_UNFIT, "change-model", "freeze")
def change_condition(record: Any, _: Context) -> Iterator[Spot]:
    """Checks conditions on changes: `allows` of a model, `scope` of a freeze. They may read approved fields only.

    They are about a change as it is, so they may not read what one step does to it.
    """
    from itsm_as_code.domain.approval.rules import OF_A_STEP, fields_for

    key = "allows" if record.KIND == "change-model" else "scope"
    condition = getattr(record, key, None)
    if condition is not None:
        fields = {name: found for name, found in fields_for("change").items() if name not in OF_A_STEP}
        yield from _faults(condition, "change", fields, (key,))


def named_fields(kind: str) -> Fields:
    """Returns all fields of a kind, written and computed, including those that a policy may not read."""
    from itsm_as_code.domain.approval.rules import fields_for
    from itsm_as_code.domain.condition import fields_of_kind

    own = fields_of_kind(KINDS[kind].model) if kind in KINDS else {}
    return {**own, **fields_for(kind)}


def _faults(condition: Condition, kind: str, fields: Fields, at: FieldPath) -> Iterator[Spot]:
    from itsm_as_code.domain.condition import condition_faults

    for fault in condition_faults(condition, fields):
        yield Spot(f"{kind}: {fault.message}", (*at, *fault.at), fault.help)


@record_check(SLA_UNFIT, "sla")
def sla_condition(sla: Any, _: Context) -> Iterator[Spot]:
    """Checks the conditions of all versions and targets of an SLA."""
    from itsm_as_code.domain.clocks.faults import sla_faults

    yield from sla_faults(sla)


@record_check(CALENDAR_UNUSABLE, "calendar")
def calendar_without_hours(calendar: Any, _: Context) -> Iterator[Spot]:
    """Finds versions of a calendar that never open, and places without holiday data."""
    from itsm_as_code.domain.calendars.faults import calendar_faults

    yield from calendar_faults(calendar)


RULES = (SLA_UNFIT, CALENDAR_UNUSABLE)
CHECKS = (policy_condition, change_condition, sla_condition, calendar_without_hours)
