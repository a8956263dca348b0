"""Writes a site into a folder: only files that differ, without pages that are gone, and never into a foreign folder."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from itsm_as_code.domain.errors import CouldNotCheck, Refused, UsageFault

MANIFEST = ".itsm-site.json"
"""The file that lists what we wrote. A folder without it is not ours, unless it is empty."""

_VERSION = 1


@dataclass(frozen=True, slots=True)
class SiteWritten:
    """How many files were written, left as they were, and removed."""

    written: int
    unchanged: int
    removed: int


def write_site(folder: Path, files: Mapping[str, bytes]) -> SiteWritten:
    """Makes `folder` hold exactly `files`, besides what others put there.

    Each file is put in place at once, by a rename. The manifest names every file before it is written, so that after an
    interrupted run the next one knows them all. Raises Refused for a folder with files that we did not make,
    CouldNotCheck if the file system refuses.
    """
    try:
        return _write(folder, files)
    except OSError as error:
        raise CouldNotCheck(
            f"can't write the site to {folder}: {error.strerror or error}",
            hint="check the folder's permissions and the free space; only our own files were touched",
        ) from error


def _write(folder: Path, files: Mapping[str, bytes]) -> SiteWritten:
    before = _ours(folder)
    folder.mkdir(parents=True, exist_ok=True)
    if not before >= files.keys():
        _note(folder, before | files.keys())
    written = sum(_put(folder, path, content) for path, content in files.items())
    gone = before - files.keys()
    removed = sum(_remove(folder, path) for path in sorted(gone))
    _note(folder, files.keys())
    return SiteWritten(written, len(files) - written, removed)


def _ours(folder: Path) -> set[str]:
    """Returns the files that we wrote earlier. Raises Refused if the folder is not ours."""
    if folder.exists() and not folder.is_dir():
        raise UsageFault(f"{folder} is a file", hint="--out needs a folder")
    manifest = folder / MANIFEST
    if not manifest.is_file():
        if folder.is_dir() and any(folder.iterdir()):
            raise Refused(
                f"{folder} holds files that itsm did not write, so nothing was written",
                hint="name another folder with --out, or empty this one yourself",
            )
        return set()
    try:
        listed = json.loads(manifest.read_bytes())["files"]
        paths = {str(path) for path in listed}
    except (ValueError, KeyError, TypeError) as error:
        raise Refused(
            f"{manifest} can't be read, so it is unknown which files are ours",
            hint="remove the folder yourself and build again",
        ) from error
    return {path for path in paths if _is_safe(path)}


def _is_safe(path: str) -> bool:
    """Whether a listed path stays inside the folder, because somebody may have changed the manifest."""
    parts = PurePosixPath(path).parts
    return bool(parts) and not PurePosixPath(path).is_absolute() and ".." not in parts


def _note(folder: Path, paths: Iterable[str]) -> None:
    content = json.dumps({"version": _VERSION, "files": sorted(paths)}, indent=0).encode() + b"\n"
    _put(folder, MANIFEST, content)


def _put(folder: Path, path: str, content: bytes) -> bool:
    """Writes one file, unless it has the same bytes already. Returns whether it was written."""
    target = folder / path
    _refuse_symlinks(folder, target.parent)
    if target.is_file() and not target.is_symlink() and target.read_bytes() == content:
        return False
    target.parent.mkdir(parents=True, exist_ok=True)
    scratch = target.with_name(f".{target.name}.itsm-new")
    try:
        scratch.write_bytes(content)
        scratch.replace(target)
    except OSError:
        scratch.unlink(missing_ok=True)
        raise
    return True


def _refuse_symlinks(folder: Path, parent: Path) -> None:
    """Raises Refused for a symbolic link inside the folder, which could make us write or remove files elsewhere."""
    while parent != folder:
        if parent.is_symlink():
            raise Refused(f"{parent} is a symbolic link, so nothing is written through it", hint="remove the link")
        parent = parent.parent


def _remove(folder: Path, path: str) -> bool:
    target = folder / path
    _refuse_symlinks(folder, target.parent)
    if not target.is_file() and not target.is_symlink():
        return False
    target.unlink()
    parent = target.parent
    while parent != folder and not any(parent.iterdir()):
        parent.rmdir()
        parent = parent.parent
    return True
