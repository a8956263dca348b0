"""Defines a step: the changes of records from base to head. It is a plain value; `git/` computes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from itsm_as_code.domain.kinds.base import Record
    from itsm_as_code.domain.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Side:
    """One record on one side of a step: the data as written (`data`) and the parsed record (`record`).

    `data` is None if the text could not be read. `record` is None if the data do not fit the model.
    """

    data: dict[str, Any] | None
    record: Record | None


@dataclass(frozen=True, slots=True)
class RecordChange:
    """A record that differs between base and head. A side is None if the record does not exist there.

    `files_changed` says that its attachments differ; the record itself may be the same.
    """

    path: str
    kind: str
    id: str
    base: Side | None
    head: Side | None
    files_changed: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """A step from base to head: the snapshots of both sides, and the records that differ.

    `conflicts` are the paths that both sides have changed since they parted. `author_emails` are the addresses of the
    authors of the step's commits; "" stands for an author without one. Anybody can write any address there, so they
    prove nothing: checks only ask that a record names nobody but those whom the commits name. `landed` maps
    (path, index) of each entry of base that the step makes void to the instant at which it landed.
    """

    base: Snapshot
    head: Snapshot
    changes: tuple[RecordChange, ...]
    conflicts: tuple[str, ...] = ()
    author_emails: frozenset[str] = frozenset()
    landed: Mapping[tuple[str, int], datetime] = field(default_factory=dict)
