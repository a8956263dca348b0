"""LIF on one record: its timeline read against the lifecycle table of its kind."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from itsm_as_code.checks.registry import Context, record_check, rule
from itsm_as_code.domain.finding import Spot
from itsm_as_code.domain.instants import write_instant
from itsm_as_code.domain.lifecycle import LIFECYCLES, Demand, Lifecycle
from itsm_as_code.domain.rule import Severity
from itsm_as_code.domain.suggest import did_you_mean

if TYPE_CHECKING:
    from itsm_as_code.domain.kinds.ticket import Ticket

TICKETS = ("incident", "change", "problem", "request")
VOID_WITHIN = timedelta(minutes=10)

ILLEGAL_TRANSITION = rule(
    "LIF001", "illegal-transition",
    why="The lifecycle table says what may follow what; a jump hides the steps that others rely on.",
    fix="Take the steps that the table allows from the state before; `void` takes back a slip.",
)  # fmt: skip
UNMET_DEMAND = rule(
    "LIF002", "unmet-demand-of-state",
    why="Each state demands what the people after it need.",
    fix="Add the field that the message names, or stay in the state before.",
)  # fmt: skip
NO_FIRST_STATE = rule(
    "LIF003", "born-without-state",
    why="A ticket's first entry says in which state it is born; without it the ticket has none.",
    fix="Add `state` to the first entry of the timeline.",
)  # fmt: skip
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
IMPORTED_TRANSITION = rule(
    "LIF007", "imported-transition",
    severity=Severity.NOTICE,
    why="Another system took a step that our table does not know. History is kept as it was.",
    fix="Nothing is to be done; it is listed so that figures can be judged.",
)  # fmt: skip


def _states(ticket: Ticket) -> Iterator[tuple[int, Any, Any]]:
    """(index, entry, state) of entries that set a state and were not taken back."""
    voided = ticket.voided
    for index, entry in enumerate(ticket.timeline):
        if entry.state is not None and index not in voided:
            yield index, entry, entry.state


@record_check(NO_FIRST_STATE, *TICKETS)
def born_without_state(ticket: Ticket, _: Context) -> Iterator[Spot]:
    """The first entry must set the state."""
    if ticket.timeline[0].state is None:
        yield Spot("the first entry of the timeline sets no state", ("timeline", 0))
    elif 0 in ticket.voided:
        yield Spot("the first entry can't be taken back: cancel the ticket instead", ("timeline", 0))


@record_check(ILLEGAL_TRANSITION, *TICKETS)
def illegal_transition(ticket: Ticket, _: Context) -> Iterator[Spot]:
    """Steps that the table does not know."""
    for index, message in _illegal_steps(ticket, imported=False):
        yield Spot(message, ("timeline", index, "state"), help=_ways_on(ticket, index))


@record_check(IMPORTED_TRANSITION, *TICKETS)
def imported_transition(ticket: Ticket, _: Context) -> Iterator[Spot]:
    """Such steps in entries that were taken over."""
    for index, message in _illegal_steps(ticket, imported=True):
        yield Spot(message, ("timeline", index, "state"))


def _illegal_steps(ticket: Ticket, *, imported: bool) -> Iterator[tuple[int, str]]:
    table = LIFECYCLES[ticket.KIND]
    before = None
    for index, entry, state in _states(ticket):
        legal = before is None or table.between(before, state) is not None
        same = before == state and entry.reason is not None and state not in table.final
        if not legal and not same and entry.imported is imported:
            what = f"is {before} already" if before == state else f"can't go from {before} to {state}"
            yield index, f"{ticket.KIND} {what}"
        before = state


def _ways_on(ticket: Ticket, index: int) -> str | None:
    table = LIFECYCLES[ticket.KIND]
    before = [state for i, _, state in _states(ticket) if i < index][-1]
    ways = [f"{step.target} (`itsm {step.verb}`)" for step in table.from_state(before)]
    return f"from {before}: " + ", ".join(ways) if ways else f"{before} is final"


@record_check(UNMET_DEMAND, *TICKETS)
def unmet_demand_of_state(ticket: Ticket, _: Context) -> Iterator[Spot]:
    """What the current state demands of the record, and each entered state of its entry."""
    table = LIFECYCLES[ticket.KIND]
    steps = list(_states(ticket))
    for index, entry, state in steps:
        for demand in _demands(table, state, ticket):
            if demand.where == "entry" and not entry.imported and _missing(entry, demand.path):
                yield _unmet(state, demand, ("timeline", index))
    if not steps or (steps[-1][1].imported and steps[-1][2] not in ("resolved", "closed")):
        return
    for demand in _demands(table, steps[-1][2], ticket):
        if demand.where == "record" and _missing(ticket, demand.path):
            yield _unmet(steps[-1][2], demand, ("timeline", steps[-1][0], "state"))


def _demands(table: Lifecycle, state: str, ticket: Any) -> Iterator[Demand]:
    """Demands of a state; a standard change has its plan from the model, an emergency may lack a window."""
    kind_of_change = getattr(ticket, "type", None)
    for demand in table.demands.get(state, ()):
        if demand.path.startswith("plan.") and kind_of_change == "standard":
            continue
        if demand.path == "window" and state == "implementing" and kind_of_change == "emergency":
            continue
        yield demand


def _unmet(state: str, demand: Demand, field: tuple[str | int, ...]) -> Spot:
    return Spot(f"state {state} demands `{demand.path}`, {demand.why}", field)


def _missing(part: Any, path: str) -> bool:
    for step in path.split("."):
        part = getattr(part, step, None)
        if part is None:
            return True
    return False


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
    gone: set[int] = set()
    for index, entry in enumerate(ticket.timeline):
        if entry.void is None:
            continue
        field = ("timeline", index, "void")
        own = [i for i in range(index) if ticket.timeline[i].at == entry.void and ticket.timeline[i].by == entry.by]
        free = [i for i in own if i not in gone]
        if not free:
            told = "is taken back already" if own else "is not there, or not of the same person"
            yield Spot(f"the entry of {write_instant(entry.void)} {told}", field)
            continue
        gone.add(free[-1])
        if _made(entry) - _made(ticket.timeline[free[-1]]) > VOID_WITHIN:
            yield Spot("the entry was made more than ten minutes before", field)


def _made(entry: Any) -> datetime:
    made: datetime = entry.recorded or entry.at
    return made


@record_check(IMPORTED_WITHOUT_ALIAS, *TICKETS)
def imported_entry_without_alias(ticket: Ticket, _: Context) -> Iterator[Spot]:
    """`imported` entries in a record that names no other system."""
    if ticket.aliases:
        return
    for index, entry in enumerate(ticket.timeline):
        if entry.imported:
            yield Spot("imported entry, but the record has no alias", ("timeline", index, "imported"))


MODEL_ONLY_FOR_STANDARD = rule(
    "LIF008", "model-and-type-disagree",
    why="A standard change is authorised by its model; any other change is not.",
    fix="Name the model of a standard change; remove it from others.",
)  # fmt: skip
MODEL_REVISION = rule(
    "LIF009", "model-revision-differs",
    why="The model was changed after this change was written: what was authorised is not what it says now.",
    fix="Read the model again and pin its present revision, while the change is not yet scheduled.",
)  # fmt: skip


@record_check(MODEL_ONLY_FOR_STANDARD, "change")
def model_and_type_disagree(change: Any, ctx: Context) -> Iterator[Spot]:
    """A model with standard changes, none with others."""
    if change.type == "standard" and change.model is None:
        models = [model.id for model in ctx.snapshot.records("change-model")]
        yield Spot("a standard change names its model", ("type",), help=did_you_mean("", models) or None)
    elif change.type != "standard" and change.model is not None:
        yield Spot(f"a {change.type} change has no model", ("model",), at_key=True)


@record_check(MODEL_REVISION, "change")
def model_revision_differs(change: Any, ctx: Context) -> Iterator[Spot]:
    """The pinned revision of the model, until the change is scheduled."""
    if change.model is None or change.state not in ("draft", "submitted"):
        return
    model: Any = ctx.snapshot.get("change-model", change.model.id)
    if model is not None and model.revision != change.model.revision:
        message = f"model {model.id} is at revision {model.revision}, the change names {change.model.revision}"
        yield Spot(message, ("model", "revision"))


PRIORITY_FROM_NOTHING = rule(
    "LIF010", "priority-without-impact",
    why="Priority follows from impact and urgency; without both nobody can say why it is what it is.",
    fix="Write `impact` and `urgency` in the same entry; `itsm set` finds the priority.",
)  # fmt: skip
CHANGED_AFTER_END = rule(
    "LIF011", "changed-after-the-end",
    severity=Severity.WARNING,
    why="What is assigned or ranked after a ticket has ended is work that no queue and no clock shows.",
    fix="Write a plain note, or open a new ticket for new work.",
)  # fmt: skip


@record_check(PRIORITY_FROM_NOTHING, "incident", "problem", "request")
def priority_without_impact(ticket: Ticket, _: Context) -> Iterator[Spot]:
    """Priorities written while impact or urgency was never told."""
    known: set[str] = set()
    for index, entry in enumerate(ticket.timeline):
        known |= {key for key in ("impact", "urgency") if getattr(entry, key) is not None}
        lacking = [key for key in ("impact", "urgency") if key not in known]
        if entry.priority is not None and lacking and not entry.imported:
            yield Spot(f"priority without {' and '.join(lacking)}", ("timeline", index, "priority"))


@record_check(CHANGED_AFTER_END, *TICKETS)
def changed_after_the_end(ticket: Ticket, _: Context) -> Iterator[Spot]:
    """Entries below the final state that change more than the words."""
    final = LIFECYCLES[ticket.KIND].final
    ended = None
    for index, entry in enumerate(ticket.timeline):
        if entry.state is not None and index not in ticket.voided:
            ended = entry.state if entry.state in final else None
        elif ended is not None and not entry.imported and index not in ticket.voided:
            for key in ticket.TRACKED_FIELDS:
                if getattr(entry, key) is not None:
                    yield Spot(f"{key} changes, but the {ticket.KIND} is {ended}", ("timeline", index, key))


RULES = (
    ILLEGAL_TRANSITION, UNMET_DEMAND, NO_FIRST_STATE, PRIORITY_NOT_WRITTEN, VOID_OF_NOTHING, IMPORTED_WITHOUT_ALIAS,
    IMPORTED_TRANSITION, MODEL_ONLY_FOR_STANDARD, MODEL_REVISION, PRIORITY_FROM_NOTHING, CHANGED_AFTER_END,
)  # fmt: skip
CHECKS = (
    born_without_state, illegal_transition, imported_transition, unmet_demand_of_state, impact_without_priority,
    void_without_entry, imported_entry_without_alias, model_and_type_disagree, model_revision_differs,
    priority_without_impact, changed_after_the_end,
)  # fmt: skip
