"""Reads the branches and the remote of a clone in one question to Git. Whoever fetches or pushes must ask again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from itsm_as_code.git.repository import Repository
from itsm_as_code.git.revision import current_branch

REMOTE = "origin"
_FORMAT = "--format=%(refname)%00%(objectname)%00%(symref)%00%(HEAD)"
_HERE, _THERE = "refs/heads/", f"refs/remotes/{REMOTE}/"


@dataclass(frozen=True, slots=True)
class CloneState:
    """The refs of a clone at one moment. Branches map short names to commit ids.

    `head` is the commit that is checked out; it is None before the first commit. `branch` is the branch of HEAD,
    even if it has no commit yet; it is None if HEAD is detached. `remote_head` is the remote's main branch, and
    `protected` is the branch named by this clone's own configuration (`itsm.protectedRef`); each is None if it is
    not set.
    """

    head: str | None
    branch: str | None
    has_remote: bool
    protected: str | None = None
    remote_head: str | None = None
    branches: Mapping[str, str] = field(default_factory=dict)
    remote_branches: Mapping[str, str] = field(default_factory=dict)

    def tip(self, branch: str) -> str | None:
        """Returns the commit of a branch: the remote's as last fetched, or else the local one."""
        return self.remote_branches.get(branch) or self.branches.get(branch)

    def remote_names_at(self, commit: str) -> Iterator[str]:
        """Yields the remote's branches that are at `commit`, as Git names them here: `origin/main`."""
        return (f"{REMOTE}/{name}" for name, oid in self.remote_branches.items() if oid == commit)


def clone_state(repository: Repository) -> CloneState:
    """Asks Git for all refs at once."""
    branches: dict[str, str] = {}
    remote_branches: dict[str, str] = {}
    remote_head = branch = None
    listed = repository.read("for-each-ref", _FORMAT, _HERE, _THERE).decode("utf-8", "surrogateescape")
    for ref, oid, symbolic, mark in (line.split("\0") for line in listed.splitlines()):
        if ref == f"{_THERE}HEAD":
            remote_head = symbolic.removeprefix(_THERE) or None
        elif ref.startswith(_THERE):
            remote_branches[ref.removeprefix(_THERE)] = oid
        else:
            branches[ref.removeprefix(_HERE)] = oid
        branch = ref.removeprefix(_HERE) if mark == "*" else branch
    head = branches.get(branch or "") or _head(repository)
    if branch is None and head is None:
        branch = (current_branch(repository) or "").removeprefix(_HERE) or None
    named = repository.configuration.get("itsm.protectedref", "").removeprefix(_HERE)
    has_remote = f"remote.{REMOTE}.url" in repository.configuration
    return CloneState(head, branch, has_remote, named or None, remote_head, branches, remote_branches)


def _head(repository: Repository) -> str | None:
    found = repository.objects.get("HEAD^{commit}")
    return found.oid if found is not None else None
