"""Family POL: finds policies that can't work, e.g. seats that nobody can fill or gates without a policy."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from itsm_as_code.checks.conditions import DECIDED, named_fields
from itsm_as_code.checks.registry import Context, StepContext, change_check, record_check, rule, workspace_check
from itsm_as_code.domain.approval.directory import directory_of
from itsm_as_code.domain.approval.gates import POLICED
from itsm_as_code.domain.approval.item import item_rule
from itsm_as_code.domain.approval.question import EDIT
from itsm_as_code.domain.approval.rules import fields_for, policies_for
from itsm_as_code.domain.approval.satisfiable import Shortage, lacks, owners_for
from itsm_as_code.domain.finding import FieldPath, Spot, cut
from itsm_as_code.domain.kinds.person import Person
from itsm_as_code.domain.kinds.policy import Policy
from itsm_as_code.domain.kinds.request_item import RequestItem
from itsm_as_code.domain.kinds.service import Service
from itsm_as_code.domain.kinds.team import Team
from itsm_as_code.domain.rule import Severity
from itsm_as_code.domain.settings import SETTINGS_PATH

if TYPE_CHECKING:
    from itsm_as_code.domain.kinds.policy import PolicyRule
    from itsm_as_code.domain.snapshot import Snapshot
    from itsm_as_code.domain.step import RecordChange

UNSATISFIABLE = rule(
    "POL001", "rule-unsatisfiable",
    why="If there are too few people to fill all seats, the gate stays closed for ever and people learn to bypass it.",
    fix="Ask for fewer people, name more, or set `distinct_people: false` if one person may fill two seats.",
)  # fmt: skip
NOBODY = rule(
    "POL002", "seat-for-nobody",
    why="If the teams of a seat are empty and nobody holds its roles, nobody can fill it and the gate never opens.",
    fix="Name people, teams that have active members, or roles that somebody holds.",
)  # fmt: skip
UNCOVERED = rule(
    "POL003", "gate-without-policy",
    why="If no policy covers a gate, the gate stays closed: nothing is approved by default.",
    fix="Write a policy for it. If nobody has to decide, say so with `seats: none` and `because`.",
)  # fmt: skip
NOT_MATERIAL = rule(
    "POL004", "condition-on-what-is-not-approved",
    why="A field that no approval covers can change after the approval, and then another rule would apply.",
    fix="Name a material field or a computed one: tier, risk_level, incident_priority, changes, before.",
)  # fmt: skip
SAME_ID = rule(
    "POL005", "rule-id-used-twice",
    why="Acts and explanations name a rule by its id. If two rules share an id, nobody knows which one is meant.",
    fix="Give each rule of the policy an id of its own.",
)  # fmt: skip
IDLE_WORDS = rule(
    "POL006", "words-without-effect",
    severity=Severity.WARNING,
    why="A field without effect, such as `because` next to seats, makes readers misunderstand the rule.",
    fix="Remove the field without effect, or change the rule so that the field has one.",
)  # fmt: skip
STUCK = rule(
    "POL008", "refusals-only-makers-take-back",
    severity=Severity.WARNING,
    why="One refusal can block an edit until its maker takes it back, even the edit of this policy that would help.",
    fix="Name a role in `withdraw_by` of a rule that has seats. Its holders may withdraw the refusals of others.",
)  # fmt: skip

_FOR_SEATS = ("expires_after", "author_may_approve")
_PEOPLE = ("person", "team", "service")


@record_check(SAME_ID, "policy")
def rule_id_used_twice(policy: Policy, _: Context) -> Iterator[Spot]:
    """Finds rules of one policy that share an id."""
    counts = Counter(each.id for each in policy.rules)
    for index, each in enumerate(policy.rules):
        if counts[each.id] > 1 and any(other.id == each.id for other in policy.rules[:index]):
            yield Spot(f"a rule above has the id `{cut(each.id)}` too", ("rules", index, "id"))


@record_check(IDLE_WORDS, "policy")
def words_without_effect(policy: Policy, _: Context) -> Iterator[Spot]:
    """Finds fields without effect.

    These are `because` next to seats, fields about approvals next to `seats: none`, and `mandatory` on a rule that
    always applies.
    """
    for index, each in enumerate(policy.rules):
        written = each.model_fields_set
        if each.seats == "none":
            idle = [name for name in _FOR_SEATS if name in written]
        else:
            idle = ["because"] if each.because is not None else []
        if each.mandatory and each.when is None:
            idle.append("mandatory")
        for name in idle:
            yield Spot(f"`{name}` has no effect in rule `{cut(each.id)}`", ("rules", index, name), at_key=True)


@record_check(STUCK, "policy")
def refusals_that_only_their_makers_take_back(policy: Policy, _: Context) -> Iterator[Spot]:
    """Finds policies on edits in which refusals block but nobody may withdraw the refusals of others."""
    blocking = any(each.seats != "none" and each.veto for each in policy.rules)
    if policy.gate == EDIT and blocking and not any(each.withdraw_by for each in policy.rules):
        yield Spot("no rule names in `withdraw_by` who may withdraw the refusals of others", ("rules",), at_key=True)


@record_check(NOT_MATERIAL, "policy")
def condition_on_what_is_not_approved(policy: Policy, _: Context) -> Iterator[Spot]:
    """Finds conditions on fields that the records have but that no approval covers."""
    from itsm_as_code.domain.condition import condition_faults

    for kind in (each for each in policy.subject if each in DECIDED):
        for index, each in enumerate(policy.rules):
            if each.when is None:
                continue
            unknown = {fault.at for fault in condition_faults(each.when, named_fields(kind))}
            for fault in condition_faults(each.when, fields_for(kind)):
                if fault.at not in unknown:
                    message = f"{kind}: `{cut(str(fault.at[-1]))}` is not part of what is approved"
                    yield Spot(message, ("rules", index, "when", *fault.at))


@dataclass(frozen=True, slots=True)
class _Fault:
    """A rule that can't be satisfied: its file, its id, its place in the file, and what it lacks."""

    path: str
    name: str
    at: FieldPath
    lack: Shortage

    @property
    def words(self) -> str:
        """Says what is wrong in one sentence."""
        whose = f" for the services of team {self.lack.owner_team}" if self.lack.owner_team else ""
        if self.lack.seat is not None:
            return f"nobody may fill seat {self.lack.seat + 1} of rule `{cut(self.name)}`{whose}"
        people = ", ".join(self.lack.people)
        if self.lack.besides_author:
            who = f"an author may fill no seat, and {self.lack.wanted} people besides the author are needed"
            return f"rule `{cut(self.name)}` locks everybody out{whose}: {who}, of {cut(people, 80)}"
        return f"rule `{cut(self.name)}` needs {self.lack.wanted} people{whose}, and there are only {cut(people, 80)}"

    @property
    def spot(self) -> Spot:
        """Returns the message at the place of the rule, or of the seat."""
        at = self.at if self.lack.seat is None else (*self.at, self.lack.seat)
        return Spot(self.words, at)


