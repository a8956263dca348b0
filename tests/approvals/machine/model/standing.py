"""Whether what was decided once still stands where work begins."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from tests.approvals.machine.model.gates import begins_work, gates_passed, question
from tests.approvals.machine.model.people import Clock, revoked_keys, stands_for
from tests.approvals.machine.model.reading import (
    AHEAD,
    BEYOND,
    DAY,
    Files,
    Record,
    acts_on,
    began,
    digest,
    find,
    instant,
    of_kind,
    state_of,
    subject_of,
)
from tests.approvals.machine.model.verdicts import STRICT, Answer, Hearing

if TYPE_CHECKING:
    from tests.approvals.machine.model.gates import Passing

HALF_A_DAY = timedelta(hours=12)


@dataclass(frozen=True)
class Step:
    """A step of the protected ref: what was there, what it brings, who wrote it by the addresses of base, and the date
    of its commit. `forced` says that it went past the check."""

    base: Files
    head: Files
    wrote: frozenset[str]
    dated: datetime
    forced: bool = False
    name: str = field(default="", compare=False)


def may_work_begin(passing: Passing, before: Record | None, after: Record, *, entered: bool) -> Iterator[str]:
    """Work that begins before the window or after it is refused unless the change is an emergency. What let the change
    pass its gate is judged at entry; afterwards only these void it: a material change, a refusal, a withdrawal, expiry,
    a revoked key, a freeze, the window's end."""
    if not begins_work(before, after):
        return
    yield from _in_window(after, passing.clock)
    if entered:
        return
    step, acts, clock = passing.step, passing.acts, passing.clock
    asked = question(before, after, "scheduled", step.base, acts, head=step.head)
    today = Hearing(passing.made, asked, step.base, acts, passing.landed, clock).answer()
    if today.refused:
        yield f"work is stopped by {today.refused}"
    elif not today.open and not _stood(passing, after):
        yield "what let it pass its gate does not stand"


def _in_window(change: Record, clock: Clock) -> Iterator[str]:
    """Both the entry's `at` and the clock of the check have to be in the window, which includes its start and not its
    end. What began in it may be recorded up to twelve hours after its end."""
    if change["type"] == "emergency":
        return
    start, end = (instant(change["window"][side]) for side in ("start", "end"))
    first = began(change)
    if first is not None and not start <= first < end:
        yield "work began outside its window"
    elif clock.latest < start:
        yield "the window is not open yet"
    elif clock.now - end >= HALF_A_DAY and "retrospective" not in change:
        yield "it is recorded too late"


def _line_clock(line: list[Step], now: datetime) -> datetime:
    return max(each.dated for each in line if each.dated <= now + AHEAD)


def _stood(passing: Passing, change: Record) -> bool:
    """Whether the step that last passed the gate would still have let it in, with what has been taken back and what has
    expired since, and with the keys that are known by now to have been in other hands."""
    line, step = list(passing.line), passing.step
    where = next(path for path, record in step.base.items() if record.get("id") == change["id"])
    for number in range(len(line) - 1, -1, -1):
        entry = line[number]
        before, then = entry.base.get(where), entry.head.get(where)
        if then is None or "scheduled" not in gates_passed(before, then, entry.base, entry.dated):
            continue
        at = _line_clock(line[: number + 1], passing.clock.now)
        clock = Clock(at, at + DAY, revoked_keys(step.base))
        acts = acts_on(subject_of(then), entry.base, entry.head)
        landed = {act["id"] for act in of_kind(entry.base, "approval")}
        asked = question(before, then, "scheduled", entry.base, acts, head=entry.head)
        if not Hearing(passing.made, asked, entry.base, acts, landed, clock).answer().open:
            return False
        later = {ref: act for ref, act in passing.acts.items() if ref not in acts and act["decision"] in STRICT}
        again = Clock(at, passing.clock.latest, clock.known)
        heard = Hearing(passing.made, asked, entry.base, acts | later, landed | {*later}, again)
        return heard.answer(used_at=passing.clock.now).why is None
    return False


def granted_before(
    passing: Passing, before: Record | None, after: Record, gate: str, answer: Answer
) -> bool:  # fmt: skip
    """Who has left since changes nothing for an exception that was granted when the change entered the calendar, from
    the freeze as it still is, unless an approval of it was taken back."""
    if state_of(before) not in BEYOND or answer.refused or not begins_work(before, after):
        return False
    if _taken_back(passing, gate):
        return False
    name = gate.removeprefix("exception/")
    known = revoked_keys(passing.step.base)
    line = list(passing.line)
    return any(
        _granted(replace_line(line[: number + 1], passing, known), after, gate)
        for number, each in enumerate(line)
        if _same(find(each.base, "freeze", name), find(passing.step.base, "freeze", name))
    )


def replace_line(line: list[Step], passing: Passing, known: Mapping[str, datetime]) -> Passing:
    """What was known in the last step of a line."""
    entry = line[-1]
    at = _line_clock(line, passing.clock.now)
    subject = next(iter(passing.acts.values()))["subject"] if passing.acts else ""
    acts = acts_on(subject, entry.base, entry.head)
    landed = {act["id"] for act in of_kind(entry.base, "approval")}
    return replace(passing, line=line[:-1], step=entry, clock=Clock(at, at + DAY, known), acts=acts, landed=landed)


def _granted(passing: Passing, change: Record, gate: str) -> bool:
    entry = passing.step
    then = next((record for record in entry.head.values() if record.get("id") == change["id"]), None)
    if then is None or digest(then) != digest(change):
        return False
    asked = question(then, then, gate, entry.base, passing.acts, head=entry.head)
    return Hearing(passing.made, asked, entry.base, passing.acts, passing.landed, passing.clock).answer().open


def _same(then: Record | None, now: Record | None) -> bool:
    terms = ("state", "scope", "from", "until", "exceptions")
    return [(then or {}).get(each) for each in terms] == [(now or {}).get(each) for each in terms]


def _taken_back(passing: Passing, gate: str) -> bool:
    at_gate = {ref: act for ref, act in passing.acts.items() if act["gate"] == gate}
    approved = {ref: stands_for(act) for ref, act in at_gate.items() if act["decision"] == "approved"}
    against = [act for act in at_gate.values() if act["decision"] in STRICT]
    return any(approved.get(ref) == stands_for(act) for act in against for ref in act.get("supersedes", ()))
