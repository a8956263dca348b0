"""LIF on a step: what may change from base to head. Nothing is deleted, history is appended to, revisions count."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from itsm_as_code.checks.registry import StepContext, change_check, rule
from itsm_as_code.domain.edit import Fix, SetValue
from itsm_as_code.domain.finding import Spot
from itsm_as_code.domain.kinds.base import Gated
from itsm_as_code.domain.lifecycle import LIFECYCLES
from itsm_as_code.domain.revision import counts_revisions, revision_wanted
from itsm_as_code.domain.rule import Severity
from itsm_as_code.domain.step import RecordChange

TICKETS = ("incident", "change", "problem", "request")

DELETED = rule(
    "LIF020", "record-deleted",
    why="Ids are never reused and references never break: records end by being closed, cancelled or retired.",
    fix="Restore the file; close, cancel or retire the record. A rename is a deletion: keep the id.",
)  # fmt: skip
TIMELINE_REWRITTEN = rule(
    "LIF021", "timeline-rewritten",
    why="Clocks and reports are computed from the timeline; what was written stays, in its order.",
    fix="Restore the entry and append a new one that says what is right; `itsm redact` takes a text out.",
)  # fmt: skip
REVISION_WRONG = rule(
    "LIF022", "revision-not-kept",
    why="An approval is bound to one revision, so that an old one never fits again.",
    fix="Set `revision` as the message says; `itsm fix` does it.",
)  # fmt: skip
AUTHORS_REMOVED = rule(
    "LIF023", "authors-removed",
    why="Whoever wrote the content may not approve it; taking a name out would hide that.",
    fix="Put the name back.",
)  # fmt: skip
APPROVAL_CHANGED = rule(
    "LIF024", "approval-changed",
    why="An act is immutable: it says what somebody decided at one moment.",
    fix="Restore it; decide anew with a new act that supersedes it.",
)  # fmt: skip
PRIORITY_NOT_FROM_MATRIX = rule(
    "LIF025", "priority-not-from-matrix",
    why="Priority follows from impact and urgency, so that the same fault is as pressing for everybody.",
    fix="Write the priority that the message names, or correct impact or urgency.",
)  # fmt: skip
ILLEGAL_STATE_STEP = rule(
    "LIF026", "illegal-state-step",
    why="The lifecycle table says what may follow what.",
    fix="Take the steps that the table allows.",
)  # fmt: skip
UPDATE_BRANCH = rule(
    "LIF027", "update-your-branch",
    why="Both sides changed this file since they parted; what would land was read by nobody.",
    fix="Merge or rebase onto the base, look at the result, and push again.",
)  # fmt: skip
BASE_UNREADABLE = rule(
    "LIF028", "base-was-unreadable",
    severity=Severity.WARNING,
    why="The record on base can't be read, so it can't be told what changed.",
    fix="Let somebody look at the whole file.",
)  # fmt: skip
BY_SOMEBODY_ELSE = rule(
    "LIF029", "entry-by-somebody-else",
    severity=Severity.WARNING,
    why="`by` names who did it. Where that is nobody who made the step, `recorded_by` says who wrote it down.",
    fix="Add `recorded_by`, or correct `by`.",
)  # fmt: skip
IMPORTED_NOT_NEW = rule(
    "LIF030", "imported-not-new-and-final",
    why="`imported` records were not judged here, so they may only come in new and already ended.",
    fix="Remove `imported` and let the record pass its gates.",
)  # fmt: skip
REDACTED_MORE = rule(
    "LIF031", "redaction-changes-more",
    why="A redaction takes out a text and leaves a tombstone; it is not a way to change what happened.",
    fix="Restore all but `note` and `public`, and keep `redacted` with by, at and reason.",
)  # fmt: skip

_TEXTS = ("note", "public")


@change_check(DELETED)
def record_deleted(change: RecordChange, _: StepContext) -> Iterator[Spot]:
    """Records of base that head lacks."""
    if change.head is None:
        yield Spot(f"{change.id} was deleted or renamed")


@change_check(UPDATE_BRANCH)
def update_your_branch(change: RecordChange, ctx: StepContext) -> Iterator[Spot]:
    """Files that both sides changed."""
    if change.path in ctx.step.conflicts:
        yield Spot("the base changed this file too, since the branch left it")


@change_check(BASE_UNREADABLE)
def base_was_unreadable(change: RecordChange, _: StepContext) -> Iterator[Spot]:
    """Base sides that can't be compared."""
    if change.base is not None and change.base.data is None:
        yield Spot("the record on base can't be read")


