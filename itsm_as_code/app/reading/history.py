"""`itsm log`: shows a record's history from Git, field by field. It leaves out merges that did not change the record
themselves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from itsm_as_code.app.checkout.checkout import Checkout
from itsm_as_code.app.records.lookup import find
from itsm_as_code.domain.difference import FieldChange, differences
from itsm_as_code.store.snapshot import TreeSnapshot, read_data

if TYPE_CHECKING:
    from itsm_as_code.git.history import Commit
    from itsm_as_code.git.repository import Repository


@dataclass(frozen=True, slots=True)
class LoggedCommit:
    """One commit that changed the record. `readable` is false if one of its versions could not be read."""

    commit: Commit
    changes: tuple[FieldChange, ...]
    readable: bool = True


def record_log(checkout: Checkout, ref: str) -> Iterator[LoggedCommit]:
    """Yields the commits that changed the record, newest first. Raises CouldNotCheck without a repository."""
    from itsm_as_code.git.history import history

    path, repository = _path(checkout.here, ref), checkout.require_clone().repository
    for revision in history(repository, path):
        if revision.oid in revision.parent_oids:
            continue
        parent = revision.parent_oids[0] if revision.parent_oids else None
        before, after = (_data(repository, path, oid) for oid in (parent, revision.oid))
        readable = before is not _UNREADABLE and after is not _UNREADABLE
        changes = tuple(differences(before, after)) if readable else ()
        if changes or not readable:
            yield LoggedCommit(revision.commit, changes, readable)


_UNREADABLE: dict[str, Any] = {}


def _path(snapshot: TreeSnapshot, ref: str) -> str:
    """Returns the path of the record that `ref` means."""
    paths = snapshot.paths(*find(snapshot, ref))
    return next(path for path in paths if snapshot.tree.entry(path) is not None)


def _data(repository: Repository, path: str, oid: str | None) -> dict[str, Any] | None:
    if oid is None:
        return None
    found = repository.objects.get(oid)
    data = read_data(path, found.data).data if found is not None else None
    return data if data is not None else _UNREADABLE
