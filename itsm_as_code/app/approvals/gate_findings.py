"""Turns verdicts into findings: it evaluates every gate of every record in a step, and verifies every new act."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from itsm_as_code.app.approvals.authorship import findings_of_authors, is_material, writers
from itsm_as_code.app.approvals.evaluator import Evaluator, GateResult
from itsm_as_code.app.approvals.guarded_files import odd
from itsm_as_code.app.approvals.verified_by import findings_of_verifications
from itsm_as_code.checks import approvals
from itsm_as_code.domain.approval.active_acts import landing_fault
from itsm_as_code.domain.approval.authorship import names_in
from itsm_as_code.domain.approval.gates import Gate, first_gate
from itsm_as_code.domain.approval.question import EDIT
from itsm_as_code.domain.approval.verdict import GateStatus
from itsm_as_code.domain.finding import Finding, Spot
from itsm_as_code.domain.kinds.approval import Decision
from itsm_as_code.domain.kinds.person import Person
from itsm_as_code.domain.revision import SETTINGS_KIND, WORKFLOWS_KIND, counts_revisions

if TYPE_CHECKING:
    from itsm_as_code.app.approvals.guarded_files import GuardedFiles
    from itsm_as_code.app.approvals.opened_step import OpenedStep
    from itsm_as_code.domain.approval.inquiry import Subject
    from itsm_as_code.domain.step import RecordChange, Step
    from itsm_as_code.git.step import TreeStep

MOST_NAMED = 3
"""How many guarded files a message names."""
_RULES = {
    GateStatus.PENDING: approvals.NOT_APPROVED,
    GateStatus.REFUSED: approvals.REFUSED,
    GateStatus.UNKNOWN: approvals.UNDECIDABLE,
}


def findings_of_gates(opened: OpenedStep) -> Iterator[Finding]:
    """Yields findings of all gates that the step passes and of all acts that it brings."""
    yield from _acts(opened.evaluator, opened.step)
    yield from _workflows(opened.trees, opened.evaluator.roots.guard)
    yield from findings_of_authors(opened)
    yield from findings_of_verifications(opened)
    for gate_result in opened.gate_results:
        yield from findings_of(gate_result)
        yield from _not_durable(opened.evaluator, gate_result)
    yield from _unnamed_authors(opened)


def _workflows(trees: TreeStep, guard: GuardedFiles) -> Iterator[Finding]:
    """Yields findings on what nobody can decide: links and the like among the workflow files."""
    for path in odd(trees, guard):
        words = "this is not a plain file, and nobody can see what it brings: what is here is run"
        yield Spot(words, help="put a plain file here").finding(approvals.UNDECIDABLE, path)


def findings_of(gate_result: GateResult) -> Iterator[Finding]:
    """Returns the finding that says why the gate is not open, or none."""
    verdict, asked = gate_result.verdict, gate_result.verdict.question
    for lapse in verdict.lapses:
        words = f"work on {asked.subject} may not begin: {lapse.why}"
        spot = Spot(words, help=lapse.way_out, gate=asked.gate, subject=asked.subject)
        yield spot.finding(approvals.MAY_NOT_BEGIN, gate_result.path)
    for words in verdict.question.held_back:
        spot = Spot(words, gate=asked.gate, subject=asked.subject)
        yield spot.finding(approvals.DEBT_OVERDUE, gate_result.path)
    if not verdict.is_open and (verdict.status is not GateStatus.PENDING or verdict.waits_for_people):
        words = approvals.message(verdict) + _which_files(gate_result.subject)
        spot = Spot(words, help=approvals.way_out(verdict), gate=asked.gate, subject=asked.subject)
        yield spot.finding(_RULES[verdict.status], gate_result.path)


def _which_files(subject: Subject) -> str:
    """Says which of the guarded files a step changes; of a record it says nothing."""
    if subject.kind != WORKFLOWS_KIND:
        return ""
    before, after = ((side or {}).get("files", {}) for side in (subject.base, subject.head))
    changed = sorted(path for path in {*before, *after} if before.get(path) != after.get(path))
    more = f" and {len(changed) - MOST_NAMED} more" if len(changed) > MOST_NAMED else ""
    return f"; it changes {', '.join(changed[:MOST_NAMED])}{more}" if changed else ""


def _acts(evaluator: Evaluator, step: Step) -> Iterator[Finding]:
    """Yields findings of acts that the step brings and that may not land."""
    for change in step.changes:
        if change.kind == "approval" and change.base is None and change.head is not None:
            record: Any = change.head.record
            act = evaluator.act(record.subject, change.id) if record is not None else None
            workspace, directory = evaluator.base.settings.id, evaluator.directory
            fault = act and landing_fault(act, workspace, directory, evaluator.now, evaluator.latest)
            if fault:
                yield Spot(fault).finding(approvals.ACT_INVALID, change.path)


def _not_durable(evaluator: Evaluator, gate_result: GateResult) -> Iterator[Finding]:
    for act in gate_result.verdict.blocking:
        if act.decision is Decision.REFUSED and not evaluator.base.exists("approval", act.id):
            yield Spot(f"{act.id} of {act.by} is only in the proposal").finding(approvals.NOT_DURABLE, gate_result.path)


def _unnamed_authors(opened: OpenedStep) -> Iterator[Finding]:
    """Yields the people of base who wrote on a record in the step and are not among its authors, if others decide on
    what they wrote: in this step, or later without another word being changed.

    Whoever proposes an edit of itsm.yaml is barred by the proposal, and need not be named too.
    """
    for change in opened.step.changes:
        if change.head is None or not counts_revisions(change.kind) or not is_material(change):
            continue
        passed = [each.verdict for each in opened.gate_results if each.path == change.path and each.passes]
        named = names_in(change.head.data)
        named += tuple(n for each in passed for n in each.proposed_by) if change.kind == SETTINGS_KIND else ()
        unnamed = tuple(_unnamed(opened, change, named))
        if unnamed and (any(each.filled for each in passed) or _waits_for_people(opened.evaluator, change)):
            for person in unnamed:
                message = f"{person} wrote on it in this step and is not among its authors"
                yield Spot(message, ("authors",)).finding(approvals.AUTHOR_UNNAMED, change.path)


def _unnamed(opened: OpenedStep, change: RecordChange, named: tuple[str, ...]) -> Iterator[str]:
    """Yields the people who wrote on a record in the step and are not among those who are named."""
    unnamed = {
        person.id: {email.lower() for email in person.emails}
        for person in opened.evaluator.base.all(Person)
        if person.type == "human" and person.id not in named
    }
    if opened.addresses.isdisjoint(frozenset().union(*unnamed.values())):
        return  # none of the people wrote anything in the step
    wrote = writers(opened, change)
    yield from (person for person, addresses in unnamed.items() if wrote & addresses)


def _waits_for_people(evaluator: Evaluator, change: RecordChange) -> bool:
    """Whether a record is before a gate at which people decide, so that it may pass it later as it is."""
    own, data = first_gate(change.kind), change.head.data if change.head is not None else None
    if own is None or own == EDIT or data is None or "imported" in data:
        return False
    base = change.base.data if change.base is not None else None
    subject = evaluator.subject(change.kind, change.id, base, data, change.path)
    return bool(evaluator.verdict(subject, Gate(own)).filled)
