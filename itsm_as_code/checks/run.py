"""Runs checks over records, workspaces and steps. Pure: findings come without positions, in any order."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING

from itsm_as_code.checks.catalogue import (
    ARTICLE_FILE_CHECKS,
    ATTACHMENT_CHECKS,
    CHANGE_CHECKS,
    CONFLICT_CHECKS,
    RECORD_CHECKS,
    WORKSPACE_CHECKS,
)
from itsm_as_code.checks.registry import ChangeCheck, Context, RecordCheck, StepContext
from itsm_as_code.domain.finding import Finding

if TYPE_CHECKING:
    from itsm_as_code.domain.kinds.base import Record
    from itsm_as_code.domain.snapshot import Attachment


@cache
def _record_checks(kind: str) -> tuple[RecordCheck, ...]:
    return tuple(check for check in RECORD_CHECKS if not check.kinds or kind in check.kinds)


@cache
def _change_checks(kind: str) -> tuple[ChangeCheck, ...]:
    return tuple(check for check in CHANGE_CHECKS if not check.kinds or kind in check.kinds)


def check_record(record: Record, path: str, ctx: Context) -> Iterator[Finding]:
    """Findings of one record."""
    for check in _record_checks(record.KIND):
        for spot in check.run(record, ctx):
            yield spot.finding(check.rule, path)


def check_attachment(attachment: Attachment, ctx: Context) -> Iterator[Finding]:
    """Findings of one file below `attachments/`."""
    for check in ATTACHMENT_CHECKS:
        for spot in check.run(attachment, ctx):
            yield spot.finding(check.rule, attachment.path)


def check_shown(article: Record, path: str, ctx: Context) -> Iterator[Finding]:
    """Findings of what an article shows: for one that is the same, while its files change."""
    for check in ARTICLE_FILE_CHECKS:
        for spot in check.run(article, ctx):
            yield spot.finding(check.rule, path)


def check_whole(ctx: Context) -> Iterator[Finding]:
    """Findings that only a look at all records shows."""
    for check in WORKSPACE_CHECKS:
        for path, spot in check.run(ctx):
            yield spot.finding(check.rule, path)


def check_step(ctx: StepContext) -> Iterator[Finding]:
    """Findings of what a step changes."""
    for change in ctx.step.changes:
        # What both sides changed is judged when the branch is up to date: until then all else is hearsay.
        torn = change.path in ctx.step.conflicts
        for check in CONFLICT_CHECKS if torn else _change_checks(change.kind):
            for spot in check.run(change, ctx):
                yield spot.finding(check.rule, change.path)
