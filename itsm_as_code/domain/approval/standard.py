"""Checks that a standard change follows its change model on base: the model's revision, bounds and condition."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from itsm_as_code.domain.approval.affected import affected_tiers
from itsm_as_code.domain.approval.model_bounds import faults_of_bounds
from itsm_as_code.domain.condition import ConditionError, RecordSubject
from itsm_as_code.domain.kinds.change_model import ChangeModel
from itsm_as_code.domain.risk import assess

if TYPE_CHECKING:
    from itsm_as_code.domain.kinds.change import Change
    from itsm_as_code.domain.snapshot import Snapshot


def model_faults(change: Change, base: Snapshot, tier: int | None) -> Iterator[str]:
    """Yields the reasons why a change does not follow its change model on base."""
    model = base.find(ChangeModel, change.model.id) if change.model is not None else None
    if model is None or change.model is None:
        yield "a standard change needs a change model that is on base"
        return
    if model.state != "active":
        yield f"the change model {model.id} is retired"
    if model.revision != change.model.revision:
        present, named = model.revision, change.model.revision
        yield f"the change model {model.id} is at revision {present}, but the change names {named}"
        return
    yield from faults_of_bounds(change, model, base)
    try:
        if model.allows is not None and not _allows(model, change, base, tier):
            yield f"the change model {model.id} does not allow this change"
    except ConditionError as error:
        yield f"it can't be decided whether the change model {model.id} allows this change: {error.message}"


def _allows(model: Any, change: Change, base: Snapshot, tier: int | None) -> bool:
    from itsm_as_code.domain.approval.rules import fields_for
    from itsm_as_code.domain.condition import compile_condition

    risk = assess(change, tier, affected_tiers(change, base)).level.value
    facts = {"tier": tier, "risk_level": risk, "incident_priority": None, "changes": (), "before": None}
    return compile_condition(model.allows, fields_for("change")).matches(RecordSubject(change, facts))
