"""Moves the lines of one value to another column without changing the value.

White space at the edges of lines is normalised if YAML ignores it. The content of block scalars is not changed.
"""

from __future__ import annotations

import re
from typing import Final

from itsm_as_code.store.nodes import Node, NodeKind
from itsm_as_code.store.source import Source

_INDICATOR: Final = re.compile(r"[|>](?:[+-]?([1-9])[+-]?|[+-]?)")


def reindented(source: Source, value: Node, parent_column: int, column: int) -> list[str]:
    """Returns the lines of a scalar or flow collection whose key or dash moves from `parent_column` to `column`.

    The first line has no indentation; the others have their own. A block scalar's header has no comment.
    """
    if value.style in ("|", ">"):
        return _block_text(source, value, parent_column, column)
    text = source.text[value.start : value.end]
    if "\n" not in text:
        return [text]
    if value.kind is NodeKind.SCALAR:
        lines = [_trimmed(line, value.style) for line in text.split("\n")]
        return [lines[0], *(" " * (column + 2) + line if line else "" for line in lines[1:])]
    return _flow(source, value, column)


def explicit_depth(source: Source, value: Node) -> int | None:
    """Returns the digit in a block scalar's header, or None. It says how far its lines are indented from its key."""
    match = _INDICATOR.match(source.text, value.start)
    return int(match[1]) if match and match[1] else None


def keeps_blanks(source: Source, value: Node) -> bool:
    """Tells whether a value is a block scalar that keeps all blank lines after it (`|+`)."""
    match = _INDICATOR.match(source.text, value.start) if value.style in ("|", ">") else None
    return match is not None and "+" in match.group()


def _block_text(source: Source, value: Node, parent_column: int, column: int) -> list[str]:
    match = _INDICATOR.match(source.text, value.start)
    content = source.text[value.start : value.end].split("\n")[1:]
    depth = explicit_depth(source, value)
    old = parent_column + depth if depth else _depth(content)
    new = " " * (column + (depth or 2))
    return [match.group() if match else value.style, *(new + line[old:] if line[old:] else "" for line in content)]


def _depth(lines: list[str]) -> int:
    """Returns the indentation of a block scalar without a digit, which its first line that is not blank decides."""
    for line in lines:
        if line.strip(" "):
            return len(line) - len(line.lstrip(" "))
    return max((len(line) for line in lines), default=0)


def _flow(source: Source, value: Node, column: int) -> list[str]:
    """Indents each line by two columns per open bracket. Strings of several lines move with them."""
    lines: list[str] = []
    first = source.line_of(value.start)
    for line in range(first, source.line_of(value.end - 1) + 1):
        start = max(source.line_start(line), value.start)
        text = source.text[start : min(source.line_stop(line), value.end)]
        inside = _broken_scalar(value, source.line_stop(line))
        text = _trimmed(text, inside.style) if inside else text.strip(" \t")
        if line > first and text:
            at = start + len(source.line(line)) - len(source.line(line).lstrip())
            text = " " * (column + 2 + 2 * _nesting(value, at)) + text
        if text or (lines and lines[-1] != "") or _broken_scalar(value, start):
            lines.append(text)
    return lines


def _nesting(node: Node, at: int) -> int:
    """Returns how many brackets are open at `at`, without one that closes there."""
    own = node.kind is not NodeKind.SCALAR and not node.implicit and node.start < at < node.end - 1
    return own + sum(_nesting(entry.value, at) for entry in node.entries)


def _broken_scalar(node: Node, at: int) -> Node | None:
    """Returns the scalar that `at` is inside, or None."""
    if node.kind is NodeKind.SCALAR:
        return node if node.start < at < node.end else None
    return next((found for entry in node.entries if (found := _broken_scalar(entry.value, at))), None)


def _trimmed(line: str, style: str) -> str:
    """Removes the white space around a line of a scalar, except an escaped blank at its end."""
    bare = line.strip(" \t")
    behind = line[len(line.rstrip(" \t")) :]
    escaped = style == '"' and (len(bare) - len(bare.rstrip("\\"))) % 2 == 1
    return bare + behind[:1] if escaped else bare
