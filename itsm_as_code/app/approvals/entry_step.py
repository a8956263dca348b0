"""Finds the step by which a subject passed its gate, and judges it by the rules and people of that step's base."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from itsm_as_code.app.approvals.evaluator import Evaluator, attached_files
from itsm_as_code.app.approvals.guarded_files import guard_of, workflow_files
from itsm_as_code.app.approvals.opened_step import open_step
from itsm_as_code.domain.approval.gates import EDITED, first_gate, is_past
from itsm_as_code.domain.approval.inquiry import Subject
from itsm_as_code.domain.digest import NotCanonical, digest
from itsm_as_code.domain.ids import ATTACHMENTS
from itsm_as_code.domain.instants import LATE
from itsm_as_code.domain.kinds.person import Person
from itsm_as_code.domain.revision import SETTINGS_KIND, WORKFLOWS_KIND, state_in
from itsm_as_code.domain.settings import SETTINGS_PATH
from itsm_as_code.evidence.verification import revoked_keys
from itsm_as_code.store.snapshot import TreeSnapshot

if TYPE_CHECKING:
    from itsm_as_code.domain.approval.verdict import Verdict
    from itsm_as_code.git.history import LineClock


@dataclass(frozen=True, slots=True)
class EntryStep:
    """The step by which a subject last passed its gate: the evaluator of that time, and the verdicts of all gates
    passed.

    `base` and `evaluator` are None for the first commit, which nobody judged: it is the root of trust.
    """

    commit: str
    landed_at: datetime
    base: str | None
    evaluator: Evaluator | None
    subject: Subject
    verdicts: tuple[Verdict, ...]


def entry_step(line: LineClock, known: TreeSnapshot, path: str, subject: Subject) -> EntryStep | None:
    """Returns the step by which the subject at `path` passed its first gate with this content, or None.

    It searches a first-parent line, by whose clock it judges each step, as an audit does. `known` are the records at
    the line's tip. The answer is None if the subject has not passed the gate there, or has other content there.
    """
    from itsm_as_code.git.history import first_parent_steps
    from itsm_as_code.git.tree import GitTree

    kind, gate = subject.kind, first_gate(subject.kind)
    there = _guarded(line, known) if kind == WORKFLOWS_KIND else written(known, kind, path)
    if there is None or gate is None or not (kind in EDITED or is_past(kind, gate, state_in(kind, there))):
        return None
    if not _is_content(known, subject, there):
        return None
    compromised = revoked_keys(known.all(Person))
    paths = () if kind == WORKFLOWS_KIND else (path, f"{ATTACHMENTS}/{subject.id}")
    # Git needs plain names, so files that are guarded by the beginning of their names are named one by one.
    guard = guard_of(known.settings, line.repository.prefix)
    places = (*guard.places, *there["files"]) if kind == WORKFLOWS_KIND else ()
    for step in first_parent_steps(line.repository, line.tip, paths=paths, places=places):
        landed_at = line.of(step.commit)
        if not step.parents or GitTree(line.repository, step.parents[0]).entry(SETTINGS_PATH) is None:
            return EntryStep(step.commit, landed_at, None, None, subject, ())
        latest = landed_at + LATE
        evaluator = open_step(line.repository, step.parents[0], step.commit, landed_at, compromised, latest).evaluator
        before, after = _sides(evaluator, kind, path)
        then = evaluator.subject(kind, subject.id, before, after or {})
        if any(each.name == gate for each in evaluator.own_gates(then)):
            verdicts = tuple(gate_result.verdict for gate_result in evaluator.evaluate_gates(path, then))
            return EntryStep(step.commit, landed_at, step.parents[0], evaluator, then, verdicts)
    return None


def _guarded(line: LineClock, known: TreeSnapshot) -> dict[str, Any] | None:
    """Returns the guarded files of the whole repository at the line's tip, whose records are `known`; None if there are
    none."""
    from itsm_as_code.git.tree import GitTree

    prefix = line.repository.prefix
    found = workflow_files(GitTree(line.repository, line.tip, ""), guard_of(known.settings, prefix))
    return found if found["files"] else None


def _sides(evaluator: Evaluator, kind: str, path: str) -> tuple[dict[str, Any] | None, dict[str, Any] | None]:
    """Returns a subject as written on both sides of a step. The base says which workflow files count."""
    return (
        evaluator.workflows
        if kind == WORKFLOWS_KIND
        else (written(evaluator.base, kind, path), written(evaluator.head, kind, path))
    )


def _is_content(known: TreeSnapshot, subject: Subject, there: dict[str, Any]) -> bool:
    """Whether `known` and the subject have the same content, as approvals see it."""
    files = dict(attached_files(known.tree, subject.id)) if subject.kind == "article" else {}
    try:
        return digest(subject.kind, there, files) == digest(subject.kind, subject.head, subject.attachments)
    except NotCanonical:
        return False


def written(snapshot: TreeSnapshot, kind: str, path: str) -> dict[str, Any] | None:
    """Returns what a snapshot has at a subject's path, as written: a record, or the settings."""
    if kind == SETTINGS_KIND:
        return snapshot.settings_data
    loaded = snapshot.load(path)
    return loaded.data if loaded is not None else None
