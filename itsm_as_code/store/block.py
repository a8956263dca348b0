"""Changes of entries in block style: the spans of text to replace, line by line, so that no other line moves.

Each function returns splices; whether they mean what they should is proven by `editor` afterwards.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from itsm_as_code.domain.edit import Plain, Steps
from itsm_as_code.store import scalar
from itsm_as_code.store.comments import attached, header
from itsm_as_code.store.emit import Emitter, Rendered, shifted
from itsm_as_code.store.nodes import Entry, Kind, Node, last_value
from itsm_as_code.store.reflow import explicit_depth, keeps_blanks
from itsm_as_code.store.source import Source, Splice

_BLOCK_HEADER = re.compile(r"[|>][0-9+-]*")


@dataclass(frozen=True, slots=True)
class BlockEdits:
    """Makes the splices for one text."""

    source: Source
    root: Node
    emitter: Emitter

    def insert(self, parent: Node, index: int, lines: Sequence[str]) -> list[Splice]:
        """Insert an entry before the one at `index`; its `lines` are given for column 0."""
        end = self.source.line_end
        lines = list(shifted(lines, parent.column))
        if index > 0:
            at = self.source.line_start(parent.entries[index - 1].last_line + 1)
            return [Splice(at, at, "".join(line + end for line in lines))]
        first = parent.entries[0]
        if self.source.begins_line(first.start):
            at = self.source.line_start(self._first_line(first))
            return [Splice(at, at, "".join(line + end for line in lines))]
        text = "".join(line + end for line in lines).lstrip(" ") + " " * parent.column
        return [Splice(first.start, first.start, text)]

    def remove(self, parent: Node, index: int) -> list[Splice]:
        """Remove an entry that has a sibling."""
        entry = parent.entries[index]
        if self.source.begins_line(entry.start):
            first, following = self._paragraph(parent, index)
            gone = Splice(self.source.line_start(first), self.source.line_start(following))
            return [gone, *self._kept_outside(parent, index, following)]
        behind = parent.entries[index + 1]
        comments = [line for line in behind.lead if self.source.line(line).strip()]
        if not comments:
            return [Splice(entry.start, behind.start)]
        dash = len(self.source.text[: entry.start].rstrip(" "))
        return [Splice(dash, self.source.line_start(comments[0]), self.source.line_end)]

    def replace(self, parent: Node, entry: Entry, value: Plain, path: Steps) -> list[Splice]:
        """Give an entry another value."""
        rendered = self._rendered(parent, entry, value, path)
        body = "".join(self.source.line_end + line for line in shifted(rendered.body, parent.column))
        if entry.value.is_block:
            return self._instead_of_block(entry, rendered.head, body)
        if entry.value.style in ("|", ">"):
            return self._instead_of_text(parent, entry, rendered.head, body)
        if self.source.line_of(entry.value.start) != self.source.line_of(entry.mark):
            return self._on_own_line(parent, entry, rendered.head, body)
        return self._instead_of_inline(parent, entry, rendered.head, body)

    def _first_line(self, entry: Entry) -> int:
        """The first line of an entry with the comments directly above it; never inside the file's header."""
        own = self.source.line_of(entry.start)
        above = [line for line in attached(self.source, entry) if line not in header(self.source, self.root)]
        return above[0] if above else own

    def _paragraph(self, parent: Node, index: int) -> tuple[int, int]:
        """The lines to delete for an entry: the first, and the one behind the last.

        The comments directly above go with it where it stands alone below them; a blank line between two
        blank lines, or at the end of the text, goes as well.
        """
        source, entry = self.source, parent.entries[index]
        following = entry.last_line + 1
        blank_below = following < source.line_count and not source.line(following).strip()
        is_alone = blank_below or index == len(parent.entries) - 1
        first = self._first_line(entry) if is_alone else source.line_of(entry.start)
        above = [line for line in entry.lead if line < first]
        blank_above = bool(above) and not source.line(above[-1]).strip()
        if blank_above and (blank_below or following == source.line_count):
            first -= 1
        elif blank_below and index == 0 and not above:
            following += 1
        return first, following

    def _kept_outside(self, parent: Node, index: int, line: int) -> list[Splice]:
        """Make the comments and blank lines from `line` on such that a block scalar above can't swallow them.

        Deep comments move to the left; blank lines go where the scalar keeps (`+`) those behind it.
        """
        if index == 0:
            return []
        value = last_value(parent.entries[index - 1])
        splices: list[Splice] = []
        while value.style in ("|", ">") and line < self.source.line_count:
            start, text = self.source.line_start(line), self.source.line(line)
            if text.strip() and not text.lstrip().startswith("#"):
                break
            column = parent.column if text.strip() else 0
            end = start + max(len(text) - len(text.lstrip()), column)
            if not text.strip() and keeps_blanks(self.source, value):
                end = self.source.line_start(line + 1)
            splices.append(Splice(start + column, end))
            line += 1
        return splices

    def _rendered(self, parent: Node, entry: Entry, value: Plain, path: Steps) -> Rendered:
        old = entry.value
        if isinstance(value, str) and old.style in ('"', "'") and "\n" not in value:
            scalar.writable(value)
            single = scalar.single_quoted(value) if old.style == "'" else None
            return Rendered(single or scalar.double_quoted(value))
        if isinstance(value, str) and old.style in ("|", ">"):
            block = self.emitter.literal(value, self._depth(parent, old))
            if block:
                digit = str(explicit_depth(self.source, old) or "")
                return Rendered(block[0] if block[0][1:2].isdigit() else f"|{digit}{block[0][1:]}", block[1])
        if parent.kind is Kind.LIST:
            lines = self.emitter.item(value, path)
            return Rendered(lines[0][2:], tuple(lines[1:]))
        return self.emitter.value(value, path)

    def _depth(self, parent: Node, old: Node) -> int:
        """How much deeper than its key the lines of a block scalar stand."""
        if depth := explicit_depth(self.source, old):
            return depth
        lines = self.source.text[old.start : old.end].split("\n")[1:]
        depth = min((len(line) - len(line.lstrip(" ")) for line in lines if line.strip()), default=0)
        return max(depth - parent.column, 1) if depth else self.emitter.style.step

    def _instead_of_inline(self, parent: Node, entry: Entry, head: str, body: str) -> list[Splice]:
        """The value and what announces it share a line; a comment behind the value stays there."""
        end = entry.value.end
        return self._with_body([self._head(parent, entry, end, head, body)], end, body)

    def _on_own_line(self, parent: Node, entry: Entry, head: str, body: str) -> list[Splice]:
        """The value stands on a line below its key or dash, maybe with comments between."""
        start, end = entry.value.start, entry.value.end
        line = self.source.line_of(start)
        line_stop = self.source.line_stop(self.source.line_of(end))
        comment = self.source.text[end:line_stop].strip()
        if not head and not comment:
            return [Splice(self.source.line_stop(line - 1), line_stop, body)]
        if not head:
            return [Splice(start, line_stop, comment + body)]
        if parent.kind is Kind.LIST:
            start, head = self.source.line_start(line), " " * (parent.column + 2) + head
        return self._with_body([Splice(start, end, head)], end, body)

    def _instead_of_text(self, parent: Node, entry: Entry, head: str, body: str) -> list[Splice]:
        """The value is a block scalar; a comment behind its header stays."""
        start, end = entry.value.start, entry.value.end
        indicator = _BLOCK_HEADER.match(self.source.text, start)
        behind = indicator.end() if indicator else start
        header_stop = self.source.line_stop(self.source.line_of(start))
        return [self._head(parent, entry, behind, head, body), Splice(min(header_stop, end), end, body)]

    def _head(self, parent: Node, entry: Entry, end: int, head: str, body: str) -> Splice:
        """The head in place of the old value up to `end`, with the old space before it where it may stay.

        A map or list below its dash must begin two columns behind it, for so its other lines are indented.
        """
        start = entry.value.start
        if start == entry.mark or not head or (parent.kind is Kind.LIST and body):
            return Splice(entry.mark, end, " " + head if head else "")
        return Splice(start, end, head)

    def _instead_of_block(self, entry: Entry, head: str, body: str) -> list[Splice]:
        """The value is a map or list in block style."""
        stop = self.source.line_stop(entry.last_line)
        space = " " + head if head else ""
        if self.source.line_of(entry.value.start) == self.source.line_of(entry.mark):
            return [Splice(entry.mark, stop, space + body)]
        line_stop = self.source.line_stop(self.source.line_of(entry.mark))
        return [Splice(entry.mark, entry.mark, space), Splice(line_stop, stop, body)]

    def _with_body(self, splices: list[Splice], end: int, body: str) -> list[Splice]:
        line_stop = self.source.line_stop(self.source.line_of(end))
        return [*splices, Splice(line_stop, line_stop, body)]
