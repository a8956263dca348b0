"""SCH011, SLA: conditions that name what their subjects have, calendars that clocks can run on."""

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
"""What policies may name as their subject."""

CONDITION_UNFIT = rule(
    "SCH011", "condition-does-not-fit",
    why="A condition on a field that its subjects lack, or a value that the field never has, would match nothing.",
    fix="Name a field and a value of the kinds that the condition is for; docs/fields.md lists them.",
)  # fmt: skip
SLA_UNFIT = rule(
    "SLA001", "sla-condition-does-not-fit",
    why="A clock whose condition can't be decided can't be told, and a promise nobody can check is none.",
    fix="Name a field and a value that tickets have: state, reason, assignee, team, responded and the like.",
)  # fmt: skip
CALENDAR_UNUSABLE = rule(
    "SLA002", "calendar-without-hours",
    why="On a calendar that never opens, or whose holidays nobody knows, no due time can be computed.",
    fix="Write opening hours under `weekly`, and a country code that has holiday data.",
)  # fmt: skip


@record_check(CONDITION_UNFIT, "policy")
def policy_condition(policy: Any, _: Context) -> Iterator[Spot]:
    """Subjects that are no kinds, a gate that is no state of theirs, conditions of rules."""
    kinds = [kind for kind in policy.subject if kind in DECIDED]
    for index, name in enumerate(policy.subject):
        if name not in DECIDED:
            hint = did_you_mean(name, DECIDED) or None
            yield Spot(f"there is no kind `{cut(name)}`", ("subject", index), help=hint)
    states = [state for kind in kinds if kind in LIFECYCLES for state in LIFECYCLES[kind].states]
    states += [EDIT, *([POST_REVIEW] if "change" in kinds else [])]
    if policy.gate not in states:
        hint = did_you_mean(policy.gate, tuple(dict.fromkeys(states))) or None
        yield Spot(f"`{cut(policy.gate)}` is no state of {', '.join(kinds)}", ("gate",), help=hint)
    for index, each in enumerate(policy.rules):
        if each.when is not None:
            for kind in kinds:
                yield from _faults(each.when, kind, named_fields(kind), ("rules", index, "when"))


@record_check(CONDITION_UNFIT, "change-model", "freeze")
def change_condition(record: Any, _: Context) -> Iterator[Spot]:
    """Conditions on changes: what a model allows, what a freeze covers. They read only what is approved."""
    from itsm_as_code.domain.approval.rules import fields_for

    key = "allows" if record.KIND == "change-model" else "scope"
    condition = getattr(record, key, None)
    if condition is not None:
        yield from _faults(condition, "change", fields_for("change"), (key,))


def named_fields(kind: str) -> Fields:
    """All fields that a kind has and all that are computed of it, whether or not a policy may read them."""
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
    """Conditions of all versions and targets."""
    from itsm_as_code.domain.clocks.faults import sla_faults

    yield from sla_faults(sla)


@record_check(CALENDAR_UNUSABLE, "calendar")
def calendar_without_hours(calendar: Any, _: Context) -> Iterator[Spot]:
    """Versions that never open, and places without holiday data."""
    from itsm_as_code.domain.calendars.faults import calendar_faults

    yield from calendar_faults(calendar)


RULES = (SLA_UNFIT, CALENDAR_UNUSABLE)
CHECKS = (policy_condition, change_condition, sla_condition, calendar_without_hours)
