"""A tree: names and bytes at one moment, whether a work tree or a Git commit. It knows nothing of records."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from itsm_as_code.domain.errors import CouldNotCheck


class Mode(StrEnum):
    """What a name stands for. Records are plain files; anything else under `records/` is a finding."""

    FILE = "file"
    SYMLINK = "symlink"
    SUBMODULE = "submodule"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class TreeEntry:
    """One name in a tree.

    `path` is relative to the workspace root, with forward slashes; bytes that are not UTF-8 are kept
    as surrogates (PEP 383). `size` is in bytes where it is known without reading. `oid` is the Git
    object id where there is one.
    """

    path: str
    mode: Mode
    size: int | None = None
    oid: str | None = None


class Unreadable(CouldNotCheck):
    """A file that exists could not be read: permissions, vanished while read, too large, I/O error."""


class Tree(Protocol):
    """Names and bytes. Paths are sorted by code point; nothing is followed, converted or filtered."""

    @property
    def label(self) -> str:
        """What to call this tree in messages: `the work tree`, `commit 1a2b3c4`."""
        ...

    def entries(self, under: str = "") -> Iterator[TreeEntry]:
        """All names below the folder `under` (recursively), sorted by path; never folders themselves."""
        ...

    def entry(self, path: str) -> TreeEntry | None:
        """The name `path`, or None where the tree has none (a folder counts as none)."""
        ...

    def read(self, path: str) -> bytes:
        """The bytes of a plain file. Raises `Unreadable`; KeyError where there is no such name."""
        ...

    def read_many(self, paths: Iterable[str]) -> Iterator[tuple[str, bytes | Unreadable]]:
        """Each path with its bytes, in the order asked; one that can't be read comes as its error."""
        ...
