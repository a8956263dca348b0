"""POL007 and POL009: finds records to which no rule of a policy applies, and rules that never apply."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from itsm_as_code.checks.conditions import DECIDED
from itsm_as_code.checks.registry import Context, StepContext, change_check, rule, workspace_check
from itsm_as_code.domain.approval.coverage import uncovered, unreachable
from itsm_as_code.domain.approval.gates import POLICED
from itsm_as_code.domain.approval.rules import policies_for
from itsm_as_code.domain.finding import Spot, cut
from itsm_as_code.domain.kinds.policy import Policy
from itsm_as_code.domain.kinds.service import Service
from itsm_as_code.domain.rule import Severity

if TYPE_CHECKING:
    from itsm_as_code.domain.snapshot import Snapshot
    from itsm_as_code.domain.step import RecordChange

LEFT_OUT = rule(
    "POL007", "subject-without-rule",
    severity=Severity.WARNING,
    why="A record to which no rule applies can never be approved, and people find that out when they are in a hurry.",
    fix="Widen a rule, or add one for the rest. `seats: none` with `because` lets them pass without an approval.",
)  # fmt: skip
UNREACHABLE = rule(
    "POL009", "rule-never-applies",
    severity=Severity.WARNING,
    why="People who read the rule think that it protects something, but it never applies.",
    fix="Fix the condition: name a service that exists, and values that can occur together.",
)  # fmt: skip


@workspace_check(LEFT_OUT)
def subject_without_rule(ctx: Context) -> Iterator[tuple[str, Spot]]:
    """Finds kinds and gates for which some record would meet no rule."""
    yield from _gaps(ctx.snapshot)


@change_check(LEFT_OUT, "policy")
def subject_left_without_rule(change: RecordChange, ctx: StepContext) -> Iterator[Spot]:
    """Finds the same for a policy that a step changes."""
    yield from (spot for path, spot in _gaps(ctx.step.head) if path == change.path)


def _gaps(snapshot: Snapshot) -> Iterator[tuple[str, Spot]]:
    policies = list(snapshot.all(Policy))
    services = list(snapshot.all(Service))
    for kind, gate in POLICED:
        found = policies_for(policies, kind, gate)
        subject = uncovered(kind, gate, [each for policy in found for each in policy.rules], services)
        if subject is not None:
            facts = ", ".join(f"{name} {_word(value)}" for name, value in subject.items() if name != "kind")
            message = f"at gate {gate} no rule applies to a {kind}" + (f" with {cut(facts, 120)}" if facts else "")
            yield snapshot.path(found[0]), Spot(message, ("rules",), at_key=True)


@workspace_check(UNREACHABLE)
def rule_never_applies(ctx: Context) -> Iterator[tuple[str, Spot]]:
    """Finds conditions that no record can meet."""
    yield from _idle(ctx.snapshot)


@change_check(UNREACHABLE, "policy")
def rule_will_never_apply(change: RecordChange, ctx: StepContext) -> Iterator[Spot]:
    """Finds the same for a policy that a step changes."""
    yield from (spot for path, spot in _idle(ctx.step.head) if path == change.path)


def _idle(snapshot: Snapshot) -> Iterator[tuple[str, Spot]]:
    policies = list(snapshot.all(Policy))
    services = list(snapshot.all(Service))
    for policy in (each for each in policies if each.state == "active"):
        kinds = [kind for kind in policy.subject if kind in DECIDED]
        for index, each in enumerate(policy.rules):
            if kinds and all(unreachable(kind, each, services) for kind in kinds):
                message = f"no record can meet the condition of rule `{cut(each.id)}`"
                yield snapshot.path(policy), Spot(message, ("rules", index, "when"), at_key=True)


def _word(value: Any) -> str:
    if value is None or value == ():
        return "unset"
    return ", ".join(map(str, value)) if isinstance(value, tuple) else "set" if value == {} else str(value)


RULES = (LEFT_OUT, UNREACHABLE)
WORKSPACE_CHECKS = (subject_without_rule, rule_never_applies)
CHANGE_CHECKS = (subject_left_without_rule, rule_will_never_apply)
