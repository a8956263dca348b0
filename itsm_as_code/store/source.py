"""Holds a text with its lines: converts offsets to line numbers and back, and applies splices."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(slots=True)
class Source:
    """A text and its line starts. Lines and columns count from 0. LF or CR LF ends a line."""

    text: str
    _starts: list[int] = field(init=False)

    def __post_init__(self) -> None:
        self._starts = [0, *(at + 1 for at, char in enumerate(self.text) if char == "\n")]

    @property
    def line_end(self) -> str:
        """The line end of this text: that of its first line, or LF if there is none."""
        first = self.text[: self._starts[1]] if len(self._starts) > 1 else ""
        return "\r\n" if first.endswith("\r\n") else "\n"

    @property
    def line_count(self) -> int:
        """The number of lines. A line end at the end of the text does not start another line."""
        return len(self._starts) - (self._starts[-1] == len(self.text))

    def line_of(self, offset: int) -> int:
        """Returns the number of the line that holds `offset`."""
        return bisect_right(self._starts, offset) - 1

    def line_start(self, line: int) -> int:
        """Returns the offset at which a line begins, or the length of the text after the last line."""
        return self._starts[line] if line < len(self._starts) else len(self.text)

    def line_stop(self, line: int) -> int:
        """Returns the offset after the last character of a line, before its line end."""
        return self.line_start(line) + len(self.line(line))

    def line(self, line: int) -> str:
        """Returns a line without its line end."""
        return self.text[self.line_start(line) : self.line_start(line + 1)].rstrip("\r\n")

    def column(self, offset: int) -> int:
        """Returns the column of `offset`."""
        return offset - self.line_start(self.line_of(offset))

    def begins_line(self, offset: int) -> bool:
        """Tells whether only spaces are before `offset` on its line."""
        return not self.text[self.line_start(self.line_of(offset)) : offset].strip(" ")


@dataclass(frozen=True, slots=True)
class Splice:
    """A replacement: `text` replaces the span `[start, end)`."""

    start: int
    end: int
    text: str = ""


def spliced(text: str, splices: Sequence[Splice]) -> str:
    """Applies the splices to `text`. They must not overlap. Splices at the same place keep their order."""
    parts: list[str] = []
    behind = 0
    for splice in sorted(splices, key=lambda each: each.start):
        parts += [text[behind : splice.start], splice.text]
        behind = splice.end
    return "".join([*parts, text[behind:]])
