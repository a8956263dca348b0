"""`itsm doctor`: whether everything that itsm needs is in order. It looks and never mends."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path

from itsm_as_code.app.workspace import Workspace, find_workspace
from itsm_as_code.domain.errors import ItsmError


class Grade(StrEnum):
    """How a look came out."""

    GOOD = "good"
    WEAK = "weak"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Look:
    """One thing looked at, what was seen, and the way out."""

    what: str
    grade: Grade
    seen: str
    way_out: str | None = None


def examine(start: Path) -> Iterator[Look]:
    """Everything, in the order in which it is needed."""
    yield _python()
    yield from (_library(name, why) for name, why in _LIBRARIES.items())
    yield _git()
    try:
        workspace = find_workspace(start)
    except ItsmError as error:
        yield Look("workspace", Grade.BAD, error.message, error.hint)
        return
    yield Look("workspace", Grade.GOOD, str(workspace.root))
    yield _settings(workspace)
    yield from _repository(workspace)
    yield _attributes(workspace)
    yield _schemas(workspace)


_LIBRARIES = {
    "ryaml": "the fast reader; without it records are read by ruamel.yaml, about 80 times slower",
    "pydantic": "record models",
    "ruamel.yaml": "edits that keep comments",
    "GitPython": "revisions",
    "tzdata": "time zones where the system has none",
    "holidays": "public holidays of calendars",
}


def _python() -> Look:
    seen = ".".join(str(part) for part in sys.version_info[:3])
    good = sys.version_info >= (3, 11)
    return Look("Python", Grade.GOOD if good else Grade.BAD, seen, None if good else "install Python 3.11 or newer")


def _library(name: str, why: str) -> Look:
    module = {"ruamel.yaml": "ruamel.yaml", "GitPython": "git"}.get(name, name)
    try:
        present = find_spec(module) is not None
        return Look(name, Grade.GOOD, version(name)) if present else _absent(name, why)
    except (PackageNotFoundError, ModuleNotFoundError):
        return _absent(name, why)


def _absent(name: str, why: str) -> Look:
    grade = Grade.WEAK if name == "ryaml" else Grade.BAD
    return Look(name, grade, f"missing: {why}", f"pip install {name}")


def _git() -> Look:
    found = shutil.which("git")
    if found is None:
        return Look("git", Grade.BAD, "not found", "install Git 2.31 or newer")
    return Look("git", Grade.GOOD, found)


def _settings(workspace: Workspace) -> Look:
    findings = workspace.snapshot().settings_findings
    if findings:
        return Look("itsm.yaml", Grade.BAD, findings[0].message, "itsm check itsm.yaml")
    settings = workspace.snapshot().settings
    return Look("itsm.yaml", Grade.GOOD, f"{settings.name}, workspace id {settings.id}")


def _repository(workspace: Workspace) -> Iterator[Look]:
    from itsm_as_code.app.actor import acting_person
    from itsm_as_code.git.repository import open_repository

    try:
        with open_repository(workspace.root) as repository:
            yield Look("repository", Grade.GOOD, str(repository.git_dir))
            try:
                repository.require_whole_history()
            except ItsmError as error:
                yield Look("history", Grade.WEAK, error.message, error.hint)
    except ItsmError as error:
        yield Look("repository", Grade.WEAK, error.message, error.hint)
        return
    try:
        yield Look("who you are", Grade.GOOD, acting_person(workspace, workspace.snapshot()))
    except ItsmError as error:
        yield Look("who you are", Grade.WEAK, error.message, error.hint)


def _attributes(workspace: Workspace) -> Look:
    path = workspace.root / ".gitattributes"
    text = path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""
    lines = [line for line in text.splitlines() if "merge=union" in line and not line.lstrip().startswith("#")]
    if lines:
        return Look(".gitattributes", Grade.BAD, "merge=union corrupts YAML without a word", f"remove: {lines[0]}")
    return Look(".gitattributes", Grade.GOOD, "no merge=union")


def _schemas(workspace: Workspace) -> Look:
    from itsm_as_code.app.generate import compare, schemas

    stale = compare(workspace.root, schemas(workspace.snapshot().settings)).stale
    if stale:
        return Look("schemas", Grade.WEAK, f"{len(stale)} are stale or missing", "itsm generate schemas")
    return Look("schemas", Grade.GOOD, "as this version writes them")
