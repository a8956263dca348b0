"""From a walked cycle to its verdict: state, due time and thresholds."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from itsm_as_code.domain.calendars.open_times import NoWorkingTime, OpenTimes
from itsm_as_code.domain.calendars.zone import at_epoch
from itsm_as_code.domain.clocks.status import ClockState, Cycle, Leg, Phase, Threshold

if TYPE_CHECKING:
    from itsm_as_code.domain.instants import Duration

_ENDED = (Phase.STOPPED, Phase.CANCELLED)


def close_cycle(
    hours: OpenTimes,
    phase: Phase,
    *,
    started: int,
    now: int,
    elapsed: int,
    target: int | None,
    duration: Duration | None,
    priority: str | None,
    named_due: int | None,
    legs: tuple[Leg, ...],
    one_target: bool,
    warn_at: tuple[int, ...],
) -> Cycle:
    """The cycle as it stands at `now` (seconds since 1970) in `phase`.

    `one_target`: all legs are judged by the last target (retroactive), else each by its own.
    `named_due` is the due time in business days where nothing has moved it.
    """
    state = _state(phase, elapsed, target, warn_at)
    due, note = None, None
    if target is not None:
        judged = target if one_target else None
        due = named_due if named_due is not None else _reached(hours, legs, 100, judged)
        if due is None and phase in (Phase.RUNNING, Phase.STOPPED):
            due, note = _projected(hours, _stopped(legs, now), target - elapsed)
    return Cycle(
        state=state,
        started_at=at_epoch(started),
        stopped_at=at_epoch(_stopped(legs, now)) if phase in _ENDED else None,
        elapsed_seconds=elapsed,
        paused_seconds=sum(hours.working_s(leg.start, leg.end) for leg in legs if leg.phase is Phase.PAUSED),
        target_seconds=target,
        duration=duration,
        priority=priority,
        due_at=None if due is None or state is ClockState.PAUSED else at_epoch(due),
        warnings=tuple(_warnings(hours, phase, legs, warn_at, target, elapsed, now, one_target)),
        legs=legs,
        note=note,
    )


def _state(phase: Phase, elapsed: int, target: int | None, warn_at: tuple[int, ...]) -> ClockState:
    """Exactly at the target is not breached; what is breached stays so when it pauses or is cancelled."""
    if target is None:
        return ClockState.NO_TARGET
    if elapsed > target:
        return ClockState.BREACHED
    match phase:
        case Phase.STOPPED:
            return ClockState.MET
        case Phase.CANCELLED:
            return ClockState.CANCELLED
        case Phase.PAUSED:
            return ClockState.PAUSED
        case Phase.RUNNING:
            reached = any(elapsed >= _share(target, percent) for percent in warn_at)
            return ClockState.AT_RISK if reached else ClockState.RUNNING


def _share(target: int, percent: int) -> int:
    """That many percent of the target, rounded up to the second."""
    return -(-target * percent // 100)


def _reached(hours: OpenTimes, legs: Iterable[Leg], percent: int, judged: int | None) -> int | None:
    """The first instant at which that share of the target was used, or None."""
    for leg in legs:
        target = leg.target if judged is None else judged
        if leg.phase is not Phase.RUNNING or target is None:
            continue
        wanted = _share(target, percent) - leg.base
        if wanted <= leg.worked:
            return hours.due_s(leg.start, max(0, wanted))
    return None


def _projected(hours: OpenTimes, start: int, seconds: int) -> tuple[int | None, str | None]:
    try:
        return hours.due_s(start, seconds), None
    except NoWorkingTime as error:
        return None, error.message


def _stopped(legs: tuple[Leg, ...], now: int) -> int:
    """When the clock stopped for the last time, where its last ended leg began; `now` where it has not."""
    stop = now
    for leg in reversed(legs):
        if leg.phase not in _ENDED:
            break
        stop = leg.start
    return stop


def _warnings(
    hours: OpenTimes,
    phase: Phase,
    legs: tuple[Leg, ...],
    warn_at: tuple[int, ...],
    target: int | None,
    elapsed: int,
    now: int,
    one_target: bool,
) -> Iterable[Threshold]:
    if target is None:
        return
    for percent in warn_at:
        reached = _reached(hours, legs, percent, target if one_target else None)
        expected = None
        if reached is None and phase is Phase.RUNNING:
            expected, _ = _projected(hours, now, _share(target, percent) - elapsed)
        yield Threshold(
            percent,
            None if reached is None else at_epoch(reached),
            None if expected is None else at_epoch(expected),
        )
