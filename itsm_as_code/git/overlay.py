"""A tree with some names laid over it: a merge result, or a commit with uncommitted edits."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby

from itsm_as_code.store.tree import Tree, TreeEntry, Unreadable, folders_of, read_with


class OverlayTree:
    """The tree `lower` with `changes` applied: path → the new entry, or None if the name is removed.

    The bytes of changed paths are read from `upper`.
    """

    def __init__(self, lower: Tree, changes: Mapping[str, TreeEntry | None], upper: Tree, label: str) -> None:
        self._lower = lower
        self._changes = dict(changes)
        self._upper = upper
        self._label = label

    @property
    def label(self) -> str:
        """Returns the name of this tree in messages."""
        return self._label

    def entries(self, under: str = "") -> Iterator[TreeEntry]:
        """Yields all names below `under`, sorted by code point."""
        folder = f"{under.strip('/')}/" if under.strip("/") else ""
        kept = {entry.path: entry for entry in self._lower.entries(under) if entry.path not in self._changes}
        for path, entry in self._changes.items():
            if entry is not None and path.startswith(folder):
                kept[path] = entry
        for path in sorted(kept):
            yield kept[path]

    def folders(self, under: str) -> list[str]:
        """See `Tree`."""
        return folders_of(self, under)

    def entry(self, path: str) -> TreeEntry | None:
        """Returns the name `path`, or None."""
        return self._changes[path] if path in self._changes else self._lower.entry(path)

    def read(self, path: str) -> bytes:
        """Returns the bytes of a plain file. Raises Unreadable, or KeyError if there is no such name."""
        if path not in self._changes:
            return self._lower.read(path)
        if self._changes[path] is None:
            raise KeyError(path)
        return self._upper.read(path)

    def read_many(self, paths: Iterable[str]) -> Iterator[tuple[str, bytes | Unreadable]]:
        """Yields each path with its bytes or with the reason why it can't be read, in the order asked."""
        for changed, some in groupby(paths, key=self._changes.__contains__):
            if not changed:
                yield from self._lower.read_many(some)
                continue
            for path in some:
                if self._changes[path] is None:
                    yield path, Unreadable(f"{self._label} has no file {path}")
                else:
                    yield from self._upper.read_many([path])

    def read_with(self, folders: Iterable[str], words: tuple[bytes, ...]) -> Iterator[tuple[str, bytes | Unreadable]]:
        """See `Tree`."""
        return read_with(self, folders, words)
