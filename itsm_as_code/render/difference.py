"""What differs between two texts of a record, line by line as it is written, harmless for terminals."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping

from itsm_as_code.render.clean import clean, one_line
from itsm_as_code.render.style import Style

MOST_LINES = 60
_CONTEXT = 2
_MOST_COMPARED = 5000
"""Lines of one side: comparing takes time that grows with their square."""


def as_text(before: bytes, after: bytes, style: Style, whole: str) -> Iterator[str]:
    """Lines taken out and put in with those around them; no more than a screen or two. `whole` is the command that
    shows all."""
    old, new = (side.decode("utf-8", "replace").split("\n") for side in (before, after))
    if max(len(old), len(new)) > _MOST_COMPARED:
        yield one_line(f"  too long to be compared here: {whole}")
        return
    lines = list(difflib.unified_diff(old, new, n=_CONTEXT, lineterm=""))[2:]
    for line in lines[:MOST_LINES]:
        yield f"  {_painted(one_line(clean(line)), style)}"
    if len(lines) > MOST_LINES:
        yield one_line(f"  … {len(lines) - MOST_LINES} more lines: {whole}")


def of_files(before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[str]:
    """Which files differ, given by their hashes."""
    for path in sorted({*before, *after}):
        if before.get(path) != after.get(path):
            how = "removed" if path not in after else "changed" if path in before else "added"
            yield one_line(f"  {how} {path}")


def _painted(line: str, style: Style) -> str:
    paint = {"+": style.hint, "-": style.bad, "@": style.faint}.get(line[:1])
    return paint(line) if paint is not None else line
