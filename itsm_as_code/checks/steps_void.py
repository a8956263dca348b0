"""Family LIF for `void` in a step: checks when an entry that is on base may still be taken back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from itsm_as_code.checks.registry import StepContext, change_check, rule
from itsm_as_code.domain.approval.gates import BEYOND
from itsm_as_code.domain.finding import Spot
from itsm_as_code.domain.instants import write_instant
from itsm_as_code.domain.kind_rows import TICKETS
from itsm_as_code.domain.kinds.change import Change, ChangeType
from itsm_as_code.domain.kinds.ticket import Ticket
from itsm_as_code.domain.lifecycle import LIFECYCLES
from itsm_as_code.domain.step import RecordChange
from itsm_as_code.domain.timelines import new_entries, voided_since

VOID_WITHIN = timedelta(minutes=10)
"""How long after it landed an entry may still be taken back."""

VOID_TOO_LATE = rule(
    "LIF035", "void-too-late",
    why="An entry that landed is what others have acted on. Only a slip of the last ten minutes may be taken back; the "
    "times that people write into entries do not matter.",
    fix="Remove the `void`, and add an entry that says what is right now.",
)  # fmt: skip
VOID_OF_DECIDED_STATE = rule(
    "LIF036", "void-of-decided-state",
    why="Gates, reviews and reports rest on when a record entered and left these states. A `void` would change that "
    "afterwards, without anybody who decides on it.",
    fix="Remove the `void`, and take the next step of the lifecycle instead: docs/lifecycles.md shows them all.",
)  # fmt: skip
COUNTS_AGAIN = rule(
    "LIF037", "void-entry-counts-again",
    why="What was taken back stays taken back. An entry that is put before a `void` must not draw it away from the "
    "entry that it named.",
    fix="Give the new entry an instant of its own, or put it after the `void`.",
)  # fmt: skip

BORN_VOID = rule(
    "LIF051", "void-before-it-landed",
    why="Reviews of emergencies are due from when work began, also if that was taken back. An entry that never counted "
    "on the protected branch, so that nobody decided on it, must not make one due.",
    fix="Remove the entry and its `void`: neither has landed, so nothing is lost.",
)  # fmt: skip
_STAYS = "Create a new change: what is on base stays there."


@change_check(VOID_OF_DECIDED_STATE, *TICKETS)
def void_of_decided_state(change: RecordChange, _: StepContext) -> Iterator[Spot]:
    """Finds entries of base that entered or left a gated or a final state, and that the step makes void."""
    for index in _made_void(change):
        decided = _decided(change, index)
        if decided is not None:
            yield Spot(f"the entry of {_at(change, index)} {decided}, and it is on base", ("timeline",))


@change_check(VOID_TOO_LATE, *TICKETS)
def void_too_late(change: RecordChange, ctx: StepContext) -> Iterator[Spot]:
    """Finds other entries that landed more than ten minutes ago by the clock of the check, and become void."""
    for index in _made_void(change):
        landed = ctx.step.landed.get((change.path, index))
        if _decided(change, index) is None and (landed is None or ctx.now - landed > VOID_WITHIN):
            when = f"landed at {write_instant(landed)}" if landed is not None else "landed at an unknown time"
            yield Spot(f"the entry of {_at(change, index)} {when}, more than ten minutes ago", ("timeline",))


@change_check(COUNTS_AGAIN, *TICKETS)
def void_entry_counts_again(change: RecordChange, _: StepContext) -> Iterator[Spot]:
    """Finds entries that are void on base and count on head."""
    for index, void in voided_since(change):
        if not void:
            yield Spot(f"the entry of {_at(change, index)} is void on base and would count again", ("timeline",))


@change_check(BORN_VOID, "change")
def void_before_it_landed(change: RecordChange, _: StepContext) -> Iterator[Spot]:
    """Finds entries by which an emergency enters a state at or past its gate, and which were void when they landed.

    They may land in this step, or have landed while the change was of another type.
    """
    head, base = (side.record if side else None for side in (change.head, change.base))
    if not isinstance(head, Change) or head.type != ChangeType.EMERGENCY or head.imported is not None:
        return
    fresh, past = new_entries(change), _past_gates(change.kind)
    was_one = isinstance(base, Change) and base.type == ChangeType.EMERGENCY
    for index in sorted(head.voided & fresh if was_one else head.voided):
        entry = head.timeline[index]
        if entry.state in past:
            what = f"the entry of {write_instant(entry.at)} enters {entry.state} and is taken back before it landed"
            yield Spot(what, ("timeline", index, "state"), help="" if index in fresh else _STAYS)


def _made_void(change: RecordChange) -> Iterator[int]:
    return (index for index, void in voided_since(change) if void)


def _past_gates(kind: str) -> frozenset[str]:
    """Returns the states at or past a gate."""
    return frozenset(state for states in BEYOND.get(kind, {}).values() for state in states)


def _decided_states(kind: str) -> frozenset[str]:
    """Returns the states at or past a gate, and the final states."""
    return _past_gates(kind) | frozenset(LIFECYCLES[kind].final)


def _decided(change: RecordChange, index: int) -> str | None:
    """Returns which gated or final state an entry of base entered or left, or None.

    If the record can't be read on base, its entries may have entered any state.
    """
    ticket: Any = change.base.record if change.base else None
    if not isinstance(ticket, Ticket):
        return "may have entered any state"
    decided, entered = _decided_states(change.kind), ticket.timeline[index].state
    before = [entry.state for place, entry in enumerate(ticket.timeline[:index]) if place not in ticket.voided]
    left = next((state for state in reversed(before) if state is not None), None)
    if entered in decided:
        return f"entered {entered}"
    return f"left {left}" if entered is not None and left in decided else None


def _at(change: RecordChange, index: int) -> str:
    ticket: Any = change.base.record if change.base else None
    return write_instant(ticket.timeline[index].at) if isinstance(ticket, Ticket) else "?"


RULES = (VOID_TOO_LATE, VOID_OF_DECIDED_STATE, COUNTS_AGAIN, BORN_VOID)
CHECKS = (void_too_late, void_of_decided_state, void_entry_counts_again, void_before_it_landed)
