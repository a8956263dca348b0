"""Compares two trees by name. Renames and attributes are ignored, so no change can hide behind them."""

from __future__ import annotations

from collections.abc import Mapping

from itsm_as_code.domain.errors import CouldNotCheck
from itsm_as_code.git.objects import MOST_FOLDERS, MOST_NAMES, TREE, Leaf, ObjectReader

Difference = dict[str, tuple[Leaf | None, Leaf | None]]
"""Maps a path to its entries in the old and the new tree; at most one is None. A changed mode is a difference too."""


def difference(objects: ObjectReader, old: str | None, new: str | None) -> Difference:
    """Returns the names that differ between two tree objects; None is an empty tree.

    Opens only folders whose ids differ, so the cost depends on the size of the change. Raises CouldNotCheck if too
    much differs.
    """
    found: Difference = {}
    waiting: list[tuple[str, str | None, str | None]] = [("", old, new)]
    opened = 0
    while waiting:
        opened += 1
        if opened > MOST_FOLDERS:
            raise CouldNotCheck(f"more than {MOST_FOLDERS:,} folders differ")
        prefix, left, right = waiting.pop()
        if left == right:
            continue
        before = objects.folder(left) if left else {}
        after = objects.folder(right) if right else {}
        for name in {name for name, _ in before.items() ^ after.items()}:
            path = prefix + name
            first, below_first = _split(before, name)
            second, below_second = _split(after, name)
            if first is not None or second is not None:
                found[path] = (first, second)
                if len(found) > MOST_NAMES:
                    raise CouldNotCheck(f"more than {MOST_NAMES:,} names differ")
            if below_first is not None or below_second is not None:
                waiting.append((f"{path}/", below_first, below_second))
    return found


def _split(folder: Mapping[str, Leaf], name: str) -> tuple[Leaf | None, str | None]:
    """Returns the name as a file and as the id of a folder; at most one is not None."""
    leaf = folder.get(name)
    if leaf is None:
        return None, None
    return (None, leaf.oid) if leaf.mode == TREE else (leaf, None)
