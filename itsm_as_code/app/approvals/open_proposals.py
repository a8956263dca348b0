"""Proposals on base that are still to be decided on: their subjects are found by the names of folders, without a scan
of all records."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from itsm_as_code.domain.approval.act import act_of
from itsm_as_code.domain.approval.gates import BEYOND
from itsm_as_code.domain.approval.question import EDIT
from itsm_as_code.domain.digest import NotCanonical, digest, field_hashes
from itsm_as_code.domain.ids import FOLDERS, RECORDS, kind_of_ticket, parse_path
from itsm_as_code.domain.kinds.approval import Decision
from itsm_as_code.domain.lifecycle import LIFECYCLES
from itsm_as_code.domain.revision import SETTINGS_KIND, WORKFLOWS_KIND, state_in
from itsm_as_code.domain.settings import SETTINGS_PATH
from itsm_as_code.store.settings import settings_data

if TYPE_CHECKING:
    from itsm_as_code.app.approvals.hearing import Court
    from itsm_as_code.domain.approval.act import Act
    from itsm_as_code.domain.approval.inquiry import Subject
    from itsm_as_code.store.snapshot import TreeSnapshot

_ACTS = f"{RECORDS}/{FOLDERS['approval']}"


def acted_on(base: TreeSnapshot) -> list[str]:
    """The subjects that somebody at base has acted on, as acts name them."""
    paths = (entry.path for entry in base.tree.entries(_ACTS) if parse_path(entry.path))
    return sorted({path[len(_ACTS) + 1 :].rpartition("/")[0] for path in paths})


def subject_at_base(court: Court, name: str) -> Subject | None:
    """What acts name so, as base has it; None where base has it not, or not so that it can be read."""
    base = court.base
    kind, record_id = kind_and_id(name)
    data: dict[str, Any] | None
    if kind == SETTINGS_KIND:
        data = settings_data(base.tree)
    elif kind == WORKFLOWS_KIND:
        data = court.workflows[0]
    else:
        loaded = (base.load(path) for path in base.paths(kind, record_id))
        data = next((each.data for each in loaded if each is not None), None)
    return court.subject(kind, record_id, data, data) if data is not None else None


def kind_and_id(name: str) -> tuple[str, str]:
    """The kind and id of what acts name so."""
    if name == "workspace":
        return SETTINGS_KIND, SETTINGS_PATH
    kind, slash, slug = name.partition("/")
    return (kind, slug) if slash else (kind_of_ticket(name) or WORKFLOWS_KIND, name)


def open_proposals(court: Court, name: str, subject: Subject | None) -> list[Act]:
    """Sound proposals that their makers have not taken back, that have not passed their gate, and that were not
    overtaken by what base holds by now. Only where there may be one, signatures are verified."""
    if subject is not None and _is_over(subject):
        return []
    claimed = (act_of(record, None) for record in _records(court.base, name))
    if not any(act.decision is Decision.PROPOSED and _is_open(act, subject) for act in claimed):
        return []
    sound = [act for act in court.acts(name) if act.fault is None]
    gone = {(ref, act.stands_for) for act in sound for ref in act.supersedes}
    proposed = [act for act in sound if act.decision is Decision.PROPOSED and (act.id, act.stands_for) not in gone]
    return [act for act in proposed if _is_open(act, subject)]


def _records(base: TreeSnapshot, name: str) -> Iterator[Any]:
    for entry in base.tree.entries(f"{_ACTS}/{name}"):
        loaded = base.load(entry.path) if entry.mode == "file" and parse_path(entry.path) else None
        if loaded is not None and loaded.record is not None:
            yield loaded.record


def _is_over(subject: Subject) -> bool:
    """Whether nothing more will come of a record."""
    return subject.kind in LIFECYCLES and state_in(subject.kind, subject.head) in LIFECYCLES[subject.kind].final


def _is_open(act: Act, subject: Subject | None) -> bool:
    if subject is None:
        return act.replaces is None
    try:
        same = act.digest == digest(subject.kind, subject.head, subject.attachments)
        if act.gate == EDIT:  # what base holds has landed; an edit to come names what it replaces
            return not same and act.replaces == digest(subject.kind, subject.head)
    except NotCanonical:
        return False
    past = state_in(subject.kind, subject.head) in BEYOND.get(subject.kind, {}).get(act.gate, ())
    return not past if same else _is_of_a_later_revision(act, subject.kind, subject.head)


def _is_of_a_later_revision(act: Act, kind: str, data: Mapping[str, Any]) -> bool:
    """Whether the act is on content that has yet to land: on a revision that base has not reached."""
    named, reached = dict(act.fields).get("revision"), data.get("revision", 1)
    if named is None or not isinstance(reached, int):
        return False
    return named not in (field_hashes(kind, {"revision": number})["revision"] for number in range(1, reached + 1))
