"""The risk of a change, computed from data of base; an author may only raise it. The reasons are part of the answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from itsm_as_code.domain.kinds.change import RiskLevel

if TYPE_CHECKING:
    from itsm_as_code.domain.kinds.change import Change

_LEVELS = tuple(RiskLevel)
_CRITICAL_TIER = 2


@dataclass(frozen=True, slots=True)
class AssessedRisk:
    """A level and what it follows from, one sentence each."""

    level: RiskLevel
    reasons: tuple[str, ...]


def assess(change: Change, tier: int | None, affected: Mapping[str, int | None] | None = None) -> AssessedRisk:
    """The risk of a change of a service of this tier at base (None: not there, which is the worst).

    `affected` has the tiers of what else it affects, which count as much. Moderate for tiers 1 and 2, else low; one
    step up for an expected outage, and for a change that names no backout; then as high as the author raised it.
    """
    if tier is None:
        return AssessedRisk(RiskLevel.HIGH, ("the service is not on base, so nothing is known of it",))
    worst, reasons = tier, [f"the service is of tier {tier}"]
    for ref, other in (affected or {}).items():
        if other is None:
            return AssessedRisk(RiskLevel.HIGH, (f"it affects {ref}, which is not on base, so nothing is known of it",))
        if other < worst:
            worst, reasons = other, [*reasons, f"it affects {ref}, where the tier is {other}"]
    rank = 1 if worst <= _CRITICAL_TIER else 0
    if change.outage is not None and change.outage.expected:
        rank, reasons = rank + 1, [*reasons, "an outage is expected"]
    if change.type != "standard" and (change.plan is None or change.plan.backout is None):
        rank, reasons = rank + 1, [*reasons, "the plan names no backout"]
    level = _LEVELS[min(rank, len(_LEVELS) - 1)]
    raised = change.risk.raised_to if change.risk is not None else None
    if raised is not None and _LEVELS.index(raised) > _LEVELS.index(level):
        return AssessedRisk(raised, (*reasons, f"the author raised it to {raised}"))
    return AssessedRisk(level, tuple(reasons))
