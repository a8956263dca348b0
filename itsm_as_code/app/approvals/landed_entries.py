"""Finds when entries of a timeline landed on the protected branch. Only steps that make such an entry void ask."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from itsm_as_code.domain.timelines import canonical_entry, entries_of, voided_since
from itsm_as_code.store.snapshot import read_data
from itsm_as_code.store.tree import Unreadable

if TYPE_CHECKING:
    from itsm_as_code.domain.step import RecordChange
    from itsm_as_code.git.repository import Repository


def landed_entries(
    repository: Repository, base: str, changes: Iterable[RecordChange]
) -> Mapping[tuple[str, int], datetime]:
    """Maps (path, index) of each entry of base that a step makes void to the date of the commit by which it landed."""
    found: dict[tuple[str, int], datetime] = {}
    for change in changes:
        for index in (index for index, void in voided_since(change) if void):
            entry = entries_of(change.base.data if change.base else None)[index]
            landed = _landed(repository, base, change.path, canonical_entry(entry))
            if landed is not None:
                found[change.path, index] = landed
    return found


def _landed(repository: Repository, base: str, path: str, entry: str) -> datetime | None:
    """Returns the date of the newest first-parent step by which the file at `path` came to have the entry, or None."""
    from itsm_as_code.git.history import first_parent_steps

    for step in first_parent_steps(repository, base, paths=(path,)):
        if not step.parents or entry not in _entries(repository, step.parents[0], path):
            return step.committed_at.astimezone(UTC)
    return None


def _entries(repository: Repository, commit: str, path: str) -> frozenset[str]:
    """Returns the entries of the file at `path` in a commit; none if there is no file, or if it can't be read."""
    from itsm_as_code.git.tree import GitTree

    try:
        data = read_data(path, GitTree(repository, commit).read(path)).data
    except (KeyError, Unreadable):
        return frozenset()
    return frozenset(map(canonical_entry, entries_of(data)))