def _faults(snapshot: Snapshot) -> list[_Fault]:
    """Returns the rules of active policies and request items that the people of the snapshot can't satisfy."""
    registry = directory_of(snapshot.all(Person), snapshot.all(Team))
    services = list(snapshot.all(Service))
    return [
        _Fault(snapshot.path(record), name, at, lack)
        for record, kinds, name, at, each in _rules(snapshot)
        for lack in lacks(each, owners_for(kinds, each.when, services), registry)
    ]


def _rules(snapshot: Snapshot) -> Iterator[tuple[Policy | RequestItem, tuple[str, ...], str, FieldPath, PolicyRule]]:
    for policy in snapshot.all(Policy):
        if policy.state == "active":
            for index, each in enumerate(policy.rules):
                yield policy, policy.subject, each.id, ("rules", index, "seats"), each
    for item in snapshot.all(RequestItem):
        if item.state == "active":
            yield item, ("request",), item.id, ("seats",), item_rule(item)


@workspace_check(UNSATISFIABLE)
def rule_unsatisfiable(ctx: Context) -> Iterator[tuple[str, Spot]]:
    """Finds rules with more places than people who may fill them."""
    yield from ((each.path, each.spot) for each in _faults(ctx.snapshot) if each.lack.seat is None)


@workspace_check(NOBODY)
def seat_for_nobody(ctx: Context) -> Iterator[tuple[str, Spot]]:
    """Finds seats that nobody may fill."""
    yield from ((each.path, each.spot) for each in _faults(ctx.snapshot) if each.lack.seat is not None)


