"""TIM: times that can't be, or that need a second look. Windows are the schedule's (SCD)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from itsm_as_code.checks.registry import Context, record_check, rule
from itsm_as_code.domain.finding import FieldPath, Spot
from itsm_as_code.domain.ids import ticket_day
from itsm_as_code.domain.instants import write_instant
from itsm_as_code.domain.rule import Severity

if TYPE_CHECKING:
    from itsm_as_code.domain.kinds.ticket import Ticket

TICKETS = ("incident", "change", "problem", "request")
SKEW = timedelta(minutes=5)
_DAY = timedelta(days=1)
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)

OUT_OF_ORDER = rule(
    "TIM001", "timeline-out-of-order",
    why="The state and all clocks follow the timeline from top to bottom, so it stands in the order of `at`.",
    fix="Move the entry to its place in time; `itsm note --when` puts a late entry where it belongs.",
)  # fmt: skip
IN_THE_FUTURE = rule(
    "TIM002", "entry-in-the-future",
    why="What has not happened yet can't be recorded; a clock that is wrong makes every figure wrong.",
    fix="Correct the instant, or the clock of the machine that wrote it.",
)  # fmt: skip
RECORDED_BEFORE = rule(
    "TIM003", "recorded-before-it-happened",
    why="Nobody can write down what has yet to happen.",
    fix="Correct `at` or `recorded`; leave `recorded` out where it was written down at once.",
)  # fmt: skip
ENDS_FIRST = rule(
    "TIM004", "ends-before-it-starts",
    why="Durations are computed from these instants.",
    fix="Exchange or correct the two instants.",
)  # fmt: skip
ID_DATE = rule(
    "TIM005", "id-date-differs-from-birth",
    severity=Severity.WARNING,
    why="The date in the id says in which month's folder the record is looked for.",
    fix="Correct the first entry's `at`, or make the record anew with `itsm new` before it lands.",
)  # fmt: skip
IMPLAUSIBLE = rule(
    "TIM006", "implausible-instant",
    severity=Severity.WARNING,
    why="A year such as 1970 or 0001 is what a program writes that knew no better.",
    fix="Correct the instant, or leave the field out.",
)  # fmt: skip


@record_check(OUT_OF_ORDER, *TICKETS)
def timeline_out_of_order(ticket: Ticket, _: Context) -> Iterator[Spot]:
    """Entries that happened before the one above them."""
    latest = None
    for index, entry in enumerate(ticket.timeline):
        if latest is not None and entry.at < latest:
            yield Spot(
                f"{write_instant(entry.at)} is before the entry above it, of {write_instant(latest)}",
                ("timeline", index, "at"),
            )
        latest = entry.at if latest is None or entry.at > latest else latest


@record_check(IN_THE_FUTURE, *TICKETS)
def entry_in_the_future(ticket: Ticket, ctx: Context) -> Iterator[Spot]:
    """Entries more than five minutes ahead of the clock of the check."""
    limit = ctx.now + SKEW
    for index, entry in enumerate(ticket.timeline):
        redacted = entry.redacted.at if entry.redacted is not None else None
        for instant, *key in ((entry.at, "at"), (entry.recorded, "recorded"), (redacted, "redacted", "at")):
            if instant is not None and instant > limit:
                message = f"{write_instant(instant)} is in the future (now {write_instant(ctx.now)})"
                yield Spot(message, ("timeline", index, *key))


@record_check(RECORDED_BEFORE, *TICKETS)
def recorded_before_it_happened(ticket: Ticket, _: Context) -> Iterator[Spot]:
    """`recorded` earlier than `at`."""
    if "recorded" not in ticket.told:
        return
    for index, entry in enumerate(ticket.timeline):
        if entry.recorded is not None and entry.recorded < entry.at:
            yield Spot("recorded before it happened", ("timeline", index, "recorded"))


def _pair(record: Any, first: str, second: str, field: FieldPath) -> Iterator[Spot]:
    start, end = getattr(record, first, None), getattr(record, second, None)
    if start is not None and end is not None and end < start:
        yield Spot(f"`{second}` is before `{first}`", field)


@record_check(ENDS_FIRST, "incident", "change", "person")
def ends_before_it_starts(record: Any, _: Context) -> Iterator[Spot]:
    """Pairs of instants in the wrong order."""
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
    """The UTC date in the id against the day on which the first entry was made, give or take a day."""
    first, named = ticket.timeline[0], ticket_day(ticket.id)
    happened = first.at.astimezone(UTC).date()
    if named is None or abs(named - happened) <= _DAY:
        return
    written = (first.recorded or first.at).astimezone(UTC).date()
    if abs(named - written) > _DAY:
        yield Spot(f"the id names {named}, the first entry is of {min(happened, written)}", ("timeline", 0, "at"))


@record_check(IMPLAUSIBLE, *TICKETS)
def implausible_instant(ticket: Ticket, _: Context) -> Iterator[Spot]:
    """Instants before 1990."""
    for index, entry in enumerate(ticket.timeline):
        if entry.at < EARLIEST:
            yield Spot(f"{write_instant(entry.at)} is implausible", ("timeline", index, "at"))


RULES = (OUT_OF_ORDER, IN_THE_FUTURE, RECORDED_BEFORE, ENDS_FIRST, ID_DATE, IMPLAUSIBLE)
CHECKS = (
    timeline_out_of_order, entry_in_the_future, recorded_before_it_happened, ends_before_it_starts,
    id_date_differs_from_birth, implausible_instant,
)  # fmt: skip
