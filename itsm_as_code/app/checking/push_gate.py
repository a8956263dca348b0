"""Judges a push before it is accepted: what it would change on the protected ref, by the rules of the old tip. The new
objects are still in Git's quarantine."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from itsm_as_code.app.checking.report import Report, notes_on_replaced
from itsm_as_code.domain.errors import CouldNotCheck, Refused, UsageFault
from itsm_as_code.domain.finding import cut
from itsm_as_code.domain.instants import LATE, write_instant
from itsm_as_code.domain.settings import SETTINGS_PATH

if TYPE_CHECKING:
    from pathlib import Path

    from itsm_as_code.git.refs import Refs
    from itsm_as_code.git.repository import Repository

CLOSED = ("refs/replace/", "refs/notes/", "refs/itsm/")
"""Refs that nobody may push: they change what others see, without a step of the protected ref."""

_OID = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Update:
    """One line that `pre-receive` reads: a ref moves from one object to another. All zeros mean that there is none."""

    old: str
    new: str
    ref: str

    @property
    def creates(self) -> bool:
        """Whether there is to be no such ref before."""
        return not self.old.strip("0")

    @property
    def deletes(self) -> bool:
        """Whether there is to be no such ref afterwards."""
        return not self.new.strip("0")


def parse_updates(lines: Iterable[str]) -> list[Update]:
    """Returns the updates of a push. Raises CouldNotCheck for lines that are not updates."""
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
    """Returns the report of the step that the push makes on the protected ref; None if the push does not touch it.

    Every update is looked at before anything is judged, and a push that names the protected ref twice is refused
    whatever it says: Git carries out all updates, so no single answer would be about what they come to. `folder` is
    the workspace's folder in the repository, if it is not the top. Raises Refused for moves that are not steps, and
    every error of the check: the hook refuses everything that it can't judge.
    """
    from itsm_as_code.git.refs import is_ref
    from itsm_as_code.git.repository import open_repository

    if not (protected.startswith("refs/heads/") and is_ref(protected)):
        raise UsageFault(f"{protected} is not the full name of a branch", hint="refs/heads/main is one")
    push = tuple(updates)
    if not push:
        raise CouldNotCheck("the push names no ref, so there was nothing to judge", hint="it reads `old new ref` lines")
    with open_repository(git_dir, quarantine=environment, workspace=folder) as repository:
        refs = _refs_of(repository, push, protected)
        for update in push:
            _require_allowed(update, refs, protected)
        steps = [update for update in push if update.ref == protected]
        if len(steps) > 1:
            raise Refused(f"the push moves {protected} {len(steps)} times", hint="push one step at a time")
        if not steps:
            return None
        report = _judge(repository, steps[0], refs.tips.get(protected), anchor, now)
        return replace(report, notes=(*report.notes, *notes_on_replaced(refs.replaced)))


def _refs_of(repository: Repository, push: Sequence[Update], protected: str) -> Refs:
    from itsm_as_code.git.refs import read_refs, with_unborn

    refs = read_refs(repository)
    if refs.moved_by(protected) in refs.tips:
        return refs
    return with_unborn(repository, refs, [protected, *(update.ref for update in push)])


def _require_allowed(update: Update, refs: Refs, protected: str) -> None:
    """Raises for an update that no push may make, whatever it moves the ref to."""
    from itsm_as_code.git.refs import alike, is_ref

    ref, shown = update.ref, cut(update.ref, 80)
    if not (_OID.fullmatch(update.old) and _OID.fullmatch(update.new) and is_ref(ref)):
        raise Refused(f"{shown} is not a ref that a push can move", hint="push to refs/heads/NAME or refs/tags/NAME")
    moved = {alike(ref), alike(refs.moved_by(ref))}
    if any(name.startswith(CLOSED) for name in moved):
        raise Refused(f"{shown} can't be pushed: it would change what others see, without a check")
    if ref == protected:
        return
    ours = {alike(protected), alike(refs.moved_by(protected))}
    if moved & ours:
        raise Refused(f"{shown} is another name of {protected}", hint=f"push to {protected} itself")
    if not update.deletes and any(_in_the_way(name, other) for name in moved for other in ours):
        raise Refused(f"{shown} would be in the way of {protected}", hint="choose a name outside it")


def _in_the_way(name: str, other: str) -> bool:
    """Returns whether Git can't keep both refs, because one is the folder of the other."""
    return name.startswith(f"{other}/") or other.startswith(f"{name}/")


def _judge(repository: Repository, update: Update, present: str | None, anchor: str | None, now: datetime) -> Report:
    from itsm_as_code.app.checking.landing import judge_landing
    from itsm_as_code.git.remote import HAS_MOVED

    repository.require_whole_history()
    if update.deletes:
        raise Refused(f"{update.ref} can't be deleted")
    if (present is None) != update.creates or (present is not None and update.old != present):
        raise Refused(
            f"{update.ref} {HAS_MOVED} {_short(present)}, and this push is a step from {_short(update.old)}",
            hint="git fetch, put the commit on the newest tip, and push again",
        )
    if present is None:
        return _genesis(repository, update, anchor, now)
    _require_one_step(repository, update)
    _require_dated_now(repository, update, now)
    return judge_landing(repository, present, update.new, now)


def _short(oid: str | None) -> str:
    return oid[:12] if oid is not None and oid.strip("0") else "no commit"


def _require_one_step(repository: Repository, update: Update) -> None:
    """Raises unless the new tip's first parent is the old tip, so that the push gate and the audit see the same
    steps."""
    from itsm_as_code.git.revision import parents

    found = parents(repository, update.new)
    if not found or found[0] != update.old:
        raise Refused(
            f"a push moves {update.ref} by exactly one step, whose first parent is the present tip {update.old[:12]}",
            hint="squash onto the newest tip, or merge with --no-ff: git fetch && git rebase, then one commit",
        )
    if len(found) > 2:
        raise Refused("people can't review a merge of more than two branches", hint="merge one branch at a time")


def _require_dated_now(repository: Repository, update: Update, now: datetime) -> None:
    """Raises for a tip whose date is in the future or too old. An audit uses the latest commit date so far as the clock
    of a step. A date in the future would make it judge later steps by that date; an old date would make acts count
    again that have expired since."""
    from itsm_as_code.app.checking.landing import COMMIT_ANEW, require_not_ahead
    from itsm_as_code.git.history import commit_of

    dated = commit_of(repository, update.new).committed_at
    require_not_ahead(dated, now)
    if now - dated > LATE:
        raise Refused(f"the new tip is dated {write_instant(dated)}, more than a day ago", hint=COMMIT_ANEW)


def _genesis(repository: Repository, update: Update, anchor: str | None, now: datetime) -> Report:
    """Judges the first push. The hook pins its root of trust, or this push becomes it."""
    from itsm_as_code.app.checking.landing import judge_genesis
    from itsm_as_code.git.tree import GitTree

    if anchor is not None and update.new != anchor:
        raise Refused(f"the first commit must be {anchor[:12]}, which the hook pins")
    tree = GitTree(repository, update.new)
    if tree.entry(SETTINGS_PATH) is None:
        raise Refused(f"the first commit has no {SETTINGS_PATH}", hint="itsm init")
    return judge_genesis(repository, tree, now)
