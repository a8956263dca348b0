"""Reading built pages in tests: well-formedness, links, anchors, text."""

from __future__ import annotations

import posixpath
from collections import Counter
from collections.abc import Iterator, Mapping
from html.parser import HTMLParser
from urllib.parse import unquote, urlsplit

VOID = frozenset({"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"})


class Page(HTMLParser):
    """One page, parsed strictly: `faults` names every tag that does not fit its place."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.faults: list[str] = []
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.text: list[str] = []
        self._open: list[str] = []
        self.feed(html)
        self.close()
        self.faults += [f"<{tag}> is never closed" for tag in self._open]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        self.faults += [f"<{tag}> has {name} twice" for name, number in Counter(names).items() if number > 1]
        self.tags.append((tag, {name: value or "" for name, value in attrs}))
        if tag == "p" and "p" in self._open:
            self.faults.append("<p> inside <p>")
        if tag in ("div", "ul", "ol", "dl", "section", "table", "pre", "h2", "h3") and self._open[-1:] == ["p"]:
            self.faults.append(f"<{tag}> inside <p>")
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open[-1] != tag:
            self.faults.append(f"</{tag}> closes {self._open[-1:] or 'nothing'}")
        if tag in self._open:
            while self._open.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        self.text.append(data)

    @property
    def words(self) -> str:
        """All text, blanks folded."""
        return " ".join(" ".join(self.text).split())

    def all(self, tag: str) -> list[dict[str, str]]:
        """The attributes of all tags of that name."""
        return [attributes for name, attributes in self.tags if name == tag]

    @property
    def ids(self) -> list[str]:
        """All ids."""
        return [attributes["id"] for _, attributes in self.tags if "id" in attributes]


def parsed(files: Mapping[str, bytes]) -> dict[str, Page]:
    """All HTML pages of a site."""
    return {path: Page(content.decode()) for path, content in files.items() if path.endswith(".html")}


def dead_links(files: Mapping[str, bytes]) -> Iterator[str]:
    """Every link that leads to no file or anchor of the site, or away from relative addresses."""
    pages = parsed(files)
    for path, page in pages.items():
        targets = [a.get("href") for _, a in page.tags] + [a.get("src") for _, a in page.tags]
        for target in filter(None, targets):
            parts = urlsplit(target)
            if parts.scheme in ("http", "https", "mailto", "tel"):
                continue
            wanted = (
                posixpath.normpath(posixpath.join(posixpath.dirname(path), unquote(parts.path))) if parts.path else path
            )
            if parts.scheme or parts.netloc or target.startswith("/") or wanted not in files:
                yield f"{path}: {target}"
            elif parts.fragment and unquote(parts.fragment) not in pages[wanted].ids:
                yield f"{path}: {target} (no such anchor)"
