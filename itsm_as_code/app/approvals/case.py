"""A case: one step opened for judgement, with both sides as read, what differs, and the court that hears it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

from itsm_as_code.app.approvals.hearing import Court, Heard
from itsm_as_code.app.approvals.top import top_of
from itsm_as_code.app.approvals.workflows import WORKFLOWS, touched
from itsm_as_code.domain.approval.gates import first_gate
from itsm_as_code.domain.errors import CouldNotCheck
from itsm_as_code.domain.ids import ATTACHMENTS, is_slug, parse_path
from itsm_as_code.domain.revision import WORKFLOWS_KIND
from itsm_as_code.domain.settings import SETTINGS_PATH
from itsm_as_code.domain.step import RecordChange, Side, Step
from itsm_as_code.store.settings import settings_data
from itsm_as_code.store.snapshot import TreeSnapshot
from itsm_as_code.store.tree import TreeEntry

if TYPE_CHECKING:
    from itsm_as_code.app.approvals.debts import Accepted
    from itsm_as_code.git.repository import Repository
    from itsm_as_code.git.step import TreeStep


@dataclass(frozen=True)
class Case:
    """One step: what Git says differs (`trees`), the records that do (`step`), and the court."""

    repository: Repository
    trees: TreeStep
    step: Step
    court: Court

    @cached_property
    def heard(self) -> tuple[Heard, ...]:
        """The verdict of every gate of every record in the step."""
        return tuple(hearings(self.court, self.trees, self.step))


def open_case(
    repository: Repository, base: str, head: str, at: datetime, compromised: Mapping[str, datetime] | None = None,
    latest: datetime | None = None,
) -> Case:  # fmt: skip
    """The case of the step from `base` to `head`. `compromised` and `latest`: see Court.

    Raises CouldNotCheck where base has no itsm.yaml, and what `git.step.step` raises.
    """
    from itsm_as_code.git.step import step as tree_step

    trees = tree_step(repository, base, head)
    _require_genesis(trees, base)
    return case_of(repository, trees, at, compromised, latest)


def case_of(
    repository: Repository, trees: TreeStep, at: datetime, compromised: Mapping[str, datetime] | None = None,
    latest: datetime | None = None,
) -> Case:  # fmt: skip
    """The case of a step as Git tells it. `compromised` and `latest`: see Court."""
    from itsm_as_code.git.authors import author_emails

    before, after = TreeSnapshot(trees.base, keep_data=True), TreeSnapshot(trees.head, keep_data=True)
    emails = author_emails(repository, trees.base.commit, trees.head_commit)
    step = Step(before, after, tuple(record_changes(trees, before, after)), trees.conflicts, emails)
    accepted = _looking_back(repository, trees.base.commit)
    top = top_of(repository, trees, before.settings)
    court = Court(before, after, at, compromised=compromised, accepted=accepted, top=top, latest=latest)
    return Case(repository, trees, step, court)


def hearings(court: Court, trees: TreeStep, step: Step) -> Iterator[Heard]:
    """The verdict of every gate of every record in the step, and of the workflow files."""
    for change in step.changes:
        if first_gate(change.kind) is not None and change.head is not None and change.head.data is not None:
            base = change.base.data if change.base is not None else None
            subject = court.subject(change.kind, change.id, base, change.head.data, change.path)
            yield from court.hear(change.path, subject)
    if touched(trees, court.top.guard):
        before, after = court.workflows
        yield from court.hear(WORKFLOWS, court.subject(WORKFLOWS_KIND, WORKFLOWS_KIND, before, after))


def _looking_back(repository: Repository, base: str) -> Accepted:
    """Whether a gate was passed when the acts landed. History is looked at only where that is asked."""

    def accepted(path: str, gate: str, digest: str) -> bool:
        from itsm_as_code.app.approvals.landed import accepted_when_landed

        return accepted_when_landed(repository, base, path, gate, digest)

    return accepted


def _require_genesis(trees: TreeStep, base: str) -> None:
    if trees.base.entry(SETTINGS_PATH) is None:
        raise CouldNotCheck(
            f"{base} has no {SETTINGS_PATH}: there is nothing yet to judge a step by",
            hint="the first commit of a workspace is checked with `itsm check` and pushed by hand",
        )


def record_changes(trees: TreeStep, before: TreeSnapshot, after: TreeSnapshot) -> Iterator[RecordChange]:
    """The records that differ, and itsm.yaml, with both sides as read; and articles of which only a file differs."""
    with_files = {each for each in owners_of_files(trees) if after.exists("article", each)}
    for changed in trees.changed:
        path = changed.path
        if path == SETTINGS_PATH:
            base, head = _settings_side(before), _settings_side(after)
            yield RecordChange(path, "settings", "itsm.yaml", base, head)
        elif located := parse_path(path):
            base, head = _side(before, path, changed.base_entry), _side(after, path, changed.head_entry)
            files_changed = located[0] == "article" and located[1] in with_files
            with_files -= {located[1]} if files_changed else set()
            yield RecordChange(path, *located, base, head, files_changed)
    for article_id in sorted(with_files):
        path = next(each for each in after.paths("article", article_id) if after.tree.entry(each) is not None)
        base, head = (_side(snapshot, path, snapshot.tree.entry(path)) for snapshot in (before, after))
        yield RecordChange(path, "article", article_id, base, head, files_changed=True)


def owners_of_files(trees: TreeStep) -> set[str]:
    """The ids by which the folders below `attachments/` that the step touches are named."""
    listed = (changed.path.split("/") for changed in trees.changed if changed.path.startswith(f"{ATTACHMENTS}/"))
    return {parts[1] for parts in listed if is_slug(parts[1])}


def _side(snapshot: TreeSnapshot, path: str, entry: TreeEntry | None) -> Side | None:
    if entry is None:
        return None
    loaded = snapshot.load(path) if entry.mode == "file" else None
    return Side(loaded.data, loaded.record) if loaded else Side(None, None)


def _settings_side(snapshot: TreeSnapshot) -> Side | None:
    return Side(settings_data(snapshot.tree), None) if snapshot.tree.entry(SETTINGS_PATH) is not None else None
