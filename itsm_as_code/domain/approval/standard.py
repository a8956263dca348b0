"""A standard change keeps to its model at base, or it is none: its plan, what it touches, its window, its bounds."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, time
from typing import TYPE_CHECKING, Any

from itsm_as_code.domain.approval.affected import affected_services, affected_tiers
from itsm_as_code.domain.condition import ConditionError, RecordSubject
from itsm_as_code.domain.risk import assess

if TYPE_CHECKING:
    from datetime import datetime

    from itsm_as_code.domain.kinds.change import Change
    from itsm_as_code.domain.kinds.change_model import ChangeModel
    from itsm_as_code.domain.snapshot import Snapshot


def model_faults(change: Change, base: Snapshot, tier: int | None) -> Iterator[str]:
    """Why a change is not the standard change that its model allows at base."""
    model: Any = base.get("change-model", change.model.id) if change.model is not None else None
    if model is None or change.model is None:
        yield "a standard change needs a change model that is on base"
        return
    if model.state != "active":
        yield f"the change model {model.id} is retired"
    if model.revision != change.model.revision:
        yield f"the change model {model.id} is at revision {model.revision}, the change names {change.model.revision}"
    elif change.plan is not None and change.plan != model.plan:
        yield f"the plan is not that of the change model {model.id}: leave `plan` out, then the model's holds"
    yield from _elsewhere(change, model, base)
    until = model.valid_until
    if until is not None and (change.window is None or _last_day(change.window) > until.toordinal()):
        yield f"the change model {model.id} is valid until {until}, and the change's window is not over by then"
    try:
        if model.allows is not None and not _allows(model, change, base, tier):
            yield f"the change is outside what the change model {model.id} allows"
    except ConditionError as error:
        yield f"what the change model {model.id} allows can't be decided: {error.message}"


def _elsewhere(change: Change, model: ChangeModel, base: Snapshot) -> Iterator[str]:
    """What the change touches and the model is not for. A model that names no services is for all."""
    if not model.services:
        return
    if change.service not in model.services:
        yield f"the change model {model.id} is not for service {change.service}"
    for ref, service in affected_services(change, base):
        if service not in model.services:
            of = f" of service {service}" if ref.startswith("asset/") and service is not None else ""
            yield f"the change model {model.id} is not for {ref}{of}, which the change affects"


def _last_day(window: Any) -> int:
    """The number of the last day in UTC that a half-open window touches, whatever offset its author wrote."""
    end: datetime = window.end.astimezone(UTC)
    return end.toordinal() - (1 if end.time() == time.min else 0)


def _allows(model: Any, change: Change, base: Snapshot, tier: int | None) -> bool:
    from itsm_as_code.domain.approval.rules import fields_for
    from itsm_as_code.domain.condition import compile_condition

    risk = assess(change, tier, affected_tiers(change, base)).level.value
    facts = {"tier": tier, "risk_level": risk, "incident_priority": None, "changes": (), "before": None}
    return compile_condition(model.allows, fields_for("change")).matches(RecordSubject(change, facts))
