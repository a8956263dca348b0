"""LIF on a step, timelines: base's entries stay as they are and in their order; new ones are judged as they land."""

from __future__ import annotations

import json
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from itsm_as_code.checks.registry import StepContext, change_check, rule
from itsm_as_code.domain.edit import Fix, SetValue
from itsm_as_code.domain.finding import Spot, cut
from itsm_as_code.domain.rule import Severity
from itsm_as_code.domain.step import RecordChange

TICKETS = ("incident", "change", "problem", "request")

TIMELINE_REWRITTEN = rule(
    "LIF021", "timeline-rewritten",
    why="Clocks and reports are computed from the timeline; what was written stays, in its order.",
    fix="Restore the entry and append a new one that says what is right; `itsm redact` takes a text out.",
)  # fmt: skip
PRIORITY_NOT_FROM_MATRIX = rule(
    "LIF025", "priority-not-from-matrix",
    why="Priority follows from impact and urgency, so that the same fault is as pressing for everybody.",
    fix="Write the priority that the message names, or correct impact or urgency.",
)  # fmt: skip
BY_SOMEBODY_ELSE = rule(
    "LIF029", "entry-by-somebody-else",
    severity=Severity.WARNING,
    why="`by` names who did it. Where that is nobody who made the step, `recorded_by` says who wrote it down.",
    fix="Add `recorded_by`, or correct `by`.",
)  # fmt: skip
REDACTED_MORE = rule(
    "LIF031", "redaction-changes-more",
    why="A redaction takes out a text and leaves a tombstone; it is not a way to change what happened.",
    fix="Restore all but `note` and `public`, and keep `redacted` with by, at and reason; `itsm redact` does it.",
)  # fmt: skip

_TEXTS = ("note", "public")


def _timeline(data: dict[str, Any] | None) -> list[Any]:
    entries = data.get("timeline") if data else None
    return entries if isinstance(entries, list) else []


def _matches(base: Sequence[Any], head: Sequence[Any]) -> Iterator[tuple[int, int | None]]:
    """Each index of base with that of the same entry in head, in order; None where head lacks it.

    Head's entry may have a tombstone that base's has not (LIF031 judges it). Looked up, not searched for: a
    timeline of a thousand rewritten entries must not cost a million comparisons.
    """
    equal: dict[str, list[int]] = defaultdict(list)
    redacted: dict[str, list[int]] = defaultdict(list)
    for position, entry in enumerate(head):
        equal[_canonical(entry)].append(position)
        if isinstance(entry, dict) and "redacted" in entry:
            redacted[_moment(entry)].append(position)
    start = 0
    for index, entry in enumerate(base):
        found = _first(equal[_canonical(entry)], start)
        if isinstance(entry, dict) and "redacted" not in entry:
            found += _first(redacted[_moment(entry)], start)
        yield index, min(found, default=None)
        start = min(found) + 1 if found else start


def _first(positions: list[int], start: int) -> list[int]:
    """The first of the sorted positions that is not before `start`, alone in a list; else none."""
    at = bisect_left(positions, start)
    return positions[at : at + 1]


def _canonical(entry: Any) -> str:
    return json.dumps(entry, sort_keys=True, ensure_ascii=False)


def _moment(entry: dict[str, Any]) -> str:
    """When and by whom, as text that can be looked up whatever was written there."""
    return _canonical([entry.get("at"), entry.get("by")])


def _new_entries(change: RecordChange) -> frozenset[int]:
    """Indexes of head's entries that base has not."""
    base = _timeline(change.base.data) if change.base else []
    head = _timeline(change.head.data) if change.head else []
    return frozenset(range(len(head))) - {position for _, position in _matches(base, head) if position is not None}


