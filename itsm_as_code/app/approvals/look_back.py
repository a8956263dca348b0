"""Looking back: what was decided at the step by which it landed, by the rules and people of that step's base."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from itsm_as_code.app.approvals.case import open_case
from itsm_as_code.app.approvals.hearing import Court, attached_files
from itsm_as_code.app.approvals.workflows import guard_of, workflow_files
from itsm_as_code.app.protected import base_tree
from itsm_as_code.domain.approval.gates import EDITED, first_gate, is_past
from itsm_as_code.domain.approval.inquiry import Subject
from itsm_as_code.domain.digest import NotCanonical, digest
from itsm_as_code.domain.ids import ATTACHMENTS
from itsm_as_code.domain.revision import SETTINGS_KIND, WORKFLOWS_KIND, state_in
from itsm_as_code.domain.settings import SETTINGS_PATH
from itsm_as_code.evidence.verification import revoked_keys
from itsm_as_code.store.settings import settings_data
from itsm_as_code.store.snapshot import TreeSnapshot

if TYPE_CHECKING:
    from itsm_as_code.app.workspace import Workspace
    from itsm_as_code.domain.approval.answer import Verdict
    from itsm_as_code.git.repository import Repository


@dataclass(frozen=True, slots=True)
class Entry:
    """The step by which a subject last went past its gate: the court of then, and the verdicts of all gates passed.

    `base` and `court` are None in the first commit, which nobody judged: it is the root of trust.
    """

    commit: str
    landed_at: datetime
    base: str | None
    court: Court | None
    subject: Subject
    verdicts: tuple[Verdict, ...]


def entry(repository: Repository, known: TreeSnapshot, tip: str, path: str, subject: Subject) -> Entry | None:
    """The step on the first-parent line of `tip`, whose records are `known`, by which the subject at `path` went past
    its first gate with this content; None where it is not past it there, or has other content.

    A step is dated by its commit; an audit, which knows all dates before, is stricter (see `app.approvals.audit`).
    """
    from itsm_as_code.git.history import first_parent_steps
    from itsm_as_code.git.tree import GitTree

    kind, gate, there = subject.kind, first_gate(subject.kind), written(known, subject.kind, path)
    if there is None or gate is None or not (kind in EDITED or is_past(kind, gate, state_in(kind, there))):
        return None
    if not _is_content(known, subject, there):
        return None
    people: Any = known.records("person")
    compromised = revoked_keys(people)
    paths = guard_of(known.settings, "").places if kind == WORKFLOWS_KIND else (path, f"{ATTACHMENTS}/{subject.id}")
    for step in first_parent_steps(repository, tip, paths=paths):
        landed_at = step.committed_at.astimezone(UTC)
        if not step.parents or GitTree(repository, step.parents[0]).entry(SETTINGS_PATH) is None:
            return Entry(step.commit, landed_at, None, None, subject, ())
        court = open_case(repository, step.parents[0], step.commit, landed_at, compromised).court
        before, after = _sides(court, kind, path)
        then = court.subject(kind, subject.id, before, after or {})
        verdicts = tuple(heard.verdict for heard in court.hear(path, then))
        if any(verdict.question.gate == gate for verdict in verdicts):
            return Entry(step.commit, landed_at, step.parents[0], court, then, verdicts)
    return None


def _sides(court: Court, kind: str, path: str) -> tuple[dict[str, Any] | None, dict[str, Any] | None]:
    """A subject as written on both sides of a step; which workflow files are meant, its base says."""
    return (
        court.workflows
        if kind == WORKFLOWS_KIND
        else (written(court.base, kind, path), written(court.head, kind, path))
    )


def _is_content(known: TreeSnapshot, subject: Subject, there: dict[str, Any]) -> bool:
    """Whether what `known` has is what the subject holds, as approvals see it."""
    files = dict(attached_files(known.tree, subject.id)) if subject.kind == "article" else {}
    try:
        return digest(subject.kind, there, files) == digest(subject.kind, subject.head, subject.attachments)
    except NotCanonical:
        return False


def entry_of(workspace: Workspace, path: str, subject: Subject) -> Entry | None:
    """The entry of a subject into the protected branch, as this clone knows it; None where there is none."""
    from itsm_as_code.git.repository import open_repository
    from itsm_as_code.git.tree import GitTree

    base = base_tree(workspace)
    if not isinstance(base, GitTree):
        return None
    with open_repository(workspace.root) as repository:
        return entry(repository, TreeSnapshot(base, keep_data=True), base.commit, path, subject)


def written(snapshot: TreeSnapshot, kind: str, path: str) -> dict[str, Any] | None:
    """What a snapshot has at a subject's path, as written: a record, the settings, or the workflow files."""
    if kind == SETTINGS_KIND:
        return settings_data(snapshot.tree)
    if kind == WORKFLOWS_KIND:
        found = workflow_files(snapshot.tree, guard_of(snapshot.settings, ""))
        return found if found["files"] else None
    loaded = snapshot.load(path)
    return loaded.data if loaded is not None else None
