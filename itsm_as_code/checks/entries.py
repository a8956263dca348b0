"""LIF on one record, its entries: what they may say beside a state."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from itsm_as_code.checks.registry import Context, record_check, rule
from itsm_as_code.domain.finding import Spot
from itsm_as_code.domain.instants import write_instant
from itsm_as_code.domain.lifecycle import LIFECYCLES
from itsm_as_code.domain.rule import Severity

if TYPE_CHECKING:
    from itsm_as_code.domain.kinds.ticket import Ticket

TICKETS = ("incident", "change", "problem", "request")
VOID_WITHIN = timedelta(minutes=10)

PRIORITY_NOT_WRITTEN = rule(
    "LIF004", "impact-without-priority",
    why="The priority is written by the entry that sets impact and urgency, so that a later matrix rewrites nothing.",
    fix="Write `priority` in the same entry; `itsm set` does it.",
)  # fmt: skip
VOID_OF_NOTHING = rule(
    "LIF005", "void-without-entry",
    why="`void` takes back one entry of the same person, at most ten minutes old; anything else rewrites history.",
    fix="Name the instant of your own entry, or add an entry that says what is right now.",
)  # fmt: skip
IMPORTED_WITHOUT_ALIAS = rule(
    "LIF006", "imported-entry-without-alias",
    why="Imported entries are not judged by our rules, so the record must name the system they come from.",
    fix="Add the key of the other system under `aliases`, or remove `imported` from the entry.",
)  # fmt: skip
PRIORITY_FROM_NOTHING = rule(
    "LIF010", "priority-without-impact",
    why="Priority follows from impact and urgency; without both nobody can say why it is what it is.",
    fix="Write `impact` and `urgency` in the same entry; `itsm set` finds the priority.",
)  # fmt: skip
IMPORTED_IN_GATED = rule(
    "LIF012", "imported-entry-in-judged-record",
    why="An imported entry may skip steps and what they demand; in a change or request that would skip its gates.",
    fix="Remove `imported` from the entry, or give a record that was taken over whole and ended `imported` of its own.",
)  # fmt: skip
CHANGED_AFTER_END = rule(
    "LIF011", "changed-after-the-end",
    severity=Severity.WARNING,
    why="What is assigned or ranked after a ticket has ended is work that no queue and no clock shows.",
    fix="Write a plain note, or open a new ticket for new work.",
)  # fmt: skip


@record_check(PRIORITY_NOT_WRITTEN, "incident", "problem", "request")
def impact_without_priority(ticket: Ticket, _: Context) -> Iterator[Spot]:
    """Entries that set impact or urgency but no priority."""
    for index, entry in enumerate(ticket.timeline):
        if (entry.impact is not None or entry.urgency is not None) and entry.priority is None:
            key = "impact" if entry.impact is not None else "urgency"
            yield Spot(f"the entry sets {key} but no priority", ("timeline", index, key))


@record_check(VOID_OF_NOTHING, *TICKETS)
def void_without_entry(ticket: Ticket, _: Context) -> Iterator[Spot]:
    """`void` that names no entry of the same person, one taken back before, or one that is too old."""
    if "void" not in ticket.told:
        return
    standing: dict[tuple[Any, Any], list[int]] = {}
    for index, entry in enumerate(ticket.timeline):
        if entry.void is not None:
            yield from _void_fault(ticket, index, standing.get((entry.void, entry.by)))
        standing.setdefault((entry.at, entry.by), []).append(index)


def _void_fault(ticket: Ticket, index: int, standing: list[int] | None) -> Iterator[Spot]:
    """`standing` are the entries of the person and instant that were not taken back; None: there was none ever."""
    entry, field = ticket.timeline[index], ("timeline", index, "void")
    if not standing:
        told = "is not there, or not of the same person" if standing is None else "is taken back already"
        yield Spot(f"the entry of {write_instant(entry.void)} {told}", field)
    elif _made(entry) - _made(ticket.timeline[standing.pop()]) > VOID_WITHIN:
        yield Spot("the entry was made more than ten minutes before", field)


def _made(entry: Any) -> datetime:
    made: datetime = entry.recorded or entry.at
    return made


@record_check(IMPORTED_WITHOUT_ALIAS, *TICKETS)
def imported_entry_without_alias(ticket: Ticket, _: Context) -> Iterator[Spot]:
    """`imported` entries in a record that names no other system."""
    if ticket.aliases or "imported" not in ticket.told:
        return
    for index, entry in enumerate(ticket.timeline):
        if entry.imported:
            yield Spot("imported entry, but the record has no alias", ("timeline", index, "imported"))


@record_check(IMPORTED_IN_GATED, "change", "request")
def imported_entry_in_judged_record(ticket: Any, _: Context) -> Iterator[Spot]:
    """`imported` entries in a gated ticket that was not taken over as a whole (LIF030 says which may be)."""
    if ticket.imported is not None or "imported" not in ticket.told:
        return
    for index, entry in enumerate(ticket.timeline):
        if entry.imported:
            yield Spot(f"imported entry, but the {ticket.KIND} itself is not", ("timeline", index, "imported"))


@record_check(PRIORITY_FROM_NOTHING, "incident", "problem", "request")
def priority_without_impact(ticket: Ticket, _: Context) -> Iterator[Spot]:
    """Priorities written while impact or urgency was never told."""
    known: set[str] = set()
    for index, entry in enumerate(ticket.timeline):
        if len(known) == 2:
            return
        known |= {key for key in ("impact", "urgency") if getattr(entry, key) is not None}
        lacking = [key for key in ("impact", "urgency") if key not in known]
        if entry.priority is not None and lacking and not entry.imported:
            yield Spot(f"priority without {' and '.join(lacking)}", ("timeline", index, "priority"))


@record_check(CHANGED_AFTER_END, *TICKETS)
def changed_after_the_end(ticket: Ticket, _: Context) -> Iterator[Spot]:
    """Entries below the final state that change more than the words."""
    final, taken_back = LIFECYCLES[ticket.KIND].final, ticket.voided
    ended = None
    for index, entry in enumerate(ticket.timeline):
        if entry.state is not None and index not in taken_back:
            ended = entry.state if entry.state in final else None
        elif ended is not None and not entry.imported and index not in taken_back:
            for key in ticket.TRACKED_FIELDS:
                if getattr(entry, key) is not None:
                    yield Spot(f"{key} changes, but the {ticket.KIND} is {ended}", ("timeline", index, key))


RULES = (
    PRIORITY_NOT_WRITTEN, VOID_OF_NOTHING, IMPORTED_WITHOUT_ALIAS, IMPORTED_IN_GATED, PRIORITY_FROM_NOTHING,
    CHANGED_AFTER_END,
)  # fmt: skip
CHECKS = (
    impact_without_priority, void_without_entry, imported_entry_without_alias, imported_entry_in_judged_record,
    priority_without_impact, changed_after_the_end,
)  # fmt: skip
