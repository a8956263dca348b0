"""How a subject stands once what was just signed is there: who is still asked, or that nothing keeps it off base."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from itsm_as_code.app.approvals.decide import Matter, court_here, subject_here
from itsm_as_code.app.approvals.workflows import WORKFLOWS
from itsm_as_code.app.keeping import bytes_in
from itsm_as_code.domain.ids import path_of

if TYPE_CHECKING:
    from itsm_as_code.app.approvals.hearing import Court
    from itsm_as_code.app.workspace import Workspace
    from itsm_as_code.app.write import Draft
    from itsm_as_code.domain.approval.answer import Verdict
    from itsm_as_code.domain.approval.inquiry import Subject


@dataclass(frozen=True, slots=True)
class Outlook:
    """The verdicts of the gates that the record passes, whether it is yet to land, and which files (itself, and what it
    rests on) are yet to be committed here."""

    path: str
    verdicts: tuple[Verdict, ...]
    to_land: bool
    to_commit: tuple[str, ...] = ()


def tickets_behind(court: Court, subject: Subject) -> tuple[str, ...]:
    """The files of the incident and the problem that a change rests on, where they lie here and not on base: without
    them approvers can't judge it."""
    if subject.kind != "change":
        return ()
    named = ((kind, subject.head.get(kind)) for kind in ("incident", "problem"))
    refs = [(kind, ref) for kind, ref in named if isinstance(ref, str)]
    return tuple(
        path_of(kind, ref) for kind, ref in refs if court.head.exists(kind, ref) and not court.base.exists(kind, ref)
    )


def outlook(workspace: Workspace, matter: Matter, drafts: tuple[Draft, ...], now: datetime) -> Outlook:
    """How the subject of a matter stands with these drafts, acts and the record itself, over the files here."""
    from itsm_as_code.git.dirty import dirty_paths
    from itsm_as_code.git.repository import open_repository

    written = {draft.path: draft.after for draft in drafts}
    court = court_here(workspace, now, written)
    path, subject = subject_here(court, matter.verdict.question.subject)
    verdicts = {matter.gate.name: court.verdict(subject, matter.gate)}
    verdicts |= {heard.verdict.question.gate: heard.verdict for heard in court.hear(path, subject)}
    if path == WORKFLOWS:
        before, after = court.workflows
        return Outlook(path, tuple(verdicts.values()), before != after)
    to_land = bytes_in(court.base.tree, path) != bytes_in(court.head.tree, path)
    paths = (path, *tickets_behind(court, subject))
    with open_repository(workspace.root) as repository:
        dirty = {*dirty_paths(repository, paths), *written}
    return Outlook(path, tuple(verdicts.values()), to_land, tuple(each for each in paths if each in dirty))
