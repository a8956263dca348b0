"""Tells when work begins or goes on in a step, and whether it begins in the window to which people agreed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from itsm_as_code.domain.approval.gates import BEYOND, begins_work, is_past
from itsm_as_code.domain.approval.verdict import Lapse
from itsm_as_code.domain.instants import write_instant
from itsm_as_code.domain.revision import state_in

if TYPE_CHECKING:
    from datetime import datetime

    from itsm_as_code.domain.kinds.change import Change

RECORDED_WITHIN = timedelta(hours=12)
"""How long after the end of its window it may still be recorded that work began in it."""

UNDER_WAY = BEYOND["change"]["scheduled"][1:]
"""The states of a change whose work has begun."""


class Work(StrEnum):
    """In a step work begins, or it goes on after a wait."""

    BEGINS = "begins"
    GOES_ON = "goes_on"


def work_in(kind: str, base: Mapping[str, Any] | None, head: Mapping[str, Any]) -> Work | None:
    """Tells whether work begins or goes on in a step; None if it does neither.

    Work on a change begins once. Work on a request begins where it passes its gate; later entries take it up again.
    """
    if kind == "change":
        return Work.BEGINS if begins_work(base, head) else None
    if kind != "request" or base is None or not is_past(kind, "in_progress", state_in(kind, base)):
        return None
    return Work.GOES_ON if _entries_into("in_progress", head) > _entries_into("in_progress", base) else None


def _entries_into(state: str, data: Mapping[str, Any]) -> int:
    """Counts the entries that set a state. Entries that were taken back count too: they were written."""
    entries = data.get("timeline")
    return sum(isinstance(e, dict) and e.get("state") == state for e in entries) if isinstance(entries, list) else 0


def work_began(change: Change) -> datetime | None:
    """Returns when work on a change began for the last time by its timeline, or None if it has not begun."""
    began, before = None, False
    taken_back = change.voided
    for index, entry in enumerate(change.timeline):
        if entry.state is not None and index not in taken_back:
            under_way = entry.state in UNDER_WAY
            if under_way and not before:
                began = entry.at
            before = under_way
    return began if before else None


def work_done(change: Change) -> datetime | None:
    """Returns when work on a change was done by its timeline, or None. Only the state `evaluation` says it, because a
    change is often closed later than that."""
    taken_back = change.voided
    done = [e.at for i, e in enumerate(change.timeline) if e.state == "evaluation" and i not in taken_back]
    return done[-1] if done else None


def outside_window(change: Change, earliest: datetime, latest: datetime) -> Iterator[Lapse]:
    """Yields why work on a change may not begin at this time. Emergencies may begin at any time.

    The step landed between `earliest` and `latest` by the clock of the check. The instant in the entry must be in the
    window, and so must the clock, because an author can write any instant. What began in the window may be recorded a
    little later. A retrospective change was approved by people who knew that its work is done.
    """
    if change.type == "emergency":
        return
    if change.window is None:
        yield Lapse("it has no window, so nobody agreed to a time for the work", _another(change, "give it a window"))
        return
    start, end = change.window.start, change.window.end
    claimed = change.outcome.started_at if change.outcome is not None else None
    for began in (each for each in (work_began(change), claimed) if each is not None):
        if began < start:
            told = f"work began at {write_instant(began)}, before its window opens at {write_instant(start)}"
            yield Lapse(told, _another(change))
            return
        if began >= end:
            told = f"work began at {write_instant(began)}, after its window ended at {write_instant(end)}"
            yield Lapse(told, _another(change))
            return
    if latest < start:
        yield Lapse(
            f"its window opens at {write_instant(start)}, and it is {write_instant(latest)} by the clock of this check",
            _another(change, "begin when the window opens"),
        )
    elif earliest - end >= RECORDED_WITHIN and change.retrospective is None:
        hours = RECORDED_WITHIN // timedelta(hours=1)
        yield Lapse(
            f"its window ended at {write_instant(end)}, and what began in it must be recorded within {hours} hours",
            _another(change, "say in `retrospective` that the work is done already"),
        )


def window_over(change: Change, now: datetime) -> Iterator[Lapse]:
    """Yields that the window of a change whose work has not begun is over. Emergencies may begin at any time."""
    if change.type != "emergency" and change.window is not None and change.window.end <= now:
        yield Lapse(f"its window ended at {write_instant(change.window.end)}", _another(change))


def _another(change: Change, first: str = "correct the time if it is wrong") -> str:
    return f"{first}, or agree on another window: itsm revise {change.id}"