def _timeline(data: dict[str, Any] | None) -> list[Any]:
    entries = data.get("timeline") if data else None
    return entries if isinstance(entries, list) else []


@change_check(TIMELINE_REWRITTEN, *TICKETS)
def timeline_rewritten(change: RecordChange, _: StepContext) -> Iterator[Spot]:
    """Base's entries must occur in head unchanged and in the same order; a redaction is the one exception."""
    if change.base is None or change.head is None or change.head.data is None:
        return
    missing = _first_missing(_timeline(change.base.data), _timeline(change.head.data))
    if missing is not None:
        at = missing.get("at", "?") if isinstance(missing, dict) else "?"
        who = missing.get("by", "?") if isinstance(missing, dict) else "?"
        message = f"the entry of {at} by {who} was changed, removed or moved"
        yield Spot(message, ("timeline",))


def _first_missing(base: Sequence[Any], head: Sequence[Any]) -> Any | None:
    """The first entry of base that does not occur in head in order, or None."""
    position = 0
    for entry in base:
        while position < len(head) and not _same(entry, head[position]):
            position += 1
        if position == len(head):
            return entry
        position += 1
    return None


def _same(base: Any, head: Any) -> bool:
    return bool(base == head) or _is_redaction(base, head)


def _is_redaction(base: Any, head: Any) -> bool:
    """Whether head is base with texts taken out and a tombstone added."""
    if not (isinstance(base, dict) and isinstance(head, dict) and "redacted" in head):
        return False
    if "redacted" in base and base["redacted"] != head["redacted"]:
        return False
    took_out = [key for key in _TEXTS if key in base and key not in head]
    rest_of_base = {key: value for key, value in base.items() if key not in took_out and key != "redacted"}
    rest_of_head = {key: value for key, value in head.items() if key != "redacted"}
    return bool(took_out) and rest_of_base == rest_of_head


@change_check(REDACTED_MORE, *TICKETS)
def redaction_changes_more(change: RecordChange, _: StepContext) -> Iterator[Spot]:
    """Tombstones on new entries: there was nothing to take out."""
    if change.head is None:
        return
    base = _timeline(change.base.data) if change.base else []
    for index, entry in enumerate(_timeline(change.head.data)):
        if not isinstance(entry, dict) or "redacted" not in entry or entry in base or change.base is None:
            continue
        if not any(_is_redaction(earlier, entry) for earlier in base):
            yield Spot("nothing on base was taken out here", ("timeline", index, "redacted"))


@change_check(REVISION_WRONG)
def revision_not_kept(change: RecordChange, _: StepContext) -> Iterator[Spot]:
    """base + 1 when material content changes or the record goes back to draft, else equal; 1 when new."""
    if change.head is None or change.head.data is None or not counts_revisions(change.kind):
        return
    if change.base is not None and change.base.data is None:
        return
    present = change.head.data.get("revision", 1)
    wanted = revision_wanted(change.kind, change.base.data if change.base else None, change.head.data)
    if wanted is not None and present != wanted:
        fix = Fix(f"set revision to {wanted}", (SetValue(("revision",), wanted),))
        yield Spot(f"revision is {present}, and must be {wanted}", ("revision",), fix=fix)


@change_check(AUTHORS_REMOVED)
def authors_removed(change: RecordChange, _: StepContext) -> Iterator[Spot]:
    """Authors of base that head lacks."""
    if not (change.base and change.head and change.base.data and change.head.data):
        return
    before, after = change.base.data.get("authors", []), change.head.data.get("authors", [])
    if isinstance(before, list) and isinstance(after, list):
        for name in before:
            if name not in after:
                yield Spot(f"author {name} was removed", ("authors",))


@change_check(APPROVAL_CHANGED, "approval")
def approval_changed(change: RecordChange, _: StepContext) -> Iterator[Spot]:
    """Acts that differ from base."""
    if change.base is not None and change.head is not None:
        yield Spot("an approval was changed after it was made")


