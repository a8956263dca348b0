"""Looking back: what was decided at the step by which it landed, by the rules and people of that step's base."""

from __future__ import annotations

from typing import TYPE_CHECKING

from itsm_as_code.app.hearing import Court
from itsm_as_code.domain.approval.gates import Gate
from itsm_as_code.domain.approval.inquiry import Subject
from itsm_as_code.domain.approval.question import POST_REVIEW
from itsm_as_code.domain.ids import approval_path, parse_path
from itsm_as_code.store.snapshot import TreeSnapshot

if TYPE_CHECKING:
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
