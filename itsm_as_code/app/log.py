"""`itsm log`: a record's history from Git, field by field. Merges that only brought the file along are left out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from itsm_as_code.app.lookup import find
from itsm_as_code.app.workspace import Workspace
from itsm_as_code.domain.difference import FieldChange, differences
from itsm_as_code.store.snapshot import TreeSnapshot, read_data

if TYPE_CHECKING:
    from itsm_as_code.git.history import Commit
    from itsm_as_code.git.repository import Repository


@dataclass(frozen=True, slots=True)
class Logged:
    """One commit that changed the record. `readable` is false where a version could not be read."""

    commit: Commit
    changes: tuple[FieldChange, ...]
    readable: bool = True


def record_log(workspace: Workspace, ref: str) -> Iterator[Logged]:
    """The commits that changed the record, newest first. Raises CouldNotCheck without a repository."""
    from itsm_as_code.git.history import history
    from itsm_as_code.git.repository import open_repository

    path = _path(workspace, ref)
    with open_repository(workspace.root) as repository:
        for revision in history(repository, path):
            if revision.oid in revision.parent_oids:
                continue
            parent = revision.parent_oids[0] if revision.parent_oids else None
            before, after = (_data(repository, path, oid) for oid in (parent, revision.oid))
            readable = before is not _UNREADABLE and after is not _UNREADABLE
            changes = tuple(differences(before, after)) if readable else ()
            if changes or not readable:
                yield Logged(revision.commit, changes, readable)


_UNREADABLE: dict[str, Any] = {}


def _path(workspace: Workspace, ref: str) -> str:
    snapshot = TreeSnapshot(workspace.tree())
    paths = snapshot.paths(*find(snapshot, ref))
    return next(path for path in paths if snapshot.tree.entry(path) is not None)


def _data(repository: Repository, path: str, oid: str | None) -> dict[str, Any] | None:
    if oid is None:
        return None
    found = repository.objects.get(oid)
    data = read_data(path, found.data).data if found is not None else None
    return data if data is not None else _UNREADABLE
