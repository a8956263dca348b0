"""Replays drafts on the newest tip of the protected branch, and pushes them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from itsm_as_code.app.writing.draft import Delivery, Draft
from itsm_as_code.app.writing.revision_and_authors import bytes_in, data_in, data_of, with_bookkeeping
from itsm_as_code.app.writing.verify import verified
from itsm_as_code.domain.errors import CouldNotCheck
from itsm_as_code.domain.ids import is_act
from itsm_as_code.domain.replay import replay
from itsm_as_code.domain.shape import key_order_at
from itsm_as_code.store.editor import apply
from itsm_as_code.store.snapshot import TreeSnapshot
from itsm_as_code.store.tree import Tree

if TYPE_CHECKING:
    from itsm_as_code.app.checkout.checkout import Checkout
    from itsm_as_code.app.checkout.clone import Clone
    from itsm_as_code.git.push_replay import Pushed


def push_drafts(clone: Clone, drafts: tuple[Draft, ...], delivery: Delivery) -> Pushed:
    """Replays what is local in the drafts' files on the newest tip of the protected branch."""
    from itsm_as_code.git.clone_state import REMOTE
    from itsm_as_code.git.push_replay import push_replay, where_parted
    from itsm_as_code.git.tree import GitTree

    repository = clone.repository

    def edit(tip: GitTree) -> Mapping[str, bytes]:
        # The newest known base is no start: these files may be older, and what is new in it would look removed.
        start = where_parted(repository, clone.state.head, tip.commit)
        return {draft.path: _replayed(draft, start, tip, delivery) for draft in drafts}

    head = GitTree(repository, clone.state.head) if clone.state.head is not None else None
    written = {draft.path: draft.after for draft in drafts if draft.before == bytes_in(head, draft.path)}
    return push_replay(repository, REMOTE, clone.protected, edit, delivery.message, written=written)


def _replayed(draft: Draft, base: Tree | None, tip: Tree, delivery: Delivery) -> bytes:
    """Returns the file on the tip with our edits since `base`, or our file if the tip has none."""
    there = data_in(tip, draft.path)
    if there is None:
        return with_bookkeeping(draft, tip, tip, delivery.actor).after
    edits = tuple(replay(data_in(base, draft.path), data_of(draft.path, draft.after), there))
    text = apply(tip.read(draft.path), edits, order=key_order_at(draft.path))
    landed = with_bookkeeping(Draft(draft.path, draft.before, text, draft.words), tip, tip, delivery.actor)
    verified(TreeSnapshot(tip).written({landed.path: landed.after}), (landed.path,), delivery.at)
    return landed.after


def remove_landed_acts(checkout: Checkout, drafts: tuple[Draft, ...], landed: str) -> None:
    """Removes untracked copies of acts that the commit `landed` of the protected branch has: they would block `git
    pull`.

    What Git tracks is asked now, after the push: it may have moved the branch that is checked out. If Git does not
    say, every file stays: the push has landed, and must not look as if it had failed.
    """
    from itsm_as_code.git.dirty import tracked_paths
    from itsm_as_code.git.tree import GitTree

    repository, folders = checkout.require_clone().repository, folders_of_acts(drafts)
    try:
        tracked = tracked_paths(repository, folders)
    except CouldNotCheck:
        return
    base = GitTree(repository, landed)
    for entry in (entry for folder in folders for entry in checkout.files.entries(folder)):
        untracked = entry.mode == "file" and entry.path not in tracked
        if untracked and bytes_in(base, entry.path) == checkout.files.read(entry.path):
            (checkout.root / entry.path).unlink(missing_ok=True)


def landed_beside(base: Tree | None, drafts: tuple[Draft, ...]) -> dict[str, bytes]:
    """Yields acts that have landed on the subjects of the drafts: a new act names them, even if this branch lacks
    them."""
    if base is None:
        return {}
    entries = (entry for folder in folders_of_acts(drafts) for entry in base.entries(folder))
    return {entry.path: base.read(entry.path) for entry in entries if entry.mode == "file"}


def folders_of_acts(drafts: tuple[Draft, ...]) -> list[str]:
    """Returns the folders in which the drafts have acts."""
    return sorted({draft.path.rpartition("/")[0] for draft in drafts if is_act(draft.path)})
