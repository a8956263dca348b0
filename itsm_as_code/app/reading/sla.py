"""`itsm sla status` and `itsm explain REF sla`: compute the status of the promises of a workspace."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from itsm_as_code.app.checkout.checkout import Checkout
from itsm_as_code.app.records.lookup import find
from itsm_as_code.domain.clocks.itemise import Interval, intervals_of
from itsm_as_code.domain.clocks.sla_status import SlaBook, SlaStatus
from itsm_as_code.domain.clocks.status import ClockState, ClockStatus
from itsm_as_code.domain.condition.fields import NUMBER
from itsm_as_code.domain.errors import UsageFault
from itsm_as_code.domain.kinds.calendar import Calendar
from itsm_as_code.domain.kinds.request import Request
from itsm_as_code.domain.kinds.request_item import RequestItem
from itsm_as_code.domain.kinds.service import Service
from itsm_as_code.domain.kinds.sla import Sla
from itsm_as_code.domain.lifecycle import LIFECYCLES
from itsm_as_code.domain.snapshot import Snapshot
from itsm_as_code.domain.wording import with_article

if TYPE_CHECKING:
    from itsm_as_code.domain.kinds.ticket import Ticket

KINDS_WITH_CLOCKS = ("incident", "request", "problem")
MOST_PRESSING_FIRST = (
    ClockState.BREACHED, ClockState.AT_RISK, ClockState.RUNNING, ClockState.PAUSED, ClockState.NOT_STARTED,
    ClockState.NO_TARGET, ClockState.MET, ClockState.CANCELLED,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ClockRow:
    """One clock of one ticket."""

    ticket: Ticket
    agreement: SlaStatus
    clock: ClockStatus

    @property
    def urgency(self) -> tuple[Any, ...]:
        """Returns the sort key for the most urgent clock first: by state, then by due time."""
        cycle = self.clock.current
        due = cycle.due_at.timestamp() if cycle and cycle.due_at else float("inf")
        return (MOST_PRESSING_FIRST.index(self.clock.state), due, self.ticket.id, self.clock.target)


def book_of(snapshot: Snapshot) -> SlaBook:
    """The SLAs and calendars of a snapshot, compiled."""
    return SlaBook(snapshot.all(Sla), snapshot.all(Calendar), {"tier": NUMBER.or_unset()})


def statuses(snapshot: Snapshot, book: SlaBook, ticket: Ticket, at: datetime) -> tuple[SlaStatus, ...]:
    """Returns the SLAs that apply to a ticket, from its service's list, or from that of its request item."""
    service_id = getattr(ticket, "service", None)
    service = snapshot.find(Service, service_id) if service_id else None
    item = snapshot.find(RequestItem, ticket.item) if isinstance(ticket, Request) else None
    candidates = (item.sla,) if item is not None and item.sla else service.slas if service is not None else ()
    return book.status(ticket, at, candidates=candidates, context={"tier": service.tier if service else None})


def clock_rows(snapshot: Snapshot, tickets: Sequence[Ticket], at: datetime) -> list[ClockRow]:
    """Returns the clocks of these tickets, most urgent first. It leaves out targets that promise nothing for their
    priority."""
    book = book_of(snapshot)
    found = [
        ClockRow(ticket, status, clock)
        for ticket in tickets
        for status in statuses(snapshot, book, ticket, at)
        for clock in status.clocks
        if clock.state is not ClockState.NO_TARGET
    ]
    return sorted(found, key=lambda row: row.urgency)


@dataclass(frozen=True, slots=True)
class ClockRows:
    """Clocks, most urgent first. `unreadable` counts files that can't be read and may have clocks: tickets, and the
    SLAs, calendars and services that clocks need."""

    found: tuple[ClockRow, ...]
    unreadable: int


def sla_status(checkout: Checkout, refs: Sequence[str], *, everything: bool) -> ClockRows:
    """Returns the clocks of the named tickets, or of all open ones, or with `everything` of all."""
    snapshot = checkout.here
    chosen: list[Any] = [_ticket(snapshot, ref) for ref in refs]
    if not refs:
        every = (record for kind in KINDS_WITH_CLOCKS for record in snapshot.records(kind))
        chosen = [record for record in every if everything or not _has_ended(record)]
    found = clock_rows(snapshot, chosen, checkout.now)
    unreadable = sum(1 for _, loaded in snapshot.loaded() if loaded.record is None)
    return ClockRows(tuple(found), unreadable)


def _has_ended(ticket: Any) -> bool:
    return ticket.state in (*LIFECYCLES[ticket.KIND].final, "resolved", "fulfilled")


def _ticket(snapshot: Any, ref: str) -> Ticket:
    kind, record_id = find(snapshot, ref)
    if kind not in KINDS_WITH_CLOCKS:
        raise UsageFault(f"{with_article(kind)} has no SLA clocks", hint="incidents, requests and problems have clocks")
    record = snapshot.get(kind, record_id)
    if record is None:
        raise UsageFault(f"{record_id} can't be read", hint="itsm check")
    ticket: Ticket = record
    return ticket


def itemised(checkout: Checkout, ref: str) -> Iterator[tuple[ClockRow, tuple[Interval, ...]]]:
    """Returns every clock of one ticket, with each interval that was counted or left out, and why."""
    snapshot = checkout.here
    for row in clock_rows(snapshot, [_ticket(snapshot, ref)], checkout.now):
        cycles = (intervals_of(cycle) for cycle in row.clock.cycles)
        yield row, tuple(interval for cycle in cycles for interval in cycle)
