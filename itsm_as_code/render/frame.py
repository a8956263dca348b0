"""A code frame: the line of a finding with its neighbours, and a mark under the place."""

from __future__ import annotations

from functools import lru_cache

from itsm_as_code.domain.finding import Position
from itsm_as_code.render.clean import clean

WIDEST = 100


def code_frame(source: str, position: Position) -> list[str]:
    """Lines to print: one before, the line itself, the mark. Long lines are cut around the place."""
    lines = _lines(source)
    if not 1 <= position.line <= len(lines):
        return []
    width = len(str(position.line))
    shown = []
    if position.line > 1:
        shown.append(f"{position.line - 1:>{width}} | {_cut(lines[position.line - 2], 0)}".rstrip())
    start = max(0, position.column - 1 - WIDEST // 2) if position.column > WIDEST - 10 else 0
    line = lines[position.line - 1]
    shown.append(f"{position.line:>{width}} | {_cut(line, start)}".rstrip())
    before = _cut(line, start)[: max(0, position.column - 1 - start)]
    shown.append(f"{'':>{width}} | {''.join(' ' for _ in before)}^")
    return shown


@lru_cache(maxsize=1)
def _lines(source: str) -> list[str]:
    """Kept for the next finding, which most often is of the same file: ten thousand may be."""
    return source.split("\n")


def _cut(line: str, start: int) -> str:
    return clean(line[start : start + WIDEST]).expandtabs(1)