@workspace_check(UNCOVERED)
def gate_without_policy(ctx: Context) -> Iterator[tuple[str, Spot]]:
    """Finds gates of kinds that no active policy covers."""
    for message in _uncovered(ctx.snapshot):
        yield SETTINGS_PATH, Spot(message)


def _uncovered(snapshot: Snapshot) -> list[str]:
    policies = list(snapshot.all(Policy))
    missing: dict[str, list[str]] = {}
    for kind, gate in POLICED:
        if not policies_for(policies, kind, gate):
            missing.setdefault(gate, []).append(kind)
    return [f"no active policy covers gate `{gate}` of {', '.join(kinds)}" for gate, kinds in missing.items()]


@change_check(UNSATISFIABLE, "policy", "request-item", *_PEOPLE)
def rule_made_unsatisfiable(change: RecordChange, ctx: StepContext) -> Iterator[Spot]:
    """Finds rules that have more places than people after a step."""
    yield from (spot for lack, spot in _made_worse(change, ctx) if lack.seat is None)


@change_check(NOBODY, "policy", "request-item", *_PEOPLE)
def seat_left_for_nobody(change: RecordChange, ctx: StepContext) -> Iterator[Spot]:
    """Finds seats that nobody may fill after a step."""
    yield from (spot for lack, spot in _made_worse(change, ctx) if lack.seat is not None)


@change_check(UNCOVERED, "policy")
def gate_left_without_policy(change: RecordChange, ctx: StepContext) -> Iterator[Spot]:
    """Finds gates that have no policy after a step."""
    first = next(each for each in ctx.step.changes if each.kind == "policy")
    if change is first:
        before = _uncovered(ctx.step.base)
        yield from (Spot(message, ("state",)) for message in _uncovered(ctx.step.head) if message not in before)


def _made_worse(change: RecordChange, ctx: StepContext) -> Iterator[tuple[Shortage, Spot]]:
    """Yields the rules that a step makes impossible to satisfy, each with what it lacks.

    For a changed policy or item, these are its own rules. For a changed person, team or service, these are the rules
    that could be satisfied on base but not on head; if a step changes several of those, the first one reports them.
    """
    if change.kind in ("policy", "request-item"):
        yield from ((each.lack, each.spot) for each in _faults(ctx.step.head) if each.path == change.path)
        return
    if change is not next(each for each in ctx.step.changes if each.kind in _PEOPLE):
        return
    changed = {each.path for each in ctx.step.changes}
    before = {(each.path, each.name) for each in _faults(ctx.step.base)}
    for each in _faults(ctx.step.head):
        if (each.path, each.name) not in before and each.path not in changed:
            yield each.lack, Spot(f"after this step {each.words} ({each.path})")


RULES = (UNSATISFIABLE, NOBODY, UNCOVERED, NOT_MATERIAL, SAME_ID, IDLE_WORDS, STUCK)
RECORD_CHECKS = (
    rule_id_used_twice, words_without_effect, refusals_that_only_their_makers_take_back,
    condition_on_what_is_not_approved,
)  # fmt: skip
WORKSPACE_CHECKS = (rule_unsatisfiable, seat_for_nobody, gate_without_policy)
CHANGE_CHECKS = (rule_made_unsatisfiable, seat_left_for_nobody, gate_left_without_policy)
