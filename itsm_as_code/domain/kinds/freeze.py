"""Freeze: a time in which changes of a certain scope don't happen unless an exception is granted."""

from __future__ import annotations

from typing import ClassVar

from itsm_as_code.domain.condition import Condition
from itsm_as_code.domain.kinds.base import Registered
from itsm_as_code.domain.kinds.policy import Seat
from itsm_as_code.domain.kinds.types import Instant, Line, Slug, Text, describe


class Freeze(Registered):
    """A time without changes."""

    KIND: ClassVar[str] = "freeze"

    id: Slug = describe("The freeze's id.")
    title: Line = describe("What it is called.")
    scope: Condition = describe("Which changes it stops: a condition on their fields; {} means all.")
    from_: Instant = describe("When it begins.", alias="from")
    until: Instant = describe("When it ends; changes may happen from this instant on.")
    reason: Text = describe("Why nothing may change; shown to those it stops.")
    exceptions: tuple[Seat, ...] = describe(
        "Who may grant an exception, by an act on the gate `exception/<this id>`; none means nobody.",
        default=(),
    )
