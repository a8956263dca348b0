"""Family LIF for steps: checks that no record is deleted, revisions count, and approvals and authors stay."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from itsm_as_code.checks.registry import StepContext, change_check, rule
from itsm_as_code.domain.approval.gates import began, went_past
from itsm_as_code.domain.edit import Fix, SetValue
from itsm_as_code.domain.finding import Spot, cut
from itsm_as_code.domain.instants import write_instant
from itsm_as_code.domain.kinds.base import Gated
from itsm_as_code.domain.lifecycle import LIFECYCLES
from itsm_as_code.domain.revision import SETTINGS_KIND, counts_revisions, revision_wanted
from itsm_as_code.domain.rule import Severity
from itsm_as_code.domain.step import RecordChange

DELETED = rule(
    "LIF020", "record-deleted",
    why="References to a deleted record would break. A record ends when it is closed, cancelled or retired.",
    fix="Restore the file, then close, cancel or retire the record. Keep its id: a renamed file counts as deleted.",
)  # fmt: skip
REVISION_WRONG = rule(
    "LIF022", "revision-not-kept",
    why="An approval is valid for one revision. If numbers were reused, an old approval could become valid again.",
    fix="Set `revision` as the message says; `itsm fix --base REV` does it.",
)  # fmt: skip
AUTHORS_REMOVED = rule(
    "LIF023", "authors-removed",
    why="The people who wrote the content may not approve it. Without the name, nobody can check that.",
    fix="Put the name back.",
)  # fmt: skip
APPROVAL_CHANGED = rule(
    "LIF024", "approval-changed",
    why="An approval is a signed statement of what one person decided at one moment.",
    fix="Restore the file. To change a decision, make a new act that names this one under `supersedes`.",
)  # fmt: skip
ILLEGAL_STATE_STEP = rule(
    "LIF026", "illegal-state-step",
    why="Readers and approvers rely on the states in between. A jump leaves them out.",
    fix="Take one of the steps that the message names; docs/lifecycles.md shows them all.",
)  # fmt: skip
BOTH_SIDES = rule(
    "LIF027", "changed-on-both-sides",
    why="Base and the branch have both changed this file, so nobody has read the merged result yet.",
    fix="Merge base into the branch or rebase the branch, read the result, and push again.",
)  # fmt: skip
BASE_UNREADABLE = rule(
    "LIF028", "base-was-unreadable",
    severity=Severity.WARNING,
    why="The record on base can't be read, so nobody can say what this step changes in it.",
    fix="Ask somebody to read the whole new file, because nothing in it could be compared.",
)  # fmt: skip
IMPORTED_NOT_NEW = rule(
    "LIF030", "imported-not-new-and-final",
    why="A record with `imported` passes no gate here, so it must be new and have ended already.",
    fix="Remove `imported`, and let the record pass its gates.",
)  # fmt: skip
WORKSPACE_RENAMED = rule(
    "LIF034", "workspace-id-changed",
    why="Every act names the id of its workspace. Under another id, earlier refusals would no longer count.",
    fix="Restore the id. `name` may change, but `id` must not.",
)  # fmt: skip
KEY_REMOVED = rule(
    "LIF032", "key-removed",
    why="The key proves everything that it has signed, including refusals. Without the key, that proof is lost.",
    fix="Keep the key. Set `valid_until` if it is no longer used, or `revoked` if somebody else may have it.",
)  # fmt: skip
EMERGENCY_RENAMED = rule(
    "LIF033", "emergency-renamed",
    why="An emergency is approved faster and must be reviewed later. With another type, the review could be avoided.",
    fix="Leave `type` as it is, and write `post_implementation_review`.",
)  # fmt: skip
MOVED_BACK = rule(
    "LIF050", "began-earlier-than-told",
    why="Reviews of emergencies are due, and freezes count, from when a change was scheduled and when work began.",
    fix="Remove the earlier entry. When work really began is written in `outcome.started_at`.",
)  # fmt: skip


@change_check(DELETED)
def record_deleted(change: RecordChange, _: StepContext) -> Iterator[Spot]:
    """Finds records that base has and head does not."""
    if change.head is None:
        yield Spot(f"{change.id} was deleted or renamed")


TORN = Spot("base changed this file too since the branch left it: update your branch")
"""What is said of a file that both sides changed, a record or another one."""


@change_check(BOTH_SIDES)
def changed_on_both_sides(change: RecordChange, ctx: StepContext) -> Iterator[Spot]:
    """Finds files that both sides changed."""
    if change.path in ctx.step.conflicts:
        yield TORN


@change_check(BASE_UNREADABLE)
def base_was_unreadable(change: RecordChange, _: StepContext) -> Iterator[Spot]:
    """Finds records that can't be read on base, so that nothing can be compared."""
    if change.base is not None and change.base.data is None:
        yield Spot("the record on base can't be read")


