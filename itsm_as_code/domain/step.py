"""A step: what a proposal does to the records, from base to head. A value; `git/` finds what changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from itsm_as_code.domain.kinds.base import Record
    from itsm_as_code.domain.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Side:
    """One record on one side of a step: as read (`data`, as written) and as understood (`record`).

    `data` is None where the text could not be read, `record` where it does not fit its model.
    """

    data: dict[str, Any] | None
    record: Record | None


@dataclass(frozen=True, slots=True)
class RecordChange:
    """One record that differs between base and head. A side is None where the record is not there.

    `files_changed`: files attached to it differ, whether or not the record's own does.
    """

    path: str
    kind: str
    id: str
    base: Side | None
    head: Side | None
    files_changed: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """From base to head: both sides whole, and the records that differ.

    `conflicts` are paths that both sides changed since they parted. `author_emails` are the
    addresses of all who authored commits of the step, as written there: claims, good for a warning.
    """

    base: Snapshot
    head: Snapshot
    changes: tuple[RecordChange, ...]
    conflicts: tuple[str, ...] = ()
    author_emails: frozenset[str] = frozenset()
