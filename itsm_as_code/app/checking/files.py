"""`itsm check FILES`: checks some files or folders of a workspace, and what they refer to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from itsm_as_code.app.checking.report import Report, finish
from itsm_as_code.app.checkout.checkout import Checkout
from itsm_as_code.checks.registry import Context
from itsm_as_code.checks.run import check_attachment, check_record
from itsm_as_code.domain.errors import CouldNotCheck, UsageFault
from itsm_as_code.domain.finding import Finding
from itsm_as_code.domain.ids import ATTACHMENTS, RECORDS, parse_path
from itsm_as_code.domain.settings import SETTINGS_PATH
from itsm_as_code.domain.snapshot import Attachment
from itsm_as_code.store.names import misplaced
from itsm_as_code.store.snapshot import TreeSnapshot
from itsm_as_code.store.tree import Mode, Tree


def check_files(checkout: Checkout, paths: Sequence[str]) -> Report:
    """Checks the named files and folders, and what they refer to. Names are relative to the user's current folder.

    Raises CouldNotCheck if none of them is a file to check: a check of nothing must not pass.
    """
    snapshot, at = checkout.here, checkout.now
    ctx = Context(snapshot, at)
    findings: list[Finding] = []
    evaluated: Counter[str] = Counter()
    looked_at = 0
    for path in dict.fromkeys(inside(checkout.root, checkout.start, paths, snapshot.tree)):
        looked_at += _managed(path)
        findings += _of_file(path, ctx, snapshot, evaluated)
    if not looked_at:
        raise nothing_among(checkout.root, paths)
    return finish(findings, evaluated, snapshot.settings, snapshot.tree, at, scope="files")


def _of_file(path: str, ctx: Context, snapshot: TreeSnapshot, evaluated: Counter[str]) -> Iterator[Finding]:
    """Yields the findings of one file, and counts it in `evaluated`."""
    if path == SETTINGS_PATH:
        evaluated["settings"] += 1
        yield from snapshot.settings_findings
        return
    entry = snapshot.tree.entry(path)
    if path.startswith(f"{ATTACHMENTS}/") and entry is not None:
        yield from check_attachment(Attachment(path, entry.mode is Mode.FILE, entry.size), ctx)
        return
    loaded = snapshot.load(path) if parse_path(path) else None
    if loaded is None:
        fault = misplaced(entry) if entry is not None and path.startswith(f"{RECORDS}/") else None
        yield from [fault] if fault else []
        return
    evaluated[loaded.kind] += 1
    yield from loaded.findings
    if loaded.record is not None:
        yield from check_record(loaded.record, path, ctx)


def nothing_among(root: Path, paths: Sequence[str]) -> CouldNotCheck:
    """Returns the error for names on the command line under which there is no record."""
    named = ", ".join(paths[:5]) + (f" and {len(paths) - 5} more" if len(paths) > 5 else "")
    return CouldNotCheck(
        f"there is no record in {named}",
        hint=f"records are in {root / RECORDS}; without a name all are checked",
    )


def inside(root: Path, start: Path, paths: Sequence[str], tree: Tree) -> Iterator[str]:
    """Returns the files that the names on the command line mean, relative to the workspace root."""
    for name in paths:
        target = start / name
        try:
            # The parent is resolved, but the name is not: a link is checked as a link.
            relative = (target.parent.resolve() / target.name).relative_to(root).as_posix()
        except ValueError:
            raise UsageFault(f"{name} is outside the workspace {root}") from None
        if target.is_dir() and not target.is_symlink():
            under = "" if relative == "." else relative
            yield from (entry.path for entry in tree.entries(under) if _managed(entry.path))
        elif tree.entry(relative) is None:
            raise UsageFault(f"there is no file {name}")
        else:
            yield relative


def _managed(path: str) -> bool:
    return path == SETTINGS_PATH or path.startswith((f"{RECORDS}/", f"{ATTACHMENTS}/"))
