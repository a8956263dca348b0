"""Writes new values as YAML lines in the layout of `fmt`: block style, canonical order of keys, no folded texts.

It is used for new values only. `editor` and `layout` change the values that a file already holds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from itsm_as_code.domain.edit import Plain, Steps
from itsm_as_code.store import scalar

KeyOrder: TypeAlias = Callable[[Steps], Sequence[str]]
"""Returns the known keys of the map at a path, in canonical order. Unknown keys come after them."""


@dataclass(frozen=True, slots=True)
class EmitStyle:
    """The indentation: `step` columns for a map below its key, `dash` columns for a list below its key."""

    step: int = 2
    dash: int = 0


CANONICAL = EmitStyle()


@dataclass(frozen=True, slots=True)
class Rendered:
    """A value as text. `head` goes on the line of the key or dash, and `body` holds the lines below.

    The lines of `body` are indented relative to the column of the key or dash.
    """

    head: str
    body: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Emitter:
    """Writes values with one indentation and order of keys. Without `literals`, it quotes texts of several lines."""

    order: KeyOrder | None = None
    style: EmitStyle = CANONICAL
    literals: bool = True

    def value(self, value: Plain, path: Steps) -> Rendered:
        """Writes `value` as it follows `key:`."""
        if isinstance(value, dict) and value:
            return Rendered("", tuple(shifted(self.map_lines(value, path), self.style.step)))
        if isinstance(value, list) and value:
            return Rendered("", tuple(shifted(self.list_lines(value, path), self.style.dash)))
        if isinstance(value, str) and (block := self.literal(value, self.style.step)):
            return Rendered(*block)
        return Rendered(one_line(value))

    def entry(self, key: str, value: Plain, path: Steps) -> list[str]:
        """Returns the lines of `key: value` with the key in column 0. `path` is the path of the value."""
        rendered = self.value(value, path)
        head = f"{scalar.inline(key)}: {rendered.head}" if rendered.head else f"{scalar.inline(key)}:"
        return [head, *rendered.body]

    def item(self, value: Plain, path: Steps) -> list[str]:
        """Returns the lines of `- value` with the dash in column 0."""
        if isinstance(value, dict) and value:
            lines = self.map_lines(value, path)
        elif isinstance(value, list) and value:
            lines = self.list_lines(value, path)
        elif isinstance(value, str) and (block := self.literal(value, 2)):
            return [f"- {block[0]}", *block[1]]
        else:
            return [f"- {one_line(value)}"]
        return ["- " + lines[0], *shifted(lines[1:], 2)]

    def literal(self, text: str, indent: int) -> tuple[str, tuple[str, ...]] | None:
        """Returns the header and lines of a literal block, or None if `text` should be quoted."""
        return scalar.literal(text, indent) if self.literals else None

    def map_lines(self, value: Mapping[str, Plain], path: Steps) -> list[str]:
        """Returns the lines of a map with its keys in column 0. The map must not be empty."""
        keys = sorted_keys(list(value), self.order, path)
        return [line for key in keys for line in self.entry(key, value[key], (*path, key))]

    def list_lines(self, value: Sequence[Plain], path: Steps) -> list[str]:
        """Returns the lines of a list with its dashes in column 0. The list must not be empty."""
        return [line for index, item in enumerate(value) for line in self.item(item, (*path, index))]


def emit(data: Mapping[str, Any], order: KeyOrder | None) -> bytes:
    """Returns the bytes of a new record in canonical layout. Raises TypeError for a value that no record may hold."""
    lines = Emitter(order).map_lines(data, ()) if data else ["{}"]
    return ("\n".join(lines) + "\n").encode()


def one_line(value: Plain) -> str:
    """Writes `value` on one line, as it follows a key or a dash."""
    return flow(value) if isinstance(value, (dict, list)) else _atom(value, in_flow=False)


def flow(value: Plain) -> str:
    """Writes `value` on one line, as it appears between the brackets of a flow collection."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{flow(key)}: {flow(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(flow(item) for item in value) + "]"
    return _atom(value, in_flow=True)


def sorted_keys(keys: Sequence[str], order: KeyOrder | None, path: Steps) -> list[str]:
    """Returns `keys` in canonical order. Unknown keys come last and keep their order."""
    if order is None:
        return list(keys)
    rank = {key: place for place, key in enumerate(order(path))}
    return sorted(keys, key=lambda key: rank.get(key, len(rank)))


def shifted(lines: Sequence[str], columns: int) -> Iterator[str]:
    """Indents the lines by `columns`. Empty lines stay empty."""
    return (" " * columns + line if line else "" for line in lines)


def _atom(value: str | int | bool, *, in_flow: bool) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        return scalar.inline(value, in_flow=in_flow)
    raise TypeError(f"a record cannot hold {type(value).__name__}")
