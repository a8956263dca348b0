"""Computes a step: what merging a head would change in a base. It compares trees and does not judge.

The head is a commit, by default HEAD. With `work_tree_step` it is the files in the checkout.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from hashlib import new as new_hash

from itsm_as_code.domain.errors import CouldNotCheck
from itsm_as_code.git.merge import MergeResult, merge_trees
from itsm_as_code.git.overlay import OverlayTree
from itsm_as_code.git.repository import Repository
from itsm_as_code.git.revision import parents, resolve
from itsm_as_code.git.tree import GitTree, as_entry
from itsm_as_code.store.tree import Mode, Tree, TreeEntry, Unreadable


@dataclass(frozen=True, slots=True)
class ChangedPath:
    """A path that the step adds (no base entry), removes (no head entry) or changes."""

    path: str
    base_entry: TreeEntry | None
    head_entry: TreeEntry | None


@dataclass(frozen=True, slots=True)
class TreeStep:
    """The step from `base` to `head`, where `head` is what would land: the result of the merge.

    `changed` and `conflicts` are in the workspace and relative to it; `outside` and `outside_conflicts` are
    elsewhere in the repository and relative to its top. All are sorted. A conflict is a path that both sides
    changed since a merge base; `head` then holds the version of the head commit. `single` says that the step is one
    commit, made on base.
    """

    base: GitTree
    head: Tree
    head_commit: str
    changed: tuple[ChangedPath, ...]
    conflicts: tuple[str, ...] = ()
    outside: tuple[ChangedPath, ...] = ()
    outside_conflicts: tuple[str, ...] = ()
    single: bool = False


def step(repository: Repository, base_rev: str, head_rev: str = "HEAD") -> TreeStep:
    """Returns the step from the newest `base_rev` to the result of merging `head_rev` into it.

    Raises CouldNotCheck for unknown revisions, for shallow or grafted history, and for unrelated histories.
    """
    repository.require_whole_history()
    base_commit, head_commit = resolve(repository, base_rev), resolve(repository, head_rev)
    base, head = GitTree(repository, base_commit), GitTree(repository, head_commit)
    before = parents(repository, head_commit)
    # What a commit is made on is an ancestor, so nothing newer is common to both.
    starts = [base_commit] if base_commit in before else _merge_bases(repository, base_commit, head_commit)
    roots = (GitTree(repository, start, "").root_oid for start in starts)
    result = merge_trees(repository.objects, roots, base.root_oid, head.root_oid)
    landed: Tree = head
    inside, outside = _split(result, repository.prefix)
    if starts != [base_commit]:
        entries = {change.path: change.head_entry for change in inside}
        landed = OverlayTree(base, entries, head, f"{head.label} merged into {base.label}")
    conflicts = sorted(result.conflicts)
    prefix = repository.prefix
    return TreeStep(
        base=base,
        head=landed,
        head_commit=head_commit,
        changed=inside,
        conflicts=tuple(path[len(prefix) :] for path in conflicts if path.startswith(prefix)),
        outside=outside,
        outside_conflicts=tuple(path for path in conflicts if not path.startswith(prefix)),
        single=before == (base_commit,),
    )


def work_tree_step(repository: Repository, base_rev: str, work_tree: Tree, dirty: Iterable[str]) -> TreeStep:
    """Returns the step from `base_rev` to HEAD with the uncommitted edits of `work_tree` on top.

    `dirty` are the files that may differ from HEAD (`git.dirty.dirty_paths`, and files that will be overwritten).
    They are read from `work_tree` and hashed here, so that no Git filter changes the result. It is only a preview:
    it is about this checkout, which is not what lands.
    """
    committed = step(repository, base_rev)
    edits = {path: _hashed(repository, work_tree, work_tree.entry(path)) for path in dirty}
    if not edits:
        return committed
    changed = {change.path: change for change in committed.changed}
    for path, entry in edits.items():
        before = committed.base.entry(path)
        changed.pop(path, None)
        if entry != before:
            changed[path] = ChangedPath(path, before, entry)
    # If the merge result is not HEAD's own file, base has changed the file since the edit began.
    head = GitTree(repository, committed.head_commit)
    stale = {path for path in edits if path in changed and head.entry(path) != committed.head.entry(path)}
    return replace(
        committed,
        head=OverlayTree(committed.head, edits, work_tree, f"{committed.head.label} with uncommitted edits"),
        changed=tuple(changed[path] for path in sorted(changed)),
        conflicts=tuple(sorted({*committed.conflicts, *stale})),
    )


def _merge_bases(repository: Repository, base: str, head: str) -> list[str]:
    outcome = repository.ask("merge-base", "--all", base, head)
    if outcome.status == 0:
        return outcome.stdout.decode().split()
    if outcome.status == 1:
        raise CouldNotCheck(
            f"commits {base[:7]} and {head[:7]} have no common history",
            hint="base must be the branch that head was started from",
        )
    raise CouldNotCheck(f"git merge-base failed: {outcome.stderr.strip()}")


def _split(result: MergeResult, prefix: str) -> tuple[tuple[ChangedPath, ...], tuple[ChangedPath, ...]]:
    inside: list[ChangedPath] = []
    outside: list[ChangedPath] = []
    for path in sorted(result.changes):
        old, new = result.changes[path]
        is_inside = path.startswith(prefix)
        name = path[len(prefix) :] if is_inside else path
        change = ChangedPath(name, old and as_entry(name, old), new and as_entry(name, new))
        (inside if is_inside else outside).append(change)
    return tuple(inside), tuple(outside)


def _hashed(repository: Repository, tree: Tree, entry: TreeEntry | None) -> TreeEntry | None:
    """Returns the entry with the id that its bytes would have as a blob, to compare it with base's entries."""
    if entry is None or entry.mode is not Mode.FILE:
        return entry
    try:
        data = tree.read(entry.path)
    except Unreadable:
        return entry  # Without an id it counts as changed. The code that reads it says why it can't be read.
    digest = new_hash("sha256" if repository.oid_bytes == 32 else "sha1", b"blob %d\0" % len(data))
    digest.update(data)
    return TreeEntry(entry.path, entry.mode, None, digest.hexdigest())
