"""`itsm check --base REV`: the step from base to head, read from Git objects: what changed and what it refers to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from itsm_as_code.app.check import Report, finish
from itsm_as_code.app.judge import findings_of_gates
from itsm_as_code.app.workspace import Workspace
from itsm_as_code.checks.identity import CASE_CLASH, TWO_FILES
from itsm_as_code.checks.registry import Context, StepContext
from itsm_as_code.checks.run import check_attachment, check_record, check_shown
from itsm_as_code.checks.run import check_step as run_step_checks
from itsm_as_code.domain.errors import CouldNotCheck
from itsm_as_code.domain.finding import Finding, Spot
from itsm_as_code.domain.ids import ATTACHMENTS, RECORDS, is_slug, parse_path
from itsm_as_code.domain.settings import SETTINGS_PATH
from itsm_as_code.domain.snapshot import Attachment
from itsm_as_code.domain.step import RecordChange, Side, Step
from itsm_as_code.store.settings import settings_data
from itsm_as_code.store.snapshot import TreeSnapshot, misplaced, other_form
from itsm_as_code.store.tree import TreeEntry

if TYPE_CHECKING:
    from itsm_as_code.git.repository import Repository
    from itsm_as_code.git.step import TreeStep

_OURS = frozenset({RECORDS, ATTACHMENTS, SETTINGS_PATH})
"""On a disk that knows no case a folder `Records` is `records`, and its files take the place of records."""


def check_step(workspace: Workspace, base: str, head: str | None, at: datetime) -> Report:
    """The step from `base` to `head` (default HEAD), as it would land. The work tree is not looked at."""
    from itsm_as_code.git.repository import open_repository

    with open_repository(workspace.root) as repository:
        return judge_step(repository, base, head or "HEAD", at)


def judge_step(repository: Repository, base: str, head: str, at: datetime) -> Report:
    """As `check_step`, in a repository that may be bare."""
    from itsm_as_code.git.authors import author_emails
    from itsm_as_code.git.step import step as tree_step

    trees = tree_step(repository, base, head)
    before, after = TreeSnapshot(trees.base, keep_data=True), TreeSnapshot(trees.head, keep_data=True)
    _require_genesis(trees, base)
    emails = author_emails(repository, trees.base.commit, trees.head_commit)
    step = Step(before, after, tuple(record_changes(trees, before, after)), trees.conflicts, emails)
    ctx = Context(after, at)
    findings = list(_findings_of_names(trees))
    findings += after.settings_findings
    for change in step.changes:
        loaded = after.load(change.path) if change.kind != "settings" else None
        if loaded is not None:
            findings += loaded.findings
            if loaded.record is not None:
                findings += check_record(loaded.record, change.path, ctx)
    findings += _findings_of_attachments(trees, ctx)
    findings += run_step_checks(StepContext(step, at))
    findings += findings_of_gates(repository, trees, step, before, after, at)
    evaluated = Counter(change.kind for change in step.changes)
    note = f"judged: {trees.base.label} to {trees.head.label}; edits that are not committed are no part of it"
    report = finish(findings, evaluated, before.settings, trees.head, at, scope="step", notes=(note,))
    changed = frozenset(change.path for change in trees.changed)
    return replace(report, changed=changed, prefix=repository.prefix)


def _require_genesis(trees: TreeStep, base: str) -> None:
    if trees.base.entry(SETTINGS_PATH) is None:
        raise CouldNotCheck(
            f"{base} has no {SETTINGS_PATH}: there is nothing yet to judge a step by",
            hint="the first commit of a workspace is checked with `itsm check` and pushed by hand",
        )


def record_changes(trees: TreeStep, before: TreeSnapshot, after: TreeSnapshot) -> Iterator[RecordChange]:
    """The records that differ, and itsm.yaml, with both sides as read; and articles of which only a file differs."""
    with_files = {each for each in _owners_of_files(trees) if after.exists("article", each)}
    for changed in trees.changed:
        path = changed.path
        if path == SETTINGS_PATH:
            base, head = _settings_side(before), _settings_side(after)
            yield RecordChange(path, "settings", "itsm.yaml", base, head)
        elif located := parse_path(path):
            base, head = _side(before, path, changed.base_entry), _side(after, path, changed.head_entry)
            files_changed = located[0] == "article" and located[1] in with_files
            with_files -= {located[1]} if files_changed else set()
            yield RecordChange(path, *located, base, head, files_changed)
    for article_id in sorted(with_files):
        path = next(each for each in after.paths("article", article_id) if after.tree.entry(each) is not None)
        base, head = (_side(snapshot, path, snapshot.tree.entry(path)) for snapshot in (before, after))
        yield RecordChange(path, "article", article_id, base, head, files_changed=True)


def _owners_of_files(trees: TreeStep) -> set[str]:
    """The ids by which the folders below `attachments/` that the step touches are named."""
    listed = (changed.path.split("/") for changed in trees.changed if changed.path.startswith(f"{ATTACHMENTS}/"))
    return {parts[1] for parts in listed if is_slug(parts[1])}


def _side(snapshot: TreeSnapshot, path: str, entry: TreeEntry | None) -> Side | None:
    if entry is None:
        return None
    loaded = snapshot.load(path) if entry.mode == "file" else None
    return Side(loaded.data, loaded.record) if loaded else Side(None, None)


def _settings_side(snapshot: TreeSnapshot) -> Side | None:
    return Side(settings_data(snapshot.tree), None) if snapshot.tree.entry(SETTINGS_PATH) is not None else None


def _findings_of_attachments(trees: TreeStep, ctx: Context) -> Iterator[Finding]:
    """New, changed and removed files below `attachments/`, and the articles that show them or no longer can."""
    for changed in trees.changed:
        if changed.path.startswith(f"{ATTACHMENTS}/") and changed.head_entry is not None:
            plain = changed.head_entry.mode == "file"
            size = len(trees.head.read(changed.path)) if plain else None
            yield from check_attachment(Attachment(changed.path, plain, size), ctx)
    for article_id in sorted(_owners_of_files(trees)):
        article = ctx.snapshot.get("article", article_id)
        if article is not None:
            yield from check_shown(article, ctx.snapshot.path(article), ctx)


def _findings_of_names(trees: TreeStep) -> Iterator[Finding]:
    """New or changed names under `records/` that are no records, and names beside it that hide what is ours."""
    for changed in trees.changed:
        if changed.head_entry is None:
            continue
        top = changed.path.split("/", 1)[0]
        if changed.path.startswith(f"{RECORDS}/"):
            fault = misplaced(changed.head_entry)
            if fault is not None:
                yield fault
        elif top not in _OURS and top.lower() in _OURS:
            yield Spot(f"differs from {top.lower()} only by case").finding(CASE_CLASH, changed.path)
            other = other_form(changed.path)
            if other is not None and trees.head.entry(other) is not None:
                yield Spot(f"there is {other} too").finding(TWO_FILES, changed.path)
