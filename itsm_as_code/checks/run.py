"""Runs the checks over records, workspaces and steps. The findings have no line numbers yet and come in any order.

A check tells at most so many faults of one file: a file of a megabyte could have so many that nobody waits for the end.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
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
from itsm_as_code.checks.registry import ChangeCheck, Context, RecordCheckFunction, StepContext
from itsm_as_code.domain.finding import MOST_OF_A_KIND, Finding, Spot

if TYPE_CHECKING:
    from itsm_as_code.domain.kinds.base import Record
    from itsm_as_code.domain.rule import Rule
    from itsm_as_code.domain.snapshot import Attachment


@cache
def _record_checks(kind: str) -> tuple[tuple[Rule, RecordCheckFunction], ...]:
    return tuple((check.rule, check.run) for check in RECORD_CHECKS if not check.kinds or kind in check.kinds)


@cache
def _change_checks(kind: str) -> tuple[ChangeCheck, ...]:
    return tuple(check for check in CHANGE_CHECKS if not check.kinds or kind in check.kinds)


def check_record(record: Record, path: str, ctx: Context) -> Iterator[Finding]:
    """Yields the findings about one record."""
    for rule, run in _record_checks(record.KIND):
        yield from _told(run(record, ctx), rule, path)


def check_attachment(attachment: Attachment, ctx: Context) -> Iterator[Finding]:
    """Yields the findings about one file below `attachments/`."""
    for check in ATTACHMENT_CHECKS:
        yield from _told(check.run(attachment, ctx), check.rule, attachment.path)


def check_shown(article: Record, path: str, ctx: Context) -> Iterator[Finding]:
    """Yields the findings about an article's attachments. For articles whose files change but not their text."""
    for check in ARTICLE_FILE_CHECKS:
        yield from _told(check.run(article, ctx), check.rule, path)


def check_whole(ctx: Context) -> Iterator[Finding]:
    """Yields the findings that need all records of the workspace."""
    for check in WORKSPACE_CHECKS:
        for path, spot in check.run(ctx):
            yield spot.finding(check.rule, path)


def check_step(ctx: StepContext) -> Iterator[Finding]:
    """Yields the findings about what a step changes."""
    for change in ctx.step.changes:
        # A file that both sides changed is checked once the branch is up to date. Until then its content may change.
        torn = change.path in ctx.step.conflicts
        for check in CONFLICT_CHECKS if torn else _change_checks(change.kind):
            yield from _told(check.run(change, ctx), check.rule, change.path)


def _told(spots: Iterable[Spot], rule: Rule, path: str) -> Iterator[Finding]:
    """Yields the first spots as findings; after many, one more that says so. What is left out has the same rule and
    path, so it is accepted or not like those that are told."""
    for number, spot in enumerate(spots):
        if number == MOST_OF_A_KIND:
            yield Spot(f"more than {MOST_OF_A_KIND} faults of this kind are in this file").finding(rule, path)
            return
        yield spot.finding(rule, path)