@change_check(PRIORITY_NOT_FROM_MATRIX, "incident", "problem", "request")
def priority_not_from_matrix(change: RecordChange, ctx: StepContext) -> Iterator[Spot]:
    """New entries whose priority is not what base's matrix gives for the impact and urgency then in force."""
    record: Any = change.head.record if change.head else None
    if record is None:
        return
    known = _timeline(change.base.data) if change.base else []
    written = _timeline(change.head.data) if change.head else []
    impact = urgency = None
    for index, entry in enumerate(record.timeline):
        impact, urgency = entry.impact or impact, entry.urgency or urgency
        if entry.priority is None or entry.imported or written[index] in known:
            continue
        if impact is None or urgency is None:
            yield Spot("priority without impact and urgency", ("timeline", index, "priority"))
            continue
        right = ctx.step.base.settings.priority(impact, urgency)
        if entry.priority != right:
            message = f"impact {impact} and urgency {urgency} give {right}, not {entry.priority}"
            fix = Fix(f"write {right}", (SetValue(("timeline", index, "priority"), str(right)),))
            yield Spot(message, ("timeline", index, "priority"), fix=fix)


@change_check(ILLEGAL_STATE_STEP, *(k for k, t in LIFECYCLES.items() if not t.in_timeline))
def illegal_state_step(change: RecordChange, _: StepContext) -> Iterator[Spot]:
    """State fields of records without a timeline, base to head."""
    if not (change.base and change.head and change.base.record and change.head.record):
        return
    before, after = change.base.record.state, change.head.record.state  # type: ignore[attr-defined]
    table = LIFECYCLES[change.kind]
    if before != after and table.between(before, after) is None:
        ways = ", ".join(step.target for step in table.from_state(before))
        yield Spot(f"{change.kind} can't go from {before} to {after}", ("state",), help=f"from {before}: {ways}")


@change_check(BY_SOMEBODY_ELSE, *TICKETS)
def entry_by_somebody_else(change: RecordChange, ctx: StepContext) -> Iterator[Spot]:
    """New entries whose `by` made no commit of the step and that name no recorder."""
    record: Any = change.head.record if change.head else None
    if not ctx.step.author_emails or record is None or change.head is None:
        return
    known = _timeline(change.base.data) if change.base else []
    written = _timeline(change.head.data)
    for index, entry in enumerate(record.timeline):
        if written[index] in known or entry.imported or entry.recorded_by is not None:
            continue
        person: Any = ctx.step.base.get("person", entry.by) if isinstance(entry.by, str) else None
        if person is not None and ctx.step.author_emails.isdisjoint(person.emails):
            yield Spot(f"{entry.by} made no commit of this step", ("timeline", index, "by"))


@change_check(IMPORTED_NOT_NEW)
def imported_not_new(change: RecordChange, _: StepContext) -> Iterator[Spot]:
    """`imported` on records that are not new, or not in a final state."""
    head = change.head.record if change.head else None
    if not isinstance(head, Gated) or head.imported is None:
        return
    was = change.base.data if change.base else None
    if was is not None and "imported" not in was:
        yield Spot("the record was here before", ("imported",), at_key=True)
    table = LIFECYCLES[change.kind]
    ended = (*table.final, "published", "resolved", "active") if not table.in_timeline else (*table.final, "resolved")
    if getattr(head, "state", None) not in ended:
        yield Spot("the record is not in a final state", ("imported",), at_key=True)


RULES = (
    DELETED, TIMELINE_REWRITTEN, REVISION_WRONG, AUTHORS_REMOVED, APPROVAL_CHANGED, PRIORITY_NOT_FROM_MATRIX,
    ILLEGAL_STATE_STEP, UPDATE_BRANCH, BASE_UNREADABLE, BY_SOMEBODY_ELSE, IMPORTED_NOT_NEW, REDACTED_MORE,
)  # fmt: skip
CHECKS = (
    record_deleted, update_your_branch, base_was_unreadable, timeline_rewritten, redaction_changes_more,
    revision_not_kept, authors_removed, approval_changed, priority_not_from_matrix, illegal_state_step,
    entry_by_somebody_else, imported_not_new,
)  # fmt: skip
