"""Publishing edits: a commit of exactly these paths here, or a replay on the newest tip of a remote branch.

Nobody else's staged or unstaged work is touched, and an interruption leaves either all or nothing.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import SystemRandom

from itsm_as_code.domain.errors import CouldNotCheck, Refused
from itsm_as_code.git.compose import compose
from itsm_as_code.git.follow import Follow, follow, stage
from itsm_as_code.git.remote import Lane, Outrun
from itsm_as_code.git.repository import Repository
from itsm_as_code.git.revision import current_branch, resolve
from itsm_as_code.git.tree import GitTree

Edit = Callable[[GitTree], Mapping[str, bytes]]
"""From the newest workspace to the files it should hold: workspace path → bytes. Called once an attempt."""

_UNFINISHED = {
    "MERGE_HEAD": "a merge",
    "CHERRY_PICK_HEAD": "a cherry-pick",
    "REVERT_HEAD": "a revert",
    "rebase-merge": "a rebase",
    "rebase-apply": "a rebase",
}
_FIRST_PAUSE_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class Pushed:
    """What a push came to: the commit now on the remote branch (its old tip where the edit changed nothing).

    `attempts` counts the pushes, 0 where none was needed; `local` says whether the local branch of that
    name came along, and why not.
    """

    commit: str
    attempts: int
    local: Follow


def commit_paths(repository: Repository, files: Mapping[str, bytes], message: str) -> str:
    """Commit exactly `files` (workspace path → bytes) on the current branch and return the branch's tip.

    The checkout's files are not written: they hold these bytes already. What else is staged stays
    staged and uncommitted. Where nothing differs no commit is made. Hooks do not run. Raises Refused on a
    detached head or in the middle of a merge, CouldNotCheck where the branch moved meanwhile.
    """
    branch = current_branch(repository)
    if branch is None:
        raise Refused("HEAD is detached, so a commit would be on no branch", hint="git switch <branch>")
    for name, what in _UNFINISHED.items():
        if (repository.git_dir / name).exists():
            raise Refused(f"{what} is not finished here", hint="finish or abort it (git status says how)")
    unborn = repository.ask("rev-parse", "--verify", "--quiet", "HEAD").status != 0
    parent = None if unborn else resolve(repository, "HEAD")
    placed = {repository.prefix + path: data for path, data in files.items()}
    commit = compose(repository, parent, placed, message)
    if commit is None:
        return parent or ""
    # The index first: killed in between, it holds a staged edit; the other way round, a staged reversal.
    stage(repository, commit, placed)
    subject = message.strip().split("\n")[0]
    outcome = repository.as_user("update-ref", "-m", f"commit: {subject}", branch, commit, parent or "0" * len(commit))
    if outcome.status != 0:
        raise CouldNotCheck(f"the branch moved meanwhile: {outcome.stderr.strip()}", hint="try again")
    return commit


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
    """Make `edit` on the newest tip of the remote branch and push it, again as often as somebody is faster.

    `written` are files of the checkout (workspace path → bytes) that hold nothing but HEAD's content and the
    edit: they may take what was pushed. Fast-forward only, so nobody's commit is lost. Raises Refused with the
    remote's words where it (or a hook) says no or the race was lost `attempts` times, CouldNotCheck offline;
    whatever `edit` raises passes through. Then nothing has changed, and the work tree is as it was.
    """
    lane = Lane(repository, remote, branch)
    ours = {repository.prefix + path: data for path, data in (written or {}).items()}
    made: str | None = None
    for attempt in range(1, attempts + 1):
        try:
            tip = lane.fetch()
            if made is not None and lane.holds(made, tip):
                return Pushed(made, attempt - 1, follow(repository, branch, tip, ours, ours))
            files = {repository.prefix + path: data for path, data in edit(GitTree(repository, tip)).items()}
            made = compose(repository, tip, files, message)
            if made is None:
                return Pushed(tip, attempt - 1, follow(repository, branch, tip, files, ours))
            _push(lane, made)
        except Outrun:
            _pause(attempt)
            continue
        return Pushed(made, attempt, follow(repository, branch, made, files, ours))
    raise Refused(
        f"{remote}/{branch} moved {attempts} times while the edit was being pushed",
        hint="nothing has changed; try again",
    )


def where_parted(repository: Repository, commit: str) -> GitTree | None:
    """The workspace where the checkout's HEAD and `commit` parted; None where HEAD has no commit yet.

    What lies in the checkout was made from this, not from `commit`, however new that is. Raises CouldNotCheck
    where the two have no common history.
    """
    if repository.ask("rev-parse", "--verify", "--quiet", "HEAD").status != 0:
        return None
    head = resolve(repository, "HEAD")
    outcome = repository.ask("merge-base", head, commit)
    if outcome.status != 0:
        raise CouldNotCheck(
            f"commits {head[:7]} and {commit[:7]} have no common history",
            hint="git fetch --unshallow if the clone is shallow; else push from a clone of the remote",
        )
    return GitTree(repository, outcome.stdout.decode().split()[0])


def _push(lane: Lane, commit: str) -> None:
    try:
        lane.push(commit)
    except CouldNotCheck:
        # The line may have broken after the remote had taken the commit.
        if not _has_landed(lane, commit):
            raise


def _has_landed(lane: Lane, commit: str) -> bool:
    try:
        return lane.holds(commit, lane.fetch())
    except (CouldNotCheck, Outrun):
        return False


def _pause(attempt: int) -> None:
    longest = _FIRST_PAUSE_SECONDS * 2 ** min(attempt, 5)
    time.sleep(SystemRandom().uniform(0, longest))
