"""The protected branch as this clone knows it: what rules and revisions are taken from, and where a push goes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from itsm_as_code.app.workspace import Workspace
from itsm_as_code.domain.errors import CouldNotCheck, Refused

if TYPE_CHECKING:
    from itsm_as_code.git.tree import GitTree

REMOTE = "origin"


def branch_of(workspace: Workspace) -> str:
    """The protected branch's short name."""
    forge = workspace.snapshot().settings.forge
    return (forge.protected_ref if forge else "refs/heads/main").removeprefix("refs/heads/")


def base_tree(workspace: Workspace) -> GitTree | None:
    """What revisions are counted from: the protected branch of the remote, else the local one, else HEAD; None
    without commits."""
    from itsm_as_code.git.repository import open_repository
    from itsm_as_code.git.revision import resolve
    from itsm_as_code.git.tree import GitTree

    try:
        repository = open_repository(workspace.root)
        branch = branch_of(workspace)
        for name in (f"refs/remotes/{REMOTE}/{branch}", f"refs/heads/{branch}", "HEAD"):
            try:
                return GitTree(repository, resolve(repository, name))
            except CouldNotCheck:
                continue
    except CouldNotCheck:
        return None  # no repository yet: every record is new
    return None


def name_of_base(workspace: Workspace) -> str:
    """What `--base` takes for `base_tree`."""
    from itsm_as_code.git.repository import open_repository

    branch = branch_of(workspace)
    with open_repository(workspace.root) as repository:
        known = repository.ask("rev-parse", "--verify", "--quiet", f"refs/remotes/{REMOTE}/{branch}").status == 0
    return f"{REMOTE}/{branch}" if known else branch


def require_remote(workspace: Workspace) -> None:
    """Raises CouldNotCheck, before anything is written, where there is nothing that could be pushed to."""
    if not has_remote(workspace):
        raise CouldNotCheck(
            f"there is no remote {REMOTE} to push to; nothing was written", hint=f"git remote add {REMOTE} ADDRESS"
        )


def has_remote(workspace: Workspace) -> bool:
    """Whether there is somewhere to push to."""
    from itsm_as_code.git.repository import open_repository

    with open_repository(workspace.root) as repository:
        return repository.ask("config", "--get", f"remote.{REMOTE}.url").status == 0


def refresh(workspace: Workspace) -> None:
    """Fetches the protected branch, so that acts which landed meanwhile are seen. Where that fails the push, which
    fetches too, will say why."""
    from itsm_as_code.git.remote import Lane, Outrun
    from itsm_as_code.git.repository import open_repository

    with open_repository(workspace.root) as repository:
        try:
            Lane(repository, REMOTE, branch_of(workspace)).fetch()
        except (CouldNotCheck, Refused, Outrun):
            return


def branch_here(workspace: Workspace) -> str | None:
    """The short name of the branch that is checked out; None where HEAD is detached."""
    from itsm_as_code.git.repository import open_repository
    from itsm_as_code.git.revision import current_branch

    with open_repository(workspace.root) as repository:
        branch = current_branch(repository)
    return branch.removeprefix("refs/heads/") if branch is not None else None


def head_here(workspace: Workspace) -> str:
    """What finds the commit that is checked out from another branch: a branch of the remote at it, else the start of
    its id."""
    from itsm_as_code.git.repository import open_repository
    from itsm_as_code.git.revision import resolve

    with open_repository(workspace.root) as repository:
        if repository.ask("rev-parse", "--verify", "--quiet", "HEAD").status != 0:
            return "HEAD"
        commit = resolve(repository, "HEAD")
        listed = repository.read(
            "for-each-ref", "--points-at", commit, "--format=%(refname:lstrip=2)%00%(symref)", f"refs/remotes/{REMOTE}"
        )
    refs = (line.split("\0") for line in listed.decode("utf-8", "surrogateescape").splitlines())
    names = [name for name, symbolic in refs if not symbolic and name != f"{REMOTE}/{branch_of(workspace)}"]
    return names[0] if names else commit[:12]
