"""The lane to the protected ref: what a push would do to it, judged in Git's quarantine by the rules of the old tip."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from itsm_as_code.app.check import Report
from itsm_as_code.domain.approval.standing import SKEW
from itsm_as_code.domain.errors import CouldNotCheck, Refused
from itsm_as_code.domain.instants import write_instant
from itsm_as_code.domain.settings import SETTINGS_PATH

if TYPE_CHECKING:
    from pathlib import Path

    from itsm_as_code.git.repository import Repository

CLOSED = ("refs/replace/", "refs/notes/", "refs/itsm/")
"""Refs that nobody pushes: they change what others see without a step of the protected ref."""

LATE = timedelta(days=1)
"""How long ago the new tip may have been made. Work done offline is older; committed anew, it is dated anew."""
_ANEW = "git commit --amend --no-edit, or rebase it, and push again"


@dataclass(frozen=True, slots=True)
class Update:
    """One line that `pre-receive` reads: a ref moves from one object to another; all zeros stand for none."""

    old: str
    new: str
    ref: str


def parse_updates(lines: Iterable[str]) -> list[Update]:
    """The updates of a push. Raises CouldNotCheck for lines that are none."""
    updates = []
    for line in lines:
        words = line.rstrip("\n").split(" ", 2)
        if len(words) != 3:
            raise CouldNotCheck("the hook was not called by Git", hint="it reads `old new ref` lines")
        updates.append(Update(*words))
    return updates


def judge_push(
    git_dir: Path, updates: Iterable[Update], protected: str, anchor: str | None, now: datetime,
    environment: Mapping[str, str], folder: str | None = None,
) -> Report | None:  # fmt: skip
    """The report of the step that the push makes on the protected ref; None where it does not touch it.

    `folder` is the workspace's in the repository, where that is not its top.

    Raises Refused for moves that are no step, and whatever the check raises: the hook lets nothing pass
    that was not judged.
    """
    from itsm_as_code.git.repository import open_repository

    report = None
    with open_repository(git_dir, quarantine=environment, workspace=folder) as repository:
        for update in updates:
            if update.ref.startswith(CLOSED):
                raise Refused(f"{update.ref} can't be pushed: it would change what others see without a check")
            if update.ref == protected:
                report = _judge(repository, update, anchor, now)
    return report


def _judge(repository: Repository, update: Update, anchor: str | None, now: datetime) -> Report:
    from itsm_as_code.app.check_step import judge_step

    if not update.new.strip("0"):
        raise Refused(f"{update.ref} can't be deleted")
    if not update.old.strip("0"):
        return _genesis(repository, update, anchor, now)
    _require_one_step(repository, update)
    _require_dated_now(repository, update, now)
    return judge_step(repository, update.old, update.new, now)


def _require_one_step(repository: Repository, update: Update) -> None:
    """The new tip's first parent is the old tip, so that the lane and the audit see the same steps."""
    from itsm_as_code.git.revision import parents

    found = parents(repository, update.new)
    if not found or found[0] != update.old:
        raise Refused(
            f"a push moves {update.ref} by exactly one step, whose first parent is the present tip {update.old[:12]}",
            hint="squash onto the newest tip, or merge with --no-ff: git fetch && git rebase, then one commit",
        )
    if len(found) > 2:
        raise Refused("a merge of more than two branches can't be read by people", hint="merge one branch at a time")


def _require_dated_now(repository: Repository, update: Update, now: datetime) -> None:
    """An audit takes the latest commit date so far for the clock of a step. One ahead would make it judge all later
    steps by a time that had not come; one long past would give what has expired since new life."""
    from itsm_as_code.git.history import commit_of

    dated = commit_of(repository, update.new).committed_at
    if dated - now > SKEW:
        raise Refused(
            f"the new tip is dated {write_instant(dated)}, which has yet to come", hint=f"set the clock; {_ANEW}"
        )
    if now - dated > LATE:
        raise Refused(f"the new tip is dated {write_instant(dated)}, more than a day ago", hint=_ANEW)


def _genesis(repository: Repository, update: Update, anchor: str | None, now: datetime) -> Report:
    """The first push: its root of trust is pinned in the hook, or it becomes it."""
    from itsm_as_code.app.check import check_tree
    from itsm_as_code.git.tree import GitTree

    if anchor is not None and update.new != anchor:
        raise Refused(f"the first commit must be {anchor[:12]}, as the hook pins it")
    tree = GitTree(repository, update.new)
    if tree.entry(SETTINGS_PATH) is None:
        raise Refused(f"the first commit has no {SETTINGS_PATH}", hint="itsm init")
    return check_tree(tree, now)
