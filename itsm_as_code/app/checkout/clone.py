"""The clone: one repository, opened once, and the protected branch, from which rules, people and revisions are taken.

The branch's own itsm.yaml says which branch is protected, never that of a checkout or of a proposal.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from itsm_as_code.domain.errors import CouldNotCheck, Refused
from itsm_as_code.domain.settings import SETTINGS_PATH
from itsm_as_code.git.clone_state import REMOTE, CloneState, clone_state
from itsm_as_code.git.dirty import dirty_paths
from itsm_as_code.git.tree import GitTree
from itsm_as_code.store.known import RecordMemory
from itsm_as_code.store.settings import has_settings
from itsm_as_code.store.snapshot import TreeSnapshot

if TYPE_CHECKING:
    from datetime import datetime

    from itsm_as_code.git.history import LineClock
    from itsm_as_code.git.repository import Repository

USUAL = "main"
"""The protected branch if nothing names another."""


@dataclass(frozen=True, slots=True)
class Base:
    """The protected branch by its short name, and its records; None if there is no commit yet."""

    branch: str
    snapshot: TreeSnapshot | None


@dataclass(frozen=True)
class Clone:
    """A repository and its state when it was first read. `fetched` returns one with the state after a fetch."""

    repository: Repository

    @cached_property
    def state(self) -> CloneState:
        """The branches, here and of the remote."""
        return clone_state(self.repository)

    @cached_property
    def _base(self) -> Base:
        return find_base(self.repository, self.state)

    @cached_property
    def dirty(self) -> frozenset[str]:
        """The files of the workspace that differ from HEAD, as Git saw them at first."""
        return frozenset(dirty_paths(self.repository))

    @property
    def protected(self) -> str:
        """The protected branch's short name, by its own itsm.yaml. Raises CouldNotCheck if the name can't be told."""
        return self._base.branch

    @property
    def base(self) -> TreeSnapshot | None:
        """The records of the protected branch, as it was last fetched; None without commits."""
        return self._base.snapshot

    @property
    def base_tree(self) -> GitTree | None:
        """The files of the protected branch; None without commits."""
        tree = self.base.tree if self.base is not None else None
        return tree if isinstance(tree, GitTree) else None

    @property
    def name_of_base(self) -> str:
        """The name of the protected branch that `--base` accepts."""
        return f"{REMOTE}/{self.protected}" if self.protected in self.state.remote_branches else self.protected

    @property
    def name_of_head(self) -> str:
        """A name by which the commit that is checked out is found from another branch: a branch of the remote that
        points to it, or the start of its id."""
        if self.state.head is None:
            return "HEAD"
        names = (name for name in self.state.remote_names_at(self.state.head) if name != f"{REMOTE}/{self.protected}")
        return next(names, self.state.head[:12])

    def require_base(self) -> TreeSnapshot:
        """Returns the records of the protected branch. Raises CouldNotCheck without commits."""
        if self.base is None:
            raise CouldNotCheck("there is no commit yet to take the rules from", hint="commit the workspace first")
        return self.base

    def require_base_tree(self) -> GitTree:
        """Returns the files of the protected branch. Raises CouldNotCheck without commits."""
        tree = self.require_base().tree
        assert isinstance(tree, GitTree), "a protected branch is read from its commit"
        return tree

    def line(self, now: datetime) -> LineClock:
        """Returns the protected branch as the clock of its steps. Raises CouldNotCheck without commits."""
        from itsm_as_code.git.history import LineClock

        return LineClock(self.repository, self.require_base_tree().commit, now)

    def require_remote(self) -> None:
        """Raises CouldNotCheck, before anything is written, if there is no remote to push to."""
        if not self.state.has_remote:
            raise CouldNotCheck(
                f"there is no remote {REMOTE} to push to; nothing was written", hint=f"git remote add {REMOTE} ADDRESS"
            )

    def fetched(self) -> Clone:
        """Returns the clone after fetching the protected branch, so that acts that landed meanwhile are seen. If
        fetching fails, the push, which fetches too, will say why."""
        from itsm_as_code.git.remote import BranchMoved, RemoteBranch

        try:
            RemoteBranch(self.repository, REMOTE, self.protected).fetch()
        except (CouldNotCheck, Refused, BranchMoved):
            return self
        return Clone(self.repository)


def find_base(repository: Repository, state: CloneState) -> Base:
    """Returns the protected branch and its records.

    The search begins with the branch that this clone's configuration, the remote's HEAD or custom names, and goes on to
    the branch that its itsm.yaml names. Raises CouldNotCheck if two branches name each other, and if nothing says where
    to begin.
    """
    asked: list[str] = []
    branch = _begin(state)
    for _ in range(2):
        snapshot = _snapshot(repository, state.tip(branch) or state.head)
        named = protected_by(snapshot)
        if named in (None, branch):
            return Base(branch, snapshot)
        asked.append(branch)
        branch = str(named)
    first, second = asked
    raise CouldNotCheck(
        f"{first} says that the protected branch is {second}, and {second} says that it is {branch}",
        hint=f"correct forge.protected_ref in the {SETTINGS_PATH} of {second}: a protected branch names itself",
    )


def _begin(state: CloneState) -> str:
    """Returns the branch to read first."""
    known = state.protected or state.remote_head
    if known is not None:
        return known
    if not state.remote_branches or USUAL in state.remote_branches:
        return USUAL
    if len(state.remote_branches) == 1:
        return next(iter(state.remote_branches))
    raise CouldNotCheck(
        f"can't tell which branch of {REMOTE} is protected: this clone does not know the remote's main branch",
        hint=f"git remote set-head {REMOTE} --auto",
    )


def _snapshot(repository: Repository, commit: str | None) -> TreeSnapshot | None:
    return (
        TreeSnapshot(GitTree(repository, commit), keep_data=True, known=RecordMemory()) if commit is not None else None
    )


def protected_by(snapshot: TreeSnapshot | None) -> str | None:
    """Returns the short name of the protected branch that an itsm.yaml names; None if there is none to be read."""
    if snapshot is None or not has_settings(snapshot.tree) or snapshot.settings_findings:
        return None
    forge = snapshot.settings.forge
    return forge.protected_ref.removeprefix("refs/heads/") if forge is not None else USUAL
