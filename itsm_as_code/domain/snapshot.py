"""A snapshot: the records of one revision, found by kind and id. Checks see records only through it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from itsm_as_code.domain.kinds.base import Record
    from itsm_as_code.domain.settings import Settings


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file below `attachments/`. `plain` is false for links and the like; `size` in bytes, where known unread."""

    path: str
    plain: bool
    size: int | None = None


class Snapshot(Protocol):
    """Records of one revision. A record that can't be read is absent from `get` and `records`, yet `exists`."""

    @property
    def settings(self) -> Settings:
        """The workspace's settings."""
        ...

    def get(self, kind: str, record_id: str) -> Record | None:
        """The record, or None where there is none that could be read. Costs one look-up, no scan."""
        ...

    def exists(self, kind: str, record_id: str) -> bool:
        """Whether there is a file for the record, readable or not."""
        ...

    def records(self, kind: str) -> Iterator[Record]:
        """All readable records of a kind, by id."""
        ...

    def path(self, record: Record) -> str:
        """Where the record lies, relative to the workspace root."""
        ...

    def attachments(self, article_id: str = "") -> Iterator[Attachment]:
        """The files that an article may show, or those of all articles, by path."""
        ...
