"""The one canonical layout of a record (`itsm fmt`): order of keys, indentation, blank lines, line ends.

Comments stay with what they are about, and no scalar is rewritten: quotes and words remain as they were.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from itsm_as_code.domain.edit import Steps
from itsm_as_code.store import fences
from itsm_as_code.store.comments import comment_in, header
from itsm_as_code.store.emit import KeyOrder, sorted_keys
from itsm_as_code.store.nodes import Entry, Kind, Node
from itsm_as_code.store.outcome import same
from itsm_as_code.store.outline import closed, outline
from itsm_as_code.store.plain import Unproven, decoded, parsed
from itsm_as_code.store.reflow import explicit_depth, keeps_blanks, reindented
from itsm_as_code.store.source import Source


def canonical(text: bytes, order: KeyOrder | None) -> bytes:
    """The bytes of a record, or of an article with front matter, in canonical layout.

    The data stay the same but for the order of keys, and applying it twice changes nothing more. The body of
    an article stays as it is; line ends become LF everywhere. Raises CouldNotCheck for bytes that are no
    record.
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
    """Lays out one text; lines come with their indentation and without line end."""

    source: Source
    order: KeyOrder | None

    def record(self, root: Node) -> list[str]:
        """All lines. What is said about the file as a whole stays at the top, whatever field comes first."""
        above = header(self.source, root)
        root.entries[0].lead = root.entries[0].lead[len(above) :]
        return self._asides(above, 0, silent=True) + self._collection(root, (), 0, tail_column=0)

    def _collection(self, node: Node, path: Steps, column: int, *, tail_column: int) -> list[str]:
        """The lines of a block collection whose keys or dashes stand at `column`."""
        lines: list[str] = []
        silent = True
        for entry in self._sorted(node, path):
            lines += self._asides(entry.lead, column, silent=silent)
            lines += self._entry(node, entry, (*path, entry.name), column)
            silent = keeps_blanks(self.source, self._last_value(entry, (*path, entry.name)))
        return lines + self._asides(node.tail, tail_column, silent=silent)

    def _sorted(self, node: Node, path: Steps) -> list[Entry]:
        if node.kind is Kind.LIST:
            return node.entries
        entries = {str(entry.name): entry for entry in node.entries}
        return [entries[name] for name in sorted_keys(list(entries), self.order, path)]

    def _last_value(self, entry: Entry, path: Steps) -> Node:
        """The value with which the lines of an entry end, in the new order."""
        node = entry.value
        while node.is_block:
            last = self._sorted(node, path)[-1]
            node, path = last.value, (*path, last.name)
        return node

    def _entry(self, parent: Node, entry: Entry, path: Steps, column: int) -> list[str]:
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

    def _nested(self, parent: Node, entry: Entry, path: Steps, head: str, column: int) -> list[str]:
        """A collection below its key, or beginning behind its dash if no comment comes between."""
        value = entry.value
        comments = self._comments_between(entry)
        is_outdented = value.kind is Kind.LIST and parent.kind is Kind.MAP
        inner = column if is_outdented else column + 2
        tail_column = inner + self._tail_offset(value) if is_outdented else inner
        lines = self._collection(value, path, inner, tail_column=tail_column)
        if parent.kind is Kind.LIST and not comments and not lines[0].lstrip().startswith("#"):
            return [f"{head} {lines[0].lstrip()}", *lines[1:]]
        return [head + (comments[0] if comments else ""), *lines]

    def _tail_offset(self, value: Node) -> int:
        """How deep a comment closes a list that is not indented: as its items, but outside of their text."""
        last = value.entries[-1].value
        if last.style not in ("|", ">"):
            return 2
        return min(2, (explicit_depth(self.source, last) or 2) - 1)

    def _comments_between(self, entry: Entry) -> list[str]:
        """The comments between a key or dash and its value: that on its line (maybe empty), those below."""
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
        """The comment on the last line of a value; on the first of a block scalar."""
        at = value.start + len(header_text) if value.style in ("|", ">") else value.end
        comment = self.source.text[at : self.source.line_stop(self.source.line_of(at))].strip()
        return f"  {comment}" if comment else ""

    def _asides(self, lines: Sequence[int], column: int, *, silent: bool) -> list[str]:
        """Comments at `column` and single blank lines; `silent` wants no blank line first.

        That is so at the start of a collection, and where a block scalar would swallow it.
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
