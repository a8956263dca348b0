"""The repository's top on both sides of a step, which may be above the workspace: where the workflow files lie."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from itsm_as_code.app.workflows import PLACES

if TYPE_CHECKING:
    from itsm_as_code.app.workspace import Workspace
    from itsm_as_code.git.repository import Repository
    from itsm_as_code.git.step import TreeStep
    from itsm_as_code.git.tree import GitTree
    from itsm_as_code.store.tree import Tree


@dataclass(frozen=True, slots=True)
class Top:
    """Both sides from the top on. `since` looks up the commit of base that changed a workflow file last, "" for none:
    it stands for the revision that these files lack."""

    base: Tree
    head: Tree
    since: Callable[[], str] = str


def top_of(repository: Repository, step: TreeStep) -> Top:
    """The top of a step."""
    from itsm_as_code.git.overlay import OverlayTree
    from itsm_as_code.git.tree import GitTree

    since = _since(repository, step.base.commit)
    if not repository.prefix:
        return Top(step.base, step.head, since)
    base, head = GitTree(repository, step.base.commit, ""), GitTree(repository, step.head_commit, "")
    entries = {changed.path: changed.head_entry for changed in step.outside}
    return Top(base, OverlayTree(base, entries, head, step.head.label), since)


def top_here(workspace: Workspace, base: GitTree) -> Top:
    """The top of base and of the files as they lie here."""
    from itsm_as_code.git.repository import open_repository
    from itsm_as_code.git.tree import GitTree
    from itsm_as_code.store.worktree import WorkTree

    repository = open_repository(workspace.root)
    since = _since(repository, base.commit)
    if not repository.prefix or repository.work_tree is None:
        return Top(base, workspace.tree(), since)
    return Top(GitTree(repository, base.commit, ""), WorkTree(repository.work_tree), since)


def _since(repository: Repository, commit: str) -> Callable[[], str]:
    def look_up() -> str:
        from itsm_as_code.git.history import last_change

        return last_change(repository, commit, PLACES)

    return look_up
