"""Reads objects by name through one long-running `git cat-file --batch`. Folders are parsed and cached here.

Because we read trees ourselves, a question needs no new process and follows no attribute or setting. We can also
refuse tree objects that Git's own commands would misread.
"""

from __future__ import annotations

import os
import re
import tempfile
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import BinaryIO, NamedTuple, cast

from itsm_as_code.domain.errors import CouldNotCheck
from itsm_as_code.domain.remembered import Remembered
from itsm_as_code.git.command import Batch, batch

TREE = 0o040000
SYMLINK = 0o120000
SUBMODULE = 0o160000
PLAIN = frozenset({0o100644, 0o100755, 0o100664})
"""The modes of plain files. Very old versions of Git wrote the last one."""

# A few hundred bytes of nested trees can stand for billions of folders, so a walk stops here.
MOST_FOLDERS = 500_000
# This is more than any real workspace has. A thousand folders can share one list of a thousand files.
MOST_NAMES = 2_000_000

_KEPT_NAMES = 40_000
"""How many names of folders are kept in memory: about 12 MiB. A history has one more form of a folder with each step,
and a folder may hold thousands of names, so it is the names that count. Of very large folders some are kept."""
_KEPT_ROOTS = 1024
_KEPT_BYTES = 2 << 20
_WORTH_A_PROCESS = 32
_LEAD_ELSEWHERE = frozenset({b".", b"..", b".git"})
# In a partial clone each absent object ends the process. A few are reported; after more, reading stops.
_MOST_RESTARTS = 20
_TREE_LINE = {size: re.compile(rb"([0-7]{5,6}) ([^\0/]+)\0(.{%d})" % size, re.DOTALL) for size in (20, 32)}


class Leaf(NamedTuple):
    """What a folder says about one name: the mode as Git keeps it, and the object's id in hex."""

    mode: int
    oid: str


class GitObject(NamedTuple):
    """An object as it is stored. `kind` is `blob`, `tree`, `commit` or `tag`."""

    oid: str
    kind: str
    data: bytes


class _Died(Exception):
    """The process ended and did not answer. The message is what it wrote."""


