"""Finds proposals on base that still wait for a decision. Folder names lead to the subjects, so not all records are
read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from itsm_as_code.app.approvals.acts import ACTS, acts_on
from itsm_as_code.domain.approval.act import act_of
from itsm_as_code.domain.approval.gates import BEYOND
from itsm_as_code.domain.approval.question import EDIT
from itsm_as_code.domain.digest import NotCanonical, digest, field_hashes
from itsm_as_code.domain.ids import kind_of_ticket, parse_path, path_of
from itsm_as_code.domain.kinds.approval import Decision
from itsm_as_code.domain.lifecycle import LIFECYCLES
from itsm_as_code.domain.revision import SETTINGS_KIND, WORKFLOWS_KIND, state_in
from itsm_as_code.domain.settings import SETTINGS_PATH
from itsm_as_code.store.snapshot import read_data
from itsm_as_code.store.tree import Unreadable

if TYPE_CHECKING:
    from itsm_as_code.app.approvals.evaluator import Evaluator
    from itsm_as_code.domain.approval.act import Act
    from itsm_as_code.domain.approval.inquiry import Subject
    from itsm_as_code.store.tree import Tree


def acted_on(tree: Tree) -> list[str]:
    """Returns the subjects on which somebody has an act at base, as acts name them. Tickets that have reached their end
    are left out, because nothing waits there. They are the most, so they are looked at together, and their acts are
    not."""
    over = set(_over(tree))
    open_folders = (folder for folder in tree.folders(ACTS) if folder not in over)
    paths = (each.path for folder in open_folders for each in tree.entries(f"{ACTS}/{folder}") if parse_path(each.path))
    return sorted({path[len(ACTS) + 1 :].rpartition("/")[0] for path in paths})


def _over(tree: Tree) -> Iterator[str]:
    """Yields the tickets with acts that have reached their end. One that can't be read may wait."""
    kinds = {name: kind_of_ticket(name) for name in tree.folders(ACTS)}
    paths = {path_of(kind, name): name for name, kind in kinds.items() if kind is not None}
    for path, content in tree.read_many(path for path in paths if tree.entry(path) is not None):
        data = read_data(path, content).data if not isinstance(content, Unreadable) else None
        kind = kinds[paths[path]]
        if kind is not None and data is not None and _has_ended(kind, data):
            yield paths[path]


def subject_at_base(evaluator: Evaluator, name: str) -> Subject | None:
    """Returns what base has under the name that acts use; None if base does not have it, or it can't be read."""
    base = evaluator.base
    kind, record_id = kind_and_id(name)
    data: dict[str, Any] | None
    if kind == SETTINGS_KIND:
        data = base.settings_data
    elif kind == WORKFLOWS_KIND:
        data = evaluator.workflows[0]
    else:
        loaded = (base.load(path) for path in base.paths(kind, record_id))
        data = next((each.data for each in loaded if each is not None), None)
    return evaluator.subject(kind, record_id, data, data) if data is not None else None


def kind_and_id(name: str) -> tuple[str, str]:
    """Returns the kind and id of the record with the name that acts use."""
    if name == "workspace":
        return SETTINGS_KIND, SETTINGS_PATH
    kind, slash, slug = name.partition("/")
    return (kind, slug) if slash else (kind_of_ticket(name) or WORKFLOWS_KIND, name)


def open_proposals(evaluator: Evaluator, name: str, subject: Subject | None) -> list[Act]:
    """Returns valid proposals that their makers have not taken back, that have not passed their gate, and that base has
    not overtaken. Signatures are verified only where there may be one."""
    if subject is not None and _is_over(subject):
        return []
    claimed = (act_of(record, None) for _, record, _ in acts_on(evaluator.base, name))
    if not any(act.decision is Decision.PROPOSED and _is_open(act, subject) for act in claimed):
        return []
    sound = [act for act in evaluator.acts(name) if act.fault is None]
    gone = {(ref, act.stands_for) for act in sound for ref in act.supersedes}
    proposed = [act for act in sound if act.decision is Decision.PROPOSED and (act.id, act.stands_for) not in gone]
    return [act for act in proposed if _is_open(act, subject)]


def _is_over(subject: Subject) -> bool:
    """Whether a record has reached its end, so that nothing waits any more."""
    return _has_ended(subject.kind, subject.head)


def _has_ended(kind: str, data: Mapping[str, Any]) -> bool:
    return kind in LIFECYCLES and state_in(kind, data) in LIFECYCLES[kind].final


def _is_open(act: Act, subject: Subject | None) -> bool:
    if subject is None:
        return act.replaces is None
    try:
        same = act.digest == digest(subject.kind, subject.head, subject.attachments)
        if act.gate == EDIT:  # The content of base has landed. An edit that is still to come names what it replaces.
            return not same and act.replaces == digest(subject.kind, subject.head)
    except NotCanonical:
        return False
    past = state_in(subject.kind, subject.head) in BEYOND.get(subject.kind, {}).get(act.gate, ())
    return not past if same else _is_of_a_later_revision(act, subject.kind, subject.head)


def _is_of_a_later_revision(act: Act, kind: str, data: Mapping[str, Any]) -> bool:
    """Whether the act is on content that has not landed yet: on a revision that base has not reached."""
    named, reached = dict(act.fields).get("revision"), data.get("revision", 1)
    if named is None or not isinstance(reached, int):
        return False
    return named not in (field_hashes(kind, {"revision": number})["revision"] for number in range(1, reached + 1))
