"""Says for every field what was decided about it: whether approvals cover it, at which gate, and what depends on it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, get_args

from itsm_as_code.domain.approval.gates import first_gate
from itsm_as_code.domain.kinds import KINDS
from itsm_as_code.domain.kinds.approval import Approval
from itsm_as_code.domain.kinds.types import Material, NotMaterial
from itsm_as_code.domain.revision import SETTINGS_KIND
from itsm_as_code.domain.settings import Settings

if TYPE_CHECKING:
    from pydantic import BaseModel

SIGNED = "signed"
"""This stands for a gate where the signature of an act covers the field."""
GUARDED = "past the gate"
"""Whatever depends on a field that passes a gate, people have approved it."""
_NOT_ON_PAGES = {
    **dict.fromkeys(("request", "change-model", "policy"), frozenset({"title", "state", "visibility", "timeline"})),
    **dict.fromkeys(("asset", "calendar", "person"), frozenset({"state"})),
}
"""Maps kinds to fields that they share with other kinds, and that pages show of those only."""


@dataclass(frozen=True, slots=True)
class FieldDecision:
    """What was decided about one field.

    `gate` is the gate that a change of it passes, or None. `power` says what depends on it, or is empty. `shown` says
    whether pages of the site show it.
    """

    material: bool
    gate: str | None
    power: str
    shown: bool


def undecided(model: type[BaseModel]) -> tuple[str, ...]:
    """Returns the fields of a record or an entry that carry no decision."""
    return tuple(key for key, mark in _marks(model).items() if mark is None)


def decisions_of(model: type[BaseModel], kind: str) -> dict[str, FieldDecision]:
    """Maps the keys of a record, an entry or the settings to what was decided about them. Others are left out."""
    gate = SIGNED if kind == Approval.KIND else first_gate(kind)
    hidden = _NOT_ON_PAGES.get(kind, frozenset()) if "kind" in model.model_fields else frozenset()
    found = {key: _decision(mark, gate) for key, mark in _marks(model).items() if mark is not None}
    return {key: replace(each, shown=each.shown and key not in hidden) for key, each in found.items()}


def entry_model(model: type[BaseModel]) -> type[BaseModel] | None:
    """Returns the model of the entries in a ticket's timeline, or None for other records."""
    timeline = model.model_fields.get("timeline")
    entry: type[BaseModel] | None = get_args(timeline.annotation)[0] if timeline is not None else None
    return entry


def all_decisions() -> dict[str, dict[str, FieldDecision]]:
    """Maps kinds, `itsm.yaml` and the models of entries (`ChangeEntry`) to the decisions about their fields."""
    found = {name: decisions_of(kind.model, name) for name, kind in KINDS.items()}
    found["itsm.yaml"] = decisions_of(Settings, SETTINGS_KIND)
    for name, kind in KINDS.items():
        entry = entry_model(kind.model)
        if entry is not None:
            found[entry.__name__] = decisions_of(entry, name)
    return found


def _decision(mark: Material | NotMaterial, gate: str | None) -> FieldDecision:
    if isinstance(mark, NotMaterial):
        return FieldDecision(False, None, mark.power, mark.shown)
    return FieldDecision(True, gate, GUARDED if gate is not None else mark.power, mark.shown)


def _marks(model: type[BaseModel]) -> Mapping[str, Material | NotMaterial | None]:
    return {
        info.alias or name: next((mark for mark in info.metadata if isinstance(mark, Material | NotMaterial)), None)
        for name, info in model.model_fields.items()
    }