class ObjectReader:
    """Answers questions about one repository. Threads may share it; a forked child starts its own process."""

    def __init__(self, git_dir: Path, *, oid_bytes: int = 20, quarantine: Mapping[str, str] | None = None) -> None:
        self._git_dir = git_dir
        self._quarantine = dict(quarantine or {})
        self._oid_bytes = oid_bytes
        self._lock = threading.RLock()
        self._batch: Batch | None = None
        self._owner = 0
        self._blobs: Remembered[str, bytes] = Remembered(_KEPT_BYTES, lambda content: len(content) + 128)
        self._roots: Remembered[str, str] = Remembered(_KEPT_ROOTS)
        self._folders: Remembered[str, dict[str, Leaf]] = Remembered(_KEPT_NAMES, _size_of_folder)

    def get(self, name: str) -> GitObject | None:
        """Returns the object that `name` (an id, or an expression such as `<id>^{tree}`) stands for, or None.

        Returns None also if a partial clone lacks the object or the object is corrupt: neither can be read.
        """
        request = name.encode("utf-8", "surrogateescape")
        if b"\n" in request or b"\0" in request:
            return None
        with self._lock:
            process = self._running()
            try:
                stdin = cast(BinaryIO, process.stdin)
                stdin.write(request + b"\n")
                stdin.flush()
                return _answer(process)
            except (_Died, BrokenPipeError):
                self.close()
                return None
            except BaseException:
                self.close()  # After an interrupted answer, its rest must not be taken for the next answer.
                raise

    def get_many(self, oids: Iterable[str]) -> Iterator[GitObject | None]:
        """Yields each object in the order asked, streamed by a separate process; None as in `get`."""
        wanted = list(oids)
        done = 0
        for _ in range(_MOST_RESTARTS):
            for found in self._stream(islice(wanted, done, None)):
                done += 1
                yield found
            if done == len(wanted):
                return
            done += 1
            yield None
        if done < len(wanted):
            raise CouldNotCheck(
                "many objects are not in this clone; it is partial or damaged",
                hint="git fetch --refetch --no-filter, or clone again without --filter",
            )

    def blob(self, oid: str) -> bytes | None:
        """Returns the bytes of a file, or None as in `get`, and for an object that is no file."""
        known = self._blobs.get(oid)
        return known if known is not None else self._content(oid, self.get(oid))

    def blobs(self, oids: Iterable[str]) -> Iterator[bytes | None]:
        """Yields the bytes of each file in the order asked, as `blob` does. If many have to be read, a separate process
        streams them."""
        wanted = [(oid, self._blobs.get(oid)) for oid in oids]
        missing = [oid for oid, known in wanted if known is None]
        read = self.get_many(missing) if len(missing) >= _WORTH_A_PROCESS else map(self.get, missing)
        for oid, known in wanted:
            yield known if known is not None else self._content(oid, next(read))

    def _content(self, oid: str, found: GitObject | None) -> bytes | None:
        return self._blobs.keep(oid, found.data) if found is not None and found.kind == "blob" else None

    def folder(self, oid: str) -> Mapping[str, Leaf]:
        """Returns the names in the tree object `oid`. Raises CouldNotCheck if it is absent or malformed."""
        known = self._folders.get(oid)
        if known is not None:
            return known
        found = self.get(oid)
        if found is None or found.kind != "tree":
            raise CouldNotCheck(
                f"the folder {oid[:12]} is not in this clone",
                hint="git fsck; git fetch --refetch --no-filter",
            )
        return self._folders.keep(oid, self._parsed(found))

    def root(self, commit: str) -> str | None:
        """Returns the id of the tree object of a commit, or None if it is not in this clone."""
        known = self._roots.get(commit)
        if known is not None:
            return known
        found = self.get(f"{commit}^{{tree}}")
        return self._roots.keep(commit, found.oid) if found is not None and found.kind == "tree" else None

    def close(self) -> None:
        """Ends the process, if there is one. A later question starts another."""
        with self._lock:
            if self._batch is not None and self._owner == os.getpid():
                self._batch.end()
            self._batch = None

    def _running(self) -> Batch:
        if self._batch is None or self._owner != os.getpid():
            self._batch = batch(("cat-file", "--batch"), git_dir=self._git_dir, quarantine=self._quarantine)
            self._owner = os.getpid()
        return self._batch

    def _stream(self, oids: Iterable[str]) -> Iterator[GitObject | None]:
        with tempfile.TemporaryFile() as requests:
            requests.writelines(oid.encode() + b"\n" for oid in oids)
            size = requests.tell()
            requests.seek(0)
            if not size:
                return
            process = batch(
                ("cat-file", "--batch", "--buffer"),
                git_dir=self._git_dir,
                quarantine=self._quarantine,
                stdin=cast(BinaryIO, requests),
            )
            try:
                while True:
                    yield _answer(process)
            except _Died:
                return
            finally:
                process.end()

    def _parsed(self, tree: GitObject) -> dict[str, Leaf]:
        found = raw_entries(tree.data, self._oid_bytes)
        if is_malformed(tree.data, found):
            raise CouldNotCheck(
                f"the folder {tree.oid[:12]} is malformed: a name is doubled or not allowed",
                hint="git fsck names the commits to leave out",
            )
        return {name.decode("utf-8", "surrogateescape"): Leaf(int(mode, 8), oid.hex()) for mode, name, oid in found}


def _size_of_folder(names: Mapping[str, Leaf]) -> int:
    return min(len(names) + 1, _KEPT_NAMES // 8)


def raw_entries(data: bytes, oid_bytes: int) -> list[tuple[bytes, bytes, bytes]]:
    """Returns the mode, the name and the object id of each entry of a tree object, as they are stored and in their
    order. Ends at the first byte that is not part of an entry."""
    return _TREE_LINE[oid_bytes].findall(data)


def is_malformed(data: bytes, entries: Sequence[tuple[bytes, bytes, bytes]]) -> bool:
    """Tells whether a tree object with these `raw_entries` has bytes that are no entry, a name twice (also once as a
    file and once as a folder), or a name that leads elsewhere."""
    names = {name for _, name, _ in entries}
    length = sum(len(mode) + len(name) + len(oid) + 2 for mode, name, oid in entries)
    return length != len(data) or len(names) != len(entries) or not names.isdisjoint(_LEAD_ELSEWHERE)


def _answer(process: Batch) -> GitObject | None:
    header = process.stdout.readline()
    if not header:
        raise _Died(process.complaint())
    if header.endswith((b" missing\n", b" ambiguous\n")):
        return None
    oid, kind, size = header.split()
    data = process.stdout.read(int(size) + 1)
    if len(data) != int(size) + 1:
        raise _Died(process.complaint())
    return GitObject(oid.decode(), kind.decode(), data[:-1])
