"""Opens the source of an import: one file, or a folder with a limit on what is read into memory."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo, available_timezones

from itsm_as_code.domain.errors import CouldNotCheck, UsageFault
from itsm_as_code.domain.suggest import did_you_mean
from itsm_as_code.importers.draft import Files

LARGEST_FILE = 1 << 30
LARGEST_TEXT = 1 << 20
_TEXT = (".md", ".markdown", ".mdown", ".adoc", ".html", ".yml", ".yaml", ".toml", ".json")
_NOT_ENTERED = ("node_modules", "themes", "public", "resources", "site", "_site")


def read_file(path: Path) -> bytes:
    """Returns the bytes of one file. Raises CouldNotCheck, which says what is wrong with it."""
    try:
        if path.is_dir():
            raise UsageFault(f"{path} is a folder.", hint="Name the exported file.")
        if path.stat().st_size > LARGEST_FILE:
            raise CouldNotCheck(f"{path} is larger than 1 GiB.", hint="Export it in parts, e.g. one year each.")
        return path.read_bytes()
    except OSError as error:
        raise CouldNotCheck(f"{path} can't be read: {error.strerror or error}.") from None


def read_folder(folder: Path) -> Files:
    """Returns the files of a folder. It does not enter hidden folders, links, and output of site generators."""
    if not folder.is_dir():
        raise UsageFault(f"There is no folder {folder}.")
    texts: dict[str, bytes] = {}
    others: list[str] = []
    for path in _files(folder):
        name = path.relative_to(folder).as_posix()
        if not path.name.lower().endswith(_TEXT) or path.is_symlink() or _size(path) > LARGEST_TEXT:
            others.append(_shown(name))
            continue
        texts[_shown(name)] = read_file(path)
    return Files(texts, tuple(others))


def zone_of(name: str | None) -> tzinfo | None:
    """Returns the zone of that IANA name. Raises UsageFault, with the nearest name."""
    if name is None:
        return None
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        hint = did_you_mean(name, available_timezones()) or "Names are such as Europe/Lisbon or UTC."
        raise UsageFault(f'There is no time zone "{name}".', hint=hint) from None


def _files(folder: Path) -> Iterator[Path]:
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith(".") and name not in _NOT_ENTERED)
        yield from (Path(place) / name for name in sorted(names) if not name.startswith("."))


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _shown(name: str) -> str:
    """Returns a name whose bytes are not UTF-8 as text that a record can hold."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
