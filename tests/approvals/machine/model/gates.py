"""Which gates a step passes, and what is asked there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from tests.approvals.machine.model.people import Clock, Made, may_decide
from tests.approvals.machine.model.reading import (
    BEYOND,
    EDITED,
    UNDER_WAY,
    Files,
    Record,
    digest,
    find,
    instant,
    material,
    of_kind,
    state_of,
    subject_of,
)
from tests.approvals.machine.model.verdicts import Asked

if TYPE_CHECKING:
    from tests.approvals.machine.model.standing import Step


@dataclass(frozen=True)
class Passing:
    """A record that passes gates in a step: everything that is known there."""

    made: Made
    line: Sequence[Step]
    step: Step
    clock: Clock
    acts: Mapping[str, Record]
    landed: set[str]


def begins_work(before: Record | None, after: Record) -> bool:
    """Work begins where a change comes under way, also where it skips states or is born there."""
    return state_of(after) in UNDER_WAY and state_of(before) not in UNDER_WAY


def gates_passed(before: Record | None, after: Record, base: Files, now: datetime) -> list[str]:
    """A birth, a skip, or a material edit passes every gate between the old state and the new; a material edit at or
    past a gate needs that gate again. `edit` gates cover what decides."""
    changed = before is None or material(before) != material(after)
    if after["kind"] in EDITED:
        return ["edit"] if changed else []
    if after["kind"] != "change":
        return []
    passed = []
    if state_of(after) in BEYOND and (state_of(before) not in BEYOND or changed):
        passed.append("scheduled")
    if passed or begins_work(before, after):
        begins = begins_work(before, after)
        passed += [f"exception/{freeze['id']}" for freeze in freezes_over(after, base, now, begins=begins)]
    return passed


def freezes_over(change: Record, base: Files, now: datetime, *, begins: bool) -> Iterator[Record]:
    """A freeze of base over the window asks for an exception. A window may begin where a freeze ends. Where work
    begins, its own time counts too."""
    times = [(instant(change["window"]["start"]), instant(change["window"]["end"]))]
    if begins:
        first = next(instant(each["at"]) for each in change["timeline"] if each.get("state") in UNDER_WAY)
        times.append((min(first, now), now + timedelta.resolution))
    for freeze in of_kind(base, "freeze"):
        start, end = instant(freeze["from"]), instant(freeze["until"])
        if freeze.get("state", "active") == "active" and any(a < end and start < b for a, b in times):
            yield freeze


def question(
    before: Record | None, after: Record, gate: str, base: Files, acts: Mapping[str, Record],
    rules_of: str | None = None,
) -> Asked:  # fmt: skip
    """Content is taken from head, everything else from base. Authors and requester of both sides are barred; who is
    named in `authors` and objects, in person, to having written exactly this, is not."""
    service = find(base, "service", after.get("service", ""))
    sides = [side for side in (before, after) if side is not None]
    barred = {name for side in sides for name in side.get("authors", ())}
    barred |= {side["requester"] for side in sides if "requester" in side}
    facts = {
        "kind": after["kind"], "type": after.get("type"), "tier": service and service["tier"],
    }  # fmt: skip
    impossible = None
    if gate.startswith("exception/") and "freeze_exception" not in after:
        impossible = "it does not ask for an exception"
    elif after["kind"] == "change" and service is None:
        impossible = "its service is not on base"
    return Asked(
        subject_of(after), gate, rules_of or gate, after["kind"], facts, digest(after),
        digest(before) if gate == "edit" and before is not None else None,
        frozenset(barred), str(service["owner"]) if service else None, impossible,
    )  # fmt: skip


def deciders(base: Files) -> list[str]:
    """Everybody who may decide at all."""
    return [person["id"] for person in of_kind(base, "person") if may_decide(base, person["id"])]
