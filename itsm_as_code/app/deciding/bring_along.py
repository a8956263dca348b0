"""Signs the proposal that a step through a gate needs, and takes along acts that have not landed yet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from itsm_as_code.app.approvals.decision_context import DecisionContext, context_at, subject_meant
from itsm_as_code.app.approvals.evaluator import Evaluator
from itsm_as_code.app.deciding.request import DecisionRequest
from itsm_as_code.app.deciding.sign import act_draft, not_landed
from itsm_as_code.app.deciding.status_after import tickets_behind
from itsm_as_code.app.writing.draft import BroughtAlong, Draft, WaitingDraft
from itsm_as_code.app.writing.push import landed_beside
from itsm_as_code.domain.approval.gates import BEYOND, subject_of
from itsm_as_code.domain.errors import ItsmError
from itsm_as_code.domain.ids import parse_path
from itsm_as_code.domain.kinds.approval import Decision
from itsm_as_code.store.snapshot import TreeSnapshot


@dataclass(frozen=True, slots=True)
class Proposer:
    """The person who takes the step, the folder of their keys, and the clock. With `push`, acts here land too.

    Called with base, the future files, and the drafts. A record that passes a gate where somebody must decide, and that
    nobody has proposed as it is now, gets a proposal. Without a key to sign it, there is none.
    """

    person: str
    home: Path
    now: datetime
    push: bool = False
    dry_run: bool = False

    def __call__(self, base: TreeSnapshot, files: TreeSnapshot, drafts: tuple[Draft, ...]) -> BroughtAlong:
        """Returns the proposals, and the drafts that can't land before people have decided."""
        acts: list[Draft] = []
        waiting: list[WaitingDraft] = []
        for draft in drafts:
            located = parse_path(draft.path)
            if located is not None and located[0] in BEYOND:
                brought = self._of_one(base, files, draft.path, subject_of(*located))
                files = brought.after or files
                acts += brought.drafts
                waiting += brought.waiting
        return BroughtAlong(tuple(acts), tuple(waiting), files if acts else None)

    def _of_one(self, base: TreeSnapshot, files: TreeSnapshot, path: str, ref: str) -> BroughtAlong:
        evaluator = Evaluator(base, files, self.now)
        contexts = self._contexts(evaluator, ref)
        acts, unsigned = self._signed(contexts, ref)
        after = None
        if acts:
            after = files.written(landed_beside(base.tree, tuple(acts)) | {act.path: act.after for act in acts})
            contexts = self._contexts(Evaluator(base, after, self.now), ref)
        if self.push and contexts:
            acts += not_landed(evaluator, contexts[0].verdict.question.subject)
        waiting = (
            WaitingDraft(path, each.verdict, unsigned.get(each.gate.name), tickets_behind(each.evaluator, each.subject))
            for each in contexts
            if not each.verdict.is_open
        )
        return BroughtAlong(tuple(acts), tuple(waiting), after)

    def _signed(self, contexts: list[DecisionContext], ref: str) -> tuple[list[Draft], dict[str, ItsmError]]:
        """Signs the proposals that are missing. Returns them, and by gate why none could be signed."""
        acts: list[Draft] = []
        unsigned: dict[str, ItsmError] = {}
        request = DecisionRequest(ref, Decision.PROPOSED)
        for context in contexts:
            if context.verdict.missing_proposal and not self.dry_run:
                try:
                    acts.append(act_draft(context, request, self.person, self.home, self.now))
                except ItsmError as error:
                    unsigned[context.gate.name] = error
        return acts, unsigned

    def _contexts(self, evaluator: Evaluator, ref: str) -> list[DecisionContext]:
        path, subject = subject_meant(evaluator, ref)
        names = [each.verdict.question.gate for each in evaluator.evaluate_gates(path, subject) if each.passes]
        gates = {gate.name: gate for gate in evaluator.gates(subject)}
        return [context_at(evaluator, path, subject, gates[name], self.person) for name in names]
