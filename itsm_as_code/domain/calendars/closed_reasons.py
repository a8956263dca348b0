"""Says why time is closed: which holiday, break or override. The explanations of due times use it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from itsm_as_code.domain.calendars.day_hours import Days, HoursSource, Stretch
from itsm_as_code.domain.calendars.open_times import OpenTimes

_OUTSIDE = "outside opening hours"


def closed_between(open_times: OpenTimes, start: int, end: int) -> Iterator[tuple[Stretch, str]]:
    """Yields the closed periods between two instants (seconds since 1970), in order, each with its reason.

    A reason names every holiday and override in the period with its date.
    """
    place = start
    for opens, closes in open_times.open_between_s(start, end):
        if place < opens:
            yield (place, opens), _reason(open_times.days, (place, opens))
        place = closes
    if place < end:
        yield (place, end), _reason(open_times.days, (place, end))


def _reason(days: Days | None, stretch: Stretch) -> str:
    if days is None:
        return _OUTSIDE
    first, last = days.day_at(stretch[0]), days.day_at(stretch[1] - 1)
    breaks = dict.fromkeys(
        f"break: {closed.reason}"
        for closed in days.breaks(first)
        if closed.stretch[0] <= stretch[0] and stretch[1] <= closed.stretch[1]
    )
    dates = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    plans = ((day, days.plan(day)) for day in dates)
    special = [f"{day} {plan.source}: {plan.reason}" for day, plan in plans if plan.source is not HoursSource.WEEKLY]
    return "; ".join((*breaks, *special)) or _OUTSIDE
