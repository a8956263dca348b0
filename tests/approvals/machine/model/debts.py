"""Debts: the reviews of emergencies that somebody owes, computed from changes, acts and the clock."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from tests.approvals.machine.model.gates import REVIEW, Passing, question
from tests.approvals.machine.model.people import Clock, evidence_fault, revoked_keys, stands_for
from tests.approvals.machine.model.reading import (
    AHEAD,
    BEYOND,
    DAY,
    UNDER_WAY,
    Record,
    acts_on,
    digest,
    find,
    instant,
    kind_of,
    of_kind,
    state_of,
    subject_of,
)
from tests.approvals.machine.model.verdicts import SPANS, STRICT, Hearing

ONE_MONTH = 30


def held_back(passing: Passing, before: Record | None, after: Record) -> Iterator[str]:
    """What keeps a change out of the calendar besides the people. An overdue review blocks normal and standard changes
    of the team that owns the service at base, never emergencies, and no work that has begun. An emergency begins within
    thirty days of its id's date."""
    if after["type"] != "emergency":
        if state_of(before) not in UNDER_WAY:
            yield from (f"the review of {name} is overdue" for name, late in _debts(passing, after) if late)
        return
    was_one = before is not None and before["type"] == "emergency" and state_of(before) in BEYOND
    day = datetime.strptime(after["id"].split("-")[1] + "+0000", "%Y%m%d%z").date()
    if not was_one and (passing.clock.now.date() - day).days > ONE_MONTH:
        yield "its id is too old for an emergency"


def on_the_edge(passing: Passing, after: Record) -> bool:
    """Whether a review is due at this very instant. On which side that is, nobody has said."""
    return after["type"] != "emergency" and any(late is None for _, late in _debts(passing, after))


def renamed(before: Record, after: Record) -> bool:
    """An emergency past its gate keeps its type, and so does one whose work was taken back."""
    return before.get("type") == "emergency" != after.get("type") and _since(before) is not None


def _debts(passing: Passing, about: Record) -> Iterator[tuple[str, bool | None]]:
    """The emergencies of base whose review the owner of a change's service owes, and whether it is overdue."""
    base = passing.step.base
    for change in of_kind(base, "change"):
        since = _since(change) if change["type"] == "emergency" and change["id"] != about["id"] else None
        if since is None or _owner(passing, change) != _owner(passing, about):
            continue
        due = since + _time_left(passing, change)
        if passing.clock.now >= due and not _paid(passing, change):
            yield change["id"], None if passing.clock.now == due else True


def _owner(passing: Passing, change: Record) -> object:
    return (find(passing.step.base, "service", change["service"]) or {}).get("owner")


def _since(change: Record) -> datetime | None:
    """A debt counts from the first entry at or past `scheduled`, also if that was taken back. What was only scheduled,
    and then cancelled or taken back to draft, owes none."""
    entered = [entry for entry in change["timeline"] if entry.get("state") in BEYOND]
    began = any(entry["state"] in UNDER_WAY for entry in entered)
    return instant(entered[0]["at"]) if entered and (began or state_of(change) in BEYOND) else None


def _time_left(passing: Passing, change: Record) -> timedelta:
    """The time is shorter where somebody who wrote, asked for or proposed the change approved it, beside others and
    also of earlier content."""
    step = passing.step
    acts = acts_on(subject_of(change), step.base, step.head)
    landed = {act["id"] for act in of_kind(step.base, "approval")}
    sound = [
        act for ref, act in acts.items() if act["gate"] == "scheduled"
        and evidence_fault(passing.made, act, step.base, passing.clock, landed=ref in landed) is None
    ]  # fmt: skip
    part = {*change.get("authors", ()), change.get("requester")}
    part |= {name for act in sound if act["decision"] == "proposed" for name in (act["by"], stands_for(act))}
    alone = any(act["decision"] == "approved" and {act["by"], stands_for(act)} & part for act in sound)
    deadlines = step.base["itsm.yaml"]["deadlines"]
    times = [_span(deadlines["post_review"]), *([_span(deadlines["post_review_self_approved"])] if alone else [])]
    return min(times)


def _span(text: str) -> timedelta:
    return int(text[:-1]) * SPANS[text[-1]]


def _paid(passing: Passing, change: Record) -> bool:
    """A debt is paid when the review, as head has it, is accepted: by the people of base, or when the acts landed."""
    where = next(path for path, record in passing.step.base.items() if record.get("id") == change["id"])
    after = passing.step.head.get(where, change)
    today = _today(passing, after)
    if today.answer().open:
        return True
    return not today.answer().refused and _when_landed(passing, after)


def review_was_accepted(passing: Passing, before: Record, after: Record) -> bool:
    """Once accepted, a review changes only past its gate, and so does what it is about."""
    if kind_of(before) != "change" or "post_implementation_review" not in before:
        return False
    if digest(before, review=True) == digest(after, review=True):
        return False
    return _when_landed(passing, before) or (_still_approved(passing, before) and _today(passing, before).answer().open)


def _today(passing: Passing, change: Record) -> Hearing:
    step = passing.step
    acts = acts_on(subject_of(change), step.base, step.head)
    landed = {act["id"] for act in of_kind(step.base, "approval")}
    asked = question(change, change, REVIEW, step.base, acts, head=step.head)
    return Hearing(passing.made, asked, step.base, acts, landed, passing.clock)


def _at_review(passing: Passing, change: Record) -> Mapping[str, Record]:
    acts = acts_on(subject_of(change), passing.step.base, passing.step.head)
    landed = {act["id"] for act in of_kind(passing.step.base, "approval")}
    return {
        ref: act for ref, act in acts.items() if act["gate"] == REVIEW
        and evidence_fault(passing.made, act, passing.step.base, passing.clock, landed=ref in landed) is None
    }  # fmt: skip


def _taken_back(acts: Mapping[str, Record]) -> dict[str, Record]:
    """The acts by which people took their approvals back."""
    approved = {ref: stands_for(act) for ref, act in acts.items() if act["decision"] == "approved"}
    return {
        ref: act for ref, act in acts.items() if act["decision"] in STRICT
        and any(approved.get(each) == stands_for(act) for each in act.get("supersedes", ()))
    }  # fmt: skip


def _still_approved(passing: Passing, change: Record) -> bool:
    acts = _at_review(passing, change)
    gone = {ref for act in _taken_back(acts).values() for ref in act["supersedes"]}
    wanted = digest(change, review=True)
    return any(a["decision"] == "approved" and a["digest"] == wanted and ref not in gone for ref, a in acts.items())


def _when_landed(passing: Passing, change: Record) -> bool:
    """An accepted review stays accepted when whoever accepted it leaves. It is looked up in the steps by which acts
    landed; only those count that had every act by which somebody took an approval back."""
    back = _taken_back(_at_review(passing, change))
    if back and not _still_approved(passing, change):
        return False
    subject, wanted = subject_of(change), digest(change, review=True)
    known = revoked_keys(passing.step.base)
    for number, entry in enumerate(passing.line):
        then = next((each for each in entry.head.values() if each.get("id") == change["id"]), None)
        acts = acts_on(subject, entry.base, entry.head)
        if then is None or not {*back} <= {*acts} or digest(then, review=True) != wanted:
            continue
        at = max(each.dated for each in passing.line[: number + 1] if each.dated <= passing.clock.now + AHEAD)
        if _today(replace(passing, step=entry, clock=Clock(at, at + DAY, known)), then).answer().open:
            return True
    return False
