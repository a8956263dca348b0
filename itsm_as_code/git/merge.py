"""Computes a merge path by path, without drivers or attributes: if one side alone changed a file, that side wins.

A file that both sides changed is never merged by content; the caller asks the user to update the branch.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from itsm_as_code.git.difference import Difference, difference
from itsm_as_code.git.objects import TREE, Leaf, ObjectReader
from itsm_as_code.git.tree import find_leaf, walk


@dataclass(frozen=True, slots=True)
class MergeResult:
    """What the merge changes in base (path → entry in base and in the result), and where it is undecided.

    A path in `conflicts` is in `changes` as head has it, so that checking can continue.
    """

    changes: Difference
    conflicts: frozenset[str]


def merge_trees(objects: ObjectReader, bases: Iterable[str], base: str, head: str) -> MergeResult:
    """Merges the tree object `head` into the tree object `base`, given the trees of all merge bases.

    There can be several merge bases (a criss-cross history). Then a side counts as changed if it differs from any
    of them. If the merge bases disagree about who changed a path, the path is a conflict.
    """
    sides = [(difference(objects, start, base), difference(objects, start, head)) for start in bases]
    changes: Difference = {}
    conflicts: set[str] = set()
    for path, pair in difference(objects, base, head).items():
        base_changed = any(path in ours for ours, _ in sides)
        head_changed = any(path in theirs for _, theirs in sides)
        if head_changed:
            changes[path] = pair
            if base_changed:
                conflicts.add(path)
    conflicts.update(_names_in_the_way(objects, base, changes))
    return MergeResult(changes, frozenset(conflicts))


def _names_in_the_way(objects: ObjectReader, base: str, changes: Difference) -> Iterator[str]:
    """Yields paths that can't exist together, because one is a file where another needs a folder."""
    clear: set[str] = set()
    for path, (_, leaf) in changes.items():
        if leaf is None:
            continue
        parts = path.split("/")[:-1]
        for folder in ("/".join(parts[:depth]) for depth in range(len(parts), 0, -1)):
            if folder in clear:
                break
            if _is_file(objects, base, changes, folder):
                yield path
                break
            clear.add(folder)
        if _has_files_below(objects, base, changes, path):
            yield path


def _is_file(objects: ObjectReader, base: str, changes: Difference, path: str) -> bool:
    leaf: Leaf | None = changes[path][1] if path in changes else find_leaf(objects, base, path)
    return leaf is not None and leaf.mode != TREE


def _has_files_below(objects: ObjectReader, base: str, changes: Difference, path: str) -> bool:
    leaf = find_leaf(objects, base, path)
    if leaf is None or leaf.mode != TREE:
        return False
    below = (name for name, _ in walk(objects, leaf.oid, f"{path}/"))
    return any(name not in changes or changes[name][1] is not None for name in below)
