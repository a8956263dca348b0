"""The repository's root on both sides of a step. It may be above the workspace, and has the workflow files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from itsm_as_code.app.approvals.guarded_files import GuardedFiles, at_root, guard_of

if TYPE_CHECKING:
    from itsm_as_code.domain.settings import Settings
    from itsm_as_code.git.repository import Repository
    from itsm_as_code.git.step import TreeStep
    from itsm_as_code.git.tree import GitTree
    from itsm_as_code.store.tree import Tree


@dataclass(frozen=True, slots=True)
class RootTrees:
    """Both sides from the root on. `since()` is the last commit on base that changed a workflow file, or "" if there is
    none. It is used as their revision number. `guard` says which files these are; it is taken from base."""

    base: Tree
    head: Tree
    since: Callable[[], str] = str
    guard: GuardedFiles = field(default_factory=GuardedFiles)


def roots_of_step(repository: Repository, step: TreeStep, settings: Settings) -> RootTrees:
    """Returns the root trees of a step. The settings of base say which files are guarded."""
    from itsm_as_code.git.overlay import OverlayTree
    from itsm_as_code.git.tree import GitTree

    guard = guard_of(settings, repository.prefix)
    if not repository.prefix:
        return _roots(repository, step.base.commit, step.base, step.head, guard)
    base, head = GitTree(repository, step.base.commit, ""), GitTree(repository, step.head_commit, "")
    changed = ((each.path, each.head_entry) for each in at_root(step))
    entries = {path: entry and replace(entry, path=path) for path, entry in changed}
    return _roots(repository, base.commit, base, OverlayTree(base, entries, head, step.head.label), guard)


def roots_of_work_tree(repository: Repository, base: GitTree, files: Tree, settings: Settings) -> RootTrees:
    """Returns the root trees of base and of the workspace's `files` in the checkout. The settings of base say which
    files are guarded."""
    from itsm_as_code.git.tree import GitTree
    from itsm_as_code.store.worktree import WorkTree

    guard = guard_of(settings, repository.prefix)
    if not repository.prefix or repository.work_tree is None:
        return _roots(repository, base.commit, base, files, guard)
    root = GitTree(repository, base.commit, "")
    return _roots(repository, base.commit, root, WorkTree(repository.work_tree), guard)


def _roots(repository: Repository, commit: str, base: Tree, head: Tree, guard: GuardedFiles) -> RootTrees:
    def since() -> str:
        from itsm_as_code.git.history import last_change

        # Git needs plain names, so files that are guarded by the beginning of their names are listed one by one.
        names = (entry.path for tree in (base, head) for entry in guard.entries(tree))
        return last_change(repository, commit, dict.fromkeys((*guard.places, *names)))

    return RootTrees(base, head, since, guard)
