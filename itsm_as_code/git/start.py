"""Finds out whether a folder needs a repository, and makes one."""

from __future__ import annotations

from pathlib import Path

from itsm_as_code.domain.errors import CouldNotCheck
from itsm_as_code.git import command
from itsm_as_code.git.repository import Repository, open_repository


def is_tracked_root(path: Path) -> bool:
    """Returns whether the folder is in the checkout of a repository already, and is not ignored there.

    A workspace may be a folder of a larger repository. A folder that is ignored there needs a repository of its
    own, which is usual too. Raises CouldNotCheck if Git is missing.
    """
    folder = path.absolute()
    inside = command.as_user(("rev-parse", "--is-inside-work-tree"), cwd=folder)
    if inside.status != 0 or inside.stdout.strip() != b"true":
        return False
    return command.as_user(("check-ignore", "--quiet", "--", str(folder)), cwd=folder).status != 0


def init_repository(path: Path) -> Repository:
    """Makes a repository in the existing folder `path`, on the branch `main` without a commit, and opens it.

    If the folder has a repository already, nothing changes.
    """
    folder = path.absolute()
    outcome = command.as_user(("init", "--quiet", "--initial-branch=main"), cwd=folder)
    if outcome.status != 0:
        raise CouldNotCheck(f"no repository could be made in {path}: {outcome.stderr.strip()}")
    return open_repository(folder)
