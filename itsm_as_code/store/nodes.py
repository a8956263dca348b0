"""Represents the text of a record as a tree of maps, lists and scalars with their spans and comments."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum

from itsm_as_code.domain.edit import Steps


class NodeKind(Enum):
    """The kinds of nodes."""

    SCALAR = "scalar"
    MAP = "map"
    LIST = "list"


@dataclass(slots=True)
class Node:
    """A value in the text. Its span is `[start, end)` in characters, without the comments and line ends around it.

    `style` is the character that shows the style: `"`, `'`, `|`, `>`, `[` or `{`; it is empty for a plain scalar and
    for a block collection. `text` is the content of a scalar. `column` is the column of the keys or dashes of a block
    collection. `implicit` is true for a map of one pair without braces in a flow list. `tail` lists the comment lines
    after the last entry that belong to the collection.
    """

    kind: NodeKind
    style: str
    start: int
    end: int
    column: int = 0
    text: str = ""
    implicit: bool = False
    entries: list[NodeEntry] = field(default_factory=list)
    tail: list[int] = field(default_factory=list)

    @property
    def is_block(self) -> bool:
        """Tells whether the node is a map or list in block style."""
        return self.kind is not NodeKind.SCALAR and not self.style

    @property
    def is_empty(self) -> bool:
        """Tells whether nothing is written, as after `key:`."""
        return self.kind is NodeKind.SCALAR and self.start == self.end

    @property
    def is_null(self) -> bool:
        """Tells whether the value is null, written or not."""
        return self.kind is NodeKind.SCALAR and not self.style and self.text in ("", "~", "null", "Null", "NULL")

    def child(self, step: str | int) -> NodeEntry | None:
        """Returns the entry with this key or index, or None."""
        if self.kind is NodeKind.MAP:
            return next((entry for entry in self.entries if entry.name == step), None)
        if self.kind is NodeKind.LIST and isinstance(step, int) and 0 <= step < len(self.entries):
            return self.entries[step]
        return None


@dataclass(slots=True)
class NodeEntry:
    """A key with its value, or a list item. `start` is the offset of the key or the dash.

    `mark` is the offset after the colon or the dash (for a flow item it is `start`).
    In block style, `lead` lists the comment lines and blank lines above the entry, and `last_line` is the last line
    that belongs to it, including the tail of its value.
    """

    name: str | int
    start: int
    mark: int
    value: Node
    key: Node | None = None
    lead: list[int] = field(default_factory=list)
    last_line: int = 0


def position(root: Node, path: Steps) -> tuple[Node, NodeEntry]:
    """Returns the entry at `path` and the collection that holds it. Raises KeyError if there is none."""
    parent = root
    for step in path[:-1]:
        parent = _entry(parent, step).value
    return parent, _entry(parent, path[-1])


def last_value(entry: NodeEntry) -> Node:
    """Returns the innermost value at the end of an entry's text."""
    node = entry.value
    while node.is_block:
        node = node.entries[-1].value
    return node


def walk(node: Node, path: Steps = ()) -> Iterator[tuple[Steps, Node]]:
    """Yields the node and all nodes below it with their paths, in the order of the text."""
    yield path, node
    for entry in node.entries:
        yield from walk(entry.value, (*path, entry.name))


def _entry(node: Node, step: str | int) -> NodeEntry:
    entry = node.child(step)
    if entry is None:
        raise KeyError(step)
    return entry
