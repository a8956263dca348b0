"""`itsm propose`: the record with its revision and authors as they must be, and what is to be proposed of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from itsm_as_code.app.approvals.decide import Matter, Wish, court_here, subject_here, to_propose
from itsm_as_code.app.approvals.soundness import require_sound
from itsm_as_code.app.approvals.workflows import WORKFLOWS
from itsm_as_code.app.keeping import keep, wrote
from itsm_as_code.app.write import Draft

if TYPE_CHECKING:
    from itsm_as_code.app.approvals.hearing import Court
    from itsm_as_code.app.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Proposing:
    """What is proposed, and the record mended for that; None where it was as it must be."""

    matters: tuple[Matter, ...]
    mended: Draft | None


def proposing(workspace: Workspace, wish: Wish, actor: str, now: datetime) -> Proposing:
    """What a proposal by `actor` is about. Raises NotSigned where it could not land whoever approves it."""
    court = court_here(workspace, now)
    path, subject = subject_here(court, wish.ref)
    mended = _mended(workspace, court, path, actor)
    if mended is not None:
        court = court_here(workspace, now, {path: mended.after})
        path, subject = subject_here(court, wish.ref)
    matters = to_propose(court, path, subject, wish.gate, wish.on_behalf_of or actor)
    if matters:
        require_sound(workspace, matters[0])
    return Proposing(matters, mended)


def _mended(workspace: Workspace, court: Court, path: str, actor: str) -> Draft | None:
    """The record with what we keep for people; whoever wrote on it is among its authors."""
    from itsm_as_code.git.dirty import dirty_paths
    from itsm_as_code.git.repository import open_repository
    from itsm_as_code.git.tree import GitTree

    base, here = court.base.tree, court.head.tree
    if path == WORKFLOWS or not isinstance(base, GitTree):
        return None
    person: Any = court.base.get("person", actor)
    with open_repository(workspace.root) as repository:
        wrote_it = person is not None and wrote(repository, base.commit, path, person, dirty_paths(repository, (path,)))
    before = here.read(path)
    after = keep(path, before, base, here, actor if wrote_it else None)
    return Draft(path, before, after, f"{path}: revision and authors kept") if after != before else None
