"""Publishes edits: they are replayed on the newest tip of a remote branch.

Other staged or unstaged work is not touched. After an interruption either all of the edit is there or nothing.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import SystemRandom

from itsm_as_code.domain.errors import CouldNotCheck, Refused
from itsm_as_code.git.compose import compose
from itsm_as_code.git.follow import Follow, follow
from itsm_as_code.git.remote import BranchMoved, RemoteBranch
from itsm_as_code.git.repository import Repository
from itsm_as_code.git.tree import GitTree

Edit = Callable[[GitTree], Mapping[str, bytes]]
"""Takes the newest workspace and returns the files it should hold: workspace path → bytes. Called once per attempt."""

_FIRST_PAUSE_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class Pushed:
    """The result of a push. `commit` is now on the remote branch: the old tip if the edit changed nothing.

    `attempts` counts the pushes; it is 0 if none was needed. `local` says whether the local branch of that name was
    updated, and why not.
    """

    commit: str
    attempts: int
    local: Follow


def push_replay(
    repository: Repository,
    remote: str,
    branch: str,
    edit: Edit,
    message: str,
    *,
    attempts: int = 5,
    written: Mapping[str, bytes] | None = None,
) -> Pushed:
    """Makes `edit` on the newest tip of the remote branch and pushes it; tries again each time somebody was faster.

    `written` are files of the checkout (workspace path → bytes) with nothing in them but HEAD's content and the
    edit, so they may be replaced by what was pushed. The push is fast-forward only, so nobody's commit is lost.
    Raises Refused with the remote's words if the remote or a hook refuses, or if others were faster `attempts`
    times. Raises CouldNotCheck if the remote can't be reached, and passes on what `edit` raises. After an error
    nothing has changed, and the work tree is as before.
    """
    remote_branch = RemoteBranch(repository, remote, branch)
    ours = {repository.prefix + path: data for path, data in (written or {}).items()}
    made: str | None = None
    for attempt in range(1, attempts + 1):
        try:
            tip = remote_branch.fetch()
            if made is not None and remote_branch.holds(made, tip):
                return Pushed(made, attempt - 1, follow(repository, branch, tip, ours, ours))
            files = {repository.prefix + path: data for path, data in edit(GitTree(repository, tip)).items()}
            made = compose(repository, tip, files, message)
            if made is None:
                return Pushed(tip, attempt - 1, follow(repository, branch, tip, files, ours))
            _push(remote_branch, made)
        except BranchMoved:
            _pause(attempt)
            continue
        return Pushed(made, attempt, follow(repository, branch, made, files, ours))
    raise Refused(
        f"{remote}/{branch} moved {attempts} times while the edit was being pushed",
        hint="nothing has changed; try again",
    )


def where_parted(repository: Repository, head: str | None, commit: str) -> GitTree | None:
    """Returns the workspace at the commit where `head`, the commit that is checked out, and `commit` parted.

    The files in the checkout were made from this commit, even if `commit` is newer. Returns None without a `head`.
    Raises CouldNotCheck if the two have no common history.
    """
    if head is None:
        return None
    outcome = repository.ask("merge-base", head, commit)
    if outcome.status != 0:
        raise CouldNotCheck(
            f"commits {head[:7]} and {commit[:7]} have no common history",
            hint="git fetch --unshallow if the clone is shallow; else push from a clone of the remote",
        )
    return GitTree(repository, outcome.stdout.decode().split()[0])


def _push(remote_branch: RemoteBranch, commit: str) -> None:
    try:
        remote_branch.push(commit)
    except CouldNotCheck:
        # The connection may have broken after the remote had accepted the commit.
        if not _has_landed(remote_branch, commit):
            raise


def _has_landed(remote_branch: RemoteBranch, commit: str) -> bool:
    try:
        return remote_branch.holds(commit, remote_branch.fetch())
    except (CouldNotCheck, BranchMoved):
        return False


def _pause(attempt: int) -> None:
    longest = _FIRST_PAUSE_SECONDS * 2 ** min(attempt, 5)
    time.sleep(SystemRandom().uniform(0, longest))
