"""Defines the freeze: a time in which changes of a certain scope may not happen unless an exception is granted."""

from __future__ import annotations

from typing import Annotated, ClassVar

from itsm_as_code.domain.condition import Condition
from itsm_as_code.domain.kinds.base import Registered
from itsm_as_code.domain.kinds.policy import Seat
from itsm_as_code.domain.kinds.types import (
    SHOWN,
    UNSEEN,
    Instant,
    Line,
    Slug,
    Text,
    describe,
)


class Freeze(Registered):
    """In a freeze, changes of a certain scope may not happen unless an exception is granted."""

    KIND: ClassVar[str] = "freeze"

    id: Annotated[Slug, UNSEEN] = describe("Write the freeze's id.")
    title: Annotated[Line, SHOWN] = describe("Write what the freeze is called.")
    scope: Annotated[Condition, UNSEEN] = describe(
        "Write the condition for the changes that the freeze stops. {} stops all changes."
    )
    from_: Annotated[Instant, SHOWN] = describe("Write the instant at which the freeze begins.", alias="from")
    until: Annotated[Instant, SHOWN] = describe(
        "Write the instant at which the freeze ends. Changes may happen from this instant on."
    )
    reason: Annotated[Text, SHOWN] = describe("Say why nothing may change. People whose changes are stopped read this.")
    exceptions: Annotated[tuple[Seat, ...], UNSEEN] = describe(
        "List the seats that grant an exception, at the gate `exception/<this id>`. Without any, nobody can.",
        default=(),
    )
