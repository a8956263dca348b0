"""Puts a record into the canonical layout (`itsm fmt`): order of keys, indentation, blank lines, line ends.

Comments stay with the entry that they belong to. No scalar is rewritten: quotes and texts stay the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from itsm_as_code.domain.edit import Steps
from itsm_as_code.store import fences
from itsm_as_code.store.comments import comment_in, header
from itsm_as_code.store.emit import KeyOrder, sorted_keys
from itsm_as_code.store.nodes import Node, NodeEntry, NodeKind
from itsm_as_code.store.outcome import same
from itsm_as_code.store.outline import closed, outline
from itsm_as_code.store.plain import Unproven, decoded, parsed
from itsm_as_code.store.reflow import explicit_depth, keeps_blanks, reindented
from itsm_as_code.store.source import Source


def canonical(text: bytes, order: KeyOrder | None) -> bytes:
    """Returns the bytes of a record, or of an article with front matter, in canonical layout.

    The data stay the same except for the order of keys, and a second run changes nothing. The body of an article
    stays the same, but all line ends become LF. Raises CouldNotCheck if the bytes are not a record.
    """
    parts = fences.split(decoded(text).removeprefix("\ufeff").replace("\r\n", "\n"))
    fields = _canonical(parts.fields, order)
    opening, closing = ("---\n", "---\n") if parts.is_article else ("", "")
    return (opening + fields + closing + parts.body).encode()


def _canonical(text: str, order: KeyOrder | None) -> str:
    data = parsed(text)
    source = Source(closed(text))
    root = outline(source)
    if not root.is_block:
        return source.text
    result = "".join(line + "\n" for line in _Layout(source, order).record(root))
    if not same(parsed(result), data):
        raise Unproven("the canonical layout reads differently")
    return result


@dataclass(frozen=True, slots=True)
class _Layout:
    """Lays out one text. Its methods return lines with their indentation and without line ends."""

    source: Source
    order: KeyOrder | None

    def record(self, root: Node) -> list[str]:
        """Returns all lines. Comments about the whole file stay at the top, whichever field comes first."""
        above = header(self.source, root)
        root.entries[0].lead = root.entries[0].lead[len(above) :]
        return self._asides(above, 0, silent=True) + self._collection(root, (), 0, tail_column=0)

    def _collection(self, node: Node, path: Steps, column: int, *, tail_column: int) -> list[str]:
        """Returns the lines of a block collection with its keys or dashes in `column`."""
        lines: list[str] = []
        silent = True
        for entry in self._sorted(node, path):
            lines += self._asides(entry.lead, column, silent=silent)
            lines += self._entry(node, entry, (*path, entry.name), column)
            silent = keeps_blanks(self.source, self._last_value(entry, (*path, entry.name)))
        return lines + self._asides(node.tail, tail_column, silent=silent)

    def _sorted(self, node: Node, path: Steps) -> list[NodeEntry]:
        if node.kind is NodeKind.LIST:
            return node.entries
        entries = {str(entry.name): entry for entry in node.entries}
        return [entries[name] for name in sorted_keys(list(entries), self.order, path)]

    def _last_value(self, entry: NodeEntry, path: Steps) -> Node:
        """Returns the value at the end of an entry's lines, in the new order of keys."""
        node = entry.value
        while node.is_block:
            last = self._sorted(node, path)[-1]
            node, path = last.value, (*path, last.name)
        return node

    def _entry(self, parent: Node, entry: NodeEntry, path: Steps, column: int) -> list[str]:
        key = f"{self.source.text[entry.key.start : entry.key.end]}:" if entry.key else "-"
        head = " " * column + key
        if entry.value.is_block:
            return self._nested(parent, entry, path, head, column)
        lines = reindented(self.source, entry.value, parent.column, column)
        last = 0 if entry.value.style in ("|", ">") else -1
        lines[last] += self._comment_behind(entry.value, lines[0])
        comments = self._comments_between(entry)
        if comments:
            inner = " " * (column + 2)
            return [head + comments[0], *(inner + each for each in comments[1:]), inner + lines[0], *lines[1:]]
        return [head + ("" if entry.value.is_empty else " ") + lines[0], *lines[1:]]

    def _nested(self, parent: Node, entry: NodeEntry, path: Steps, head: str, column: int) -> list[str]:
        """Returns the lines of an entry with a nested collection.

        After a dash, the collection begins on the same line if there is no comment in between.
        """
        value = entry.value
        comments = self._comments_between(entry)
        is_outdented = value.kind is NodeKind.LIST and parent.kind is NodeKind.MAP
        inner = column if is_outdented else column + 2
        tail_column = inner + self._tail_offset(value) if is_outdented else inner
        lines = self._collection(value, path, inner, tail_column=tail_column)
        if parent.kind is NodeKind.LIST and not comments and not lines[0].lstrip().startswith("#"):
            return [f"{head} {lines[0].lstrip()}", *lines[1:]]
        return [head + (comments[0] if comments else ""), *lines]

    def _tail_offset(self, value: Node) -> int:
        """Returns how far to indent a comment at the end of a list that is not indented itself.

        The comment is as deep as the text of the items, but not so deep that it becomes part of a block scalar.
        """
        last = value.entries[-1].value
        if last.style not in ("|", ">"):
            return 2
        return min(2, (explicit_depth(self.source, last) or 2) - 1)

    def _comments_between(self, entry: NodeEntry) -> list[str]:
        """Returns the comments between a key or dash and its value: the one on its line (or ""), then those below."""
        first = self.source.line_of(entry.mark)
        if entry.value.is_block:
            stop = self.source.line_stop(first)
            comment = self.source.text[entry.mark : max(min(stop, entry.value.start), entry.mark)].strip()
            return [f"  {comment}"] if comment else []
        lines = [line.strip() for line in self.source.text[entry.mark : entry.value.start].split("\n")]
        if not any(lines):
            return []
        return [f"  {lines[0]}" if lines[0] else "", *(line for line in lines[1:] if line)]

    def _comment_behind(self, value: Node, header_text: str) -> str:
        """Returns the comment on the last line of a value, or on the first line of a block scalar."""
        at = value.start + len(header_text) if value.style in ("|", ">") else value.end
        comment = self.source.text[at : self.source.line_stop(self.source.line_of(at))].strip()
        return f"  {comment}" if comment else ""

    def _asides(self, lines: Sequence[int], column: int, *, silent: bool) -> list[str]:
        """Returns comments in `column` and single blank lines. With `silent`, the first line is not blank.

        `silent` is set at the start of a collection, and after a block scalar to which a blank line would belong.
        """
        laid: list[str] = []
        for line in lines:
            text = self.source.line(line)
            if not text.strip():
                if laid[-1:] != [""] and (laid or not silent):
                    laid.append("")
            elif comment := comment_in(text):
                laid.append(" " * column + comment)
        return laid
