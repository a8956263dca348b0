"""Decides what the readers of a site may see: which records, and which ids must not appear."""

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

    Nobody sees an article before it is published. Retired articles stay, as tombstones.
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
        """Returns the record of this model, or None if there is none or the audience may not see it."""
        found = self._snapshot.find(model, record_id) if record_id is not None else None
        return found if found is not None and self.shows(found) else None

    def of(self, model: type[R]) -> Iterator[R]:
        """Yields all records of the model that the audience may see, by id."""
        return (record for record in self._snapshot.all(model) if self.shows(record))

    def shows(self, record: Record) -> bool:
        """Returns whether the audience may see the record."""
        if isinstance(record, Article) and record.state not in _PUBLISHED:
            return False
        return _WIDTH[record.visibility] <= _WIDTH[self.audience]

    def attachments(self, article_id: str) -> frozenset[str]:
        """Returns the paths of the files that an article may show: plain, of a listed type, not too large.

        Returns nothing if the audience may not see the article, and nothing of a retired one: its page does not show
        them, and nobody approves them any more.
        """
        article = self.get(Article, article_id)
        if article is None or article.state is not ArticleState.PUBLISHED:
            return frozenset()
        return frozenset(each.path for each in self._snapshot.attachments(article_id) if _fit(each))

    def folder(self, record: Record) -> str:
        """Returns the folder that relative links in the record's texts start from."""
        return self._snapshot.path(record).rpartition("/")[0]

    def hides(self, kind: str, record_id: str) -> bool:
        """Returns whether the record exists, readable or not, and the audience must not learn its id."""
        if not self._snapshot.exists(kind, record_id):
            return False
        record = self._snapshot.get(kind, record_id)
        return record is None or not self.shows(record)


def _fit(attachment: Attachment) -> bool:
    listed = attachment.path.rpartition(".")[2] in TYPES
    return listed and attachment.plain and (attachment.size is None or attachment.size <= MOST_BYTES)
