"""Edits entries in block style: returns the spans of text to replace, so that all other lines stay the same.

Each function returns splices. `editor` checks afterwards that the new text means what it should.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from itsm_as_code.domain.edit import Plain, Steps
from itsm_as_code.store import scalar
from itsm_as_code.store.comments import attached, header
from itsm_as_code.store.emit import Emitter, Rendered, shifted
from itsm_as_code.store.nodes import Node, NodeEntry, NodeKind, last_value
from itsm_as_code.store.reflow import explicit_depth, keeps_blanks
from itsm_as_code.store.source import Source, Splice

_BLOCK_HEADER = re.compile(r"[|>][0-9+-]*")


@dataclass(frozen=True, slots=True)
class BlockEdits:
    """Makes the splices for edits of one text."""

    source: Source
    root: Node
    emitter: Emitter

    def insert(self, parent: Node, index: int, lines: Sequence[str]) -> list[Splice]:
        """Inserts an entry before the one at `index`. Its `lines` are indented as if the entry began in column 0."""
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
        """Removes an entry that is not the only one of its collection."""
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

    def replace(self, parent: Node, entry: NodeEntry, value: Plain, path: Steps) -> list[Splice]:
        """Replaces the value of an entry."""
        rendered = self._rendered(parent, entry, value, path)
        body = "".join(self.source.line_end + line for line in shifted(rendered.body, parent.column))
        if entry.value.is_block:
            return self._instead_of_block(entry, rendered.head, body)
        if entry.value.style in ("|", ">"):
            return self._instead_of_text(parent, entry, rendered.head, body)
        if self.source.line_of(entry.value.start) != self.source.line_of(entry.mark):
            return self._on_own_line(parent, entry, rendered.head, body)
        return self._instead_of_inline(parent, entry, rendered.head, body)

    def _first_line(self, entry: NodeEntry) -> int:
        """Returns the first line of an entry or of the comments directly above it, without the file's header."""
        own = self.source.line_of(entry.start)
        above = [line for line in attached(self.source, entry) if line not in header(self.source, self.root)]
        return above[0] if above else own

    def _paragraph(self, parent: Node, index: int) -> tuple[int, int]:
        """Returns the range of lines to delete for an entry: the first line, and the line after the last.

        The comments directly above are deleted too if no other entry follows them. So is a blank line above if
        another blank line or the end of the text would follow it.
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
        """Changes the comments and blank lines from `line` on so that they do not become part of a block scalar above.

        Comments that are indented too far move left. Blank lines are removed if the scalar would keep them (`+`).
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

    def _rendered(self, parent: Node, entry: NodeEntry, value: Plain, path: Steps) -> Rendered:
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
        if parent.kind is NodeKind.LIST:
            lines = self.emitter.item(value, path)
            return Rendered(lines[0][2:], tuple(lines[1:]))
        return self.emitter.value(value, path)

    def _depth(self, parent: Node, old: Node) -> int:
        """Returns by how many columns the lines of a block scalar are deeper than its key."""
        if depth := explicit_depth(self.source, old):
            return depth
        lines = self.source.text[old.start : old.end].split("\n")[1:]
        depth = min((len(line) - len(line.lstrip(" ")) for line in lines if line.strip()), default=0)
        return max(depth - parent.column, 1) if depth else self.emitter.style.step

    def _instead_of_inline(self, parent: Node, entry: NodeEntry, head: str, body: str) -> list[Splice]:
        """Replaces a value that is on the line of its key or dash. A comment after the value stays."""
        end = entry.value.end
        return self._with_body([self._head(parent, entry, end, head, body)], end, body)

    def _on_own_line(self, parent: Node, entry: NodeEntry, head: str, body: str) -> list[Splice]:
        """Replaces a value that is on a line below its key or dash. There may be comments in between."""
        start, end = entry.value.start, entry.value.end
        line = self.source.line_of(start)
        line_stop = self.source.line_stop(self.source.line_of(end))
        comment = self.source.text[end:line_stop].strip()
        if not head and not comment:
            return [Splice(self.source.line_stop(line - 1), line_stop, body)]
        if not head:
            return [Splice(start, line_stop, comment + body)]
        if parent.kind is NodeKind.LIST:
            start, head = self.source.line_start(line), " " * (parent.column + 2) + head
        return self._with_body([Splice(start, end, head)], end, body)

    def _instead_of_text(self, parent: Node, entry: NodeEntry, head: str, body: str) -> list[Splice]:
        """Replaces a block scalar. A comment after its header stays."""
        start, end = entry.value.start, entry.value.end
        indicator = _BLOCK_HEADER.match(self.source.text, start)
        behind = indicator.end() if indicator else start
        header_stop = self.source.line_stop(self.source.line_of(start))
        return [self._head(parent, entry, behind, head, body), Splice(min(header_stop, end), end, body)]

    def _head(self, parent: Node, entry: NodeEntry, end: int, head: str, body: str) -> Splice:
        """Returns the splice that puts the head in place of the old value up to `end`. It keeps the space before the
        value where possible. A map or list after a dash must begin two columns after it, as its other lines do.
        """
        start = entry.value.start
        if start == entry.mark or not head or (parent.kind is NodeKind.LIST and body):
            return Splice(entry.mark, end, " " + head if head else "")
        return Splice(start, end, head)

    def _instead_of_block(self, entry: NodeEntry, head: str, body: str) -> list[Splice]:
        """Replaces a map or list in block style."""
        stop = self.source.line_stop(entry.last_line)
        space = " " + head if head else ""
        if self.source.line_of(entry.value.start) == self.source.line_of(entry.mark):
            return [Splice(entry.mark, stop, space + body)]
        line_stop = self.source.line_stop(self.source.line_of(entry.mark))
        return [Splice(entry.mark, entry.mark, space), Splice(line_stop, stop, body)]

    def _with_body(self, splices: list[Splice], end: int, body: str) -> list[Splice]:
        line_stop = self.source.line_stop(self.source.line_of(end))
        return [*splices, Splice(line_stop, line_stop, body)]
