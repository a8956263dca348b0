"""Decides where a comment on a line of its own belongs: to the entry below it or to the collection above it.

A comment belongs to the next entry, unless it is indented more than that entry and its siblings. Then it belongs to
the end of the collection that it is in. Comments after a value on the same line need no such rule.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from itsm_as_code.store.nodes import Node, NodeEntry
from itsm_as_code.store.source import Source

_MARKER: Final = re.compile(r"(?:---|\.\.\.)(?=\s|$)")
_MODELINE: Final = "# yaml-language-server:"


@dataclass(slots=True)
class _Open:
    """A block collection. A comment is inside it if its column is greater than `beyond`.

    A list may begin in the column of its key. A comment in that column belongs to the next key.
    """

    node: Node
    beyond: int


def attach(source: Source, root: Node) -> None:
    """Sets `lead` and `last_line` of all entries below `root`, and `tail` of all collections."""
    if not root.is_block:
        return
    chain: list[_Open] = []
    line = 0
    for entry, opened in _entries(source, root, [_Open(root, -1)]):
        first = source.line_of(entry.start)
        _share_out(source, range(line, first), chain, opened, entry.lead)
        line, chain = _own_last_line(source, entry) + 1, opened
    _share_out(source, range(line, source.line_count), chain, chain[:1], root.tail)
    while root.tail and not source.line(root.tail[-1]).strip():
        root.tail.pop()
    _settle(source, root)


def attached(source: Source, entry: NodeEntry) -> list[int]:
    """Returns the comment lines directly above an entry, without a blank line in between."""
    lines: list[int] = []
    for line in reversed(entry.lead):
        if not source.line(line).lstrip().startswith("#"):
            break
        lines.insert(0, line)
    return lines


def header(source: Source, root: Node) -> list[int]:
    """Returns the comment lines at the top that are about the file and not about its first field.

    They end with a blank line. A line with settings for the editor's language server belongs to them too.
    """
    lead = root.entries[0].lead if root.entries else []
    blanks = [place for place, line in enumerate(lead) if not source.line(line).strip()]
    count = blanks[-1] + 1 if blanks else 0
    while count < len(lead) and source.line(lead[count]).startswith(_MODELINE):
        count += 1
    return lead[:count]


def comment_in(line: str) -> str:
    """Returns the comment of a line that holds no value (`# …`), or "". A document marker is not a comment."""
    return _MARKER.sub("", line.strip(), count=1).strip()


def _entries(source: Source, node: Node, chain: list[_Open]) -> list[tuple[NodeEntry, list[_Open]]]:
    """Returns all entries of block collections in the order of the text, each with the collections around it."""
    found: list[tuple[NodeEntry, list[_Open]]] = []
    for entry in node.entries:
        found.append((entry, chain))
        if entry.value.is_block:
            found += _entries(
                source, entry.value, [*chain, _Open(entry.value, max(node.column, entry.value.column - 1))]
            )
    return found


def _own_last_line(source: Source, entry: NodeEntry) -> int:
    """Returns the last line of an entry, without its nested entries."""
    return source.line_of(entry.mark if entry.value.is_block else max(entry.mark, entry.value.end))


def _share_out(source: Source, lines: range, chain: list[_Open], opened: list[_Open], lead: list[int]) -> None:
    """Adds each comment in `lines` to the deepest collection of `chain` that contains it, otherwise to `lead`."""
    depth, blanks = len(chain) - 1, []
    for line in lines:
        text = source.line(line)
        if not text.strip():
            blanks.append(line)
            continue
        column = len(text) - len(text.lstrip())
        while depth >= len(opened) and chain[depth].beyond >= column:
            depth -= 1
        target = chain[depth].node.tail if depth >= len(opened) else lead
        target += [*blanks, line]
        blanks = []
    lead += blanks


def _settle(source: Source, node: Node) -> int:
    """Sets `last_line` of all entries below `node`, and returns the last line of `node`."""
    last = 0
    for entry in node.entries:
        inner = _settle(source, entry.value) if entry.value.is_block else 0
        entry.last_line = last = max(_own_last_line(source, entry), inner)
    return max([last, *node.tail])
