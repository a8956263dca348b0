"""Applies edits to the text of a record and changes only the lines that they concern.

Every edit is checked: the new text must parse to the old data with that edit, or nothing is returned.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from itsm_as_code.domain.edit import AddItem, Edit, Plain, Remove, RenameKey, ReplaceBody, SetValue, Steps
from itsm_as_code.domain.errors import CouldNotCheck
from itsm_as_code.store import fences, scalar
from itsm_as_code.store.block import BlockEdits
from itsm_as_code.store.emit import EmitStyle, Emitter, KeyOrder, flow
from itsm_as_code.store.flow import FlowEdits
from itsm_as_code.store.nodes import Node, NodeEntry, NodeKind, position, walk
from itsm_as_code.store.outcome import Misfit, narrowed, outcome, removed_with, same
from itsm_as_code.store.outline import closed, outline
from itsm_as_code.store.plain import Unproven, decoded, parsed
from itsm_as_code.store.source import Source, Splice, spliced


def apply(text: bytes, edits: Sequence[Edit], *, order: KeyOrder | None) -> bytes:
    """Applies `edits` in order to the bytes of a record, or of an article with front matter, and returns the new bytes.

    `order` says where `fmt` would put a new key. Raises CouldNotCheck if the bytes are not a record, Misfit if an
    edit does not fit the record, and Unproven if the check of the result fails, which is a bug in itsm.
    """
    content = decoded(text)
    mark = "\ufeff" if content.startswith("\ufeff") else ""
    parts = fences.split(content.removeprefix("\ufeff"))
    for edit in edits:
        if isinstance(edit, ReplaceBody) and parts.is_article:
            parts = parts.with_body(edit.text)
        else:
            parts = parts.with_fields(_apply(parts.fields, edit, order))
    return (mark + parts.text).encode()


def _apply(text: str, edit: Edit, order: KeyOrder | None) -> str:
    data = parsed(text)
    goal = outcome(data, edit)
    for step in _primitive(data, edit):
        text = _proven(closed(text), step, order)
    if not same(parsed(text), goal):
        raise Unproven(f"{type(edit).__name__} did not give what it should")
    return text


def _proven(text: str, edit: Edit, order: KeyOrder | None) -> str:
    """Returns the text after one edit.

    A comment or blank line directly below a new literal block could become part of it. Then the text is quoted.
    """
    wanted = outcome(parsed(text), edit)
    for literals in (True, False):
        result = _Text(text, order, literals=literals).carry_out(edit)
        try:
            if same(parsed(result), wanted):
                return result
        except CouldNotCheck:
            continue
    raise Unproven(f"{type(edit).__name__} did not give what it should")


def _primitive(data: dict[str, Any], edit: Edit) -> Iterator[Edit]:
    """Splits an edit into edits of the smallest possible parts. If the value is there already, there are none."""
    match edit:
        case Remove(path):
            yield Remove(removed_with(data, path))
        case SetValue(path, value):
            try:
                old: Any = data
                for step in path:
                    old = old[step]
            except (KeyError, TypeError):
                yield edit
            else:
                yield from narrowed(old, value, path)
        case _:
            yield edit


class _Text:
    """A text with its tree. It can be used for one edit only."""

    def __init__(self, text: str, order: KeyOrder | None, *, literals: bool) -> None:
        self._source = Source(text)
        self._root = outline(self._source)
        self._emitter = Emitter(order, _style_of(self._root), literals)
        self._block = BlockEdits(self._source, self._root, self._emitter)
        self._flow = FlowEdits(self._source)

    def carry_out(self, edit: Edit) -> str:
        match edit:
            case SetValue(path, value):
                splices = self._set(path, value)
            case AddItem(path, value, index):
                splices = self._add(path, value, index)
            case Remove(path):
                parent, entry = position(self._root, path)
                place = next(at for at, other in enumerate(parent.entries) if other is entry)
                splices = (self._block if parent.is_block else self._flow).remove(parent, place)
            case RenameKey(path, key):
                splices = self._rename(path, key)
            case ReplaceBody():
                raise Misfit("This record has no body.")
        return spliced(self._source.text, splices)

    def _set(self, path: Steps, value: Plain) -> list[Splice]:
        """Replaces the value, or adds the first missing key of the path with everything below it."""
        holder: tuple[Node, NodeEntry] | None = None
        node = self._root
        for at, step in enumerate(path):
            entry = node.child(step)
            if entry is None:
                return self._add_key(holder, node, path[: at + 1], _wrapped(value, path[at + 1 :]))
            if entry.value.is_null:
                return self._replace(node, entry, _wrapped(value, path[at + 1 :]), path[: at + 1])
            holder, node = (node, entry), entry.value
        parent, entry = position(self._root, path)
        return self._replace(parent, entry, value, path)

    def _add_key(self, holder: tuple[Node, NodeEntry] | None, node: Node, path: Steps, value: Plain) -> list[Splice]:
        key = str(path[-1])
        if holder and holder[0].is_block and not node.entries:
            return self._replace(*holder, {key: value}, path[:-1])
        names = [str(entry.name) for entry in node.entries]
        place = place_of(key, names, self._emitter.order(path[:-1]) if self._emitter.order else ())
        if node.is_block:
            return self._block.insert(node, place, self._emitter.entry(key, value, path))
        return self._flow.insert(node, place, f"{flow(key)}: {flow(value)}")

    def _add(self, path: Steps, value: Plain, index: int | None) -> list[Splice]:
        try:
            parent, entry = position(self._root, path)
        except KeyError:
            return self._set(path, [value])
        items = entry.value
        place = len(items.entries) if index is None else index
        if items.is_block:
            return self._block.insert(items, place, self._emitter.item(value, (*path, place)))
        if items.is_null or (parent.is_block and not items.entries):
            return self._replace(parent, entry, [value], path)
        return self._flow.insert(items, place, flow(value))

    def _replace(self, parent: Node, entry: NodeEntry, value: Plain, path: Steps) -> list[Splice]:
        if parent.is_block:
            return self._block.replace(parent, entry, value, path)
        return self._flow.replace(entry, value)

    def _rename(self, path: Steps, key: str) -> list[Splice]:
        parent, entry = position(self._root, path)
        old = entry.key or entry.value
        return [Splice(old.start, old.end, scalar.inline(key, in_flow=not parent.is_block))]


def place_of(key: str, present: Sequence[str], order: Sequence[str]) -> int:
    """Returns the index where `fmt` would put a new key: after the nearest key before it. Unknown keys come last."""
    rank = {name: place for place, name in enumerate(order)}
    if key not in rank:
        return len(present)
    before = [(rank[name], at) for at, name in enumerate(present) if name in rank and rank[name] < rank[key]]
    return max(before)[1] + 1 if before else 0


def _wrapped(value: Plain, steps: Steps) -> Plain:
    for step in reversed(steps):
        value = {str(step): value}
    return value


def _style_of(root: Node) -> EmitStyle:
    """Returns how the text is indented. The first map and the first list below a key decide."""
    steps: list[int] = []
    dashes: list[int] = []
    for _, node in walk(root):
        if node.is_block and node.kind is NodeKind.MAP:
            for entry in node.entries:
                if entry.value.is_block:
                    found = steps if entry.value.kind is NodeKind.MAP else dashes
                    found.append(entry.value.column - node.column)
    return EmitStyle(steps[0] if steps else 2, dashes[0] if dashes else 0)
