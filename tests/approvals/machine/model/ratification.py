"""Which of the gates that were gone past are ratified, and which stand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from tests.approvals.machine.model.gates import question
from tests.approvals.machine.model.law import WORKFLOWS, by_audit, line_clock, workflows_before
from tests.approvals.machine.model.people import Clock, Made, earliest, revoked_keys
from tests.approvals.machine.model.reading import DAY, Files, Record, acts_on, of_kind, subject_of, workflows
from tests.approvals.machine.model.standing import Step
from tests.approvals.machine.model.verdicts import Asked, Hearing

Standing = set[tuple[str, str, str]]
"""The step, the path and the gate of what went past and waits for people."""


@dataclass(frozen=True)
class Bypass:
    """A gate that a record went past. `made_before` are the acts on it that were there then."""

    name: str
    where: str
    gate: str
    before: Record | None
    after: Record
    made_before: frozenset[str]


def standing(made: Made, line: Sequence[Step], now: datetime) -> Standing:
    """A step forced past the check may be ratified by an act of people entitled both by the base of the step that
    brings it and by the one before the oldest step that stands: nothing that a forced step or a later one granted
    helps. Acts count from the step that brings them on, never if they were there when the step went past."""
    walk = _Walk(made, line, now)
    for number in range(1, len(line)):
        walk.ratify(number)
        walk.add(number)
    return {(each.name, each.where, each.gate) for each in walk.open}


class _Walk:
    """All steps, from the oldest to the newest."""

    def __init__(self, made: Made, line: Sequence[Step], now: datetime) -> None:
        self.made, self.line, self.now = made, line, now
        self.open: list[Bypass] = []
        self.for_ever: set[str] = set()
        self.rewritten: set[str] = set()
        self.known: dict[str, datetime] = {}

    def add(self, number: int) -> None:
        """Faults that are no missing decision can't be ratified, so their step stands for ever."""
        step = self.line[number]
        law = by_audit(self.made, self.line[:number], step, self.now, self.line[-1].head)
        for where, gate in law.gates:
            guarded = where == WORKFLOWS
            after = workflows(step.head) if guarded else step.head[where]
            before = workflows_before(self.line[:number], step) if guarded else step.base.get(where)
            acts = acts_on(subject_of(after), step.base, step.head)
            self.open.append(Bypass(step.name, where, gate, before, after, frozenset(acts)))
        if len(law.no) > law.closed:
            self.for_ever.add(step.name)

    def ratify(self, number: int) -> None:
        """When the oldest of the steps that stood is ratified, the newer ones are looked at by a newer base."""
        step = self.line[number]
        self.rewritten |= set(_rewritten(step))
        self.known |= revoked_keys(
            {where: record for where, record in step.base.items() if step.head.get(where) != record}
        )
        brought = [
            act for where, act in step.head.items() if step.base.get(where) != act and act.get("gate") == "ratify"
        ]
        while any(act["decision"] == "approved" for act in brought) and (oldest := self._oldest()) is not None:
            ratified = [each for each in self.open if self._by_both(each, number, oldest.base)]
            self.open = [each for each in self.open if each not in ratified]
            if oldest is self._oldest():
                return

    def _oldest(self) -> Step | None:
        stand = {each.name for each in self.open} | self.for_ever
        return next((step for step in self.line[1:] if step.name in stand), None)

    def _by_both(self, bypass: Bypass, number: int, before: Files) -> bool:
        step = self.line[number]
        at = line_clock(self.line[:number], step, self.now)
        known = revoked_keys(self.line[-1].head)
        clock = Clock(at, min(self.now, at + DAY), earliest(known, self.known))
        subject = subject_of(bypass.after)
        if subject in self.rewritten:
            return False
        hearings = []
        for base in (step.base, before):
            acts = acts_on(subject, base, step.head)
            asked = question(bypass.before, bypass.after, "ratify", base, acts, rules_of=bypass.gate, head=step.head)
            hearings.append((asked, base, acts, {act["id"] for act in of_kind(base, "approval")}))
        counting = frozenset(
            ref for ref, act in hearings[0][2].items()
            if act["gate"] == "ratify" and act["decision"] == "approved" and ref not in bypass.made_before
            and all(self._seats(*each, clock, frozenset({ref})).seats_one() for each in hearings)
        )  # fmt: skip
        answers = [self._seats(*each, clock, counting).answer() for each in hearings]
        return all(answer.open and answer.places for answer in answers)

    def _seats(
        self, asked: Asked, base: Files, acts: Mapping[str, Record], landed: set[str], clock: Clock,
        counting: frozenset[str],
    ) -> Hearing:  # fmt: skip
        return Hearing(self.made, replace(asked, counting=counting), base, acts, landed, clock)


def _rewritten(step: Step) -> Iterator[str]:
    """Where an act is taken away or rewritten, who refused is not known any more."""
    for where, act in step.base.items():
        if act.get("kind") == "approval" and step.head.get(where) != act:
            yield str(act["subject"])
