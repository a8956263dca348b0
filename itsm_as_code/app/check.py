"""`itsm check`: a workspace as it stands, or some of its files. Checking never writes."""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from itsm_as_code.app.workspace import Workspace
from itsm_as_code.checks.registry import Context
from itsm_as_code.checks.run import check_attachment, check_record, check_whole
from itsm_as_code.domain.errors import CouldNotCheck, UsageFault
from itsm_as_code.domain.finding import FieldPath, Finding, Position, in_order
from itsm_as_code.domain.ids import ATTACHMENTS, RECORDS, parse_path
from itsm_as_code.domain.kinds import KINDS
from itsm_as_code.domain.settings import SETTINGS_PATH, Settings
from itsm_as_code.domain.snapshot import Attachment
from itsm_as_code.store.snapshot import TreeSnapshot, misplaced
from itsm_as_code.store.tree import Mode, Tree, Unreadable


@dataclass(frozen=True, slots=True)
class Report:
    """What a check found.

    `evaluated` counts the records looked at, per kind, so that nobody mistakes "nothing looked at"
    for "nothing wrong". `suppressed` are findings accepted in itsm.yaml. `sources` holds the text of
    the files that have findings, for code frames. `changed` are paths that a step changes, `prefix`
    is the workspace's folder in its repository, with a slash.
    """

    findings: tuple[Finding, ...]
    evaluated: dict[str, int]
    suppressed: tuple[Finding, ...] = ()
    sources: dict[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    scope: str = "workspace"
    changed: frozenset[str] = frozenset()
    prefix: str = ""

    @property
    def total(self) -> int:
        """How many records were looked at."""
        return sum(self.evaluated.values())


def check_workspace(workspace: Workspace, at: datetime) -> Report:
    """Every file of the workspace, by itself and together with all others."""
    return check_tree(workspace.tree(), at)


def check_tree(tree: Tree, at: datetime) -> Report:
    """Every file of a workspace's tree, by itself and together with all others."""
    with _without_pauses():
        snapshot = TreeSnapshot(tree)
        findings = [*snapshot.settings_findings, *snapshot.load_all()]
        ctx = Context(snapshot, at)
        for path, loaded in snapshot.loaded():
            findings += loaded.findings
            if loaded.record is not None:
                findings += check_record(loaded.record, path, ctx)
        nothing = not findings and not any(True for _ in snapshot.loaded())
        findings += check_whole(ctx)
        for attachment in snapshot.attachments():
            findings += check_attachment(attachment, ctx)
        evaluated = Counter(loaded.kind for _, loaded in snapshot.loaded())
    if nothing:
        raise CouldNotCheck(
            f"there are no records under {RECORDS}/ in {tree.label}",
            hint="`itsm new` makes one; -C DIR names another workspace",
        )
    return finish(findings, evaluated, snapshot.settings, tree, at)


def check_files(workspace: Workspace, paths: Sequence[str], at: datetime) -> Report:
    """The named files and folders, and what they refer to. Names are relative to where the user stands.

    Raises CouldNotCheck where none of them is anything that is checked: nothing looked at is no pass.
    """
    snapshot = workspace.snapshot()
    ctx = Context(snapshot, at)
    findings: list[Finding] = []
    evaluated: Counter[str] = Counter()
    looked_at = 0
    for path in dict.fromkeys(inside(workspace, paths, snapshot.tree)):
        looked_at += _managed(path)
        findings += _of_file(path, ctx, snapshot, evaluated)
    if not looked_at:
        raise nothing_among(workspace, paths)
    return finish(findings, evaluated, snapshot.settings, snapshot.tree, at, scope="files")


def _of_file(path: str, ctx: Context, snapshot: TreeSnapshot, evaluated: Counter[str]) -> Iterator[Finding]:
    """The findings of one file, which is counted in `evaluated`."""
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


def nothing_among(workspace: Workspace, paths: Sequence[str]) -> CouldNotCheck:
    """The error where names on the command line stand for nothing of ours."""
    named = ", ".join(paths[:5]) + (f" and {len(paths) - 5} more" if len(paths) > 5 else "")
    return CouldNotCheck(
        f"there is no record in {named}",
        hint=f"records lie under {workspace.root / RECORDS}; without a name all are meant",
    )


def inside(workspace: Workspace, paths: Sequence[str], tree: Tree) -> Iterator[str]:
    """The files meant by the names on the command line, relative to the workspace root."""
    for name in paths:
        target = workspace.start / name
        try:
            # The parent is resolved, the name is not: a link is judged as a link.
            relative = (target.parent.resolve() / target.name).relative_to(workspace.root).as_posix()
        except ValueError:
            raise UsageFault(f"{name} is outside the workspace {workspace.root}") from None
        if target.is_dir() and not target.is_symlink():
            under = "" if relative == "." else relative
            yield from (entry.path for entry in tree.entries(under) if _managed(entry.path))
        elif tree.entry(relative) is None:
            raise UsageFault(f"there is no file {name}")
        else:
            yield relative


def _managed(path: str) -> bool:
    return path == SETTINGS_PATH or path.startswith((f"{RECORDS}/", f"{ATTACHMENTS}/"))


def finish(
    findings: Iterable[Finding],
    evaluated: Counter[str],
    settings: Settings,
    tree: Tree,
    at: datetime,
    *,
    scope: str = "workspace",
    notes: tuple[str, ...] = (),
) -> Report:
    """The report: suppressed findings apart, the others placed and in order."""
    kept: list[Finding] = []
    suppressed: list[Finding] = []
    for finding in findings:
        (suppressed if is_suppressed(finding, settings, at) else kept).append(finding)
    placed, sources = place(kept, tree)
    counts = {kind: evaluated[kind] for kind in (*KINDS, "settings") if evaluated[kind]}
    return Report(in_order(placed), counts, in_order(suppressed), sources, notes, scope)


def is_suppressed(finding: Finding, settings: Settings, at: datetime) -> bool:
    """Whether itsm.yaml accepts the finding at this instant."""
    return any(
        entry.code == finding.code and entry.path in (None, finding.path) and at.date() <= entry.until
        for entry in settings.suppress
    )


def place(findings: Iterable[Finding], tree: Tree) -> tuple[list[Finding], dict[str, str]]:
    """Findings with their positions, and the text of their files. Only files with findings are read again."""
    by_path: dict[str, list[Finding]] = {}
    for finding in findings:
        by_path.setdefault(finding.path, []).append(finding)
    placed: list[Finding] = []
    sources: dict[str, str] = {}
    for path, group in by_path.items():
        data = _bytes_of(tree, path)
        if data is None:
            placed += group
            continue
        sources[path] = data.decode("utf-8", "replace")
        wanted = [(f.field, f.at_key) for f in group if f.position is None and f.field]
        found = _located(data, wanted, path) if wanted else {}
        placed += [f if f.position else f.placed(found.get((f.field, f.at_key))) for f in group]
    return placed, sources


def _located(data: bytes, wanted: list[tuple[FieldPath, bool]], path: str) -> dict[tuple[FieldPath, bool], Position]:
    from itsm_as_code.store.locate import locate

    return locate(data, wanted, article=path.endswith(".md"))


def _bytes_of(tree: Tree, path: str) -> bytes | None:
    entry = tree.entry(path)
    if entry is None or entry.mode != "file":
        return None
    try:
        return tree.read(path)
    except (Unreadable, KeyError):
        return None  # the finding itself says that the file can't be read


@contextmanager
def _without_pauses() -> Iterator[None]:
    """No garbage collection while records pile up: they live until the end, and scanning them costs a third.

    Nor is what is there by then ever scanned for cycles.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if was_on:
            gc.enable()


def relative_to_user(workspace: Workspace, path: str) -> str:
    """A path of the workspace as the user would type it."""
    full = workspace.root / path
    try:
        return full.relative_to(workspace.start).as_posix()
    except ValueError:
        return Path(path).as_posix()
