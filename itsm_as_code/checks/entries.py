"""Family LIF for timeline entries: checks priorities, `void`, `imported`, and changes after the end."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from itsm_as_code.checks.registry import Context, record_check, rule
from itsm_as_code.domain.finding import Spot
from itsm_as_code.domain.instants import write_instant
from itsm_as_code.domain.kind_rows import TICKETS
from itsm_as_code.domain.lifecycle import LIFECYCLES
from itsm_as_code.domain.rule import Severity

if TYPE_CHECKING:
    from itsm_as_code.domain.kinds.ticket import Ticket

PRIORITY_NOT_WRITTEN = rule(
    "LIF004", "impact-without-priority",
    why="The entry that sets impact or urgency writes the priority too, so a new matrix changes no old record.",
    fix="Write `priority` in the same entry; `itsm set` does it.",
)  # fmt: skip
VOID_OF_NOTHING = rule(
    "LIF005", "void-without-entry",
    why="`void` takes back one entry of the same person. Anything else would rewrite what others have written.",
    fix="Name the instant of your own entry, or add a new entry that corrects the old one.",
)  # fmt: skip
IMPORTED_WITHOUT_ALIAS = rule(
    "LIF006", "imported-entry-without-alias",
    why="Imported entries are exempt from many rules, so the record must name the system that they come from.",
    fix="Add the key of the other system under `aliases`, or remove `imported` from the entry.",
)  # fmt: skip
PRIORITY_FROM_NOTHING = rule(
    "LIF010", "priority-without-impact",
    why="The priority follows from impact and urgency. Without both, nobody can explain it.",
    fix="Write `impact` and `urgency` in the same entry; `itsm set` computes the priority.",
)  # fmt: skip
IMPORTED_IN_GATED = rule(
    "LIF012", "imported-entry-in-judged-record",
    why="An imported entry may skip states and their required fields. In a change or request it would skip gates too.",
    fix="Remove `imported` from the entry. If the whole record was imported and has ended, set `imported` there.",
)  # fmt: skip
CHANGED_AFTER_END = rule(
    "LIF011", "changed-after-the-end",
    severity=Severity.WARNING,
    why="If a ticket is assigned or gets a priority after its end, no queue and no clock shows it.",
    fix="Write a plain note, or open a new ticket for new work.",
)  # fmt: skip


@record_check(PRIORITY_NOT_WRITTEN, "incident", "problem", "request")
def impact_without_priority(ticket: Ticket, _: Context) -> Iterator[Spot]:
    """Finds entries that set impact or urgency but no priority."""
    for index, entry in enumerate(ticket.timeline):
        if (entry.impact is not None or entry.urgency is not None) and entry.priority is None:
            key = "impact" if entry.impact is not None else "urgency"
            yield Spot(f"the entry sets {key} but no priority", ("timeline", index, key))


@record_check(VOID_OF_NOTHING, *TICKETS)
def void_without_entry(ticket: Ticket, _: Context) -> Iterator[Spot]:
    """Finds each `void` that names no entry of the same person, or one that is void already."""
    if "void" not in ticket.told:
        return
    standing: dict[tuple[Any, Any], list[int]] = {}
    for index, entry in enumerate(ticket.timeline):
        if entry.void is not None:
            yield from _void_fault(ticket, index, standing.get((entry.void, entry.by)))
        standing.setdefault((entry.at, entry.by), []).append(index)


def _void_fault(ticket: Ticket, index: int, standing: list[int] | None) -> Iterator[Spot]:
    """Yields what is wrong with one `void`, if anything.

    `standing` lists the entries of that person and instant that are not void yet. It is None if there never was one.
    """
    if not standing:
        told = "does not exist, or is by another person" if standing is None else "is void already"
        instant = write_instant(ticket.timeline[index].void)
        yield Spot(f"the entry of {instant} {told}", ("timeline", index, "void"))
        return
    standing.pop()


@record_check(IMPORTED_WITHOUT_ALIAS, *TICKETS)
def imported_entry_without_alias(ticket: Ticket, _: Context) -> Iterator[Spot]:
    """Finds imported entries in a record that names no other system."""
    if ticket.aliases or "imported" not in ticket.told:
        return
    for index, entry in enumerate(ticket.timeline):
        if entry.imported:
            yield Spot("the entry is imported, but the record has no alias", ("timeline", index, "imported"))


@record_check(IMPORTED_IN_GATED, "change", "request")
def imported_entry_in_judged_record(ticket: Any, _: Context) -> Iterator[Spot]:
    """Finds imported entries in a change or request that is not imported itself (LIF030 says which may be)."""
    if ticket.imported is not None or "imported" not in ticket.told:
        return
    for index, entry in enumerate(ticket.timeline):
        if entry.imported:
            yield Spot(f"the entry is imported, but the {ticket.KIND} itself is not", ("timeline", index, "imported"))


@record_check(PRIORITY_FROM_NOTHING, "incident", "problem", "request")
def priority_without_impact(ticket: Ticket, _: Context) -> Iterator[Spot]:
    """Finds priorities that were written before impact and urgency were both known."""
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
    """Finds entries after the final state that change more than texts."""
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
