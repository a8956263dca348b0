"""Examples of each rule: files beside this module, one a code, with a part that fails and one that passes.

A part is a small workspace step: `-- path --` lines begin files; paths below `base/` are on base, others
on head. They are shown by `itsm explain`, printed in docs/checks.md and run as tests.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

_PART = re.compile(r"^=== (fails|passes) ===\n", re.MULTILINE)
_FILE = re.compile(r"^-- (\S+) --\n", re.MULTILINE)


def example(code: str) -> tuple[str, str] | None:
    """(what fails, what passes) as shown to people, or None where the rule has no example."""
    source = files("itsm_as_code.checks").joinpath("example_files", f"{code}.txt")
    if not source.is_file():
        return None
    parts = _PART.split(source.read_text(encoding="utf-8"))
    named = dict(zip(parts[1::2], parts[2::2], strict=True))
    return named["fails"].strip("\n") + "\n", named["passes"].strip("\n") + "\n"


@cache
def all_examples() -> dict[str, tuple[str, str]]:
    """Code to example, for all rules that have one."""
    folder = files("itsm_as_code.checks").joinpath("example_files")
    codes = sorted(entry.name.removesuffix(".txt") for entry in folder.iterdir() if entry.name.endswith(".txt"))
    return {code: found for code in codes if (found := example(code)) is not None}


def files_of(part: str) -> dict[str, str]:
    """The files of one part: path to text."""
    pieces = _FILE.split(part)
    return {path: text.rstrip("\n") + "\n" for path, text in zip(pieces[1::2], pieces[2::2], strict=True)}
