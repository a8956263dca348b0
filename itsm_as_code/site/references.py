"""Finds where links and mentions in texts lead: to pages that the audience may see, or outside the site."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from itsm_as_code.domain.ids import ATTACHMENTS, CROCKFORD, kind_of_ticket, parse_path
from itsm_as_code.domain.kinds import KINDS
from itsm_as_code.site.address import href, page_of
from itsm_as_code.site.sanitise import SCHEMES

if TYPE_CHECKING:
    from itsm_as_code.site.audience import VisibleRecords

TICKET_ID = re.compile(rf"\b(?:INC|CHG|PRB|REQ)-\d{{8}}-[{CROCKFORD}]{{5}}\b")


@dataclass(frozen=True, slots=True)
class References:
    """Finds the targets of texts among the records that the audience may see.

    If `attached` is false, texts show no attachments. `shown` collects the attachments that texts refer to: they
    are files of the site.
    """

    records: VisibleRecords
    attached: bool = False
    shown: set[str] = field(default_factory=set)
    _files: dict[str, frozenset[str]] = field(default_factory=dict)

    def target(self, url: str, folder: str) -> str | None:
        """Returns the href for a link that an author wrote in a text below `folder`, or None if it leads nowhere.

        Outside the site, http, https, mailto and tel are allowed. Inside, a link is a path to a record relative to
        `folder`, as it works on a forge, with or without a fragment that names a heading. Everything else is
        refused.
        """
        try:
            parts = urlsplit(url)
        except ValueError:
            return None
        if parts.scheme or parts.netloc:
            return url if parts.scheme.lower() in SCHEMES else None
        if not parts.path:
            return f"#h-{parts.fragment.lower()}" if parts.fragment else None
        path = posixpath.normpath(posixpath.join(folder, unquote(parts.path)))
        if path.startswith(f"{ATTACHMENTS}/"):
            return self._attachment(path)
        page = self._page(path)
        if page is None:
            return None
        return href(page) + (f"#h-{parts.fragment.lower()}" if parts.fragment else "")

    def _attachment(self, path: str) -> str | None:
        if not self.attached:
            return None
        article_id = path.split("/")[1]
        if article_id not in self._files:
            self._files[article_id] = self.records.attachments(article_id)
        if path not in self._files[article_id]:
            return None
        self.shown.add(path)
        return href(path)

    def _page(self, path: str) -> str | None:
        found = parse_path(path)
        return self._shown(*found) if found is not None else None

    def mention(self, ticket_id: str) -> str | None:
        """Returns the href of a ticket that a text mentions, or None if it has no page for this audience."""
        kind = kind_of_ticket(ticket_id)
        return None if kind is None else self._linked(kind, ticket_id)

    def _linked(self, kind: str, record_id: str) -> str | None:
        page = self._shown(kind, record_id)
        return None if page is None else href(page)

    def _shown(self, kind: str, record_id: str) -> str | None:
        page = page_of(kind, record_id)
        if page is None or self.records.get(KINDS[kind].model, record_id) is None:
            return None
        return page
