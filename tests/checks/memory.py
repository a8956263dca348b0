"""Files in memory as a tree, and checks run over them: for tests of single rules, without disk or Git."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from itsm_as_code.checks.registry import Context, StepContext
from itsm_as_code.checks.run import check_attachment, check_record, check_step, check_whole
from itsm_as_code.domain.finding import Finding
from itsm_as_code.domain.ids import parse_path, path_of
from itsm_as_code.domain.settings import SETTINGS_PATH
from itsm_as_code.domain.step import RecordChange, Side, Step
from itsm_as_code.domain.timelines import entries_of
from itsm_as_code.store.reader import read_yaml
from itsm_as_code.store.snapshot import TreeSnapshot
from itsm_as_code.store.tree import Mode, TreeEntry, Unreadable, folders_of, read_with
from tests.checks.workspace import BACKGROUND, NOW

Files = Mapping[str, str | bytes]


class MemoryTree:
    """A tree whose files are a map of path to content, in any order."""

    label = "memory"

    def __init__(self, files: Files) -> None:
        self._files = {path: data.encode() if isinstance(data, str) else data for path, data in files.items()}

    def entries(self, under: str = "") -> Iterator[TreeEntry]:
        prefix = f"{under}/" if under else ""
        return (self._entry(path) for path in sorted(self._files) if path.startswith(prefix))

    def folders(self, under: str) -> list[str]:
        return folders_of(self, under)

    def entry(self, path: str) -> TreeEntry | None:
        return self._entry(path) if path in self._files else None

    def _entry(self, path: str) -> TreeEntry:
        return TreeEntry(path, Mode.FILE, len(self._files[path]))

    def read(self, path: str) -> bytes:
        return self._files[path]

    def read_many(self, paths: Iterable[str]) -> Iterator[tuple[str, bytes | Unreadable]]:
        return ((path, self._files[path]) for path in paths)

    def read_with(self, folders: Iterable[str], words: tuple[bytes, ...]) -> Iterator[tuple[str, bytes | Unreadable]]:
        """The files with one of the words."""
        return read_with(self, folders, words)


def as_files(*records: Mapping[str, Any]) -> dict[str, str]:
    """Records as the files they belong in. JSON is YAML; an article's body goes below its fields."""
    return dict(_as_file(record) for record in records)


def _as_file(record: Mapping[str, Any]) -> tuple[str, str]:
    path = path_of(record["kind"], record["id"])
    if record["kind"] != "article":
        return path, json.dumps(record, ensure_ascii=False)
    fields = {key: value for key, value in record.items() if key != "body"}
    return path, f"---\n{json.dumps(fields, ensure_ascii=False)}\n---\n{record['body']}"


def snapshot_of(files: Files) -> TreeSnapshot:
    """A snapshot of the files on the background of the examples."""
    return TreeSnapshot(MemoryTree({**BACKGROUND, **files}), keep_data=True)


def look(files: Files, now: datetime = NOW) -> list[Finding]:
    """The findings in a workspace of these files and the background."""
    snapshot = snapshot_of(files)
    findings = [*snapshot.settings_findings, *snapshot.load_all()]
    ctx = Context(snapshot, now)
    for path, loaded in snapshot.loaded():
        findings += loaded.findings
        if loaded.record is not None:
            findings += check_record(loaded.record, path, ctx)
    findings += check_whole(ctx)
    for attachment in snapshot.attachments():
        findings += check_attachment(attachment, ctx)
    return findings


def look_at(*records: Mapping[str, Any], now: datetime = NOW) -> list[Finding]:
    """The findings in a workspace of these records and the background."""
    return look(as_files(*records), now)


def look_at_step(
    base: Files, head: Files, *, conflicts: tuple[str, ...] = (), emails: frozenset[str] = frozenset(),
    landed: datetime | None = None,
) -> list[Finding]:  # fmt: skip
    """The findings of what changes from base to head, both on the background: those of the step alone.

    All entries of base landed at `landed`; None: nobody knows when.
    """
    before, after = snapshot_of(base), snapshot_of(head)
    old, new = {**BACKGROUND, **base}, {**BACKGROUND, **head}
    changed = sorted(path for path in {*old, *new} if old.get(path) != new.get(path))
    changes = tuple(_change(path, before, after) for path in changed)
    times = {} if landed is None else {
        (each.path, index): landed for each in changes if each.base is not None
        for index in range(len(entries_of(each.base.data)))
    }  # fmt: skip
    return list(check_step(StepContext(Step(before, after, changes, conflicts, emails, times), NOW)))


def _change(path: str, before: TreeSnapshot, after: TreeSnapshot) -> RecordChange:
    if path == SETTINGS_PATH:
        base, head = (Side(read_yaml(snapshot.tree.read(path)).data, None) for snapshot in (before, after))
        return RecordChange(path, "settings", path, base, head)
    located = parse_path(path)
    assert located is not None, path
    return RecordChange(path, *located, _side(before, path), _side(after, path))


def _side(snapshot: TreeSnapshot, path: str) -> Side | None:
    loaded = snapshot.load(path)
    return Side(loaded.data, loaded.record) if loaded else None


def codes(findings: Iterable[Finding]) -> list[str]:
    """The codes, sorted."""
    return sorted(finding.code for finding in findings)


def entry(at: str, **fields: Any) -> dict[str, Any]:
    """A timeline entry by Ana on 21 November 2026, at a time of day."""
    return {"at": f"2026-11-21T{at}:00Z", "by": "ana", **fields}


def incident(*entries: dict[str, Any], **fields: Any) -> dict[str, Any]:
    """An incident with these entries, or a new one."""
    timeline = list(entries) or [entry("08:00", state="new")]
    usual = {"id": "INC-20261121-7K3Q9", "kind": "incident", "schema": 1, "title": "Portal is down"}
    return {**usual, **fields, "timeline": timeline}


def change(*entries: dict[str, Any], **fields: Any) -> dict[str, Any]:
    """A normal change with these entries, or a draft."""
    timeline = list(entries) or [entry("08:00", state="draft")]
    usual = {"id": "CHG-20261121-4M2XT", "kind": "change", "schema": 1, "title": "New certificate"}
    more = {"type": "normal", "reason": "The old one runs out.", "service": "portal"}
    return {**usual, **more, **fields, "timeline": timeline}


def service(slug: str = "payroll", **fields: Any) -> dict[str, Any]:
    """A service of tier 2."""
    return {"id": slug, "kind": "service", "schema": 1, "name": "Payroll", "owner": "it", "tier": 2, **fields}


def article(slug: str = "reset-password", body: str = "Press the button.\n", **fields: Any) -> dict[str, Any]:
    """A published article with an owner."""
    usual = {"id": slug, "kind": "article", "schema": 1, "title": "How do I reset my password?"}
    more = {"state": "published", "type": "how_to", "summary": "Set a new one.", "owner": "team/it"}
    return {**usual, **more, **fields, "body": body}
