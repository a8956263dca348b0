"""Family SCD: checks the windows of changes and freezes, and the shifts of teams."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, time
from typing import Any

from itsm_as_code.checks.registry import Context, record_check, rule
from itsm_as_code.domain.approval.debts import REACH
from itsm_as_code.domain.approval.work import work_began, work_done
from itsm_as_code.domain.finding import Spot
from itsm_as_code.domain.ids import ticket_day
from itsm_as_code.domain.instants import write_instant
from itsm_as_code.domain.rule import Severity

WINDOW_REVERSED = rule(
    "SCD001", "window-ends-before-it-starts",
    why="A window that ends before it starts is never open, so the work has no time and no conflict is found.",
    fix="Swap or correct the two instants.",
)  # fmt: skip
WINDOW_TOO_FAR = rule(
    "SCD002", "window-beyond-180-days",
    why="Conflicts are searched among ids of the last 180 days, so a window must end within 180 days of the id's date.",
    fix="Create a new change closer to its window.",
)  # fmt: skip
WINDOW_PASSED = rule(
    "SCD003", "window-has-passed",
    severity=Severity.WARNING,
    why="The window of this scheduled change is over. Either the work was not recorded, or it was not done.",
    fix="Record what happened (`itsm implement`, `itsm close`), cancel the change, or give it another window.",
)  # fmt: skip
SHIFTS_OVERLAP = rule(
    "SCD004", "shifts-out-of-order",
    why="One person at a time is the first on call, so shifts are listed in order of time and do not overlap.",
    fix="Put the shifts in order, and let each begin when the one before ends.",
)  # fmt: skip
WORK_OUTSIDE = rule(
    "SCD005", "work-outside-window",
    severity=Severity.WARNING,
    why="The window was agreed. Nobody agreed to work outside it. The timeline says when work began and was done.",
    fix="Say why in `outcome.notes`. If it really was another time, say when in `outcome.started_at` or `ended_at`.",
)  # fmt: skip


@record_check(WINDOW_REVERSED, "change", "freeze")
def window_ends_before_it_starts(record: Any, _: Context) -> Iterator[Spot]:
    """Finds windows of changes and freezes that do not end after they start."""
    if record.KIND == "freeze":
        if record.until <= record.from_:
            yield Spot("`until` is not after `from`", ("until",))
    elif record.window is not None and record.window.end <= record.window.start:
        yield Spot("`end` is not after `start`", ("window", "end"))


@record_check(WINDOW_TOO_FAR, "change")
def window_beyond_reach(change: Any, _: Context) -> Iterator[Spot]:
    """Finds windows that end more than 180 days after the date in the id."""
    if change.window is None:
        return
    named = ticket_day(change.id)
    if named is not None and change.window.end - datetime.combine(named, time.min, UTC) > REACH:
        yield Spot(f"the window ends more than 180 days after {named}, the date in the id", ("window", "end"))


@record_check(WINDOW_PASSED, "change")
def window_has_passed(change: Any, ctx: Context) -> Iterator[Spot]:
    """Finds scheduled changes whose window is over."""
    if change.state == "scheduled" and change.window is not None and change.window.end <= ctx.now:
        yield Spot(
            f"the change is scheduled, but the window ended at {write_instant(change.window.end)}", ("window", "end")
        )


@record_check(SHIFTS_OVERLAP, "team")
def shifts_out_of_order(team: Any, _: Context) -> Iterator[Spot]:
    """Finds shifts that do not end after they start, or that begin before the shift above has ended."""
    if team.on_call is None:
        return
    previous = None
    for index, shift in enumerate(team.on_call.shifts):
        if shift.until <= shift.from_:
            yield Spot("`until` is not after `from`", ("on_call", "shifts", index, "until"))
        elif previous is not None and shift.from_ < previous.until:
            yield Spot("the shift begins before the one above it ends", ("on_call", "shifts", index, "from"))
        previous = shift


@record_check(WORK_OUTSIDE, "change")
def work_outside_window(change: Any, _: Context) -> Iterator[Spot]:
    """Finds actual times outside the window if `outcome.notes` does not explain them.

    Where the outcome names no times, those of the timeline count. Emergencies may begin at any time.
    """
    window, outcome = change.window, change.outcome
    if window is None or change.type == "emergency" or (outcome is not None and outcome.notes is not None):
        return
    began, done = work_began(change), work_done(change)
    for key, instant in (("started_at", began), ("ended_at", done)):
        written = getattr(outcome, key, None)
        if written is not None and not window.start <= written <= window.end:
            yield Spot(f"{write_instant(written)} is outside the window", ("outcome", key))
        elif written is None and instant is not None and not window.start <= instant <= window.end:
            place = next(index for index, entry in enumerate(change.timeline) if entry.at == instant)
            yield Spot(f"{write_instant(instant)} is outside the window", ("timeline", place, "at"))


RULES = (WINDOW_REVERSED, WINDOW_TOO_FAR, WINDOW_PASSED, SHIFTS_OVERLAP, WORK_OUTSIDE)
CHECKS = (
    window_ends_before_it_starts, window_beyond_reach, window_has_passed, shifts_out_of_order, work_outside_window,
)  # fmt: skip