@change_check(TIMELINE_REWRITTEN, *TICKETS)
def timeline_rewritten(change: RecordChange, _: StepContext) -> Iterator[Spot]:
    """Base's entries must occur in head unchanged and in the same order; a redaction is the one exception."""
    if change.base is None or change.head is None or change.head.data is None:
        return
    base = _timeline(change.base.data)
    for index, position in _matches(base, _timeline(change.head.data)):
        if position is None:
            lost = base[index] if isinstance(base[index], dict) else {}
            at, who = cut(str(lost.get("at", "?"))), cut(str(lost.get("by", "?")))
            yield Spot(f"the entry of {at} by {who} was changed, removed or moved", ("timeline",))


@change_check(REDACTED_MORE, *TICKETS)
def redaction_changes_more(change: RecordChange, _: StepContext) -> Iterator[Spot]:
    """Tombstones that stand for more than a text, or for nothing that base had."""
    if change.base is None or change.head is None:
        return
    base, head = _timeline(change.base.data), _timeline(change.head.data)
    matched = {position: index for index, position in _matches(base, head)}
    for position, entry in enumerate(head):
        if isinstance(entry, dict) and "redacted" in entry:
            fault = _redaction_fault(base[matched[position]] if position in matched else None, entry)
            if fault is not None:
                yield Spot(fault, ("timeline", position, "redacted"))


def _redaction_fault(before: Any, after: dict[str, Any]) -> str | None:
    if before is None:
        return "base has no such entry, so nothing was taken out here"
    if before == after:
        return None
    changed = [key for key in dict.fromkeys((*before, *after)) if before.get(key) != after.get(key)]
    more = [key for key in changed if key != "redacted" and not (key in _TEXTS and key not in after)]
    if more:
        return f"the redaction also changes `{cut(str(more[0]))}`"
    return None if len(changed) > 1 else "no text was taken out"


@change_check(PRIORITY_NOT_FROM_MATRIX, "incident", "problem", "request")
def priority_not_from_matrix(change: RecordChange, ctx: StepContext) -> Iterator[Spot]:
    """New entries whose priority is not what base's matrix gives for the impact and urgency then in force."""
    record: Any = change.head.record if change.head else None
    if record is None:
        return
    new, taken_back = _new_entries(change), record.voided
    impact = urgency = None
    for index, entry in enumerate(record.timeline):
        own_impact, own_urgency = entry.impact or impact, entry.urgency or urgency
        if index not in taken_back:
            impact, urgency = own_impact, own_urgency
        if entry.priority is None or entry.imported or index not in new or not (own_impact and own_urgency):
            continue  # LIF010 tells of a priority without impact and urgency
        right = ctx.step.base.settings.priority(own_impact, own_urgency)
        if entry.priority != right:
            message = f"impact {own_impact} and urgency {own_urgency} give {right}, not {entry.priority}"
            fix = Fix(f"write {right}", (SetValue(("timeline", index, "priority"), str(right)),))
            yield Spot(message, ("timeline", index, "priority"), fix=fix)


@change_check(BY_SOMEBODY_ELSE, *TICKETS)
def entry_by_somebody_else(change: RecordChange, ctx: StepContext) -> Iterator[Spot]:
    """New entries whose `by` made no commit of the step and that name no recorder."""
    record: Any = change.head.record if change.head else None
    if not ctx.step.author_emails or record is None:
        return
    authors = {email.casefold() for email in ctx.step.author_emails}
    for index in sorted(_new_entries(change)):
        entry = record.timeline[index]
        if entry.imported or entry.recorded_by is not None or not isinstance(entry.by, str):
            continue
        person: Any = ctx.step.base.get("person", entry.by)
        if person is not None and authors.isdisjoint(email.casefold() for email in person.emails):
            yield Spot(f"{entry.by} made no commit of this step", ("timeline", index, "by"))


RULES = (TIMELINE_REWRITTEN, PRIORITY_NOT_FROM_MATRIX, BY_SOMEBODY_ELSE, REDACTED_MORE)
CHECKS = (timeline_rewritten, redaction_changes_more, priority_not_from_matrix, entry_by_somebody_else)
