"""Looking back: what was decided at the step by which it landed, by the rules and people of that step's base."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from itsm_as_code.app.hearing import Court
from itsm_as_code.domain.approval.gates import BEYOND, Gate, is_past
from itsm_as_code.domain.approval.inquiry import Subject
from itsm_as_code.domain.approval.question import POST_REVIEW
from itsm_as_code.domain.ids import approval_path, parse_path
from itsm_as_code.domain.revision import state_in
from itsm_as_code.domain.settings import SETTINGS_PATH
from itsm_as_code.store.snapshot import TreeSnapshot

if TYPE_CHECKING:
    from itsm_as_code.app.workspace import Workspace
    from itsm_as_code.domain.approval.answer import Verdict
    from itsm_as_code.git.history import Commit
    from itsm_as_code.git.repository import Repository


def review_accepted(repository: Repository, tip: str, path: str) -> bool:
    """Whether the review of an emergency change was accepted at one of the steps by which its acts landed.

    Only steps that brought acts on the change, or the change itself, can have accepted it.
    """
    from itsm_as_code.git.history import first_parent_steps

    located = parse_path(path)
    if located is None:
        return False
    acts = approval_path(located[1], "x").rpartition("/")[0]
    steps = first_parent_steps(repository, tip, paths=(path, acts))
    return any(_accepted(repository, step, path, located) for step in steps if step.parents)


def _accepted(repository: Repository, step: Commit, path: str, located: tuple[str, str]) -> bool:
    from itsm_as_code.git.tree import GitTree

    base, head = (TreeSnapshot(GitTree(repository, oid), keep_data=True) for oid in (step.parents[0], step.commit))
    loaded = head.load(path)
    if loaded is None or loaded.record is None or loaded.data is None:
        return False
    court = Court(base, head, step.committed_at)
    return court.verdict(Subject(*located, loaded.data, loaded.data, loaded.record, {}), Gate(POST_REVIEW)).passes


def entered(workspace: Workspace, path: str, gate: str) -> Entry | None:
    """The entry of a record of the protected branch, as this clone knows it; None where there is none."""
    from itsm_as_code.app.protected import base_tree
    from itsm_as_code.git.repository import open_repository
    from itsm_as_code.git.tree import GitTree

    base = base_tree(workspace)
    if not isinstance(base, GitTree):
        return None
    with open_repository(workspace.root) as repository:
        return entry(repository, base.commit, path, gate)


@dataclass(frozen=True, slots=True)
class Entry:
    """The step by which a subject last went past a gate. `verdict` is None in the first commit, the root of trust."""

    commit: str
    landed_at: datetime
    verdict: Verdict | None


def entry(repository: Repository, tip: str, path: str, gate: str) -> Entry | None:
    """The step on the first-parent line of `tip` by which the record at `path` went past the gate with the content
    that it has now, judged by that step's base; None where it is not past the gate.

    Steps dated by their commits: an audit, which knows all dates before, is stricter (see `app.audit`).
    """
    from itsm_as_code.git.history import first_parent_steps

    located = parse_path(path)
    if located is None:
        return None
    state = _state(repository, tip, path)
    if gate in BEYOND.get(located[0], {}) and not is_past(located[0], gate, state):
        return None
    for step in first_parent_steps(repository, tip, paths=(path,)):
        found = _entered(repository, step, path, located, gate)
        if found is not None:
            return found
    return None


def _entered(repository: Repository, step: Commit, path: str, located: tuple[str, str], gate: str) -> Entry | None:
    """The entry, where this step is the one."""
    from itsm_as_code.git.tree import GitTree

    head = TreeSnapshot(GitTree(repository, step.commit), keep_data=True)
    base = TreeSnapshot(GitTree(repository, step.parents[0]), keep_data=True) if step.parents else None
    after, before = head.load(path), base.load(path) if base is not None else None
    if after is None or after.data is None:
        return None
    if base is None or base.tree.entry(SETTINGS_PATH) is None:
        return Entry(step.commit, step.committed_at, None)
    court = Court(base, head, step.committed_at)
    subject = court.subject(*located, before.data if before is not None else None, after.data)
    passed = next((each for each in court.gates(subject) if each.name == gate), None)
    return Entry(step.commit, step.committed_at, court.verdict(subject, passed)) if passed is not None else None


def _state(repository: Repository, tip: str, path: str) -> str | None:
    from itsm_as_code.git.tree import GitTree

    located, loaded = parse_path(path), TreeSnapshot(GitTree(repository, tip), keep_data=True).load(path)
    return state_in(located[0], loaded.data) if located and loaded is not None and loaded.data is not None else None
