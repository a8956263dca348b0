"""`itsm check --base REV`: checks the step from base to head, read from Git objects: what changed and what it refers
to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from itsm_as_code.app.approvals.authorship import decided_removals
from itsm_as_code.app.approvals.gate_findings import findings_of_gates
from itsm_as_code.app.approvals.guarded_files import at_root, conflicts
from itsm_as_code.app.approvals.opened_step import OpenedStep, open_step, owners_of_files
from itsm_as_code.app.checking.report import Report, finish, notes_on_replaced
from itsm_as_code.app.checkout.checkout import Checkout
from itsm_as_code.checks.identity import CASE_CLASH, TWO_FILES
from itsm_as_code.checks.registry import Context, StepContext
from itsm_as_code.checks.run import check_attachment, check_record, check_shown
from itsm_as_code.checks.run import check_step as run_step_checks
from itsm_as_code.checks.steps_record import BOTH_SIDES, TORN
from itsm_as_code.domain.finding import Finding, Spot
from itsm_as_code.domain.ids import ATTACHMENTS, RECORDS, THEME
from itsm_as_code.domain.instants import write_utc
from itsm_as_code.domain.settings import SETTINGS_PATH
from itsm_as_code.domain.snapshot import Attachment
from itsm_as_code.store.names import misplaced, misspelled, other_form

if TYPE_CHECKING:
    from itsm_as_code.git.step import TreeStep

_OURS = (RECORDS, ATTACHMENTS, THEME, SETTINGS_PATH)
"""The checked names. On a disk that ignores case a folder `Records` is `records`, so its files replace records."""


def check_step(checkout: Checkout, base: str, head: str | None) -> Report:
    """Checks the step from `base` to `head` (default HEAD), as it would land. It does not read the work tree."""
    from itsm_as_code.git.refs import replaced_objects

    repository = checkout.require_clone().repository
    opened = open_step(repository, base, head or "HEAD", checkout.now)
    trees, at = opened.trees, write_utc(checkout.now)
    note = f"judged at {at}: {trees.base.label} to {trees.head.label}; uncommitted edits are not part of it"
    return report_of(opened, (note, *notes_on_replaced(replaced_objects(repository))))


def report_of(opened: OpenedStep, notes: tuple[str, ...] = ()) -> Report:
    """Returns the report on an opened step: everything that the step brings and that is wrong."""
    trees, before = opened.trees, opened.evaluator.base
    evaluated = Counter(change.kind for change in opened.step.changes)
    found = findings_of_step(opened)
    report = finish(found, evaluated, before.settings, trees.head, opened.evaluator.now, scope="step", notes=notes)
    changed = frozenset(change.path for change in trees.changed)
    return replace(report, changed=changed, prefix=opened.repository.prefix)


def findings_of_step(opened: OpenedStep) -> Iterator[Finding]:
    """Yields everything that the step brings and that is wrong, without positions."""
    trees, after = opened.trees, opened.evaluator.head
    ctx = Context(after, opened.evaluator.now)
    yield from _findings_of_names(trees)
    yield from _findings_of_spellings(opened)
    yield from _findings_of_conflicts(opened)
    yield from after.settings_findings
    for change in opened.step.changes:
        loaded = after.load(change.path) if change.kind != "settings" else None
        if loaded is not None:
            yield from loaded.findings
            if loaded.record is not None:
                yield from check_record(loaded.record, change.path, ctx)
    yield from _findings_of_attachments(trees, ctx)
    yield from decided_removals(opened, run_step_checks(StepContext(opened.step, opened.evaluator.now)))
    yield from findings_of_gates(opened)


def _findings_of_conflicts(opened: OpenedStep) -> Iterator[Finding]:
    """Yields findings on files that both sides changed and that are no records, which have a check of their own."""
    trees, told = opened.trees, {change.path for change in opened.step.changes}
    ours = (path for path in trees.conflicts if path.split("/", 1)[0].lower() in _OURS)
    for path in dict.fromkeys((*ours, *conflicts(trees, opened.evaluator.roots.guard))):
        if path not in told:
            yield TORN.finding(BOTH_SIDES, path)


def _findings_of_attachments(trees: TreeStep, ctx: Context) -> Iterator[Finding]:
    """Yields findings on new, changed and removed files below `attachments/`, and on articles that show them or can't
    any more."""
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
    """Yields findings on new or changed names under `records/` that are not records."""
    for changed in trees.changed:
        if changed.head_entry is None or not changed.path.startswith(f"{RECORDS}/"):
            continue
        fault = misplaced(changed.head_entry)
        if fault is not None:
            yield fault
        other = other_form(changed.path)
        if other is not None and trees.head.entry(other) is not None:
            yield Spot(f"{other} exists too").finding(TWO_FILES, changed.path)


def _findings_of_spellings(opened: OpenedStep) -> Iterator[Finding]:
    """Yields findings on new or changed names in the whole repository that some disks take for a checked name or for a
    guarded file."""
    prefix = opened.trees.base.prefix
    taken_for = misspelled((*(prefix + name for name in _OURS), *opened.evaluator.roots.guard.places))
    for changed in at_root(opened.trees):
        place = taken_for(changed.path) if changed.head_entry is not None else None
        if place is not None:
            path, meant = (each.removeprefix(prefix) for each in (changed.path, place))
            yield Spot(f"some disks take it for {meant}").finding(CASE_CLASH, path)
