"""Files that a machine rewrote: it applies the fixes of findings, shows the difference, and writes the files."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from itsm_as_code.domain.finding import Finding
from itsm_as_code.domain.shape import key_order_at

if TYPE_CHECKING:
    from itsm_as_code.app.checking.report import Report
    from itsm_as_code.domain.finding import FieldPath
    from itsm_as_code.store.tree import Tree


@dataclass(frozen=True, slots=True)
class RewrittenFile:
    """One file before and after, and the titles of what was done to it."""

    path: str
    before: bytes
    after: bytes
    done: tuple[str, ...] = ()

    def difference(self) -> str:
        """Returns the difference as a unified diff."""
        old, new = (side.decode("utf-8", "replace").splitlines(keepends=True) for side in (self.before, self.after))
        return "".join(difflib.unified_diff(old, new, f"a/{self.path}", f"b/{self.path}"))


def apply_fixes(files: Tree, report: Report, *, unsafe: bool) -> tuple[tuple[RewrittenFile, ...], int]:
    """Returns the files here with the fixes of a report, and how many of its findings are left."""
    from itsm_as_code.store.editor import apply

    originals: dict[str, bytes] = {}
    current: dict[str, bytes] = {}
    done: dict[str, list[str]] = {}
    for path, findings in _by_path(report.findings, unsafe=unsafe).items():
        if files.entry(path) is None:
            continue  # it is in the step, but no longer here
        originals[path] = current[path] = files.read(path)
        for finding in findings:
            assert finding.fix is not None
            current[path] = apply(current[path], finding.fix.edits, order=key_order_at(path))
            done.setdefault(path, []).append(f"{finding.code}: {finding.fix.title}")
    rewritten = tuple(
        RewrittenFile(path, originals[path], text, tuple(done[path]))
        for path, text in sorted(current.items())
        if text != originals[path]
    )
    return rewritten, len(report.findings) - sum(len(each.done) for each in rewritten)


def _by_path(findings: Sequence[Finding], *, unsafe: bool) -> dict[str, list[Finding]]:
    """Returns fixable findings per file. Of two that touch the same place, only the first is kept."""
    chosen: dict[str, list[Finding]] = {}
    places: set[tuple[str, FieldPath]] = set()
    for finding in findings:
        if finding.fix is None or not (finding.fix.safe or unsafe) or (finding.path, finding.field) in places:
            continue
        places.add((finding.path, finding.field))
        chosen.setdefault(finding.path, []).append(finding)
    return chosen


def write(root: Path, rewritten: Sequence[RewrittenFile]) -> None:
    """Writes all files or none. A file that changed since it was read is refused."""
    from itsm_as_code.store.atomic import write_all

    write_all(
        {root / each.path: each.after for each in rewritten},
        expect={root / each.path: each.before for each in rewritten},
        root=root,
    )
