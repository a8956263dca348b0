"""The repository's top on both sides of a step, which may be above the workspace: where the workflow files lie."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from itsm_as_code.app.approvals.workflows import Guard, at_top, guard_of

if TYPE_CHECKING:
    from itsm_as_code.app.workspace import Workspace
    from itsm_as_code.domain.settings import Settings
    from itsm_as_code.git.repository import Repository
    from itsm_as_code.git.step import TreeStep
    from itsm_as_code.git.tree import GitTree
    from itsm_as_code.store.tree import Tree


@dataclass(frozen=True, slots=True)
class Top:
    """Both sides from the top on. `since` looks up the commit of base that changed a workflow file last, "" for none:
    it stands for the revision that these files lack. `guard` says, as base has it, which files these are."""

    base: Tree
    head: Tree
    since: Callable[[], str] = str
    guard: Guard = field(default_factory=Guard)


def top_of(repository: Repository, step: TreeStep, settings: Settings) -> Top:
    """The top of a step, by the settings of base."""
    from itsm_as_code.git.overlay import OverlayTree
    from itsm_as_code.git.tree import GitTree

    guard = guard_of(settings, repository.prefix)
    if not repository.prefix:
        return _top(repository, step.base.commit, step.base, step.head, guard)
    base, head = GitTree(repository, step.base.commit, ""), GitTree(repository, step.head_commit, "")
    changed = ((each.path, each.head_entry) for each in at_top(step))
    entries = {path: entry and replace(entry, path=path) for path, entry in changed}
    return _top(repository, base.commit, base, OverlayTree(base, entries, head, step.head.label), guard)


def top_here(workspace: Workspace, base: GitTree, settings: Settings) -> Top:
    """The top of base, by its settings, and of the files as they lie here."""
    from itsm_as_code.git.repository import open_repository
    from itsm_as_code.git.tree import GitTree
    from itsm_as_code.store.worktree import WorkTree

    repository = open_repository(workspace.root)
    guard = guard_of(settings, repository.prefix)
    if not repository.prefix or repository.work_tree is None:
        return _top(repository, base.commit, base, workspace.tree(), guard)
    top = GitTree(repository, base.commit, "")
    return _top(repository, base.commit, top, WorkTree(repository.work_tree), guard)


def _top(repository: Repository, commit: str, base: Tree, head: Tree, guard: Guard) -> Top:
    def since() -> str:
        from itsm_as_code.git.history import last_change

        # Git is asked by plain names, so those that are guarded for how they begin are named one by one.
        names = (entry.path for tree in (base, head) for entry in guard.entries(tree))
        return last_change(repository, commit, dict.fromkeys((*guard.places, *names)))

    return Top(base, head, since, guard)
