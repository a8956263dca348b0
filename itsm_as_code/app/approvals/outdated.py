"""Which acts an edit leaves behind: those on the content that the record had before. Signatures are not looked at."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from itsm_as_code.app.keeping import data_of
from itsm_as_code.app.protected import base_tree
from itsm_as_code.domain.approval.gates import subject_of
from itsm_as_code.domain.digest import NotCanonical, field_hashes
from itsm_as_code.domain.ids import FOLDERS, RECORDS, parse_path
from itsm_as_code.domain.kinds.approval import Decision
from itsm_as_code.domain.revision import counts_revisions
from itsm_as_code.store.snapshot import TreeSnapshot

if TYPE_CHECKING:
    from itsm_as_code.app.workspace import Workspace
    from itsm_as_code.app.write import Draft

_ACTS = f"{RECORDS}/{FOLDERS['approval']}"


def outdated(workspace: Workspace, drafts: tuple[Draft, ...]) -> Iterator[tuple[str, int]]:
    """Subjects that the drafts change materially, with how many proposals and approvals, here or on base, were on the
    content of before. A draft that brings an act of its own is left out: it is proposed anew already."""
    for draft in drafts:
        located = parse_path(draft.path)
        if draft.before is None or located is None or not counts_revisions(located[0]):
            continue
        kind, subject = located[0], subject_of(*located)
        if any(other.path.startswith(f"{_ACTS}/{subject}/") for other in drafts):
            continue
        try:
            before, after = (field_hashes(kind, data_of(draft.path, text)) for text in (draft.before, draft.after))
        except NotCanonical:
            continue
        number = _fitting(workspace, subject, before) if before != after else 0
        if number:
            yield subject, number


def _fitting(workspace: Workspace, subject: str, fields: dict[str, str]) -> int:
    """How many acts that no other takes the place of say yes to content with these fields."""
    acts: dict[str, Any] = {}
    for tree in (workspace.tree(), base_tree(workspace)):
        snapshot = TreeSnapshot(tree) if tree is not None else None
        for entry in tree.entries(f"{_ACTS}/{subject}") if tree is not None else ():
            loaded = snapshot.load(entry.path) if snapshot is not None and entry.mode == "file" else None
            if loaded is not None and loaded.record is not None:
                acts[entry.path] = loaded.record
    gone = {ref for act in acts.values() for ref in act.supersedes}
    yes = (a for a in acts.values() if a.decision in (Decision.PROPOSED, Decision.APPROVED) and a.id not in gone)
    return sum(fields.items() <= dict(act.fields).items() for act in yes)
