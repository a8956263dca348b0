"""Opens a step: both sides as read, the differences, and the evaluator of its gates."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

from itsm_as_code.app.approvals.evaluator import Evaluator, GateResult
from itsm_as_code.app.approvals.guarded_files import WORKFLOWS, touched
from itsm_as_code.app.approvals.landed_entries import landed_entries
from itsm_as_code.app.approvals.looking_back import looking_back
from itsm_as_code.app.approvals.repository_root import roots_of_step
from itsm_as_code.app.approvals.settled_reviews import StepMemory
from itsm_as_code.domain.approval.gates import first_gate
from itsm_as_code.domain.errors import CouldNotCheck
from itsm_as_code.domain.ids import ATTACHMENTS, is_slug, parse_path
from itsm_as_code.domain.revision import WORKFLOWS_KIND
from itsm_as_code.domain.settings import SETTINGS_PATH
from itsm_as_code.domain.step import RecordChange, Side, Step
from itsm_as_code.store.snapshot import TreeSnapshot
from itsm_as_code.store.tree import TreeEntry

if TYPE_CHECKING:
    from itsm_as_code.git.authors import StepAuthors
    from itsm_as_code.git.repository import Repository
    from itsm_as_code.git.step import TreeStep


@dataclass(frozen=True)
class OpenedStep:
    """One step: the differences in Git (`trees`), the records that differ (`step`), the evaluator of its gates, and the
    `addresses` of everybody who wrote in its commits. `uncommitted` are the paths that the step has from a checkout: no
    commit says who wrote there."""

    repository: Repository
    trees: TreeStep
    step: Step
    evaluator: Evaluator
    addresses: frozenset[str]
    uncommitted: frozenset[str] = frozenset()

    def judged_at(self, now: datetime) -> OpenedStep:
        """Returns the same step to be judged at another instant."""
        return replace(self, evaluator=self.evaluator.judged_at(now))

    @cached_property
    def gate_results(self) -> tuple[GateResult, ...]:
        """The verdict of every gate of every record in the step."""
        return tuple(evaluate_step(self.evaluator, self.trees, self.step))


def open_step(
    repository: Repository, base: str, head: str, at: datetime, compromised: Mapping[str, datetime] | None = None,
    latest: datetime | None = None, memory: StepMemory | None = None, authors: StepAuthors | None = None,
) -> OpenedStep:  # fmt: skip
    """Opens the step from `base` to `head`. `compromised` and `latest`: see Evaluator. `memory` and `authors` are
    what whoever opens many steps knows: what was read and judged before, and who wrote in the commits of this one.

    Raises CouldNotCheck if base has no itsm.yaml, and the errors of `git.step.step`.
    """
    from itsm_as_code.git.step import step as tree_step

    trees = tree_step(repository, base, head)
    _require_genesis(trees, base)
    return open_trees(repository, trees, at, compromised, latest, memory=memory, authors=authors)


def open_trees(
    repository: Repository, trees: TreeStep, at: datetime, compromised: Mapping[str, datetime] | None = None,
    latest: datetime | None = None, base: TreeSnapshot | None = None, uncommitted: frozenset[str] = frozenset(),
    memory: StepMemory | None = None, authors: StepAuthors | None = None,
) -> OpenedStep:  # fmt: skip
    """Opens a step that Git has computed. `compromised` and `latest`: see Evaluator. `base` are the records of the
    step's base, if they were read before. `uncommitted`: see OpenedStep. `memory` and `authors`: see `open_step`."""
    from itsm_as_code.git.authors import step_authors

    memory = memory or StepMemory.new()
    known = base.known if base is not None else memory.records
    before = base or TreeSnapshot(trees.base, keep_data=True, known=known)
    after = TreeSnapshot(trees.head, keep_data=True, known=known)
    emails = authors or step_authors(repository, trees.base.commit, trees.head_commit)
    changes = tuple(record_changes(trees, before, after))
    landed = landed_entries(repository, trees.base.commit, changes)
    step = Step(before, after, changes, trees.conflicts, emails.authors, landed)
    accepted, entry_of = looking_back(repository, trees.base.commit, at)
    roots = roots_of_step(repository, trees, before.settings)
    evaluator = Evaluator(
        before, after, at, compromised=compromised, accepted=accepted, roots=roots, latest=latest, entry_of=entry_of,
        settled=memory.reviews,
    )  # fmt: skip
    return OpenedStep(repository, trees, step, evaluator, emails.all, uncommitted)


def evaluate_step(evaluator: Evaluator, trees: TreeStep, step: Step) -> Iterator[GateResult]:
    """Yields the verdict of every gate of every record in the step, and of the workflow files."""
    for change in step.changes:
        if first_gate(change.kind) is not None and change.head is not None and change.head.data is not None:
            base = change.base.data if change.base is not None else None
            subject = evaluator.subject(change.kind, change.id, base, change.head.data, change.path)
            yield from evaluator.evaluate_gates(change.path, subject)
    if touched(trees, evaluator.roots.guard):
        before, after = evaluator.workflows
        yield from evaluator.evaluate_gates(WORKFLOWS, evaluator.subject(WORKFLOWS_KIND, WORKFLOWS_KIND, before, after))


def _require_genesis(trees: TreeStep, base: str) -> None:
    if trees.base.entry(SETTINGS_PATH) is None:
        raise CouldNotCheck(
            f"{base} has no {SETTINGS_PATH}: there are no rules yet to judge a step by",
            hint="the first commit of a workspace is checked with `itsm check` and pushed by hand",
        )


def record_changes(trees: TreeStep, before: TreeSnapshot, after: TreeSnapshot) -> Iterator[RecordChange]:
    """Returns the records that differ, and itsm.yaml, with both sides as read; and articles of which only a file
    differs."""
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
    """Returns the ids in the names of the folders below `attachments/` that the step touches."""
    listed = (changed.path.split("/") for changed in trees.changed if changed.path.startswith(f"{ATTACHMENTS}/"))
    return {parts[1] for parts in listed if is_slug(parts[1])}


def _side(snapshot: TreeSnapshot, path: str, entry: TreeEntry | None) -> Side | None:
    if entry is None:
        return None
    loaded = snapshot.load(path) if entry.mode == "file" else None
    return Side(loaded.data, loaded.record) if loaded else Side(None, None)


def _settings_side(snapshot: TreeSnapshot) -> Side | None:
    return Side(snapshot.settings_data, None) if snapshot.tree.entry(SETTINGS_PATH) is not None else None
