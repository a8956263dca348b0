"""Reads the work tree: names and bytes as they are on the disk now. It follows no links and skips only `.git`."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path

from itsm_as_code.store.strict import MAX_BYTES
from itsm_as_code.store.tree import Mode, TreeEntry, Unreadable, folders_of, read_with

_GIT = ".git"
_OPEN = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0)


class WorkTree:
    """The folder `root` as a `Tree`.

    `read` returns at most `limit` + 1 bytes. That is enough to see that a file is too large without reading all of it.
    """

    def __init__(self, root: Path, *, limit: int = MAX_BYTES) -> None:
        self._root = os.fspath(root)
        self._limit = limit

    @property
    def label(self) -> str:
        """The name of this tree in messages."""
        return "the work tree"

    def entries(self, under: str = "") -> Iterator[TreeEntry]:
        """Yields all entries below the folder `under`, sorted by path. If it does not exist, there are none.

        A folder below `under` that holds a `.git` is one SUBMODULE entry. A folder that can't be listed is one OTHER
        entry with its path, because its content is unknown and must become a finding. The same is true for `under`
        itself if it is a link or can't be listed.
        """
        under = under.strip("/")
        entry = self.entry(under) if under else None
        if entry is not None and entry.mode is not Mode.SUBMODULE:
            yield entry
            return
        try:
            names = _listed(f"{self._root}/{under}") if self._is_folder(under) else []
        except OSError:
            yield TreeEntry(under or ".", Mode.OTHER)
            return
        yield from _below(names, f"{under}/" if under else "")

    def folders(self, under: str) -> list[str]:
        """See `Tree`."""
        return folders_of(self, under)

    def entry(self, path: str) -> TreeEntry | None:
        """Returns the entry at `path`, or None if there is none, if it is a folder, or if a link leads to it."""
        *parents, name = path.split("/")
        if {"", ".", "..", _GIT} & {*parents, name}:
            return None
        if not self._is_folder("/".join(parents)):
            return None
        try:
            status = os.lstat(f"{self._root}/{path}")
            if stat.S_ISDIR(status.st_mode):
                nested = os.path.lexists(f"{self._root}/{path}/{_GIT}")
                return TreeEntry(path, Mode.SUBMODULE) if nested else None
        except (OSError, ValueError):
            return None
        return TreeEntry(path, _mode(status), _size(status))

    def read(self, path: str) -> bytes:
        """Returns the bytes of the plain file `path`. Raises `Unreadable`, or KeyError if there is no such entry."""
        if self.entry(path) is None:
            raise KeyError(path)
        try:
            return self._bytes(path)
        except OSError as error:
            raise _unreadable(path, error) from error

    def read_many(self, paths: Iterable[str]) -> Iterator[tuple[str, bytes | Unreadable]]:
        """Yields each path with its bytes. A file that can't be read or is gone comes with its error."""
        for path in paths:
            try:
                yield path, self._bytes(path)
            except (OSError, ValueError) as error:
                yield path, _unreadable(path, error)

    def read_with(self, folders: Iterable[str], words: tuple[bytes, ...]) -> Iterator[tuple[str, bytes | Unreadable]]:
        """See `Tree`."""
        return read_with(self, folders, words)

    def _is_folder(self, path: str) -> bool:
        """Tells whether `path` is a folder without a link on the way to it. The root itself may be a link."""
        folder = self._root
        for step in path.split("/") if path else ():
            folder = f"{folder}/{step}"
            try:
                if not stat.S_ISDIR(os.lstat(folder).st_mode):
                    return False
            except (OSError, ValueError):
                return False
        return True

    def _bytes(self, path: str) -> bytes:
        """Returns the bytes of a plain file. Raises OSError for anything else, and never waits for a pipe."""
        handle = os.open(f"{self._root}/{path}", _OPEN)
        try:
            status = os.fstat(handle)
            if not stat.S_ISREG(status.st_mode):
                raise OSError(errno.EINVAL, "it is not a plain file")
            # One byte more than the size shows the end. To read `limit` bytes would allocate as much for each file.
            data = os.read(handle, min(status.st_size, self._limit) + 1)
            if len(data) == status.st_size > 0:
                return data
            while 0 < len(data) <= self._limit and (more := os.read(handle, self._limit + 1 - len(data))):
                data += more
            return data
        finally:
            os.close(handle)


def _listed(folder: str) -> list[os.DirEntry[str]]:
    """Returns the names in one folder except `.git`. Raises OSError."""
    with os.scandir(folder) as names:
        return [name for name in names if name.name != _GIT]


def _below(names: list[os.DirEntry[str]], prefix: str) -> Iterator[TreeEntry]:
    """Yields the entries for the names in the folder `prefix` and below it, sorted by path."""
    found: list[tuple[str, TreeEntry | list[os.DirEntry[str]]]] = []
    for name in names:
        path = prefix + name.name
        if not name.is_dir(follow_symlinks=False):
            found.append((path, _entry(name, path)))
        elif os.path.lexists(f"{name.path}/{_GIT}"):
            found.append((path, TreeEntry(path, Mode.SUBMODULE)))
        else:
            try:
                found.append((f"{path}/", _listed(name.path)))
            except OSError:
                found.append((path, TreeEntry(path, Mode.OTHER)))
    for path, what in sorted(found, key=lambda pair: pair[0]):
        if isinstance(what, TreeEntry):
            yield what
        else:
            yield from _below(what, path)


def _entry(name: os.DirEntry[str], path: str) -> TreeEntry:
    """Returns the entry without its size, because to ask for the status of each file takes as long as to read it."""
    try:
        if name.is_file(follow_symlinks=False):
            return TreeEntry(path, Mode.FILE)
    except OSError:  # it was removed after it was listed, or its folder may be listed but not entered
        return TreeEntry(path, Mode.FILE)
    return TreeEntry(path, Mode.SYMLINK if name.is_symlink() else Mode.OTHER)


def _mode(status: os.stat_result) -> Mode:
    if stat.S_ISREG(status.st_mode):
        return Mode.FILE
    return Mode.SYMLINK if stat.S_ISLNK(status.st_mode) else Mode.OTHER


def _size(status: os.stat_result) -> int | None:
    return status.st_size if stat.S_ISREG(status.st_mode) else None


_SENTENCES = {
    errno.ENOENT: "it is gone",
    errno.EACCES: "you have no permission to read it",
    errno.ELOOP: "it is a link, not a plain file",
    errno.EISDIR: "it is a folder, not a plain file",
}


def _unreadable(path: str, error: Exception) -> Unreadable:
    reason = str(error)
    if isinstance(error, OSError):
        reason = _SENTENCES.get(error.errno or 0, error.strerror or reason)
    return Unreadable(f"{path} can't be read: {reason}")
