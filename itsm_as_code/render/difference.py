"""Shows how two texts of a record differ, line by line, in a form that is harmless for terminals."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping

from itsm_as_code.render.line import Line, Span, bad, faint, fixed, hint, line

MOST_LINES = 60
_CONTEXT = 2
_MOST_COMPARED = 5000
"""A side with more lines is not compared, because the time grows with the square of the number."""


def as_text(before: bytes, after: bytes, whole: str) -> Iterator[Line]:
    """Yields the lines that were removed and added, with those around them, at most a screen or two.

    `whole` is the command that shows everything.
    """
    old, new = (side.decode("utf-8", "replace").split("\n") for side in (before, after))
    if max(len(old), len(new)) > _MOST_COMPARED:
        yield line(f"  too long to be compared here: {whole}")
        return
    rows = list(difflib.unified_diff(old, new, n=_CONTEXT, lineterm=""))[2:]
    for row in rows[:MOST_LINES]:
        yield line("  ", _painted(row), hang=4)
    if len(rows) > MOST_LINES:
        yield line(f"  … {len(rows) - MOST_LINES} more lines: {whole}")


def as_written(difference: str) -> Iterator[Line]:
    """Returns the lines of a difference in the form that `git apply` reads, as they are."""
    return (fixed(row) for row in difference.split("\n"))


def of_files(before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[Line]:
    """Yields which files differ. Each map has the hashes of the files by path."""
    for path in sorted({*before, *after}):
        if before.get(path) != after.get(path):
            how = "removed" if path not in after else "changed" if path in before else "added"
            yield line(f"  {how} {path}")


def _painted(row: str) -> Span:
    return {"+": hint, "-": bad, "@": faint}.get(row[:1], Span)(row)
