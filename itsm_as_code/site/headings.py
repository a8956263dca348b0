"""Headings of a text: ids as a forge makes them, prefixed and unique; levels without gaps below the page's h1."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_FIRST = re.compile(r"\s*#[ \t]+([^\n]*?)[ \t]*#*[ \t]*(?:\n|$)")
_NOT_IN_SLUG = re.compile(r"[^\w\- ]")


@dataclass(frozen=True, slots=True)
class Heading:
    """One heading: `level` 2 to 6, `anchor` is its id in the page."""

    level: int
    anchor: str
    text: str


@dataclass(slots=True)
class Headings:
    """Collects the headings of one text."""

    found: list[Heading] = field(default_factory=list)
    _above: list[int] = field(default_factory=list)
    _used: set[str] = field(default_factory=set)

    def add(self, level: int, text: str) -> Heading:
        """The heading as it is shown: one level below the heading that it belongs to, h2 where it is topmost."""
        while self._above and self._above[-1] >= level:
            self._above.pop()
        self._above.append(level)
        shown = Heading(min(len(self._above) + 1, 6), self._anchor(text), text)
        self.found.append(shown)
        return shown

    def _anchor(self, text: str) -> str:
        slug = _NOT_IN_SLUG.sub("", text.lower()).strip().replace(" ", "-") or "section"
        anchor, number = f"h-{slug}", 0
        while anchor in self._used:
            number += 1
            anchor = f"h-{slug}-{number}"
        self._used.add(anchor)
        return anchor


def without_title(source: str, title: str) -> str:
    """`source` without a first heading that only repeats the page's title, as files from elsewhere have it."""
    first = _FIRST.match(source)
    if first is None or first[1].strip().casefold() != title.casefold():
        return source
    return source[first.end() :]
