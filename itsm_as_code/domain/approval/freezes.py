"""Freezes of base over a change's window: each is a gate of its own, `exception/<freeze>`, with the freeze's seats."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from itsm_as_code.domain.approval.gates import began, went_past
from itsm_as_code.domain.approval.question import EXCEPTION
from itsm_as_code.domain.approval.rules import fields_for
from itsm_as_code.domain.condition import ConditionError, compile_condition
from itsm_as_code.domain.kinds.policy import PolicyRule

if TYPE_CHECKING:
    from itsm_as_code.domain.kinds.change import Change
    from itsm_as_code.domain.kinds.freeze import Freeze
    from itsm_as_code.domain.snapshot import Snapshot


def freezes_over(
    change: Change, facts: Mapping[str, Any], base: Snapshot, now: datetime, *, begins: bool = False
) -> Iterator[Freeze]:
    """The active freezes at base whose time meets the change's and whose scope is the change, or may be.

    Both are half-open: a window may begin when a freeze ends. A scope that can't be decided holds. `begins`: work
    begins in the step, which may be outside the window.
    """
    times = [_time_of(change, now), *([_until(began(change), now)] if begins else [])]
    found: Any = base.records("freeze")
    for freeze in found:
        meets = any(start < freeze.until and freeze.from_ < end for start, end in times)
        if freeze.state == "active" and meets and _covers(freeze, facts) is not False:
            yield freeze


def _time_of(change: Change, now: datetime) -> tuple[datetime, datetime]:
    """The window; without one, as emergencies may be, the time from the beginning of the work to the clock's."""
    if change.window is not None:
        return change.window.start, change.window.end
    return _until(went_past(change), now)


def _until(since: datetime | None, now: datetime) -> tuple[datetime, datetime]:
    """From an instant of the timeline to the clock's."""
    return min(since or now, now), now + datetime.resolution


def exception_rules(gate: str, base: Snapshot) -> dict[str, PolicyRule]:
    """`freeze/<id>` to the rule that the freeze makes for its exceptions; nothing where it allows none."""
    freeze: Any = base.get("freeze", gate.removeprefix(EXCEPTION))
    if freeze is None or not freeze.exceptions:
        return {}
    return {f"freeze/{freeze.id}": PolicyRule(id=freeze.id, seats=freeze.exceptions)}


def exception_faults(change: Change, gate: str, facts: Mapping[str, Any], base: Snapshot) -> Iterator[str]:
    """Why nobody can grant the exception."""
    freeze: Any = base.get("freeze", gate.removeprefix(EXCEPTION))
    if freeze is None:
        yield f"there is no freeze {gate.removeprefix(EXCEPTION)} at base"
        return
    if not freeze.exceptions:
        yield f"the freeze {freeze.id} allows no exception: move the window"
    if change.freeze_exception is None:
        yield f"it lies in the freeze {freeze.id}: move the window, or say in `freeze_exception` why it can't wait"
    if _covers(freeze, facts) is None:
        yield f"whether the freeze {freeze.id} is about the change can't be told"


def _covers(freeze: Freeze, facts: Mapping[str, Any]) -> bool | None:
    """Whether the scope is this change; None where that can't be decided."""
    try:
        return compile_condition(freeze.scope, fields_for("change")).matches(facts)
    except ConditionError:
        return None
