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
    since = _since(repository, step.base.commit, guard)
    if not repository.prefix:
        return Top(step.base, step.head, since, guard)
    base, head = GitTree(repository, step.base.commit, ""), GitTree(repository, step.head_commit, "")
    changed = ((each.path, each.head_entry) for each in at_top(step))
    entries = {path: entry and replace(entry, path=path) for path, entry in changed}
    return Top(base, OverlayTree(base, entries, head, step.head.label), since, guard)


def top_here(workspace: Workspace, base: GitTree, settings: Settings) -> Top:
    """The top of base, by its settings, and of the files as they lie here."""
    from itsm_as_code.git.repository import open_repository
    from itsm_as_code.git.tree import GitTree
    from itsm_as_code.store.worktree import WorkTree

    repository = open_repository(workspace.root)
    guard = guard_of(settings, repository.prefix)
    since = _since(repository, base.commit, guard)
    if not repository.prefix or repository.work_tree is None:
        return Top(base, workspace.tree(), since, guard)
    return Top(GitTree(repository, base.commit, ""), WorkTree(repository.work_tree), since, guard)


def _since(repository: Repository, commit: str, guard: Guard) -> Callable[[], str]:
    def look_up() -> str:
        from itsm_as_code.git.history import last_change

        return last_change(repository, commit, guard.pathspecs)

    return look_up
