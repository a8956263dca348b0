"""Computes the risk of a change from data of base, with the reasons. An author can only raise it."""

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
    """A level of risk with its reasons."""

    level: RiskLevel
    reasons: tuple[str, ...]


def assess(change: Change, tier: int | None, affected: Mapping[str, int | None] | None = None) -> AssessedRisk:
    """Returns the risk of a change. `tier` is the tier of its service on base, or None if base lacks the service.

    `affected` maps the other affected services and assets to their tiers, which count in the same way. The level is
    high if a tier is unknown, moderate for tiers 1 and 2, and low otherwise. An expected outage raises it by one
    level, and so does a missing backout plan. The author can raise it further.
    """
    if tier is None:
        return AssessedRisk(RiskLevel.HIGH, ("the service is not on base, so nothing is known about it",))
    worst, reasons = tier, [f"the service is of tier {tier}"]
    for ref, other in (affected or {}).items():
        if other is None:
            return AssessedRisk(RiskLevel.HIGH, (f"it affects {ref}, which is not on base",))
        if other < worst:
            worst, reasons = other, [*reasons, f"it affects {ref}, which is of tier {other}"]
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
