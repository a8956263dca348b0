"""`itsm fix` and `itsm fmt`: what a machine can mend, and the canonical layout. Both show before they write."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from itsm_as_code.app.check import Report, check_files, check_workspace
from itsm_as_code.app.workspace import Workspace
from itsm_as_code.domain.errors import CouldNotCheck, UsageFault
from itsm_as_code.domain.finding import Finding
from itsm_as_code.domain.ids import RECORDS, parse_path
from itsm_as_code.domain.kinds import KINDS
from itsm_as_code.domain.settings import SETTINGS_PATH, Settings
from itsm_as_code.domain.shape import key_order
from itsm_as_code.store.tree import Mode

if TYPE_CHECKING:
    from itsm_as_code.domain.finding import FieldPath


@dataclass(frozen=True, slots=True)
class Rewritten:
    """One file before and after, and the titles of what was done to it."""

    path: str
    before: bytes
    after: bytes
    done: tuple[str, ...] = ()

    def difference(self) -> str:
        """As a unified diff."""
        old, new = (side.decode("utf-8", "replace").splitlines(keepends=True) for side in (self.before, self.after))
        return "".join(difflib.unified_diff(old, new, f"a/{self.path}", f"b/{self.path}"))


def order_of(path: str) -> Callable[[FieldPath], Sequence[str]]:
    """The canonical key order of the file at `path`."""
    located = parse_path(path)
    model = KINDS[located[0]].model if located else Settings
    return lambda field: key_order(model, field)


def mend(
    workspace: Workspace, files: Sequence[str], at: datetime, *, unsafe: bool, base: str | None = None
) -> tuple[tuple[Rewritten, ...], int]:
    """What `fix` would write, the fixes of all findings as far as they do not meet; and how many findings are left.

    With `base` it is the step from there to the files as they lie here that is mended, see `app.mend_step`.
    """
    if base is not None:
        from itsm_as_code.app.mend_step import mend_step

        if files:
            raise UsageFault("a step is mended as a whole", hint="leave out the files, or leave out --base")
        return mend_step(workspace, base, at, unsafe=unsafe)
    report = check_files(workspace, files, at) if files else check_workspace(workspace, at)
    return mended(workspace, report, unsafe=unsafe)


def mended(workspace: Workspace, report: Report, *, unsafe: bool) -> tuple[tuple[Rewritten, ...], int]:
    """The files here with the fixes of a report, and how many of its findings are left."""
    from itsm_as_code.store.editor import apply

    originals: dict[str, bytes] = {}
    current: dict[str, bytes] = {}
    done: dict[str, list[str]] = {}
    for path, findings in _by_path(report.findings, unsafe=unsafe).items():
        if workspace.tree().entry(path) is None:
            continue  # in the step, but no longer here
        originals[path] = current[path] = workspace.tree().read(path)
        for finding in findings:
            assert finding.fix is not None
            current[path] = apply(current[path], finding.fix.edits, order=order_of(path))
            done.setdefault(path, []).append(f"{finding.code}: {finding.fix.title}")
    rewritten = tuple(
        Rewritten(path, originals[path], text, tuple(done[path]))
        for path, text in sorted(current.items())
        if text != originals[path]
    )
    return rewritten, len(report.findings) - sum(len(each.done) for each in rewritten)


def _by_path(findings: Sequence[Finding], *, unsafe: bool) -> dict[str, list[Finding]]:
    """Fixable findings per file; of two that touch the same place only the first."""
    chosen: dict[str, list[Finding]] = {}
    places: set[tuple[str, FieldPath]] = set()
    for finding in findings:
        if finding.fix is None or not (finding.fix.safe or unsafe) or (finding.path, finding.field) in places:
            continue
        places.add((finding.path, finding.field))
        chosen.setdefault(finding.path, []).append(finding)
    return chosen


def layout(workspace: Workspace, files: Sequence[str]) -> tuple[tuple[Rewritten, ...], tuple[str, ...]]:
    """What `fmt` would write, and the files that it leaves alone because they can't be read."""
    from itsm_as_code.store.layout import canonical

    tree = workspace.tree()
    changed, left = [], []
    for path in _files(workspace, files):
        before = tree.read(path)
        try:
            after = canonical(before, order=order_of(path))
        except CouldNotCheck as fault:
            left.append(f"{path}: {fault.message}")
            continue
        if after != before:
            changed.append(Rewritten(path, before, after))
    return tuple(changed), tuple(left)


def _files(workspace: Workspace, files: Sequence[str]) -> list[str]:
    from itsm_as_code.app.check import inside, nothing_among

    tree = workspace.tree()
    if files:
        named = dict.fromkeys(inside(workspace, files, tree))
        found = [path for path in named if path == SETTINGS_PATH or parse_path(path)]
        if not found:
            raise nothing_among(workspace, files)
        return found
    return [SETTINGS_PATH, *(e.path for e in tree.entries(RECORDS) if e.mode is Mode.FILE and parse_path(e.path))]


def write(workspace: Workspace, rewritten: Sequence[Rewritten]) -> None:
    """Writes all files or none; one that changed since it was read is refused."""
    from itsm_as_code.store.atomic import write_all

    write_all(
        {workspace.root / each.path: each.after for each in rewritten},
        expect={workspace.root / each.path: each.before for each in rewritten},
        root=workspace.root,
    )
