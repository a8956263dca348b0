"""What a step through a gate brings along: the signed proposal of whoever takes it, and acts that have yet to land."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from itsm_as_code.app.approvals.decide import Matter, Wish, act_draft, matter_at, not_landed, subject_here
from itsm_as_code.app.approvals.hearing import Court
from itsm_as_code.app.approvals.outlook import tickets_behind
from itsm_as_code.app.write import Brought, Draft, Waiting
from itsm_as_code.domain.approval.gates import BEYOND, subject_of
from itsm_as_code.domain.errors import ItsmError
from itsm_as_code.domain.ids import parse_path
from itsm_as_code.domain.kinds.approval import Decision
from itsm_as_code.store.overlay import WrittenOver
from itsm_as_code.store.snapshot import TreeSnapshot

if TYPE_CHECKING:
    from itsm_as_code.store.tree import Tree


@dataclass(frozen=True, slots=True)
class Proposer:
    """Who takes the step, where their keys are, when; and whether acts that lie here are to land with it.

    Called with base, the files as they will be, and the drafts: a record that passes a gate where somebody must decide,
    and that nobody has proposed as it is now, brings a proposal. Without a key that signs it goes without one.
    """

    person: str
    home: Path
    now: datetime
    push: bool = False
    dry_run: bool = False

    def __call__(self, base: Tree, files: Tree, drafts: tuple[Draft, ...]) -> Brought:
        """The proposals, and the drafts that can't land before people have decided."""
        acts: list[Draft] = []
        waiting: list[Waiting] = []
        for draft in drafts:
            located = parse_path(draft.path)
            if located is not None and located[0] in BEYOND:
                brought = self._of_one(base, files, draft.path, subject_of(*located))
                acts += brought.drafts
                waiting += brought.waiting
        return Brought(tuple(acts), tuple(waiting))

    def _of_one(self, base: Tree, files: Tree, path: str, ref: str) -> Brought:
        acts: list[Draft] = []
        unsigned: dict[str, ItsmError] = {}
        for matter in self._heard(base, files, ref):
            if matter.verdict.missing_proposal and not self.dry_run:
                try:
                    acts.append(act_draft(matter, Wish(ref, Decision.PROPOSED), self.person, self.home, self.now))
                except ItsmError as error:
                    unsigned[matter.gate.name] = error
        written = WrittenOver(files, {act.path: act.after for act in acts})
        after = self._heard(base, written, ref)
        if self.push and after:
            acts += not_landed(_court(base, files, self.now), after[0].verdict.question.subject)
        waiting = (
            Waiting(path, m.verdict, unsigned.get(m.gate.name), tickets_behind(m.court, m.subject))
            for m in after
            if not m.verdict.passes
        )
        return Brought(tuple(acts), tuple(waiting))

    def _heard(self, base: Tree, files: Tree, ref: str) -> list[Matter]:
        court = _court(base, files, self.now)
        path, subject = subject_here(court, ref)
        names = [heard.verdict.question.gate for heard in court.hear(path, subject)]
        gates = {gate.name: gate for gate in court.gates(subject)}
        return [matter_at(court, path, subject, gates[name], self.person) for name in names]


def _court(base: Tree, files: Tree, now: datetime) -> Court:
    return Court(TreeSnapshot(base, keep_data=True), TreeSnapshot(files, keep_data=True), now)
