"""`itsm doctor`: checks whether everything that itsm needs is in order. It never changes anything."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from itsm_as_code.app.checkout.checkout import Checkout
from itsm_as_code.app.checkout.workspace import open_checkout
from itsm_as_code.domain.errors import ItsmError
from itsm_as_code.domain.wording import counted

if TYPE_CHECKING:
    from itsm_as_code.domain.settings import Settings
    from itsm_as_code.store.snapshot import TreeSnapshot


class Grade(StrEnum):
    """The result of one look."""

    GOOD = "good"
    WEAK = "weak"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Probe:
    """One thing that was checked, what was seen, and what to do about it."""

    what: str
    grade: Grade
    seen: str
    way_out: str | None = None


def examine(start: Path) -> Iterator[Probe]:
    """Yields all results, in the order in which things are needed."""
    yield _python()
    yield from (_library(name, why) for name, why in _LIBRARIES.items())
    yield _git()
    try:
        checkout = open_checkout(start)
    except ItsmError as error:
        yield Probe("workspace", Grade.BAD, error.message, error.hint)
        return
    yield Probe("workspace", Grade.GOOD, str(checkout.root))
    yield _settings(checkout.here)
    yield from look_at_repository(checkout)
    yield _attributes(checkout.root)
    yield _schemas(checkout.root, checkout.here.settings)
    checkout.close()


_LIBRARIES = {
    "ryaml": "the fast reader; without it records are read by ruamel.yaml, about 80 times slower",
    "pydantic": "record models",
    "ruamel.yaml": "edits that keep comments",
    "GitPython": "revisions",
    "tzdata": "time zones where the system has none",
    "holidays": "public holidays of calendars",
}


def _python() -> Probe:
    seen = ".".join(str(part) for part in sys.version_info[:3])
    good = sys.version_info >= (3, 11)
    return Probe("Python", Grade.GOOD if good else Grade.BAD, seen, None if good else "install Python 3.11 or newer")


def _library(name: str, why: str) -> Probe:
    module = {"ruamel.yaml": "ruamel.yaml", "GitPython": "git"}.get(name, name)
    try:
        present = find_spec(module) is not None
        return Probe(name, Grade.GOOD, version(name)) if present else _absent(name, why)
    except (PackageNotFoundError, ModuleNotFoundError):
        return _absent(name, why)


def _absent(name: str, why: str) -> Probe:
    grade = Grade.WEAK if name == "ryaml" else Grade.BAD
    return Probe(name, grade, f"missing: {why}", f"pip install {name}")


def _git() -> Probe:
    found = shutil.which("git")
    if found is None:
        return Probe("git", Grade.BAD, "not found", "install Git 2.31 or newer")
    return Probe("git", Grade.GOOD, found)


def _settings(snapshot: TreeSnapshot) -> Probe:
    findings = snapshot.settings_findings
    if findings:
        return Probe("itsm.yaml", Grade.BAD, findings[0].message, "itsm check itsm.yaml")
    settings = snapshot.settings
    return Probe("itsm.yaml", Grade.GOOD, f"{settings.name}, workspace id {settings.id}")


def look_at_repository(checkout: Checkout) -> Iterator[Probe]:
    """Yields results on the repository of the checkout, its history, and the person whom Git names."""
    from itsm_as_code.git.refs import replaced_objects

    try:
        repository = checkout.require_clone().repository
    except ItsmError as error:
        yield Probe("repository", Grade.WEAK, error.message, error.hint)
        return
    yield Probe("repository", Grade.GOOD, str(repository.git_dir))
    try:
        repository.require_whole_history()
    except ItsmError as error:
        yield Probe("history", Grade.WEAK, error.message, error.hint)
    replaced = replaced_objects(repository)
    if replaced:
        seen = f"Git shows others in place of {counted(len(replaced), 'object')}, and itsm reads what is really there"
        yield Probe("replaced objects", Grade.WEAK, seen, f"git replace -d {replaced[0]}")
    try:
        yield Probe("who you are", Grade.GOOD, checkout.person)
    except ItsmError as error:
        yield Probe("who you are", Grade.WEAK, error.message, error.hint)


def _attributes(root: Path) -> Probe:
    path = root / ".gitattributes"
    text = path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""
    lines = [line for line in text.splitlines() if "merge=union" in line and not line.lstrip().startswith("#")]
    if lines:
        return Probe(".gitattributes", Grade.BAD, "merge=union corrupts YAML without a warning", f"remove: {lines[0]}")
    return Probe(".gitattributes", Grade.GOOD, "no merge=union")


def _schemas(root: Path, settings: Settings) -> Probe:
    from itsm_as_code.app.publishing.generated_files import compare, schemas

    stale = compare(root, schemas(settings)).stale
    if stale:
        return Probe("schemas", Grade.WEAK, f"{len(stale)} are stale or missing", "itsm generate schemas")
    return Probe("schemas", Grade.GOOD, "as this version writes them")
