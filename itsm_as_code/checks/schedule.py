"""SCD: windows in order: changes, freezes, rotas."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from typing import Any

from itsm_as_code.checks.registry import Context, record_check, rule
from itsm_as_code.domain.finding import Spot
from itsm_as_code.domain.ids import ticket_day
from itsm_as_code.domain.instants import write_instant
from itsm_as_code.domain.rule import Severity

REACH = timedelta(days=180)

WINDOW_REVERSED = rule(
    "SCD001", "window-ends-before-it-starts",
    why="A window that ends before it starts is never open: nobody could do the work, and no conflict would show.",
    fix="Exchange or correct the two instants.",
)  # fmt: skip
WINDOW_TOO_FAR = rule(
    "SCD002", "window-beyond-180-days",
    why="Conflicts are looked for in the months of the last 180 days, so a change ends within 180 days of its id.",
    fix="Make a new change nearer to its window.",
)  # fmt: skip
WINDOW_PASSED = rule(
    "SCD003", "window-has-passed",
    severity=Severity.WARNING,
    why="A scheduled change whose window is over was either carried out and not recorded, or not carried out.",
    fix="Record what happened (`itsm implement`, `itsm close`), cancel it, or give it another window.",
)  # fmt: skip
SHIFTS_OVERLAP = rule(
    "SCD004", "shifts-out-of-order",
    why="Somebody must be on call, and only one person first: shifts stand in order and do not overlap.",
    fix="Put the shifts in order and let each begin where the one before ends.",
)  # fmt: skip
WORK_OUTSIDE = rule(
    "SCD005", "work-outside-window",
    severity=Severity.WARNING,
    why="The window is what was agreed; work outside it was agreed by nobody.",
    fix="Correct the actual times, or say in `outcome.notes` why the window was left.",
)  # fmt: skip


@record_check(WINDOW_REVERSED, "change", "freeze")
def window_ends_before_it_starts(record: Any, _: Context) -> Iterator[Spot]:
    """Windows of changes and freezes that end no later than they start."""
    if record.KIND == "freeze":
        if record.until <= record.from_:
            yield Spot("`until` is not after `from`", ("until",))
    elif record.window is not None and record.window.end <= record.window.start:
        yield Spot("`end` is not after `start`", ("window", "end"))


@record_check(WINDOW_TOO_FAR, "change")
def window_beyond_reach(change: Any, _: Context) -> Iterator[Spot]:
    """Windows that end more than 180 days after the date in the id."""
    if change.window is None:
        return
    named = ticket_day(change.id)
    if named is not None and change.window.end - datetime.combine(named, time.min, UTC) > REACH:
        yield Spot(f"the window ends more than 180 days after {named}, the date in the id", ("window", "end"))


@record_check(WINDOW_PASSED, "change")
def window_has_passed(change: Any, ctx: Context) -> Iterator[Spot]:
    """Scheduled changes whose window is over."""
    if change.state == "scheduled" and change.window is not None and change.window.end <= ctx.now:
        yield Spot(f"scheduled, but the window ended at {write_instant(change.window.end)}", ("window", "end"))


@record_check(SHIFTS_OVERLAP, "team")
def shifts_out_of_order(team: Any, _: Context) -> Iterator[Spot]:
    """Shifts that end before they start, or begin before the one before has ended."""
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
    """Actual times outside the window, where nothing is said about it."""
    window, outcome = change.window, change.outcome
    if window is None or outcome is None or outcome.notes is not None:
        return
    for key in ("started_at", "ended_at"):
        instant = getattr(outcome, key)
        if instant is not None and not window.start <= instant <= window.end:
            yield Spot(f"{write_instant(instant)} is outside the window", ("outcome", key))


RULES = (WINDOW_REVERSED, WINDOW_TOO_FAR, WINDOW_PASSED, SHIFTS_OVERLAP, WORK_OUTSIDE)
CHECKS = (
    window_ends_before_it_starts, window_beyond_reach, window_has_passed, shifts_out_of_order, work_outside_window,
)  # fmt: skip
