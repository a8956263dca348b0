"""LIF on a step, whole records: nothing is deleted, revisions count, approvals and authors stay."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from itsm_as_code.checks.registry import StepContext, change_check, rule
from itsm_as_code.domain.approval.gates import went_past
from itsm_as_code.domain.edit import Fix, SetValue
from itsm_as_code.domain.finding import Spot, cut
from itsm_as_code.domain.kinds.base import Gated
from itsm_as_code.domain.lifecycle import LIFECYCLES
from itsm_as_code.domain.revision import SETTINGS_KIND, counts_revisions, revision_wanted
from itsm_as_code.domain.rule import Severity
from itsm_as_code.domain.step import RecordChange

DELETED = rule(
    "LIF020", "record-deleted",
    why="Ids are never reused and references never break: records end by being closed, cancelled or retired.",
    fix="Restore the file; close, cancel or retire the record. A rename is a deletion: keep the id.",
)  # fmt: skip
REVISION_WRONG = rule(
    "LIF022", "revision-not-kept",
    why="An approval is bound to one revision, so that an old one never fits again.",
    fix="Set `revision` as the message says; `itsm fix --base REV` does it.",
)  # fmt: skip
AUTHORS_REMOVED = rule(
    "LIF023", "authors-removed",
    why="Whoever wrote the content may not approve it; taking a name out would hide that.",
    fix="Put the name back.",
)  # fmt: skip
APPROVAL_CHANGED = rule(
    "LIF024", "approval-changed",
    why="An approval says what one person decided at one moment, and carries their signature.",
    fix="Restore the file; whoever changed their mind makes a new act that names it under `supersedes`.",
)  # fmt: skip
ILLEGAL_STATE_STEP = rule(
    "LIF026", "illegal-state-step",
    why="Readers and the people who sign rely on the steps between; a jump leaves them out.",
    fix="Take one of the steps that the message names; docs/lifecycles.md draws them.",
)  # fmt: skip
BOTH_SIDES = rule(
    "LIF027", "changed-on-both-sides",
    why="Both sides changed this file since they parted; what would land was read by nobody.",
    fix="Merge or rebase onto the base, look at the result, and push again.",
)  # fmt: skip
BASE_UNREADABLE = rule(
    "LIF028", "base-was-unreadable",
    severity=Severity.WARNING,
    why="The record on base can't be read, so nobody can say what this step changes in it.",
    fix="Let somebody read the whole new file, since nothing in it could be compared.",
)  # fmt: skip
IMPORTED_NOT_NEW = rule(
    "LIF030", "imported-not-new-and-final",
    why="`imported` records were not judged here, so they may only come in new and already ended.",
    fix="Remove `imported` and let the record pass its gates.",
)  # fmt: skip
WORKSPACE_RENAMED = rule(
    "LIF034", "workspace-id-changed",
    why="Every act names the workspace it was made in; under another id no refusal that stands would count any more.",
    fix="Put the id back. `name` may change, `id` never does.",
)  # fmt: skip
KEY_REMOVED = rule(
    "LIF032", "key-removed",
    why="What a key signed, a refusal too, is proved by it for ever; without it the proof is gone.",
    fix="Keep the key: set `valid_until` where it is no longer used, `revoked` where it may be in other hands.",
)  # fmt: skip
EMERGENCY_RENAMED = rule(
    "LIF033", "emergency-renamed",
    why="An emergency was approved faster and owes a review for it; under another type it would owe nothing.",
    fix="Leave `type` as it is, and write `post_implementation_review`.",
)  # fmt: skip


@change_check(DELETED)
def record_deleted(change: RecordChange, _: StepContext) -> Iterator[Spot]:
    """Records of base that head lacks."""
    if change.head is None:
        yield Spot(f"{change.id} was deleted or renamed")


@change_check(BOTH_SIDES)
def changed_on_both_sides(change: RecordChange, ctx: StepContext) -> Iterator[Spot]:
    """Files that both sides changed."""
    if change.path in ctx.step.conflicts:
        yield Spot("base changed this file too since the branch left it: update your branch")


@change_check(BASE_UNREADABLE)
def base_was_unreadable(change: RecordChange, _: StepContext) -> Iterator[Spot]:
    """Base sides that can't be compared."""
    if change.base is not None and change.base.data is None:
        yield Spot("the record on base can't be read")


@change_check(REVISION_WRONG)
def revision_not_kept(change: RecordChange, _: StepContext) -> Iterator[Spot]:
    """base + 1 when material content changes or the record goes back to draft, else equal; 1 when new."""
    if change.head is None or change.head.data is None or not counts_revisions(change.kind):
        return
    if change.base is not None and change.base.data is None:
        return
    present = change.head.data.get("revision", 1)
    base = change.base.data if change.base else None
    wanted = revision_wanted(change.kind, base, change.head.data, files_changed=change.files_changed)
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
                yield Spot(f"author {cut(str(name))} was removed", ("authors",))


@change_check(KEY_REMOVED, "person")
def key_removed(change: RecordChange, _: StepContext) -> Iterator[Spot]:
    """Keys of base that head lacks, and revocations that were taken back."""
    before: Any = change.base.record if change.base else None
    after: Any = change.head.record if change.head else None
    if before is None or after is None:
        return
    kept = {each.key: each for each in after.keys}
    for key in before.keys:
        if key.key not in kept:
            yield Spot(f"the key {cut(key.key)} was removed", ("keys",), at_key=True)
        elif key.revoked is not None and kept[key.key].revoked != key.revoked:
            yield Spot(f"the revocation of {cut(key.key)} was changed", ("keys",), at_key=True)


@change_check(EMERGENCY_RENAMED, "change")
def emergency_renamed(change: RecordChange, _: StepContext) -> Iterator[Spot]:
    """Emergencies past their gate, or taken back after work began, that are of another type afterwards."""
    before: Any = change.base.record if change.base else None
    after: Any = change.head.record if change.head else None
    if before is None or after is None or before.type != "emergency" or after.type == "emergency":
        return
    if went_past(before) is not None and went_past(after) is not None:
        yield Spot(f"the change went past its gate as an emergency, and is {after.type} now", ("type",))


@change_check(WORKSPACE_RENAMED, SETTINGS_KIND)
def workspace_id_changed(change: RecordChange, _: StepContext) -> Iterator[Spot]:
    """Settings whose id is not that of base."""
    before, after = ((side.data if side is not None else None) for side in (change.base, change.head))
    if before is not None and after is not None and before.get("id") != after.get("id"):
        yield Spot(f"the workspace's id was {cut(str(before.get('id')))}", ("id",))


@change_check(APPROVAL_CHANGED, "approval")
def approval_changed(change: RecordChange, _: StepContext) -> Iterator[Spot]:
    """Acts that differ from base."""
    if change.base is not None and change.head is not None:
        yield Spot("an approval was changed after it was made")


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
    DELETED, REVISION_WRONG, AUTHORS_REMOVED, APPROVAL_CHANGED, ILLEGAL_STATE_STEP, BOTH_SIDES, BASE_UNREADABLE,
    IMPORTED_NOT_NEW, KEY_REMOVED, WORKSPACE_RENAMED, EMERGENCY_RENAMED,
)  # fmt: skip
CHECKS = (
    record_deleted, changed_on_both_sides, base_was_unreadable, revision_not_kept, authors_removed, approval_changed,
    illegal_state_step, imported_not_new, key_removed, workspace_id_changed, emergency_renamed,
)  # fmt: skip
