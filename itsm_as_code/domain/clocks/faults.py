"""Finds faults of an SLA that its model can't find: conditions on fields or states that its tickets do not have."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from itsm_as_code.domain.clocks.facts import CONTEXT_FIELDS, clock_fields
from itsm_as_code.domain.clocks.rules import CONDITIONS, NEVER
from itsm_as_code.domain.condition.faults import condition_faults
from itsm_as_code.domain.condition.of_kind import fields_of_kind
from itsm_as_code.domain.finding import FieldPath, Spot
from itsm_as_code.domain.kinds import KINDS

if TYPE_CHECKING:
    from itsm_as_code.domain.condition.fields import Fields
    from itsm_as_code.domain.condition.terms import Conjunction
    from itsm_as_code.domain.kinds.sla import Sla, SlaVersion


def sla_faults(sla: Sla) -> Iterator[Spot]:
    """Yields the faults in the conditions of all versions, each once, at the place of the condition."""
    for index, version in enumerate(sla.versions):
        at: FieldPath = ("versions", index)
        yield from dict.fromkeys((*_selection(version, at), *_targets(version, at)))


def _selection(version: SlaVersion, at: FieldPath) -> Iterator[Spot]:
    if version.applies_to is not None:
        for kind in version.kinds:
            fields = {**fields_of_kind(KINDS[kind].model), **CONTEXT_FIELDS}
            yield from _spots(version.applies_to, fields, (*at, "applies_to"), f"{kind}: ")


def _targets(version: SlaVersion, at: FieldPath) -> Iterator[Spot]:
    states = [name for kind in version.kinds for name in fields_of_kind(KINDS[kind].model)["state"].choices]
    fields = clock_fields(states)
    for name, target in version.targets.items():
        for key in CONDITIONS:
            written = getattr(target, key)
            if written is not None and written != NEVER:
                yield from _spots(written, fields, (*at, "targets", name, key))


def _spots(condition: Conjunction, fields: Fields, at: FieldPath, prefix: str = "") -> Iterator[Spot]:
    for fault in condition_faults(condition, fields):
        yield Spot(f"{prefix}{fault.message}", (*at, *fault.at), fault.help)
