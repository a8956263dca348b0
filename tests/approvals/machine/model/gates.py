"""Which gates a step passes, and what is asked there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from tests.approvals.machine.model.people import Clock, Made, may_decide
from tests.approvals.machine.model.reading import (
    BEYOND,
    DAY,
    EDITED,
    FINAL,
    UNDER_WAY,
    Files,
    Record,
    digest,
    find,
    instant,
    kind_of,
    material,
    of_kind,
    state_of,
    subject_of,
)
from tests.approvals.machine.model.verdicts import Asked

if TYPE_CHECKING:
    from tests.approvals.machine.model.standing import Step

REVIEW = "post-review"


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
    if kind_of(after) in EDITED:
        return ["edit"] if changed else []
    if kind_of(after) != "change":
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
    rules_of: str | None = None, head: Files | None = None,
) -> Asked:  # fmt: skip
    """Content is taken from head, and so is the incident of an emergency, which may come with it; everything else from
    base. Authors and requester of both sides are barred; who is named in `authors` and objects, in person, to having
    written exactly this, is not."""
    service = find(base, "service", after.get("service", ""))
    sides = [side for side in (before, after) if side is not None]
    barred = {name for side in sides for name in side.get("authors", ())}
    barred |= {side["requester"] for side in sides if "requester" in side}
    facts = {
        "kind": kind_of(after), "type": after.get("type"), "tier": service and service["tier"],
        "incident_priority": _priority_behind(after, base, head or {}),
    }  # fmt: skip
    review = REVIEW in (gate, rules_of)
    return Asked(
        subject_of(after), gate, rules_of or gate, kind_of(after), facts, digest(after, review=review),
        digest(before) if gate == "edit" and before is not None else None,
        frozenset(barred), str(service["owner"]) if service else None, _impossible(after, gate, base, facts),
        reason_wanted=after.get("type") == "emergency",
    )  # fmt: skip


def _impossible(after: Record, gate: str, base: Files, facts: Mapping[str, Any]) -> str | None:
    """What keeps a gate closed, whoever decides. An emergency needs an open incident; a standard change follows its
    model on base; a review has to be there before people decide on it."""
    if gate == REVIEW:
        return None if "post_implementation_review" in after else "there is no review"
    if gate.startswith("exception/"):
        return None if "freeze_exception" in after else "it does not ask for an exception"
    if kind_of(after) != "change" or gate == "ratify":
        return None
    if find(base, "service", after["service"]) is None:
        return "its service is not on base"
    if after["type"] == "emergency" and facts["incident_priority"] is None:
        return "no open incident is behind it"
    model = find(base, "change-model", after.get("model", {}).get("id", ""))
    if after["type"] == "standard" and (model is None or after["service"] not in model["services"]):
        return "its model is not for this service"
    start, end = (instant(after["window"][side]) for side in ("start", "end"))
    if after["type"] == "standard" and end - start > DAY:
        return "its model does not say that windows may be so long"
    return None


def _priority_behind(change: Record, base: Files, head: Files) -> str | None:
    """The priority of the incident that a change names, in head or base, while it is open."""
    name = change.get("incident", "")
    incident = find(head, "incident", name) or find(base, "incident", name)
    if incident is None or state_of(incident) in ("resolved", *FINAL):
        return None
    return next((str(entry["priority"]) for entry in reversed(incident["timeline"]) if "priority" in entry), None)


def deciders(base: Files) -> list[str]:
    """Everybody who may decide at all."""
    return [person["id"] for person in of_kind(base, "person") if may_decide(base, person["id"])]
