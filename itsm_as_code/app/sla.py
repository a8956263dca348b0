"""`itsm sla status` and `itsm explain REF sla`: how the promises of a workspace stand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from itsm_as_code.app.lookup import find
from itsm_as_code.app.workspace import Workspace
from itsm_as_code.domain.clocks.itemise import Interval, intervals_of
from itsm_as_code.domain.clocks.sla_status import SlaBook, SlaStatus
from itsm_as_code.domain.clocks.status import ClockState, ClockStatus
from itsm_as_code.domain.condition.fields import NUMBER
from itsm_as_code.domain.errors import UsageFault
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
class Standing:
    """One clock of one ticket."""

    ticket: Ticket
    agreement: SlaStatus
    clock: ClockStatus

    @property
    def urgency(self) -> tuple[Any, ...]:
        """Most pressing first: by state, then by what falls due first."""
        cycle = self.clock.current
        due = cycle.due_at.timestamp() if cycle and cycle.due_at else float("inf")
        return (MOST_PRESSING_FIRST.index(self.clock.state), due, self.ticket.id, self.clock.target)


def book_of(snapshot: Snapshot) -> SlaBook:
    """The SLAs and calendars of a snapshot, compiled."""
    slas: Any = snapshot.records("sla")
    calendars: Any = snapshot.records("calendar")
    return SlaBook(slas, calendars, {"tier": NUMBER.or_unset()})


def statuses(snapshot: Snapshot, book: SlaBook, ticket: Ticket, at: datetime) -> tuple[SlaStatus, ...]:
    """The SLAs that hold for a ticket: those of its service's list, or of its request item, that apply to it."""
    service: Any = snapshot.get("service", ticket.service) if getattr(ticket, "service", None) else None  # type: ignore[attr-defined]
    item: Any = snapshot.get("request-item", ticket.item) if ticket.KIND == "request" else None  # type: ignore[attr-defined]
    candidates = (item.sla,) if item is not None and item.sla else service.slas if service is not None else ()
    return book.status(ticket, at, candidates=candidates, context={"tier": service.tier if service else None})


def standings(snapshot: Snapshot, tickets: Sequence[Ticket], at: datetime) -> list[Standing]:
    """The clocks of these tickets, most pressing first; targets that promise their priority nothing are left out."""
    book = book_of(snapshot)
    found = [
        Standing(ticket, status, clock)
        for ticket in tickets
        for status in statuses(snapshot, book, ticket, at)
        for clock in status.clocks
        if clock.state is not ClockState.NO_TARGET
    ]
    return sorted(found, key=lambda standing: standing.urgency)


@dataclass(frozen=True, slots=True)
class Standings:
    """Clocks, most pressing first; `unreadable` counts the files met on the way whose clocks nobody knows:
    tickets, and SLAs, calendars and services that clocks hang on."""

    found: tuple[Standing, ...]
    unreadable: int


def sla_status(workspace: Workspace, refs: Sequence[str], at: datetime, *, everything: bool) -> Standings:
    """The clocks of the named tickets, or of all open ones (`everything`: of all)."""
    snapshot = workspace.snapshot()
    chosen: list[Any] = [_ticket(snapshot, ref) for ref in refs]
    if not refs:
        every = (record for kind in KINDS_WITH_CLOCKS for record in snapshot.records(kind))
        chosen = [record for record in every if everything or not _has_ended(record)]
    found = standings(snapshot, chosen, at)
    unreadable = sum(1 for _, loaded in snapshot.loaded() if loaded.record is None)
    return Standings(tuple(found), unreadable)


def _has_ended(ticket: Any) -> bool:
    return ticket.state in (*LIFECYCLES[ticket.KIND].final, "resolved", "fulfilled")


def _ticket(snapshot: Any, ref: str) -> Ticket:
    kind, record_id = find(snapshot, ref)
    if kind not in KINDS_WITH_CLOCKS:
        raise UsageFault(f"{with_article(kind)} has no SLA clocks", hint="incidents, requests and problems have")
    record = snapshot.get(kind, record_id)
    if record is None:
        raise UsageFault(f"{record_id} can't be read", hint="itsm check")
    ticket: Ticket = record
    return ticket


def itemised(workspace: Workspace, ref: str, at: datetime) -> Iterator[tuple[Standing, tuple[Interval, ...]]]:
    """Every clock of one ticket with each interval that was counted or left out, and why."""
    snapshot = workspace.snapshot()
    for standing in standings(snapshot, [_ticket(snapshot, ref)], at):
        cycles = (intervals_of(cycle) for cycle in standing.clock.cycles)
        yield standing, tuple(interval for cycle in cycles for interval in cycle)
