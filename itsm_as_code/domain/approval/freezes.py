"""Finds the freezes of base that cover a change. Each adds a gate `exception/<freeze>` with the freeze's seats."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from itsm_as_code.domain.approval.gates import began, went_past
from itsm_as_code.domain.approval.question import EXCEPTION
from itsm_as_code.domain.approval.rule_names import FREEZE, rule_of_record
from itsm_as_code.domain.approval.rules import fields_for
from itsm_as_code.domain.condition import ConditionError, compile_condition
from itsm_as_code.domain.kinds.freeze import Freeze
from itsm_as_code.domain.kinds.policy import PolicyRule

if TYPE_CHECKING:
    from itsm_as_code.domain.kinds.change import Change
    from itsm_as_code.domain.snapshot import Snapshot


def freezes_over(
    change: Change, facts: Mapping[str, Any], base: Snapshot, now: datetime, *, begins: bool = False
) -> Iterator[Freeze]:
    """Yields the active freezes of base that overlap the time of the change and whose scope covers it.

    A window may begin at the instant when a freeze ends. A freeze whose scope can't be decided is included. `begins`
    says that work begins in this step; that time counts too, because it may be outside the window.
    """
    times = [_time_of(change, now), *([_until(began(change), now)] if begins else [])]
    for freeze in base.all(Freeze):
        meets = any(start < freeze.until and freeze.from_ < end for start, end in times)
        if freeze.state == "active" and meets and _covers(freeze, facts) is not False:
            yield freeze


def _time_of(change: Change, now: datetime) -> tuple[datetime, datetime]:
    """Returns the window. An emergency may have none; then it returns the time from its gate until now."""
    if change.window is not None:
        return change.window.start, change.window.end
    return _until(went_past(change), now)


def _until(since: datetime | None, now: datetime) -> tuple[datetime, datetime]:
    """Returns the time from an instant of the timeline until now, including now."""
    return min(since or now, now), now + datetime.resolution


def exception_rules(gate: str, base: Snapshot) -> dict[str, PolicyRule]:
    """Returns the rule for exceptions from a freeze under the name `freeze/<id>`, or {} if none are allowed."""
    freeze = base.find(Freeze, gate.removeprefix(EXCEPTION))
    if freeze is None or not freeze.exceptions:
        return {}
    return {rule_of_record(FREEZE, freeze.id): PolicyRule(id=freeze.id, seats=freeze.exceptions)}


def same_terms(gate: str, then: Snapshot, now: Snapshot) -> bool:
    """Tells whether the freeze of a gate `exception/<freeze>` asks for the same in two snapshots: of the same people,
    for the same changes, in the same time. For other gates it returns True, because no freeze decides there."""
    if not gate.startswith(EXCEPTION):
        return True
    found = (snapshot.find(Freeze, gate.removeprefix(EXCEPTION)) for snapshot in (then, now))
    before, after = (freeze and (freeze.state, freeze.scope, freeze.from_, freeze.until, freeze.exceptions)
                     for freeze in found)  # fmt: skip
    return before == after


def exception_faults(change: Change, gate: str, facts: Mapping[str, Any], base: Snapshot) -> Iterator[str]:
    """Yields the reasons why nobody can grant the exception."""
    freeze = base.find(Freeze, gate.removeprefix(EXCEPTION))
    if freeze is None:
        yield f"there is no freeze {gate.removeprefix(EXCEPTION)} at base"
        return
    if not freeze.exceptions:
        yield f"the freeze {freeze.id} allows no exception: move the window"
    if change.freeze_exception is None:
        yield f"it is in the freeze {freeze.id}: move the window, or say in `freeze_exception` why it can't wait"
    if _covers(freeze, facts) is None:
        yield f"it can't be decided whether the freeze {freeze.id} covers the change"


def _covers(freeze: Freeze, facts: Mapping[str, Any]) -> bool | None:
    """Tells whether the scope covers the change. Returns None if that can't be decided."""
    try:
        return compile_condition(freeze.scope, fields_for("change")).matches(facts)
    except ConditionError:
        return None
