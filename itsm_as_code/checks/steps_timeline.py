"""Family LIF for timelines in a step: checks that base's entries stay unchanged and in order, and checks new ones."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from itsm_as_code.checks.registry import StepContext, change_check, rule
from itsm_as_code.domain.edit import Fix, SetValue
from itsm_as_code.domain.finding import Spot, cut
from itsm_as_code.domain.kind_rows import TICKETS
from itsm_as_code.domain.kinds.person import Person
from itsm_as_code.domain.rule import Severity
from itsm_as_code.domain.step import RecordChange
from itsm_as_code.domain.timelines import entries_of, matched, new_entries

TIMELINE_REWRITTEN = rule(
    "LIF021", "timeline-rewritten",
    why="Clocks and reports are computed from the timeline, so its entries stay unchanged and in their order.",
    fix="Restore the entry and add a new one that corrects it. `itsm redact` removes a text.",
)  # fmt: skip
PRIORITY_NOT_FROM_MATRIX = rule(
    "LIF025", "priority-not-from-matrix",
    why="The priority follows from impact and urgency, so that the same fault has the same priority for everybody.",
    fix="Write the priority that the message names, or correct impact or urgency.",
)  # fmt: skip
BY_SOMEBODY_ELSE = rule(
    "LIF029", "entry-by-somebody-else",
    severity=Severity.WARNING,
    why="`by` names the person who acted. If somebody else wrote the entry, `recorded_by` says who.",
    fix="Add `recorded_by` with your own id, or correct `by`.",
)  # fmt: skip
REDACTED_MORE = rule(
    "LIF031", "redaction-changes-more",
    why="A redaction removes a text and leaves a mark in its place. It must not change what happened.",
    fix="Restore everything but `note` and `public`, and keep `redacted` with by, at and reason. Use `itsm redact`.",
)  # fmt: skip

_TEXTS = ("note", "public")


@change_check(TIMELINE_REWRITTEN, *TICKETS)
def timeline_rewritten(change: RecordChange, _: StepContext) -> Iterator[Spot]:
    """Finds entries of base that head lacks or has in another order. Only a redaction may change an entry."""
    if change.base is None or change.head is None or change.head.data is None:
        return
    base = entries_of(change.base.data)
    for index, position in matched(base, entries_of(change.head.data)):
        if position is None:
            lost = base[index] if isinstance(base[index], dict) else {}
            at, who = cut(str(lost.get("at", "?"))), cut(str(lost.get("by", "?")))
            yield Spot(f"the entry of {at} by {who} was changed, removed or moved", ("timeline",))


@change_check(REDACTED_MORE, *TICKETS)
def redaction_changes_more(change: RecordChange, _: StepContext) -> Iterator[Spot]:
    """Finds redactions that changed more than a text, changed no text, or have no entry in base."""
    if change.base is None or change.head is None:
        return
    base, head = entries_of(change.base.data), entries_of(change.head.data)
    before = {position: index for index, position in matched(base, head)}
    for position, entry in enumerate(head):
        if isinstance(entry, dict) and "redacted" in entry:
            fault = _redaction_fault(base[before[position]] if position in before else None, entry)
            if fault is not None:
                yield Spot(fault, ("timeline", position, "redacted"))


def _redaction_fault(before: Any, after: dict[str, Any]) -> str | None:
    if before is None:
        return "base has no such entry, so no text can have been removed from it"
    if before == after:
        return None
    changed = [key for key in dict.fromkeys((*before, *after)) if before.get(key) != after.get(key)]
    more = [key for key in changed if key != "redacted" and not (key in _TEXTS and key not in after)]
    if more:
        return f"the redaction also changes `{cut(str(more[0]))}`"
    return None if len(changed) > 1 else "the redaction removes no text"


@change_check(PRIORITY_NOT_FROM_MATRIX, "incident", "problem", "request")
def priority_not_from_matrix(change: RecordChange, ctx: StepContext) -> Iterator[Spot]:
    """Finds new entries whose priority differs from base's matrix for the impact and urgency of that moment."""
    record: Any = change.head.record if change.head else None
    if record is None:
        return
    new, taken_back = new_entries(change), record.voided
    impact = urgency = None
    for index, entry in enumerate(record.timeline):
        own_impact, own_urgency = entry.impact or impact, entry.urgency or urgency
        if index not in taken_back:
            impact, urgency = own_impact, own_urgency
        if entry.priority is None or entry.imported or index not in new or not (own_impact and own_urgency):
            continue  # LIF010 reports a priority without impact and urgency
        right = ctx.step.base.settings.priority(own_impact, own_urgency)
        if entry.priority != right:
            message = f"impact {own_impact} and urgency {own_urgency} give {right}, not {entry.priority}"
            fix = Fix(f"write {right}", (SetValue(("timeline", index, "priority"), str(right)),))
            yield Spot(message, ("timeline", index, "priority"), fix=fix)


@change_check(BY_SOMEBODY_ELSE, *TICKETS)
def entry_by_somebody_else(change: RecordChange, ctx: StepContext) -> Iterator[Spot]:
    """Finds new entries whose `recorded_by`, or `by` without it, names somebody who made no commit of the step."""
    record: Any = change.head.record if change.head else None
    if not ctx.step.author_emails or record is None:
        return
    authors = {email.casefold() for email in ctx.step.author_emails}
    for index in sorted(new_entries(change)):
        entry = record.timeline[index]
        key = "recorded_by" if entry.recorded_by is not None else "by"
        who = getattr(entry, key)
        if entry.imported or not isinstance(who, str):
            continue
        person = ctx.step.base.find(Person, who)
        if person is not None and authors.isdisjoint(email.casefold() for email in person.emails):
            yield Spot(f"{who} made no commit of this step", ("timeline", index, key))


RULES = (TIMELINE_REWRITTEN, PRIORITY_NOT_FROM_MATRIX, BY_SOMEBODY_ELSE, REDACTED_MORE)
CHECKS = (timeline_rewritten, redaction_changes_more, priority_not_from_matrix, entry_by_somebody_else)
