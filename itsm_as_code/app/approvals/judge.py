"""The gates of a step: every record that passes one is heard, every new act is verified; verdicts become findings."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from itsm_as_code.app.approvals.hearing import Court, Heard
from itsm_as_code.app.approvals.workflows import conflicts, odd
from itsm_as_code.checks import approvals
from itsm_as_code.checks.steps_record import BOTH_SIDES
from itsm_as_code.domain.approval.answer import Status
from itsm_as_code.domain.approval.standing import landing_fault
from itsm_as_code.domain.finding import Finding, Spot
from itsm_as_code.domain.kinds.approval import Decision

if TYPE_CHECKING:
    from itsm_as_code.app.approvals.case import Case
    from itsm_as_code.app.approvals.workflows import Guard
    from itsm_as_code.domain.step import Step
    from itsm_as_code.git.step import TreeStep

_RULES = {
    Status.PENDING: approvals.NOT_APPROVED,
    Status.REFUSED: approvals.REFUSED,
    Status.UNKNOWN: approvals.UNDECIDABLE,
}


def findings_of_gates(case: Case) -> Iterator[Finding]:
    """Findings of all gates that the step passes and of all acts that it brings."""
    yield from _acts(case.court, case.step)
    yield from _workflows(case.trees, case.court.top.guard)
    for heard in case.heard:
        yield from findings_of(heard)
        yield from _not_durable(case.court, heard)
        if heard.verdict.filled:
            yield from _unnamed_authors(case, heard)


def _workflows(trees: TreeStep, guard: Guard) -> Iterator[Finding]:
    """What nobody can decide on: links among the workflow files, and files that both sides changed."""
    for path in odd(trees, guard):
        yield Spot("no plain file, and workflows are run from here", help="write a plain file").finding(
            approvals.UNDECIDABLE, path
        )
    for path in conflicts(trees, guard):
        yield Spot("base changed this file too since the branch left it: update your branch").finding(BOTH_SIDES, path)


def findings_of(heard: Heard) -> Iterator[Finding]:
    """What keeps the subject from passing the gate."""
    verdict = heard.verdict
    for words in verdict.question.held_back:
        yield Spot(words).finding(approvals.DEBT_OVERDUE, heard.path)
    if verdict.status is not Status.APPROVED and (verdict.status is not Status.PENDING or verdict.waits_for_people):
        spot = Spot(approvals.message(verdict), (), help=approvals.way_out(verdict))
        yield spot.finding(_RULES[verdict.status], heard.path)


def _acts(court: Court, step: Step) -> Iterator[Finding]:
    """Acts that the step brings and that may not land."""
    for change in step.changes:
        if change.kind == "approval" and change.base is None and change.head is not None:
            record: Any = change.head.record
            act = court.act(record.subject, change.id) if record is not None else None
            fault = act and landing_fault(act, court.base.settings.id, court.registry, court.latest)
            if fault:
                yield Spot(fault).finding(approvals.ACT_INVALID, change.path)


def _not_durable(court: Court, heard: Heard) -> Iterator[Finding]:
    for act in heard.verdict.blocking:
        if act.decision is Decision.REFUSED and not court.base.exists("approval", act.id):
            yield Spot(f"{act.id} of {act.by} is only in the proposal").finding(approvals.NOT_DURABLE, heard.path)


def _unnamed_authors(case: Case, heard: Heard) -> Iterator[Finding]:
    """People of base who wrote on the record in the step and are not among its authors."""
    from itsm_as_code.git.authors import contributor_emails

    change = next((each for each in case.step.changes if each.path == heard.path), None)
    if change is None or change.kind == "settings":
        return
    data = change.head.data if change.head is not None and change.head.data is not None else {}
    emails = contributor_emails(case.repository, case.trees.base.commit, case.trees.head_commit, change.path)
    people: Iterator[Any] = case.court.base.records("person")
    named = data.get("authors", [])
    for person in people:
        wrote = emails & {email.lower() for email in person.emails}
        if wrote and person.type == "human" and person.id not in named:
            message = f"{person.id} wrote on it in this step and is not among its authors"
            yield Spot(message, ("authors",)).finding(approvals.AUTHOR_UNNAMED, heard.path)
