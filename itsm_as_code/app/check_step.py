"""`itsm check --base REV`: the step from base to head, read from Git objects: what changed and what it refers to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from itsm_as_code.app.approvals.case import Case, open_case, owners_of_files
from itsm_as_code.app.approvals.judge import findings_of_gates
from itsm_as_code.app.check import Report, finish
from itsm_as_code.app.workspace import Workspace
from itsm_as_code.checks.identity import CASE_CLASH, TWO_FILES
from itsm_as_code.checks.registry import Context, StepContext
from itsm_as_code.checks.run import check_attachment, check_record, check_shown
from itsm_as_code.checks.run import check_step as run_step_checks
from itsm_as_code.domain.finding import Finding, Spot
from itsm_as_code.domain.ids import ATTACHMENTS, RECORDS
from itsm_as_code.domain.settings import SETTINGS_PATH
from itsm_as_code.domain.snapshot import Attachment
from itsm_as_code.store.snapshot import misplaced, other_form

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
    case = open_case(repository, base, head, at)
    trees = case.trees
    note = f"judged: {trees.base.label} to {trees.head.label}; edits that are not committed are no part of it"
    return report_of(case, (note,))


def report_of(case: Case, notes: tuple[str, ...] = ()) -> Report:
    """The report on a case: everything that its step brings and that is wrong."""
    trees, before = case.trees, case.court.base
    evaluated = Counter(change.kind for change in case.step.changes)
    found = findings_of_step(case)
    report = finish(found, evaluated, before.settings, trees.head, case.court.now, scope="step", notes=notes)
    changed = frozenset(change.path for change in trees.changed)
    return replace(report, changed=changed, prefix=case.repository.prefix)


def findings_of_step(case: Case) -> Iterator[Finding]:
    """Everything that the step brings and that is wrong, without positions."""
    trees, after = case.trees, case.court.head
    ctx = Context(after, case.court.now)
    yield from _findings_of_names(trees)
    yield from after.settings_findings
    for change in case.step.changes:
        loaded = after.load(change.path) if change.kind != "settings" else None
        if loaded is not None:
            yield from loaded.findings
            if loaded.record is not None:
                yield from check_record(loaded.record, change.path, ctx)
    yield from _findings_of_attachments(trees, ctx)
    yield from run_step_checks(StepContext(case.step, case.court.now))
    yield from findings_of_gates(case)


def _findings_of_attachments(trees: TreeStep, ctx: Context) -> Iterator[Finding]:
    """New, changed and removed files below `attachments/`, and the articles that show them or no longer can."""
    for changed in trees.changed:
        if changed.path.startswith(f"{ATTACHMENTS}/") and changed.head_entry is not None:
            plain = changed.head_entry.mode == "file"
            size = len(trees.head.read(changed.path)) if plain else None
            yield from check_attachment(Attachment(changed.path, plain, size), ctx)
    for article_id in sorted(owners_of_files(trees)):
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
            other = other_form(changed.path)
            if other is not None and trees.head.entry(other) is not None:
                yield Spot(f"there is {other} too").finding(TWO_FILES, changed.path)
        elif top not in _OURS and top.lower() in _OURS:
            yield Spot(f"differs from {top.lower()} only by case").finding(CASE_CLASH, changed.path)
