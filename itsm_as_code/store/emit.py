"""New values as YAML lines, in the layout of `fmt`: block style, keys in canonical order, nothing folded.

It writes what is new; what a file already holds is changed by `editor` and `layout`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from itsm_as_code.domain.edit import Plain, Steps
from itsm_as_code.store import scalar

KeyOrder: TypeAlias = Callable[[Steps], Sequence[str]]
"""The known keys of the map at a path, in canonical order. Unknown keys come after them."""


@dataclass(frozen=True, slots=True)
class Style:
    """`step` is how deep a map lies under its key, `dash` how deep a list does."""

    step: int = 2
    dash: int = 0


CANONICAL = Style()


@dataclass(frozen=True, slots=True)
class Rendered:
    """A value: `head` goes on the line of its key or dash, `body` are the lines below.

    The lines are indented relative to the column of the key or dash.
    """

    head: str
    body: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Emitter:
    """Writes values in one style and key order; without `literals`, texts of several lines are quoted."""

    order: KeyOrder | None = None
    style: Style = CANONICAL
    literals: bool = True

    def value(self, value: Plain, path: Steps) -> Rendered:
        """`value` as it stands after `key:`."""
        if isinstance(value, dict) and value:
            return Rendered("", tuple(shifted(self.map_lines(value, path), self.style.step)))
        if isinstance(value, list) and value:
            return Rendered("", tuple(shifted(self.list_lines(value, path), self.style.dash)))
        if isinstance(value, str) and (block := self.literal(value, self.style.step)):
            return Rendered(*block)
        return Rendered(one_line(value))

    def entry(self, key: str, value: Plain, path: Steps) -> list[str]:
        """The lines of `key: value`, the key at column 0; `path` is that of the value."""
        rendered = self.value(value, path)
        head = f"{scalar.inline(key)}: {rendered.head}" if rendered.head else f"{scalar.inline(key)}:"
        return [head, *rendered.body]

    def item(self, value: Plain, path: Steps) -> list[str]:
        """The lines of `- value`, the dash at column 0."""
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
        """Header and lines of a literal block, None where `text` is better quoted."""
        return scalar.literal(text, indent) if self.literals else None

    def map_lines(self, value: Mapping[str, Plain], path: Steps) -> list[str]:
        """The lines of a map that is not empty, its keys at column 0."""
        keys = sorted_keys(list(value), self.order, path)
        return [line for key in keys for line in self.entry(key, value[key], (*path, key))]

    def list_lines(self, value: Sequence[Plain], path: Steps) -> list[str]:
        """The lines of a list that is not empty, its dashes at column 0."""
        return [line for index, item in enumerate(value) for line in self.item(item, (*path, index))]


def emit(data: Mapping[str, Any], order: KeyOrder | None) -> bytes:
    """A whole new record in canonical layout. Raises TypeError for values no record may hold."""
    lines = Emitter(order).map_lines(data, ()) if data else ["{}"]
    return ("\n".join(lines) + "\n").encode()


def one_line(value: Plain) -> str:
    """`value` on one line, as it stands after a key or a dash."""
    return flow(value) if isinstance(value, (dict, list)) else _atom(value, in_flow=False)


def flow(value: Plain) -> str:
    """`value` on one line, as it stands between the brackets of a flow collection."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{flow(key)}: {flow(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(flow(item) for item in value) + "]"
    return _atom(value, in_flow=True)


def sorted_keys(keys: Sequence[str], order: KeyOrder | None, path: Steps) -> list[str]:
    """`keys` in canonical order; unknown ones at the end, as they came."""
    if order is None:
        return list(keys)
    rank = {key: place for place, key in enumerate(order(path))}
    return sorted(keys, key=lambda key: rank.get(key, len(rank)))


def shifted(lines: Sequence[str], columns: int) -> Iterator[str]:
    """The lines, moved right; empty ones stay empty."""
    return (" " * columns + line if line else "" for line in lines)


def _atom(value: str | int | bool, *, in_flow: bool) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        return scalar.inline(value, in_flow=in_flow)
    raise TypeError(f"a record cannot hold {type(value).__name__}")
