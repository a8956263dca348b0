"""Records as people write them: random data in random layout, with comments, and where each field stands.

The text is written here by other means than ours, so that tests do not believe the outline they test.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from hypothesis import strategies as st

from itsm_as_code.domain.edit import Steps

T = TypeVar("T")

KEYS = ["id", "title", "note", "plan", "tags", "timeline", "by", "x-own", "no"]
WORDS = ["ana", "new portal", "a: b", "it's", 'say "hi"', "x # y", "2026-11-21T08:00:00Z", "014", "ü–文", ""]
FOLDED = "one two three\n"
TEXTS = [FOLDED, "one\ntwo\n", "one\n\n  two", "# not a comment\n- not an item\nkey: not a key\n", "a\n\nb\n\n"]

scalars: st.SearchStrategy[Any] = st.one_of(
    st.sampled_from(WORDS), st.sampled_from(TEXTS), st.integers(0, 99), st.booleans()
)
values: st.SearchStrategy[Any] = st.recursive(
    scalars,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(KEYS), inner, max_size=3)),
    max_leaves=8,
)
records: st.SearchStrategy[Any] = st.dictionaries(st.sampled_from(KEYS), values, min_size=1, max_size=4)


@dataclass
class Written:
    """A record's text with its data; `spans` are the first and last line of each block entry,
    `text_ends` the lines behind block scalars."""

    data: dict[str, Any]
    lines: list[str] = field(default_factory=list)
    spans: dict[Steps, tuple[int, int]] = field(default_factory=dict)
    comments: list[str] = field(default_factory=list)
    text_ends: set[int] = field(default_factory=set)
    line_end: str = "\n"

    @property
    def text(self) -> str:
        return "".join(line + self.line_end for line in self.lines)


class _Writer:
    def __init__(self, draw: Callable[[st.SearchStrategy[Any]], Any], data: dict[str, Any]) -> None:
        self._draw = draw
        self._text_end = 0
        self.out = Written(data, line_end=self._one("\n", "\n", "\r\n"))

    def record(self) -> Written:
        if self._one(True, False):
            self._comment(0)
            self.out.lines.append("")
        self._map(self.out.data, (), 0)
        for _ in range(self._one(0, 0, 1, 2)):
            self._comment(0)
        return self.out

    def _one(self, *choices: T) -> T:
        picked: T = self._draw(st.sampled_from(choices))
        return picked

    def _comment(self, column: int) -> None:
        text = f"# comment {len(self.out.comments)}: - not [data"
        self.out.comments.append(text)
        self.out.lines.append(" " * column + text)

    def _trailing(self) -> str:
        if self._one(True, False, False):
            text = f"# behind {len(self.out.comments)}"
            self.out.comments.append(text)
            return self._one(" ", "   ") + text
        return ""

    def _above(self, column: int) -> None:
        for _ in range(self._one(0, 0, 0, 1, 2)):
            self.out.lines.append(self._one("", "", "" if self._is_behind_text() else " " * 3))
        for _ in range(self._one(0, 0, 1, 2)):
            self._comment(column)

    def _map(self, data: dict[str, Any], path: Steps, column: int, first: str | None = None) -> None:
        """`first` is what stands before the first key on its line (a dash)."""
        for at, (key, value) in enumerate(data.items()):
            if at or first is None:
                self._above(column)
            start = len(self.out.lines)
            prefix = first if at == 0 and first is not None else " " * column
            name = self._one(f'"{key}"', f"'{key}'") if key == "no" else self._one(key, key, f'"{key}"')
            self._value(f"{prefix}{name}{self._one('', '', ' ')}:", value, (*path, key), column)
            self.out.spans[(*path, key)] = (start, len(self.out.lines) - 1)

    def _list(self, data: list[Any], path: Steps, column: int, first: str | None = None) -> None:
        for at, value in enumerate(data):
            if at or first is None:
                self._above(column)
            start = len(self.out.lines)
            prefix = first if at == 0 and first is not None else " " * column
            self._item(prefix, value, (*path, at), column)
            self.out.spans[(*path, at)] = (start, len(self.out.lines) - 1)

    def _item(self, prefix: str, value: Any, path: Steps, column: int) -> None:
        gap = self._one(1, 1, 3)
        if isinstance(value, dict | list) and value and self._one(True, True, False):
            inner = column + 1 + gap
            write = self._map if isinstance(value, dict) else self._list
            write(value, path, inner, f"{prefix}-{' ' * gap}")  # type: ignore[arg-type]
            self._tail(inner)
        else:
            self._value(f"{prefix}-", value, path, column)

    def _is_behind_text(self) -> bool:
        """Whether a line of blanks or a deep comment would become part of a block scalar."""
        return not any(self.out.lines[self._text_end :])

    def _tail(self, column: int) -> None:
        if not self._is_behind_text() and self._one(True, False, False, False):
            self._comment(column)

    def _value(self, head: str, value: Any, path: Steps, column: int) -> None:
        """`head` ends with the colon or the dash."""
        step = self._one(2, 2, 4, 1)
        if isinstance(value, dict | list) and value and self._one(True, True, True, False):
            self.out.lines.append(head + self._trailing())
            under_key = head.endswith(":")
            if isinstance(value, dict):
                self._map(value, path, column + step)
                self._tail(column + step)
            else:
                offset = self._one(0, step) if under_key else step
                self._list(value, path, column + offset)
                self._tail(column + max(offset, 1))
        elif isinstance(value, str) and "\n" in value:
            self._block(head, value, column + step, step)
        else:
            written = self._flow(value)
            if value == "new portal" and self._one(True, False):
                written = written.replace(" ", f"  \n{' ' * (column + step)} ")
            place = self._one(" ", " ", "  ", "\n")
            if place == "\n":
                self.out.lines.append(head + self._trailing())
                if self._one(True, False):
                    self._comment(column + step)
                written = " " * (column + step) + written
            else:
                written = head + place + written
            self.out.lines += (written + self._trailing()).split("\n")

    def _block(self, head: str, value: str, column: int, step: int) -> None:
        chomp = "-" if not value.endswith("\n") else "+" if value.endswith("\n\n") else self._one("", "+")
        indicator = self._one("", str(step))
        order = self._one(indicator + chomp, chomp + indicator)
        style, value = (">", value.replace(" three", "\nthree")) if value == FOLDED else ("|", value)
        self.out.lines.append(f"{head} {style}{order}{self._trailing()}")
        for line in value.removesuffix("\n").split("\n"):
            self.out.lines.append(" " * column + line if line else self._one("", " " * column))
        self._text_end = len(self.out.lines)
        self.out.text_ends.add(self._text_end)
        if chomp == "+":
            # a blank line behind it would belong to the text, so a comment closes it
            self._comment(0)

    def _flow(self, value: Any) -> str:
        if isinstance(value, dict):
            pairs = [f"{self._one(repr_double(key))}: {self._flow(item)}" for key, item in value.items()]
            return "{" + self._one(",", ", ").join(pairs) + "}"
        if isinstance(value, list):
            return "[" + self._one(", ", " , ").join(self._flow(item) for item in value) + "]"
        if isinstance(value, bool | int):
            return str(value).lower()
        plain = value.isalpha() or value in ("new portal", "2026-11-21T08:00:00Z")
        quoted = [repr_double(value)]
        if "\n" not in value:
            quoted.append("'" + value.replace("'", "''") + "'")
        written: str = self._one(*([value, value, *quoted] if plain else quoted))
        return written


def repr_double(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


@st.composite
def written(draw: Callable[[st.SearchStrategy[Any]], Any]) -> Written:
    return _Writer(draw, draw(records)).record()
