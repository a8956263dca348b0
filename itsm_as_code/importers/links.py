"""Knows which article each page of a folder became, so that links between the pages still work."""

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
    """Maps paths of pages to slugs of articles."""

    def __init__(self, slugs: Mapping[str, str], losses: Losses) -> None:
        self.losses = losses
        self._slugs = slugs
        self._articles = frozenset(slugs.values())
        self._by_name: dict[str, list[str]] = {}
        for path, slug in slugs.items():
            self._by_name.setdefault(_PAGE.sub("", posixpath.basename(path)), []).append(slug)

    def is_article(self, target: str) -> bool:
        """Returns whether the link already leads to one of our articles."""
        name = target.partition("#")[0]
        return name.endswith(".md") and name.removesuffix(".md") in self._articles

    def find(self, target: str, page: str) -> str | None:
        """Returns `slug.md`, with the fragment, for a link from `page`, or None if it leads to no page of the
        folder.

        Site generators give pages addresses of folders, so the search also starts one level higher.
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
        """Works as `find`, but also finds a page by its name alone, wherever it is, as Hugo's `ref` does."""
        found = self.find(target, page)
        names = self._by_name.get(_PAGE.sub("", posixpath.basename(target.partition("#")[0])), [])
        return found or (f"{names[0]}.md" if len(names) == 1 else None)
