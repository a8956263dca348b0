"""Text of records is cleaned, and lines are coloured, in one place: the screen."""

from __future__ import annotations

import re
from pathlib import Path

import itsm_as_code

PACKAGE = Path(itsm_as_code.__file__).parent
SOURCES = {path.relative_to(PACKAGE).as_posix(): path.read_text(encoding="utf-8") for path in PACKAGE.rglob("*.py")}
CLEANERS = {
    "render/screen.py": "lines for people",
    "render/table.py": "cells of tables",
    "render/frame.py": "measures what the screen will make of a line",
    "render/findings.py": "paths in JSON",
    "render/audit.py": "names in JSON",
    "render/github.py": "annotations and summaries",
}
"""Who may clean text, and of what."""
PRINTERS = {
    "cli/output.py": "the one place",
    "cli/main.py": "a traceback",
    "cli/completion.py": "a script for the shell",
    "cli/generate.py": "a script for a server",
}


def test_text_is_cleaned_where_it_leaves_and_nowhere_else() -> None:
    found = {name for name, text in SOURCES.items() if "render.clean import" in text}
    assert found <= set(CLEANERS)


def test_only_the_screen_writes_codes_of_colour() -> None:
    assert [name for name, text in SOURCES.items() if re.search(r'"\\x1b\[\{', text)] == ["render/screen.py"]


def test_commands_print_through_the_screen() -> None:
    found = {name for name, text in SOURCES.items() if re.search(r"\bclick\.s?echo\(|(?<!\.)\bprint\(", text)}
    assert found <= set(PRINTERS)