@change_check(REVISION_WRONG)
def revision_not_kept(change: RecordChange, _: StepContext) -> Iterator[Spot]:
    """Checks `revision`.

    It must be 1 if the record is new, one more than on base if material content changes or the record goes back to
    draft, and otherwise the same as on base.
    """
    if change.head is None or change.head.data is None or not counts_revisions(change.kind):
        return
    if change.base is not None and change.base.data is None:
        return
    present = change.head.data.get("revision", 1)
    base = change.base.data if change.base else None
    wanted = revision_wanted(change.kind, base, change.head.data, files_changed=change.files_changed)
    if wanted is not None and present != wanted:
        fix = Fix(f"set revision to {wanted}", (SetValue(("revision",), wanted),))
        yield Spot(f"revision is {present}, but must be {wanted}", ("revision",), fix=fix)


@change_check(AUTHORS_REMOVED)
def authors_removed(change: RecordChange, _: StepContext) -> Iterator[Spot]:
    """Finds authors that base has and head does not."""
    if not (change.base and change.head and change.base.data and change.head.data):
        return
    before, after = change.base.data.get("authors", []), change.head.data.get("authors", [])
    if isinstance(before, list) and isinstance(after, list):
        for name in before:
            if name not in after:
                yield Spot(f"author {cut(str(name))} was removed", ("authors",))


@change_check(KEY_REMOVED, "person")
def key_removed(change: RecordChange, _: StepContext) -> Iterator[Spot]:
    """Finds keys that base has and head does not, and revocations that were changed or removed."""
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
    """Finds emergencies that went past their gate and have another type on head."""
    before: Any = change.base.record if change.base else None
    after: Any = change.head.record if change.head else None
    if before is None or after is None or before.type != "emergency" or after.type == "emergency":
        return
    if went_past(before) is not None and went_past(after) is not None:
        yield Spot(f"the change went past its gate as an emergency, but its type is {after.type} now", ("type",))


@change_check(MOVED_BACK, "change")
def began_earlier_than_told(change: RecordChange, _: StepContext) -> Iterator[Spot]:
    """Finds changes that were scheduled, or whose work began, earlier on head than base says."""
    before: Any = change.base.record if change.base else None
    after: Any = change.head.record if change.head else None
    if before is None or after is None:
        return
    for told, words in ((went_past, "was scheduled"), (began, "began")):
        was, is_now = told(before), told(after)
        if was is not None and is_now is not None and is_now < was:
            message = f"the change {words} at {write_instant(was)}, and now the timeline says {write_instant(is_now)}"
            yield Spot(message, ("timeline",))


@change_check(WORKSPACE_RENAMED, SETTINGS_KIND)
def workspace_id_changed(change: RecordChange, _: StepContext) -> Iterator[Spot]:
    """Finds settings whose id differs from base."""
    before, after = ((side.data if side is not None else None) for side in (change.base, change.head))
    if before is not None and after is not None and before.get("id") != after.get("id"):
        yield Spot(f"the workspace's id was {cut(str(before.get('id')))}", ("id",))


@change_check(APPROVAL_CHANGED, "approval")
def approval_changed(change: RecordChange, _: StepContext) -> Iterator[Spot]:
    """Finds acts that differ from base."""
    if change.base is not None and change.head is not None:
        yield Spot("an approval was changed after it was made")


@change_check(ILLEGAL_STATE_STEP, *(k for k, t in LIFECYCLES.items() if not t.in_timeline))
def illegal_state_step(change: RecordChange, _: StepContext) -> Iterator[Spot]:
    """Checks the step from base's state to head's state in records that have no timeline."""
    if not (change.base and change.head and change.base.record and change.head.record):
        return
    before, after = change.base.record.state, change.head.record.state  # type: ignore[attr-defined]
    table = LIFECYCLES[change.kind]
    if before != after and table.between(before, after) is None:
        ways = ", ".join(step.target for step in table.from_state(before))
        yield Spot(f"{change.kind} can't go from {before} to {after}", ("state",), help=f"from {before}: {ways}")


@change_check(IMPORTED_NOT_NEW)
def imported_not_new(change: RecordChange, _: StepContext) -> Iterator[Spot]:
    """Finds records with `imported` that are not new or not in a final state."""
    head = change.head.record if change.head else None
    if not isinstance(head, Gated) or head.imported is None:
        return
    was = change.base.data if change.base else None
    if was is not None and "imported" not in was:
        yield Spot("the record is not new: base has it without `imported`", ("imported",), at_key=True)
    ended = (*LIFECYCLES[change.kind].final, "published", "active")
    if getattr(head, "state", None) not in ended:
        yield Spot("the record is not in a final state", ("imported",), at_key=True)


RULES = (
    DELETED, REVISION_WRONG, AUTHORS_REMOVED, APPROVAL_CHANGED, ILLEGAL_STATE_STEP, BOTH_SIDES, BASE_UNREADABLE,
    IMPORTED_NOT_NEW, KEY_REMOVED, WORKSPACE_RENAMED, EMERGENCY_RENAMED, MOVED_BACK,
)  # fmt: skip
CHECKS = (
    record_deleted, changed_on_both_sides, base_was_unreadable, revision_not_kept, authors_removed, approval_changed,
    illegal_state_step, imported_not_new, key_removed, workspace_id_changed, emergency_renamed,
    began_earlier_than_told,
)  # fmt: skip
