"""A record's text as a tree: maps, lists and scalars with their spans, and the comments about them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum

from itsm_as_code.domain.edit import Steps


class Kind(Enum):
    """What a node is."""

    SCALAR = "scalar"
    MAP = "map"
    LIST = "list"


@dataclass(slots=True)
class Node:
    """A value. Its text is `[start, end)` in characters, without comments and line end around it.

    `style` is the first character that says how it is written: `''` plain or block collection, `"`, `'`,
    `|`, `>`, `[`, `{`. `text` is a scalar's content. `column` is that of the keys or dashes of a block
    collection. `implicit` is a map of one pair inside a flow list, without braces. `tail` are the lines
    of comments behind the last entry that belong to the collection.
    """

    kind: Kind
    style: str
    start: int
    end: int
    column: int = 0
    text: str = ""
    implicit: bool = False
    entries: list[Entry] = field(default_factory=list)
    tail: list[int] = field(default_factory=list)

    @property
    def is_block(self) -> bool:
        """Whether it is a map or list in block style."""
        return self.kind is not Kind.SCALAR and not self.style

    @property
    def is_empty(self) -> bool:
        """Whether nothing is written at all, as after `key:`."""
        return self.kind is Kind.SCALAR and self.start == self.end

    @property
    def is_null(self) -> bool:
        """Whether it reads as nothing, written or not."""
        return self.kind is Kind.SCALAR and not self.style and self.text in ("", "~", "null", "Null", "NULL")

    def child(self, step: str | int) -> Entry | None:
        """The entry under a key or at an index."""
        if self.kind is Kind.MAP:
            return next((entry for entry in self.entries if entry.name == step), None)
        if self.kind is Kind.LIST and isinstance(step, int) and 0 <= step < len(self.entries):
            return self.entries[step]
        return None


@dataclass(slots=True)
class Entry:
    """A key with its value, or a list item. `start` is the place of the key or the dash.

    `mark` is the end of what announces the value: the colon or the dash (`start` for a flow item).
    In block style, `lead` are the lines of comments and the blank lines above, `last_line` is the last line
    that belongs to it, with the tail of its value.
    """

    name: str | int
    start: int
    mark: int
    value: Node
    key: Node | None = None
    lead: list[int] = field(default_factory=list)
    last_line: int = 0


def position(root: Node, path: Steps) -> tuple[Node, Entry]:
    """The entry at `path`, which must exist, and the collection that holds it."""
    parent = root
    for step in path[:-1]:
        parent = _entry(parent, step).value
    return parent, _entry(parent, path[-1])


def last_value(entry: Entry) -> Node:
    """The value with which the text of an entry ends."""
    node = entry.value
    while node.is_block:
        node = node.entries[-1].value
    return node


def walk(node: Node, path: Steps = ()) -> Iterator[tuple[Steps, Node]]:
    """The node and all below it, in the order of the text, with their paths."""
    yield path, node
    for entry in node.entries:
        yield from walk(entry.value, (*path, entry.name))


def _entry(node: Node, step: str | int) -> Entry:
    entry = node.child(step)
    if entry is None:
        raise KeyError(step)
    return entry
