"""Where the pages of a folder went, so that links between them still lead there."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING
from urllib.parse import unquote

if TYPE_CHECKING:
    from itsm_as_code.importers.loss import Losses

_PAGE = re.compile(r"\.(md|markdown|mdown|html?)$", re.IGNORECASE)
_ENDINGS = (".md", "/_index.md", "/index.md", "/README.md", ".markdown", ".mdown")


class Links:
    """Paths of pages to slugs of articles."""

    def __init__(self, slugs: Mapping[str, str], losses: Losses) -> None:
        self.losses = losses
        self._slugs = slugs
        self._articles = frozenset(slugs.values())
        self._by_name: dict[str, list[str]] = {}
        for path, slug in slugs.items():
            self._by_name.setdefault(_PAGE.sub("", posixpath.basename(path)), []).append(slug)

    def is_article(self, target: str) -> bool:
        """Whether the link already leads to an article of ours."""
        name = target.partition("#")[0]
        return name.endswith(".md") and name.removesuffix(".md") in self._articles

    def find(self, target: str, page: str) -> str | None:
        """`slug.md`, with the fragment, for a link from `page`; None where it leads to no page of the folder.

        Site generators give pages addresses of folders, so one level more up is tried as well.
        """
        path, mark, fragment = target.partition("#")
        path = unquote(path.partition("?")[0])
        here = posixpath.dirname(page)
        roots = ("", "content", "docs") if path.startswith("/") else (here, posixpath.join(here, ".."))
        stem = _PAGE.sub("", path.lstrip("/")).rstrip("/")
        for root in roots:
            place = posixpath.normpath(posixpath.join(root, stem))
            for ending in _ENDINGS:
                if place + ending in self._slugs:
                    return f"{self._slugs[place + ending]}.md{mark}{fragment}"
        return None

    def by_name(self, target: str, page: str) -> str | None:
        """As `find`; Hugo's `ref` also finds a page by its name alone, wherever it is."""
        found = self.find(target, page)
        names = self._by_name.get(_PAGE.sub("", posixpath.basename(target.partition("#")[0])), [])
        return found or (f"{names[0]}.md" if len(names) == 1 else None)
