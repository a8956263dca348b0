"""Numbers and names the headings of a text: unique ids as a forge makes them, and levels without gaps below h1."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_NOT_IN_SLUG = re.compile(r"[^\w\- ]")


@dataclass(frozen=True, slots=True)
class Heading:
    """One heading. `level` is 2 to 6, `anchor` is its id in the page."""

    level: int
    anchor: str
    text: str


@dataclass(slots=True)
class Headings:
    """Collects the headings of one text."""

    found: list[Heading] = field(default_factory=list)
    _above: list[int] = field(default_factory=list)
    _used: dict[str, int] = field(default_factory=dict)

    def add(self, level: int, text: str) -> Heading:
        """Returns the heading as it is shown: one level below the heading that it belongs to, or h2 if there is
        none."""
        while self._above and self._above[-1] >= level:
            self._above.pop()
        self._above.append(level)
        shown = Heading(min(len(self._above) + 1, 6), self._anchor(text), text)
        self.found.append(shown)
        return shown

    def _anchor(self, text: str) -> str:
        slug = _NOT_IN_SLUG.sub("", text.lower()).strip().replace(" ", "-") or "section"
        anchor = wanted = f"h-{slug}"
        while anchor in self._used:
            self._used[wanted] += 1
            anchor = f"{wanted}-{self._used[wanted]}"
        self._used[anchor] = 0
        return anchor


def without_title(source: str, title: str) -> str:
    """Returns `source` without a first heading that only repeats the page's title, as imported files often have it."""
    line, _, rest = source.lstrip().partition("\n")
    words = line[2:].strip().rstrip("#").rstrip() if line.startswith(("# ", "#\t")) else ""
    return rest if words and _bare(words) == _bare(title) else source


def _bare(words: str) -> str:
    """Returns what two ways of writing one title have in common."""
    return "".join(filter(str.isalnum, words.casefold()))
