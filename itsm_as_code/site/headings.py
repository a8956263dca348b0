"""Headings of a text: ids as a forge makes them, prefixed and unique; levels without gaps below the page's h1."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_NOT_IN_SLUG = re.compile(r"[^\w\- ]")


@dataclass(frozen=True, slots=True)
class Heading:
    """One heading: `level` 2 to 6, `anchor` is its id in the page."""

    level: int
    anchor: str
    text: str


@dataclass(slots=True)
class Headings:
    """Collects the headings of one text. `highest` is the level of its most important heading."""

    highest: int
    found: list[Heading] = field(default_factory=list)
    _used: set[str] = field(default_factory=set)

    def add(self, level: int, text: str) -> Heading:
        """The heading as it is shown: its level moved below h1 and at most one below the one before."""
        before = self.found[-1].level if self.found else 1
        shown = Heading(min(level - self.highest + 2, before + 1, 6), self._anchor(text), text)
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
