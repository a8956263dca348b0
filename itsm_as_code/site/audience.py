"""Who reads a site: the records that an audience may see, and the ids that must not get out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, TypeVar

from itsm_as_code.checks.attachments import MOST_BYTES, TYPES
from itsm_as_code.domain.kinds.article import Article, ArticleState
from itsm_as_code.domain.kinds.types import Visibility

if TYPE_CHECKING:
    from itsm_as_code.domain.kinds.base import Record
    from itsm_as_code.domain.settings import Settings
    from itsm_as_code.domain.snapshot import Attachment, Snapshot

R = TypeVar("R", bound="Record")

_PUBLISHED = (ArticleState.PUBLISHED, ArticleState.RETIRED)
_WIDTH = {Visibility.PUBLIC: 0, Visibility.STAFF: 1, Visibility.IT: 2}


class VisibleRecords:
    """The records of a snapshot that an audience may see: public sees public, staff also staff, it everything.

    Articles that are not published yet are seen by nobody; retired ones stay, as tombstones.
    """

    def __init__(self, snapshot: Snapshot, audience: Visibility) -> None:
        self._snapshot = snapshot
        self.audience = audience

    @property
    def settings(self) -> Settings:
        """The workspace's settings."""
        return self._snapshot.settings

    @property
    def sees_notes(self) -> bool:
        """Whether the audience reads more of a ticket than its `public` texts."""
        return self.audience is not Visibility.PUBLIC

    @property
    def sees_callers(self) -> bool:
        """Whether the audience reads the names of people outside the registry."""
        return self.audience is Visibility.IT

    def get(self, model: type[R], record_id: str | None) -> R | None:
        """The record of this model, or None where there is none or the audience may not see it."""
        found = self._snapshot.get(model.KIND, record_id) if record_id is not None else None
        return found if isinstance(found, model) and self.shows(found) else None

    def of(self, model: type[R]) -> Iterator[R]:
        """All records of the model that the audience may see, by id."""
        for record in self._snapshot.records(model.KIND):
            if isinstance(record, model) and self.shows(record):
                yield record

    def shows(self, record: Record) -> bool:
        """Whether the audience may see the record."""
        if isinstance(record, Article) and record.state not in _PUBLISHED:
            return False
        return _WIDTH[record.visibility] <= _WIDTH[self.audience]

    def attachments(self, article_id: str) -> frozenset[str]:
        """Paths of the files that an article may show: plain, of listed types, not too large; none of a hidden one."""
        if self.get(Article, article_id) is None:
            return frozenset()
        return frozenset(each.path for each in self._snapshot.attachments(article_id) if _fit(each))

    def folder(self, record: Record) -> str:
        """The folder that relative links in the record's texts start from."""
        return self._snapshot.path(record).rpartition("/")[0]

    def hides(self, kind: str, record_id: str) -> bool:
        """Whether there is such a record, readable or not, of which the audience must not learn the id."""
        if not self._snapshot.exists(kind, record_id):
            return False
        record = self._snapshot.get(kind, record_id)
        return record is None or not self.shows(record)


def _fit(attachment: Attachment) -> bool:
    listed = attachment.path.rpartition(".")[2] in TYPES
    return listed and attachment.plain and (attachment.size is None or attachment.size <= MOST_BYTES)
