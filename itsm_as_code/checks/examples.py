r"""Reads the examples of the rules: one file per code in `example_files/`, with a part that fails and one that passes.

They are shown by `itsm explain`, printed in docs/checks.md and run as tests. A part is a workspace, or a
step from base to head; it holds only the files that matter. Each file begins with a line such as:

    -- records/teams/it.yaml --                     the lines that follow are the file
    -- PATH, \xNN is a byte --                      the same, with bytes that no text can hold
    -- PATH, made 2000000 bytes long --             the same, filled up with lines to that size
    -- PATH -> TARGET --                            a symbolic link
    -- PATH, a submodule --   -- PATH, a pipe --    an entry that is not a file

In a step, files below `base/` are on base only and files below `head/` on head only. `start/` is the commit
where the two branches parted, if that is not base. All other files are the same in each commit.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

_PART = re.compile(r"^=== (fails|passes) ===\n", re.MULTILINE)
_FILE = re.compile(r"^-- (\S+?)(?:, ([^\n]+)| -> (\S+))? --\n", re.MULTILINE)
_BYTE = re.compile(rb"\\x([0-9a-f]{2})")
_LENGTH = re.compile(r"made (\d+) bytes long")
_FILLING = b"  So many lines that nobody reads them.\n"

Root = Literal["start", "base", "head"]
Sort = Literal["file", "link", "submodule", "pipe"]


@dataclass(frozen=True, slots=True)
class ExampleFile:
    """One file of an example. `root` is None if the file is on both sides. The `content` of a link is its target."""

    root: Root | None
    path: str
    sort: Sort
    content: bytes


def example(code: str) -> tuple[str, str] | None:
    """Returns the texts (failing part, passing part) of a rule's example, or None if the rule has no example."""
    source = files("itsm_as_code.checks").joinpath("example_files", f"{code}.txt")
    if not source.is_file():
        return None
    parts = _PART.split(source.read_text(encoding="utf-8"))
    named = dict(zip(parts[1::2], parts[2::2], strict=True))
    return named["fails"].strip("\n") + "\n", named["passes"].strip("\n") + "\n"


@cache
def all_examples() -> dict[str, tuple[str, str]]:
    """Maps the code of each rule that has an example to its two parts."""
    folder = files("itsm_as_code.checks").joinpath("example_files")
    codes = sorted(entry.name.removesuffix(".txt") for entry in folder.iterdir() if entry.name.endswith(".txt"))
    return {code: found for code in codes if (found := example(code)) is not None}


def files_of(part: str) -> Iterator[ExampleFile]:
    """Yields the files of one part in its order. Raises ValueError for a path line that it does not understand."""
    pieces = _FILE.split(part)
    for path, note, target, text in zip(*(pieces[n::4] for n in range(1, 5)), strict=True):
        first, _, rest = path.partition("/")
        root: Root | None = first if first in ("start", "base", "head") else None
        sort, content = _content(note, target, text.rstrip("\n") + "\n")
        yield ExampleFile(root, rest if root else path, sort, content)


def _content(note: str | None, target: str | None, text: str) -> tuple[Sort, bytes]:
    if target is not None:
        return "link", target.encode()
    match note:
        case None:
            return "file", text.encode()
        case "a submodule":
            return "submodule", b""
        case "a pipe":
            return "pipe", b""
        case r"\xNN is a byte":
            return "file", _BYTE.sub(lambda match: bytes([int(match[1], 16)]), text.encode())
    length = _LENGTH.fullmatch(note)
    if length is None:
        raise ValueError(f"an example's path line has the unknown note `{note}`")
    wanted = int(length[1])
    return "file", (text.encode() + _FILLING * (wanted // len(_FILLING) + 1))[:wanted]
