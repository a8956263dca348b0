"""Remembers the post-implementation reviews that were accepted when their acts landed.

Each change that enters the calendar asks for all overdue reviews of its team. Whoever judges many steps, as an audit
does, would judge every old review again at each of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from itsm_as_code.app.approvals.acts import folder_of_acts
from itsm_as_code.domain.approval.active_acts import STRICT
from itsm_as_code.domain.approval.gates import Gate, subject_of
from itsm_as_code.domain.approval.inquiry import Subject
from itsm_as_code.domain.approval.question import POST_REVIEW
from itsm_as_code.domain.ids import parse_path, path_of
from itsm_as_code.domain.instants import is_in_future
from itsm_as_code.domain.kinds.approval import Decision
from itsm_as_code.domain.kinds.change import Change
from itsm_as_code.store.known import RecordMemory

if TYPE_CHECKING:
    from itsm_as_code.domain.approval.act import Act
    from itsm_as_code.domain.approval.verdict import Verdict
    from itsm_as_code.domain.step import Step
    from itsm_as_code.store.snapshot import TreeSnapshot
    from itsm_as_code.store.tree import Tree


class _Content(NamedTuple):
    """A change with all acts on it: the Git objects of its file and of theirs, by path."""

    path: str
    oid: str
    acts: tuple[tuple[str, str | None], ...]


class _Evaluator(Protocol):
    """The part of an evaluator that is needed here."""

    head: TreeSnapshot
    latest: datetime

    def verdict(self, subject: Subject, gate: Gate) -> Verdict: ...

    def acts(self, subject: str) -> tuple[Act, ...]: ...


class SettledReviews:
    """The changes whose review is accepted, whatever happens to people and policies later, with their acts.

    History says the same if it is asked (`accepted_when_landed`), as long as neither the change nor an act on it
    differs. To be sure of that, nothing is remembered if an act is refused, taken back, invalid or from the future:
    then a later answer could be another one.
    """

    def __init__(self) -> None:
        self._settled: set[_Content] = set()

    def settle(self, evaluator: _Evaluator, step: Step) -> None:
        """Remembers what a step of history settles, by the rules of its base and its clock."""
        for path, change_id in _touched(step):
            content = _content(evaluator.head.tree, path, change_id)
            if content is not None and _is_settled(evaluator, path, change_id):
                self._settled.add(content)

    def has(self, base: Tree, head: Tree, path: str, change_id: str) -> bool:
        """Tells whether the review of a change is accepted that is the same on both sides, with its acts."""
        content = _content(base, path, change_id) if self._settled else None
        return content in self._settled and content == _content(head, path, change_id)


def _touched(step: Step) -> Iterator[tuple[str, str]]:
    """Yields path and id of each change that differs in a step, or has a new act."""
    touched = {each.id for each in step.changes if each.kind == Change.KIND}
    for each in step.changes:
        act: Any = each.head.record if each.kind == "approval" and each.head is not None else None
        if act is not None and act.gate == POST_REVIEW:
            touched.add(act.subject)
    for change_id in sorted(touched):
        path = path_of(Change.KIND, change_id)
        if parse_path(path) == (Change.KIND, change_id):
            yield path, change_id


def _content(tree: Tree, path: str, change_id: str) -> _Content | None:
    """Returns the objects of a change and its acts, or None if the tree does not know them."""
    entry = tree.entry(path)
    if entry is None or entry.oid is None:
        return None
    folder = folder_of_acts(subject_of(Change.KIND, change_id))
    acts = tuple((each.path, each.oid) for each in tree.entries(folder))
    return _Content(path, entry.oid, acts) if all(oid is not None for _, oid in acts) else None


def _is_settled(evaluator: _Evaluator, path: str, change_id: str) -> bool:
    loaded = evaluator.head.load(path)
    acts = evaluator.acts(subject_of(Change.KIND, change_id))
    if not any(act.gate == POST_REVIEW and act.decision is Decision.APPROVED for act in acts):
        return False
    sound = all(act.fault is None and not is_in_future(act.at, evaluator.latest) for act in acts)
    if not sound or any(act.decision in STRICT for act in acts) or loaded is None or loaded.data is None:
        return False
    subject = Subject(Change.KIND, change_id, loaded.data, loaded.data, loaded.record, {})
    return loaded.record is not None and evaluator.verdict(subject, Gate(POST_REVIEW)).is_open


class StepMemory(NamedTuple):
    """What whoever judges many steps has read and judged before."""

    records: RecordMemory
    reviews: SettledReviews

    @classmethod
    def new(cls) -> StepMemory:
        """Returns an empty memory."""
        return cls(RecordMemory(), SettledReviews())
