"""Change model: a pre-authorised standard change with a fixed plan (ITIL 4)."""

from __future__ import annotations

from typing import ClassVar

from itsm_as_code.domain.condition import Condition
from itsm_as_code.domain.kinds.base import Part, Registered
from itsm_as_code.domain.kinds.change import Plan, RiskLevel
from itsm_as_code.domain.kinds.types import Day, Line, ServiceRef, Slug, Text, Whole, describe


class SuccessRecord(Part):
    """What a change must have shown as a normal one before it became standard."""

    successful_changes: Whole = describe("How many successful normal changes of this sort.", ge=1, le=1000)


class ChangeModel(Registered):
    """A change that is authorised once and for all, within its bounds."""

    KIND: ClassVar[str] = "change-model"

    id: Slug = describe("The model's id.")
    title: Line = describe("What sort of change it is.")
    description: Text | None = describe("When to use it; Markdown.", default=None)
    services: tuple[ServiceRef, ...] = describe("Services that it may be used for; none means all.", default=())
    allows: Condition | None = describe("What a change of this model may look like.", default=None)
    plan: Plan = describe("The plan that every such change follows.")
    risk: RiskLevel = describe("The risk that was accepted with the model.", default=RiskLevel.LOW)
    success_record: SuccessRecord | None = describe("The success it had to show before.", default=None)
    valid_until: Day | None = describe("The last day on which it may be used.", default=None)
