"""Parses the text of a record into the tree of `nodes`, with the events of ruamel.yaml's pure parser.

It does not know what the values mean. It refuses syntax that records may not hold.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from itsm_as_code.domain.errors import CouldNotCheck
from itsm_as_code.store.comments import attach
from itsm_as_code.store.nodes import Node, NodeEntry, NodeKind, walk
from itsm_as_code.store.source import Source

if TYPE_CHECKING:
    from ruamel.yaml.events import Event

_HINT = "Run `itsm check` and fix the file first."


def outline(source: Source) -> Node:
    """Returns the root map of `source`.

    Raises CouldNotCheck if the text is not a single YAML map, or if it holds anchors, aliases, tags, explicit keys or
    keys that are not scalars.
    """
    builder = _Builder(source)
    root = builder.root()
    if root.kind is not NodeKind.MAP:
        raise CouldNotCheck("The file is not a map of fields.", hint=_HINT)
    attach(source, root)
    return root


def closed(text: str) -> str:
    """Adds a missing line end at the end of `text`. A block scalar there gets `-`, so that its value stays the same."""
    if not text or text.endswith("\n"):
        return text
    source = Source(text)
    last = [node for _, node in walk(outline(source))][-1]
    if last.style in ("|", ">") and last.text and not last.text.endswith("\n"):
        header = source.line_stop(source.line_of(last.start))
        indicator = text[last.start : header].split("#", maxsplit=1)[0].rstrip()
        dropping = indicator.replace("+", "") + "-"
        text = text[: last.start] + dropping + text[last.start + len(indicator) :]
    return text + source.line_end


class _Builder:
    """Turns events into nodes. It can be used once only."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._text = source.text
        self._events = _events(source.text)
        self._event: Any = None

    def root(self) -> Node:
        from ruamel.yaml.error import YAMLError
        from ruamel.yaml.events import DocumentStartEvent, StreamEndEvent

        try:
            while not isinstance(self._event, DocumentStartEvent):
                if isinstance(self._event, StreamEndEvent):
                    raise CouldNotCheck("The file is empty.", hint=_HINT)
                self._advance()
            self._advance()
            node = self._node()
            self._advance()
            if not isinstance(self._event, StreamEndEvent):
                raise CouldNotCheck("The file holds more than one document.", hint=_HINT)
        except YAMLError as error:
            raise CouldNotCheck("The file is not valid YAML.", hint=_HINT) from error
        return node

    def _advance(self) -> None:
        self._event = next(self._events)

    def _node(self) -> Node:
        """Returns the node that begins with the present event, and moves on to the event after the node."""
        from ruamel.yaml.events import MappingStartEvent, ScalarEvent, SequenceStartEvent

        event = self._event
        if getattr(event, "anchor", None) or getattr(event, "tag", None):
            raise CouldNotCheck("The file uses anchors, aliases or tags.", hint=_HINT)
        if isinstance(event, ScalarEvent):
            return self._scalar(event)
        if isinstance(event, SequenceStartEvent):
            return self._collection(NodeKind.LIST, "[")
        if isinstance(event, MappingStartEvent):
            return self._collection(NodeKind.MAP, "{")
        raise CouldNotCheck("The file uses anchors, aliases or tags.", hint=_HINT)

    def _scalar(self, event: Any) -> Node:
        self._advance()
        start, end = event.start_mark.index, event.end_mark.index
        if event.style in ("|", ">"):
            end = self._block_end(start, end, event.style, event.value)
        return Node(NodeKind.SCALAR, event.style or "", start, end, text=event.value)

    def _block_end(self, start: int, end: int, style: str, value: str) -> int:
        """Returns the end of a block scalar's last line. Blank lines at its end count only if the scalar keeps them."""
        lines = self._text[start:end].split("\n")
        if end < len(self._text) or not lines[-1]:
            lines.pop()  # it is empty, or the indentation of the next line, which the parser has consumed
        if style == "|":  # one line of text is one line of value
            count = 1 + value.count("\n") + (not value.endswith("\n") and bool(value))
        elif "+" in lines[0].split("#", maxsplit=1)[0]:
            count = len(lines)
        else:
            depth = min((len(line) - len(line.lstrip(" ")) for line in lines[1:] if line.strip()), default=0)
            count = 1 + max((at for at, line in enumerate(lines[1:], 1) if len(line.rstrip("\r")) > depth), default=0)
        return start + len("\n".join(lines[:count]).removesuffix("\r"))

    def _collection(self, kind: NodeKind, bracket: str) -> Node:
        from ruamel.yaml.events import MappingEndEvent, SequenceEndEvent

        start = self._event.start_mark.index
        flow = self._event.flow_style
        implicit = flow and start == self._event.end_mark.index
        column = self._source.column(start)
        node = Node(kind, bracket if flow else "", start, start, column, implicit=implicit)
        self._advance()
        while not isinstance(self._event, (MappingEndEvent, SequenceEndEvent)):
            behind = node.entries[-1].value.end if node.entries else start
            entry = self._pair(node) if kind is NodeKind.MAP else self._item(node, behind)
            node.entries.append(entry)
            node.end = entry.value.end
        if flow and not implicit:
            node.end = self._event.end_mark.index
        self._advance()
        return node

    def _pair(self, node: Node) -> NodeEntry:
        key = self._node()
        if key.kind is not NodeKind.SCALAR or key.style in ("|", ">") or key.is_empty:
            raise CouldNotCheck("A key of the file is not a string on one line.", hint=_HINT)
        value = self._node()
        between = self._text[key.end : value.start]
        gap = between[: between.find(":") + 1]
        explicit = self._text[: key.start].rstrip(" \t").endswith("?")
        if explicit or (node.is_block and ("\n" in gap or not gap)):
            raise CouldNotCheck("The file uses explicit keys (`? key`).", hint=_HINT)
        mark = key.end + (len(gap) if not gap.strip(" \t\r\n:") else 0)
        if value.is_empty:  # the parser puts it where the next token begins
            value.start = value.end = mark
        return NodeEntry(key.text, key.start, mark, value, key)

    def _item(self, node: Node, behind: int) -> NodeEntry:
        value = self._node()
        if node.style:
            return NodeEntry(len(node.entries), value.start, value.start, value)
        dash = self._dash(behind) if node.entries else node.start
        if value.is_empty:
            value.start = value.end = dash + 1
        return NodeEntry(len(node.entries), dash, dash + 1, value)

    def _dash(self, behind: int) -> int:
        """Returns the offset of the next dash at the start of a line, after the item that ends at `behind`."""
        line = self._source.line_of(behind) + 1
        while not self._source.line(line).lstrip().startswith("-"):
            line += 1
        text = self._source.line(line)
        return self._source.line_start(line) + len(text) - len(text.lstrip())


def _events(text: str) -> Iterator[Event]:
    from ruamel.yaml import YAML

    events: Iterator[Event] = YAML(typ="safe", pure=True).parse(text)
    return events
