"""Defines a snapshot: the records of one revision, found by kind and id. Checks read records only through it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeVar

if TYPE_CHECKING:
    from itsm_as_code.domain.kinds.base import Record
    from itsm_as_code.domain.settings import Settings

R = TypeVar("R", bound="Record")


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file below `attachments/`. `plain` is false for links and similar entries. `size` is in bytes, or None."""

    path: str
    plain: bool
    size: int | None = None


class RecordsByKind(Protocol):
    """Finds records by the name of their kind, or by their model.

    Classes implement `get` and `records` and inherit `find` and `all`. Use `find` and `all` if the kind is known in
    the code, because their results have the type of the model.
    """

    def get(self, kind: str, record_id: str) -> Record | None:
        """Returns the record, or None if there is none that can be read. It needs no search."""
        ...

    def records(self, kind: str) -> Iterator[Record]:
        """Yields all readable records of a kind, by id."""
        ...

    def find(self, model: type[R], record_id: str) -> R | None:
        """Does the same as `get` for the kind of the model."""
        record = self.get(model.KIND, record_id)
        return record if isinstance(record, model) else None

    def all(self, model: type[R]) -> Iterator[R]:
        """Does the same as `records` for the kind of the model."""
        return (record for record in self.records(model.KIND) if isinstance(record, model))


class Snapshot(RecordsByKind, Protocol):
    """The records of one revision. `get` and `records` leave out records that can't be read; `exists` includes them."""

    @property
    def settings(self) -> Settings:
        """The workspace's settings."""
        ...

    def exists(self, kind: str, record_id: str) -> bool:
        """Tells whether there is a file for the record, readable or not."""
        ...

    def path(self, record: Record) -> str:
        """Returns the path of the record, relative to the workspace root."""
        ...

    def attachments(self, article_id: str = "") -> Iterator[Attachment]:
        """Yields the files in the folder of an article, or of all articles without an id, sorted by path."""
        ...
