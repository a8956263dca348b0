"""Family LIF for states: checks the timeline of a ticket against the lifecycle table of its kind."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from itsm_as_code.checks.registry import Context, record_check, rule
from itsm_as_code.domain.finding import Spot
from itsm_as_code.domain.kind_rows import TICKETS
from itsm_as_code.domain.lifecycle import LIFECYCLES, Demand, Lifecycle
from itsm_as_code.domain.remember import cache_last
from itsm_as_code.domain.rule import Severity

if TYPE_CHECKING:
    from itsm_as_code.domain.kinds.ticket import Ticket


ILLEGAL_TRANSITION = rule(
    "LIF001", "illegal-transition",
    why="The lifecycle table says which state may follow which. A jump leaves out steps that others rely on.",
    fix="Take the steps that the table allows from the state before. `void` takes back a mistake.",
)  # fmt: skip
UNMET_DEMAND = rule(
    "LIF002", "unmet-demand-of-state",
    why="Each state requires the fields that people need for the next steps.",
    fix="Add the field that the message names, or stay in the state before.",
)  # fmt: skip
NO_FIRST_STATE = rule(
    "LIF003", "born-without-state",
    why="The first entry of a ticket sets its first state. Without it the ticket has no state.",
    fix="Add `state` to the first entry of the timeline.",
)  # fmt: skip
IMPORTED_TRANSITION = rule(
    "LIF007", "imported-transition",
    severity=Severity.NOTICE,
    why="The other system took a step that our table does not allow. An import keeps the history as it was.",
    fix="You need not do anything. The notice is there because such steps can distort reports.",
)  # fmt: skip


@cache_last
def _states(ticket: Ticket) -> tuple[tuple[int, Any, Any], ...]:
    """Returns (index, entry, state) for each entry that sets a state and is not void."""
    voided = ticket.voided
    told = [(index, entry, entry.state) for index, entry in enumerate(ticket.timeline)]
    return tuple([each for each in told if each[2] is not None and each[0] not in voided])


@record_check(NO_FIRST_STATE, *TICKETS)
def born_without_state(ticket: Ticket, _: Context) -> Iterator[Spot]:
    """Finds tickets whose first entry sets no state or is void."""
    if ticket.timeline[0].state is None:
        yield Spot("the first entry of the timeline sets no state", ("timeline", 0))
    elif 0 in ticket.voided:
        yield Spot("the first entry can't be taken back: cancel the ticket instead", ("timeline", 0))


@record_check(ILLEGAL_TRANSITION, *TICKETS)
def illegal_transition(ticket: Ticket, _: Context) -> Iterator[Spot]:
    """Finds steps that the table does not allow."""
    for index, entry, message in _illegal_steps(ticket):
        if not entry.imported:
            yield Spot(message, ("timeline", index, "state"), help=_ways_on(ticket, index))


@record_check(IMPORTED_TRANSITION, *TICKETS)
def imported_transition(ticket: Ticket, _: Context) -> Iterator[Spot]:
    """Finds such steps in imported entries."""
    for index, entry, message in _illegal_steps(ticket):
        if entry.imported:
            yield Spot(message, ("timeline", index, "state"))


@cache_last
def _illegal_steps(ticket: Ticket) -> list[tuple[int, Any, str]]:
    table = LIFECYCLES[ticket.KIND]
    found = []
    before = None
    for index, entry, state in _states(ticket):
        legal = before is None or table.between(before, state) is not None
        same = before == state and entry.reason is not None and state not in table.final
        if not legal and not same:
            what = f"is {before} already" if before == state else f"can't go from {before} to {state}"
            found.append((index, entry, f"{ticket.KIND} {what}"))
        before = state
    return found


def _ways_on(ticket: Ticket, index: int) -> str | None:
    table = LIFECYCLES[ticket.KIND]
    before = [state for i, _, state in _states(ticket) if i < index][-1]
    ways = [f"{step.target} (`itsm {step.verb}`)" for step in table.from_state(before)]
    return f"from {before}: " + ", ".join(ways) if ways else f"{before} is final"


@record_check(UNMET_DEMAND, *TICKETS)
def unmet_demand_of_state(ticket: Ticket, _: Context) -> Iterator[Spot]:
    """Finds fields that are missing: in the record for its current state, in each entry for the state it sets."""
    table = LIFECYCLES[ticket.KIND]
    steps = _states(ticket)
    for index, entry, state in steps:
        for demand in _demands(table, state, ticket) if state in table.demands else ():
            if demand.where == "entry" and not entry.imported and _missing(entry, demand.path):
                yield _unmet(state, demand, ("timeline", index))
    if not steps or (steps[-1][1].imported and steps[-1][2] not in ("resolved", "closed")):
        return
    for demand in _demands(table, steps[-1][2], ticket):
        if demand.where == "record" and _missing(ticket, demand.path):
            yield _unmet(steps[-1][2], demand, ("timeline", steps[-1][0], "state"))


def _demands(table: Lifecycle, state: str, ticket: Any) -> Iterator[Demand]:
    """Yields what a state demands. A standard change needs no plan (its model has it), an emergency no window."""
    demands = table.demands.get(state, ())
    kind_of_change = ticket.type if demands and table.kind == "change" else None
    for demand in demands:
        if demand.path.startswith("plan.") and kind_of_change == "standard":
            continue
        if demand.path == "window" and state == "implementing" and kind_of_change == "emergency":
            continue
        yield demand


def _unmet(state: str, demand: Demand, field: tuple[str | int, ...]) -> Spot:
    return Spot(f"state {state} demands `{demand.path}`, {demand.why}", field)


def _missing(part: Any, path: str) -> bool:
    if "." not in path:
        return getattr(part, path, None) is None
    for step in path.split("."):
        part = getattr(part, step, None)
        if part is None:
            return True
    return False


RULES = (ILLEGAL_TRANSITION, UNMET_DEMAND, NO_FIRST_STATE, IMPORTED_TRANSITION)
CHECKS = (born_without_state, illegal_transition, imported_transition, unmet_demand_of_state)
