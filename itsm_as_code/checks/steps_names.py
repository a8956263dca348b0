"""Family LIF for names in a step: checks that nothing is taken away in the name of somebody else."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from itsm_as_code.checks.registry import StepContext, change_check, rule
from itsm_as_code.domain.finding import Spot
from itsm_as_code.domain.kind_rows import TICKETS
from itsm_as_code.domain.kinds.person import Person
from itsm_as_code.domain.step import RecordChange
from itsm_as_code.domain.timelines import entries_of, matched, new_entries

TAKEN_OFF = rule(
    "LIF043", "taken-off-in-another-name",
    why="Whoever may write can call a change or a request off, because that makes nothing happen. But under whose name "
    "it was done must be true: others ask that person why.",
    fix="Name yourself in `by`, or in `recorded_by` if somebody else asked for it. Commit with your registered e-mail "
    "address, and keep the author when you squash: `git commit -C BRANCH`.",
)  # fmt: skip
REDACTED_BY_ANOTHER = rule(
    "LIF044", "redacted-in-another-name",
    why="What was redacted can't be read any more, so it must be true who removed it.",
    fix="Redact it yourself with `itsm redact`, and commit with your registered e-mail address.",
)  # fmt: skip

OFF = ("cancelled", "rejected", "draft")
"""The states that take a change or a request off its way."""


@change_check(TAKEN_OFF, "change", "request")
def taken_off_in_another_name(change: RecordChange, ctx: StepContext) -> Iterator[Spot]:
    """Finds new entries that call a change or a request off and name nobody who made a commit of the step.

    Entries that take it back to draft, and entries that take another one back, count too.
    """
    record: Any = change.head.record if change.head else None
    if change.base is None or record is None or record.imported is not None:
        return
    for index in sorted(new_entries(change)):
        entry = record.timeline[index]
        if entry.state in OFF or entry.void is not None:
            key = "recorded_by" if entry.recorded_by is not None else "by"
            fault = _not_of_the_step(getattr(entry, key), ctx)
            if fault is not None:
                yield Spot(fault, ("timeline", index, key))


@change_check(REDACTED_BY_ANOTHER, *TICKETS)
def redacted_in_another_name(change: RecordChange, ctx: StepContext) -> Iterator[Spot]:
    """Finds redactions of the step that name nobody who made a commit of it."""
    record: Any = change.head.record if change.head else None
    if change.base is None or change.head is None or record is None:
        return  # LIF031 refuses a redaction of what base does not have
    base = entries_of(change.base.data)
    for before, index in matched(base, entries_of(change.head.data)):
        redacted = record.timeline[index].redacted if index is not None else None
        if redacted is not None and index is not None and "redacted" not in base[before]:
            fault = _not_of_the_step(redacted.by, ctx)
            if fault is not None:
                yield Spot(fault, ("timeline", index, "redacted", "by"))


def _not_of_the_step(who: Any, ctx: StepContext) -> str | None:
    """Returns why a name is of nobody who made a commit of the step, or None. Without commits there is nothing to
    compare with: nothing has been committed yet."""
    if not ctx.step.author_emails:
        return None
    if not isinstance(who, str):
        return f"{who.name} has no record here, so `recorded_by` must say who wrote it down"
    person = ctx.step.base.find(Person, who)
    authors = {email.casefold() for email in ctx.step.author_emails}
    if person is None or authors.isdisjoint(email.casefold() for email in person.emails):
        return f"{who} made no commit of this step"
    return None


RULES = (TAKEN_OFF, REDACTED_BY_ANOTHER)
CHECKS = (taken_off_in_another_name, redacted_in_another_name)
