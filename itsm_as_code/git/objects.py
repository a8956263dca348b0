"""Objects by name, through one `git cat-file --batch` that stays; folders are parsed here and remembered.

Reading trees ourselves needs no process per question, follows no attribute or setting, and lets us refuse
tree objects that Git's own porcelain would misread.
"""

from __future__ import annotations

import os
import re
import tempfile
import threading
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import BinaryIO, NamedTuple, cast

from itsm_as_code.domain.errors import CouldNotCheck
from itsm_as_code.git.command import Batch, batch

TREE = 0o040000
SYMLINK = 0o120000
SUBMODULE = 0o160000

# A few hundred bytes of nested trees can stand for billions of folders: who walks them stops here.
MOST_FOLDERS = 500_000
# As many names as no repository of ours has; a thousand folders can share one list of a thousand files.
MOST_NAMES = 2_000_000

_REMEMBERED_FOLDERS = 4096
# A partial clone ends the process at each absent object: a few are reported, more are no repository.
_DEATHS_BORNE = 20
_TREE_LINE = {size: re.compile(rb"([0-7]{5,6}) ([^\0/]+)\0(.{%d})" % size, re.DOTALL) for size in (20, 32)}


class Leaf(NamedTuple):
    """What a folder says of one name: the mode as Git keeps it, and the object's id in hex."""

    mode: int
    oid: str


class GitObject(NamedTuple):
    """An object as it is stored: `kind` is `blob`, `tree`, `commit` or `tag`."""

    oid: str
    kind: str
    data: bytes


class _Died(Exception):
    """The process ended instead of answering; the message is what it said."""


class ObjectReader:
    """Answers for one repository. Safe among threads; a forked child starts its own process."""

    def __init__(self, git_dir: Path, *, oid_bytes: int = 20, quarantine: Mapping[str, str] | None = None) -> None:
        self._git_dir = git_dir
        self._quarantine = dict(quarantine or {})
        self._line = _TREE_LINE[oid_bytes]
        self._lock = threading.RLock()
        self._batch: Batch | None = None
        self._owner = 0
        self._folders: dict[str, dict[str, Leaf]] = {}

    def get(self, name: str) -> GitObject | None:
        """The object that `name` (an id, or an expression such as `<id>^{tree}`) stands for, or None.

        None also where a partial clone lacks it or it is corrupt: it can't be read either way.
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
                self.close()  # interrupted within an answer: the rest of it must not meet the next question
                raise

    def get_many(self, oids: Iterable[str]) -> Iterator[GitObject | None]:
        """Each object in the order asked, streamed by a process of its own; None as in `get`."""
        wanted = list(oids)
        done = 0
        for _ in range(_DEATHS_BORNE):
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

    def folder(self, oid: str) -> Mapping[str, Leaf]:
        """The names in the tree object `oid`. Raises CouldNotCheck where it is absent or malformed."""
        known = self._folders.get(oid)
        if known is not None:
            return known
        found = self.get(oid)
        if found is None or found.kind != "tree":
            raise CouldNotCheck(
                f"the folder {oid[:12]} is not in this clone",
                hint="git fsck; git fetch --refetch --no-filter",
            )
        names = self._parsed(found)
        if len(self._folders) >= _REMEMBERED_FOLDERS:
            self._folders.clear()
        self._folders[oid] = names
        return names

    def close(self) -> None:
        """End the process, if there is one. A later question starts another."""
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
        found = self._line.findall(tree.data)
        names = {name.decode("utf-8", "surrogateescape"): Leaf(int(mode, 8), oid.hex()) for mode, name, oid in found}
        length = sum(len(mode) + len(name) + len(oid) + 2 for mode, name, oid in found)
        if length != len(tree.data) or len(names) != len(found) or {".", "..", ".git"} & names.keys():
            raise CouldNotCheck(
                f"the folder {tree.oid[:12]} is malformed: a name is doubled or not allowed",
                hint="git fsck names the commits to leave out",
            )
        return names


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
