"""POL007, POL009: policies whose rules leave out subjects, and rules that no subject meets."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from itsm_as_code.checks.conditions import DECIDED
from itsm_as_code.checks.registry import Context, StepContext, change_check, rule, workspace_check
from itsm_as_code.domain.approval.coverage import uncovered, unreachable
from itsm_as_code.domain.approval.gates import POLICED
from itsm_as_code.domain.approval.rules import policies_for
from itsm_as_code.domain.finding import Spot, cut
from itsm_as_code.domain.rule import Severity

if TYPE_CHECKING:
    from itsm_as_code.domain.snapshot import Snapshot
    from itsm_as_code.domain.step import RecordChange

LEFT_OUT = rule(
    "POL007", "subject-without-rule",
    severity=Severity.WARNING,
    why="A subject to which no rule applies is never approved, and whoever meets that learns it at the worst moment.",
    fix="Widen a rule, or add one for the rest; `seats: none` with `because` lets it pass without anybody.",
)  # fmt: skip
UNREACHABLE = rule(
    "POL009", "rule-never-applies",
    severity=Severity.WARNING,
    why="Whoever reads the rule thinks that it guards something, and it never will.",
    fix="Mend the condition: name a service that is there, and values that can come together.",
)  # fmt: skip


@workspace_check(LEFT_OUT)
def subject_without_rule(ctx: Context) -> Iterator[tuple[str, Spot]]:
    """Kinds and gates whose policies leave something out."""
    yield from _gaps(ctx.snapshot)


@change_check(LEFT_OUT, "policy")
def subject_left_without_rule(change: RecordChange, ctx: StepContext) -> Iterator[Spot]:
    """The same for a policy that a step changes."""
    yield from (spot for path, spot in _gaps(ctx.step.head) if path == change.path)


def _gaps(snapshot: Snapshot) -> Iterator[tuple[str, Spot]]:
    policies: list[Any] = list(snapshot.records("policy"))
    services: list[Any] = list(snapshot.records("service"))
    for kind, gate in POLICED:
        found = policies_for(policies, kind, gate)
        subject = uncovered(kind, [each for policy in found for each in policy.rules], services)
        if subject is not None:
            facts = ", ".join(f"{name} {_word(value)}" for name, value in subject.items() if name != "kind")
            message = f"at gate {gate} no rule applies to a {kind}" + (f" with {cut(facts, 120)}" if facts else "")
            yield snapshot.path(found[0]), Spot(message, ("rules",), at_key=True)


@workspace_check(UNREACHABLE)
def rule_never_applies(ctx: Context) -> Iterator[tuple[str, Spot]]:
    """Conditions that no subject of the policy can meet."""
    yield from _idle(ctx.snapshot)


@change_check(UNREACHABLE, "policy")
def rule_will_never_apply(change: RecordChange, ctx: StepContext) -> Iterator[Spot]:
    """The same for a policy that a step changes."""
    yield from (spot for path, spot in _idle(ctx.step.head) if path == change.path)


def _idle(snapshot: Snapshot) -> Iterator[tuple[str, Spot]]:
    policies: list[Any] = list(snapshot.records("policy"))
    services: list[Any] = list(snapshot.records("service"))
    for policy in (each for each in policies if each.state == "active"):
        kinds = [kind for kind in policy.subject if kind in DECIDED]
        for index, each in enumerate(policy.rules):
            if kinds and all(unreachable(kind, each, services) for kind in kinds):
                message = f"nothing that there is meets the condition of rule `{cut(each.id)}`"
                yield snapshot.path(policy), Spot(message, ("rules", index, "when"), at_key=True)


def _word(value: Any) -> str:
    if value is None or value == ():
        return "unset"
    return ", ".join(map(str, value)) if isinstance(value, tuple) else "set" if value == {} else str(value)


RULES = (LEFT_OUT, UNREACHABLE)
WORKSPACE_CHECKS = (subject_without_rule, rule_never_applies)
CHANGE_CHECKS = (subject_left_without_rule, rule_will_never_apply)
