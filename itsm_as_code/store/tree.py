"""Defines a tree: the names and bytes of a work tree or a Git commit at one moment. It knows nothing of records."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from itsm_as_code.domain.errors import CouldNotCheck


class Mode(StrEnum):
    """The types of entries. Records are plain files; anything else under `records/` is a finding."""

    FILE = "file"
    SYMLINK = "symlink"
    SUBMODULE = "submodule"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class TreeEntry:
    """One entry of a tree.

    `path` is relative to the workspace root, with forward slashes. Bytes that are not UTF-8 are kept as surrogates
    (PEP 383). `size` is in bytes; it is None in a list of entries, and for an object of Git. `oid` is the id of that
    object, or None.
    """

    path: str
    mode: Mode
    size: int | None = None
    oid: str | None = None


class Unreadable(CouldNotCheck):
    """A file exists but could not be read: no permission, removed in the meantime, too large, or an I/O error."""


class Tree(Protocol):
    """Gives access to names and bytes. Paths are sorted by code point. It follows no links and converts nothing."""

    @property
    def label(self) -> str:
        """The name of this tree in messages, such as `the work tree` or `commit 1a2b3c4`."""
        ...

    def entries(self, under: str = "") -> Iterator[TreeEntry]:
        """Yields all entries below the folder `under`, at any depth, sorted by path. Folders are not entries."""
        ...

    def folders(self, under: str) -> list[str]:
        """Returns the names of the folders right below the folder `under`, sorted by code point."""
        ...

    def entry(self, path: str) -> TreeEntry | None:
        """Returns the entry at `path`, or None if the tree has none. A folder is not an entry."""
        ...

    def read(self, path: str) -> bytes:
        """Returns the bytes of a plain file. Raises `Unreadable`, or KeyError if there is no such entry."""
        ...

    def read_many(self, paths: Iterable[str]) -> Iterator[tuple[str, bytes | Unreadable]]:
        """Yields each path with its bytes, in the given order. A file that can't be read comes with its error."""
        ...

    def read_with(self, folders: Iterable[str], words: tuple[bytes, ...]) -> Iterator[tuple[str, bytes | Unreadable]]:
        """Yields the plain files below these folders that have one of the words in them, or that can't be read."""
        ...


def folders_of(tree: Tree, under: str) -> list[str]:
    """Does what `Tree.folders` does, for trees that have no faster way: it lists all entries."""
    below = (entry.path[len(under) + 1 :].partition("/") for entry in tree.entries(under))
    return sorted({name for name, slash, _ in below if slash})


def read_with(tree: Tree, folders: Iterable[str], words: tuple[bytes, ...]) -> Iterator[tuple[str, bytes | Unreadable]]:
    """Does what `Tree.read_with` does, for trees that have no faster way: it reads all files."""
    paths = [entry.path for folder in folders for entry in tree.entries(folder) if entry.mode is Mode.FILE]
    for path, content in tree.read_many(paths):
        if isinstance(content, Unreadable) or any(word in content for word in words):
            yield path, content
