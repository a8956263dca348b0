"""Family TIM: finds impossible and implausible times. Family SCD checks windows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from itsm_as_code.checks.registry import Context, record_check, rule
from itsm_as_code.domain.finding import FieldPath, Spot
from itsm_as_code.domain.ids import ticket_day
from itsm_as_code.domain.instants import CLOCK_TOLERANCE, write_instant
from itsm_as_code.domain.kind_rows import TICKETS
from itsm_as_code.domain.remember import cache_last
from itsm_as_code.domain.rule import Severity

if TYPE_CHECKING:
    from itsm_as_code.domain.kinds.ticket import Ticket

_DAY = timedelta(days=1)
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)

OUT_OF_ORDER = rule(
    "TIM001", "timeline-out-of-order",
    why="The state and all clocks are computed from top to bottom, so the entries must be in the order of `at`.",
    fix="Move the entry to its place in time. `itsm note --when` puts a late entry in the right place.",
)  # fmt: skip
IN_THE_FUTURE = rule(
    "TIM002", "entry-in-the-future",
    why="An event that has not happened yet can't be recorded. A wrong clock makes all figures wrong.",
    fix="Correct the instant, or the clock of the machine that wrote it.",
)  # fmt: skip
RECORDED_BEFORE = rule(
    "TIM003", "recorded-before-it-happened",
    why="Nobody can record an event before it happens.",
    fix="Correct `at` or `recorded`. Leave out `recorded` if the event was recorded at once.",
)  # fmt: skip
ENDS_FIRST = rule(
    "TIM004", "ends-before-it-starts",
    why="Durations are computed from these instants and would be negative.",
    fix="Swap or correct the two instants.",
)  # fmt: skip
ID_DATE = rule(
    "TIM005", "id-date-differs-from-birth",
    severity=Severity.WARNING,
    why="The date in the id decides the folder of the record, so it should be the day of the first entry.",
    fix="Correct `at` of the first entry, or create the record again with `itsm new` before it lands.",
)  # fmt: skip
IMPLAUSIBLE = rule(
    "TIM006", "implausible-instant",
    severity=Severity.WARNING,
    why="A year such as 1970 or 0001 often comes from a program that did not know the real time.",
    fix="Correct the instant, or leave out the field.",
)  # fmt: skip


@cache_last
def _extremes(ticket: Ticket) -> tuple[datetime, datetime]:
    """Returns the earliest and the latest `at` of the timeline, which need not be in order."""
    instants = [entry.at for entry in ticket.timeline]
    return min(instants), max(instants)


@record_check(OUT_OF_ORDER, *TICKETS)
def timeline_out_of_order(ticket: Ticket, _: Context) -> Iterator[Spot]:
    """Finds entries that happened before an entry above them."""
    latest = ticket.timeline[0].at
    for index, entry in enumerate(ticket.timeline):
        if entry.at > latest:
            latest = entry.at
        elif entry.at != latest:
            yield Spot(
                f"{write_instant(entry.at)} is before the entry above it, of {write_instant(latest)}",
                ("timeline", index, "at"),
            )


@record_check(IN_THE_FUTURE, *TICKETS)
def entry_in_the_future(ticket: Ticket, ctx: Context) -> Iterator[Spot]:
    """Finds instants more than five minutes later than the present time."""
    limit = ctx.now + CLOCK_TOLERANCE
    if _extremes(ticket)[1] <= limit and ticket.told.isdisjoint(("recorded", "redacted")):
        return
    for index, entry in enumerate(ticket.timeline):
        redacted = entry.redacted.at if entry.redacted is not None else None
        for instant, *key in ((entry.at, "at"), (entry.recorded, "recorded"), (redacted, "redacted", "at")):
            if instant is not None and instant > limit:
                message = f"{write_instant(instant)} is in the future (now {write_instant(ctx.now)})"
                yield Spot(message, ("timeline", index, *key))


@record_check(RECORDED_BEFORE, *TICKETS)
def recorded_before_it_happened(ticket: Ticket, _: Context) -> Iterator[Spot]:
    """Finds entries whose `recorded` is earlier than `at`."""
    if "recorded" not in ticket.told:
        return
    for index, entry in enumerate(ticket.timeline):
        if entry.recorded is not None and entry.recorded < entry.at:
            yield Spot("`recorded` is before `at`", ("timeline", index, "recorded"))


def _pair(record: Any, first: str, second: str, field: FieldPath) -> Iterator[Spot]:
    start, end = getattr(record, first, None), getattr(record, second, None)
    if start is not None and end is not None and end < start:
        yield Spot(f"`{second}` is before `{first}`", field)


@record_check(ENDS_FIRST, "incident", "change", "person")
def ends_before_it_starts(record: Any, _: Context) -> Iterator[Spot]:
    """Finds pairs of instants in the wrong order."""
    if record.KIND == "incident":
        yield from _pair(record, "started_at", "detected_at", ("detected_at",))
    elif record.KIND == "change" and record.outcome is not None:
        yield from _pair(record.outcome, "started_at", "ended_at", ("outcome", "ended_at"))
    elif record.KIND == "person":
        for index, key in enumerate(record.keys):
            yield from _pair(key, "valid_from", "valid_until", ("keys", index, "valid_until"))
        if record.delegate is not None and record.delegate.until <= record.delegate.from_:
            yield Spot("`until` is not after `from`", ("delegate", "until"))


@record_check(ID_DATE, *TICKETS)
def id_date_differs_from_birth(ticket: Ticket, _: Context) -> Iterator[Spot]:
    """Compares the UTC date in the id with the day of the first entry. One day of difference is allowed."""
    first, named = ticket.timeline[0], ticket_day(ticket.id)
    happened = first.at.astimezone(UTC).date()
    if named is None or abs(named - happened) <= _DAY:
        return
    written = (first.recorded or first.at).astimezone(UTC).date()
    if abs(named - written) > _DAY:
        yield Spot(f"the id names {named}, but the first entry is of {min(happened, written)}", ("timeline", 0, "at"))


@record_check(IMPLAUSIBLE, *TICKETS)
def implausible_instant(ticket: Ticket, _: Context) -> Iterator[Spot]:
    """Finds entries before 1990."""
    if _extremes(ticket)[0] >= EARLIEST:
        return
    for index, entry in enumerate(ticket.timeline):
        if entry.at < EARLIEST:
            yield Spot(f"{write_instant(entry.at)} is implausible", ("timeline", index, "at"))


RULES = (OUT_OF_ORDER, IN_THE_FUTURE, RECORDED_BEFORE, ENDS_FIRST, ID_DATE, IMPLAUSIBLE)
CHECKS = (
    timeline_out_of_order, entry_in_the_future, recorded_before_it_happened, ends_before_it_starts,
    id_date_differs_from_birth, implausible_instant,
)  # fmt: skip
