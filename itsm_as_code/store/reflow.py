"""The lines of one value moved to another column: what it says stays the same, to the character.

White space that YAML folds away at the edges of lines is normalised; the content of block scalars is not.
"""

from __future__ import annotations

import re
from typing import Final

from itsm_as_code.store.nodes import Kind, Node
from itsm_as_code.store.source import Source

_INDICATOR: Final = re.compile(r"[|>](?:[+-]?([1-9])[+-]?|[+-]?)")


def reindented(source: Source, value: Node, parent_column: int, column: int) -> list[str]:
    """The lines of a scalar or flow collection whose key or dash moves from `parent_column` to `column`.

    The first line comes without indentation, the others with theirs; a block scalar's header is without
    its comment.
    """
    if value.style in ("|", ">"):
        return _block_text(source, value, parent_column, column)
    text = source.text[value.start : value.end]
    if "\n" not in text:
        return [text]
    if value.kind is Kind.SCALAR:
        lines = [_trimmed(line, value.style) for line in text.split("\n")]
        return [lines[0], *(" " * (column + 2) + line if line else "" for line in lines[1:])]
    return _flow(source, value, column)


def explicit_depth(source: Source, value: Node) -> int | None:
    """The digit in a block scalar's header: how much deeper than its key or dash its lines stand."""
    match = _INDICATOR.match(source.text, value.start)
    return int(match[1]) if match and match[1] else None


def keeps_blanks(source: Source, value: Node) -> bool:
    """Whether a value is a block scalar to which all blank lines behind it belong (`|+`)."""
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
    """How deep a block scalar without a digit stands: as deep as its first line that is not blank."""
    for line in lines:
        if line.strip(" "):
            return len(line) - len(line.lstrip(" "))
    return max((len(line) for line in lines), default=0)


def _flow(source: Source, value: Node, column: int) -> list[str]:
    """Each line two columns deeper per open bracket; strings that span lines move with them."""
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
    """How many brackets are open at `at`, not counting one that closes there."""
    own = node.kind is not Kind.SCALAR and not node.implicit and node.start < at < node.end - 1
    return own + sum(_nesting(entry.value, at) for entry in node.entries)


def _broken_scalar(node: Node, at: int) -> Node | None:
    """The scalar that continues across `at`."""
    if node.kind is Kind.SCALAR:
        return node if node.start < at < node.end else None
    return next((found for entry in node.entries if (found := _broken_scalar(entry.value, at))), None)


def _trimmed(line: str, style: str) -> str:
    """A line of a scalar without the white space around it; an escaped blank at its end stays."""
    bare = line.strip(" \t")
    behind = line[len(line.rstrip(" \t")) :]
    escaped = style == '"' and (len(bare) - len(bare.rstrip("\\"))) % 2 == 1
    return bare + behind[:1] if escaped else bare
