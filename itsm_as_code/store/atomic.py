"""Writes files atomically: other programs see the old bytes or the new ones, never a part of them.

The new bytes go into a temporary file in the same folder. It is flushed to the disk and then renamed in one step.
"""

from __future__ import annotations

import errno
import os
import secrets
import signal
import stat
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import Final

from itsm_as_code.domain.errors import CouldNotCheck, Refused

TEMPORARY_PREFIX: Final = ".itsm-tmp-"
"""The names of temporary files begin with this. A file that stays behind comes from a process that was killed."""


class Anything(Enum):
    """The expectation that any present content may be overwritten."""

    GOES = "goes"


Expected = bytes | None | Anything
"""The content that a file must have before it is overwritten. None means that the file must not exist."""


class CouldNotWrite(CouldNotCheck):
    """A file could not be written, e.g. because of permissions or a full disk. Its old content is still there."""


class ChangedMeanwhile(Refused):
    """A file has changed since it was read, so it was not overwritten."""


def write_all(
    files: Mapping[Path, bytes],
    *,
    expect: Mapping[Path, Expected] | None = None,
    root: Path | None = None,
) -> None:
    """Writes several files. All bytes are on the disk before the first file gets its new content.

    Missing folders are created, and an existing file keeps its mode. Symbolic links are refused, both for the file and
    for its folders up to `root` (without `root`, for its own folder only). `expect` protects the changes of others;
    if all writers name the same `root`, it also protects against writes at the same moment.
    Raises CouldNotWrite or ChangedMeanwhile. Then all files are as they were before, unless a rename has failed after
    other files were renamed.
    """
    writing = _Writing()
    try:
        for path, data in files.items():
            _refuse_links(path, root)
            writing.prepare(path, data)
        with _locked(root or _common_folder(files)):
            for path, expected in (expect or {}).items():
                _refuse_changed(path, expected)
            with _uninterrupted():
                writing.rename()
    finally:
        writing.clean_up()


@dataclass(slots=True)
class _Writing:
    """The temporary files and new folders of one call that must be removed if the call fails."""

    _temporaries: dict[Path, Path] = field(default_factory=dict)
    _folders: list[Path] = field(default_factory=list)

    def prepare(self, path: Path, data: bytes) -> None:
        with _explained(path):
            self._make_folder(path.parent)
            temporary = path.parent / f"{TEMPORARY_PREFIX}{secrets.token_hex(8)}"
            self._temporaries[path] = temporary
            _write_temporary(temporary, data, _mode_of(path))

    def rename(self) -> None:
        folders = {path.parent for path in self._temporaries} | {folder.parent for folder in self._folders}
        done: list[str] = []
        for path, temporary in list(self._temporaries.items()):
            try:
                temporary.replace(path)
            except OSError as error:
                raise _in_words(path, error, done) from error
            done.append(str(path))
            del self._temporaries[path]
        self._folders.clear()
        for folder in sorted(folders):
            with _explained(folder):
                _flush_folder(folder)

    def clean_up(self) -> None:
        for temporary in self._temporaries.values():
            with suppress(OSError):
                temporary.unlink()
        for folder in reversed(self._folders):
            with suppress(OSError):
                folder.rmdir()

    def _make_folder(self, folder: Path) -> None:
        missing = []
        while not folder.exists():
            missing.append(folder)
            folder = folder.parent
        for each in reversed(missing):
            with suppress(FileExistsError):
                each.mkdir()
                self._folders.append(each)


def _mode_of(path: Path) -> int | None:
    """Returns the permissions of an existing file, or None if there is none. Raises OSError if it can't be replaced."""
    try:
        found = path.lstat()
    except FileNotFoundError:
        return None
    if stat.S_ISDIR(found.st_mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    if not os.access(path, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
    return stat.S_IMODE(found.st_mode)


def _write_temporary(path: Path, data: bytes, mode: int | None) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0), 0o666)
    try:
        if mode is not None:
            path.chmod(mode)
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(descriptor, rest) :]
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _flush_folder(folder: Path) -> None:
    """Flushes the new names in a folder to the disk, except on Windows and file systems that can't do that."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        with suppress(OSError):
            os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _refuse_links(path: Path, root: Path | None) -> None:
    checked = [path, path.parent]
    if root is not None:
        if ".." in path.parts or not path.is_relative_to(root):
            raise CouldNotWrite(f"{path} is not inside {root}.", hint="Name a path of this workspace.")
        checked = [path, *(above for above in path.parents if above != root and above.is_relative_to(root))]
    for each in checked:
        if each.is_symlink():
            raise CouldNotWrite(
                f"{each} is a symbolic link.", hint="Replace it with the file or folder itself; links are not followed."
            )


def _refuse_changed(path: Path, expected: Expected) -> None:
    if isinstance(expected, Anything):
        return
    try:
        present: bytes | None = path.read_bytes()
    except FileNotFoundError:
        present = None
    except OSError as error:
        raise _in_words(path, error) from error
    if present != expected:
        what = "exists already" if expected is None else "was changed" if present is not None else "is gone"
        raise ChangedMeanwhile(
            f"{path} {what}: somebody else wrote it in the meantime. Nothing was overwritten.",
            hint="Run the command again; it starts from the present content.",
        )


def _common_folder(files: Mapping[Path, bytes]) -> Path:
    return Path(os.path.commonpath([path.parent.absolute() for path in files])) if files else Path()


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Holds a lock on `folder` against other itsm processes. Without locks (Windows, some network disks) it goes on."""
    try:
        import fcntl
    except ImportError:
        yield
        return
    with _explained(folder):
        descriptor = os.open(folder, os.O_RDONLY)
    try:
        with suppress(OSError):
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Delays Ctrl-C and SIGTERM, so that either all files get their new content or none does."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise _in_words(path, error) from error


_HINTS: Final = {
    errno.ENOSPC: "The disk is full: free some space, then run the command again.",
    errno.EDQUOT: "Your disk quota is used up: free some space, then run the command again.",
    errno.EROFS: "The file system is read-only: write to a checkout that you may change.",
    errno.EACCES: "You may not write there: look at the permissions of the file and its folder.",
    errno.EPERM: "You may not write there: look at the permissions of the file and its folder.",
    errno.EISDIR: "A folder has the name of the file: move it away.",
    errno.ENOTDIR: "A file has the name of a folder: move it away.",
}


def _in_words(path: Path, error: OSError, done: Sequence[str] = ()) -> CouldNotWrite:
    """Returns the error to raise for `error`. `done` lists the files that have their new content already."""
    reason = error.strerror or type(error).__name__
    hint = _HINTS.get(error.errno or 0, "Nothing was changed.")
    if done:
        hint = f"These files were written completely before that: {', '.join(done)}."
    return CouldNotWrite(f"{path} could not be written: {reason}.", hint=hint)
