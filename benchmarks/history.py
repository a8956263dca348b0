"""Git history for a workspace of the benchmarks: records land over many commits, the last one is what is measured."""

from __future__ import annotations

import subprocess
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Protocol

from benchmarks.workspace import files

CHANGED = 5
"""How many records the last commit changes."""

_LANDING = 500
"""How many records land with one commit."""
_NAME, _MAIL, _ID = "Chloe Nguyen", "chloe-nguyen@severnhealth.example", "chloe-nguyen"
_NOTE = f"- at: 2026-11-21T11:00:00Z\n  by: {_ID}\n  note: Asked the requester whether it is still so; it is not.\n"
_FIRST_SECOND = 1_700_000_000


class Step(Protocol):
    """The last commit: it sees each file of base, which it may rewrite, adds to them, and says then what it lands."""

    def on_base(self, path: str, data: bytes) -> bytes: ...

    def landed(self) -> Iterable[tuple[str, bytes]]: ...

    def landing(self) -> Iterable[tuple[str, bytes]]: ...


class Notes:
    """A step that adds a note to the first incidents."""

    def __init__(self) -> None:
        self._incidents: dict[str, bytes] = {}

    def on_base(self, path: str, data: bytes) -> bytes:
        """The file as it is."""
        if "/incidents/" in path and len(self._incidents) < CHANGED:
            self._incidents[path] = data
        return data

    def landed(self) -> Iterator[tuple[str, bytes]]:
        """Nothing more."""
        return iter(())

    def landing(self) -> Iterator[tuple[str, bytes]]:
        """The incidents, each with one more note."""
        return ((path, data + _NOTE.encode()) for path, data in self._incidents.items())


def write_repository(root: Path, size: int, step: Step | None = None) -> None:
    """Makes `root` a repository with the history of a workspace of `size` records; only itsm.yaml is checked out.

    The last commit is `step`, notes on five incidents where none is given.
    """
    subprocess.run(["git", "init", "-q", "-b", "main", str(root)], check=True)
    importing = ["git", "-C", str(root), "fast-import", "--quiet", "--done"]
    subprocess.run(importing, input=b"".join(_stream(size, step or Notes())), check=True)
    subprocess.run(["git", "-C", str(root), "checkout", "-q", "main", "--", "itsm.yaml"], check=True)


def _stream(size: int, step: Step) -> Iterator[bytes]:
    waiting = files(size)
    number = 0
    while landing := list(islice(waiting, _LANDING)):
        yield from commit(number, [(path, step.on_base(path, data)) for path, data in landing])
        number += 1
    if before := list(step.landed()):
        yield from commit(number, before)
        number += 1
    yield from commit(number, step.landing())
    yield b"done\n"


def commit(number: int, changed: Iterable[tuple[str, bytes]], branch: str = "main") -> Iterator[bytes]:
    """What `git fast-import` needs for the next commit of a branch."""
    message = f"records: step {number}"
    yield f"commit refs/heads/{branch}\n".encode()
    yield f"committer {_NAME} <{_MAIL}> {_FIRST_SECOND + 3600 * number} +0000\n".encode()
    yield f"data {len(message)}\n{message}\n".encode()
    for path, data in changed:
        yield f"M 100644 inline {path}\ndata {len(data)}\n".encode()
        yield data + b"\n"
