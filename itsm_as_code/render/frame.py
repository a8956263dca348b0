"""Shows the line of a finding, the line before it, and a mark under the place."""

from __future__ import annotations

from functools import lru_cache

from itsm_as_code.domain.finding import Position
from itsm_as_code.render.clean import one_line
from itsm_as_code.render.wrap import columns

WIDEST = 100
_LEAST = 20
_RULE = " | "


def code_frame(source: str, position: Position, room: int | None = None) -> list[str]:
    """Returns the lines to print: one before, the line itself, the mark.

    Long lines are cut around the place: to `room` columns if that is less than `WIDEST`.
    """
    lines = _lines(source)
    if not 1 <= position.line <= len(lines):
        return []
    width = len(str(position.line))
    widest = WIDEST if room is None else max(min(WIDEST, room - width - len(_RULE)), _LEAST)
    shown = []
    if position.line > 1:
        shown.append(f"{position.line - 1:>{width}}{_RULE}{_cut(lines[position.line - 2], 0, widest)}".rstrip(" "))
    whole = lines[position.line - 1]
    far = widest - 10 < position.column <= len(whole) + 1  # a hidden line is shorter than the one in the file
    start = max(0, position.column - 1 - widest // 2) if far else 0
    line = _cut(whole, start, widest)
    shown.append(f"{position.line:>{width}}{_RULE}{line}".rstrip(" "))
    before = columns(one_line(line[: max(0, position.column - 1 - start)]))
    shown.append(f"{'':>{width}}{_RULE}{' ' * before}^")
    return shown


@lru_cache(maxsize=1)
def _lines(source: str) -> list[str]:
    """Returns the lines of a file. They are cached, because the next finding is most often in the same file."""
    return source.split("\n")


def _cut(line: str, start: int, widest: int) -> str:
    return line[start : start + widest].expandtabs(1)
