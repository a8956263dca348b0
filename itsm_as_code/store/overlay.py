"""Shows what a tree would hold after a write: the tree with some files replaced in memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from itsm_as_code.store.tree import Mode, Tree, TreeEntry, Unreadable, folders_of, read_with


class WrittenOver:
    """A tree in which `files` (path to bytes) replace or add to the files of `tree`."""

    def __init__(self, tree: Tree, files: Mapping[str, bytes]) -> None:
        self._tree = tree
        self._files = files

    @property
    def label(self) -> str:
        """The label of the tree below."""
        return self._tree.label

    def entries(self, under: str = "") -> Iterator[TreeEntry]:
        """See `Tree`."""
        prefix = f"{under}/" if under else ""
        below = {entry.path: entry for entry in self._tree.entries(under)}
        for path in self._files:
            if path.startswith(prefix):
                below[path] = self._written(path)
        return (below[path] for path in sorted(below))

    def folders(self, under: str) -> list[str]:
        """See `Tree`."""
        return folders_of(self, under)

    def entry(self, path: str) -> TreeEntry | None:
        """See `Tree`."""
        return self._written(path) if path in self._files else self._tree.entry(path)

    def read(self, path: str) -> bytes:
        """See `Tree`."""
        return self._files[path] if path in self._files else self._tree.read(path)

    def read_many(self, paths: Iterable[str]) -> Iterator[tuple[str, bytes | Unreadable]]:
        """See `Tree`."""
        for path in paths:
            if path in self._files:
                yield path, self._files[path]
            else:
                yield from self._tree.read_many([path])

    def read_with(self, folders: Iterable[str], words: tuple[bytes, ...]) -> Iterator[tuple[str, bytes | Unreadable]]:
        """See `Tree`."""
        return read_with(self, folders, words)

    def _written(self, path: str) -> TreeEntry:
        return TreeEntry(path, Mode.FILE, len(self._files[path]))
