"""Where there is no repository yet: whether a folder needs one, and making it."""

from __future__ import annotations

from pathlib import Path

from itsm_as_code.domain.errors import CouldNotCheck
from itsm_as_code.git import command
from itsm_as_code.git.repository import Repository, open_repository


def is_tracked_root(path: Path) -> bool:
    """Whether the folder lies in the checkout of a repository already, and is not ignored there.

    A workspace may be a folder of a larger repository; a repository inside an ignored folder is usual too
    and needs its own. Raises CouldNotCheck without Git.
    """
    folder = path.absolute()
    inside = command.as_user(("rev-parse", "--is-inside-work-tree"), cwd=folder)
    if inside.status != 0 or inside.stdout.strip() != b"true":
        return False
    return command.as_user(("check-ignore", "--quiet", "--", str(folder)), cwd=folder).status != 0


def init_repository(path: Path) -> Repository:
    """Make a repository in the existing folder `path`, on the unborn branch `main`, and open it.

    In a folder that has one already nothing changes.
    """
    folder = path.absolute()
    outcome = command.as_user(("init", "--quiet", "--initial-branch=main"), cwd=folder)
    if outcome.status != 0:
        raise CouldNotCheck(f"no repository could be made in {path}: {outcome.stderr.strip()}")
    return open_repository(folder)
