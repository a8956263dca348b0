"""Reads the recipes of CONTRIBUTING.md: what each numbered step writes, what it runs, and who notices its absence.

A block of a step names its file after its language. A `diff` changes a file that is there: its lines without `+` must
stand there, once. A block in another language is a whole new file. An `sh` block is run.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_RECIPE = re.compile(r"^### Recipe \d+: (.+)$", re.MULTILINE)
_STEP = re.compile(r"^(\d+)\. ", re.MULTILINE)
_BLOCK = re.compile(r"^```(\w+)(?: (\S+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_GUARDS = re.compile(r"Forgotten: (.+?)\.(?:\n|\Z)", re.DOTALL)
_TEST = re.compile(r"`(tests/[\w/]+\.py::\w+)`")
_BETWEEN = re.compile(r"^@@\n", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Edit:
    """One change to one file. `old` is a piece of the file as it is; None stands for a file that is not there yet."""

    path: str
    old: str | None
    new: str


@dataclass(frozen=True, slots=True)
class Step:
    """One numbered step: its words, what it writes, what it runs, and the tests that fail without it."""

    number: int
    words: str
    edits: tuple[Edit, ...]
    commands: tuple[str, ...]
    guards: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Recipe:
    """All steps under one heading."""

    title: str
    steps: tuple[Step, ...]

    @property
    def guards(self) -> tuple[str, ...]:
        """The tests of all steps, each once."""
        return tuple(dict.fromkeys(guard for step in self.steps for guard in step.guards))


def recipes(page: Path) -> dict[str, Recipe]:
    """The recipes of a page, by their titles."""
    _, *parts = _RECIPE.split(page.read_text(encoding="utf-8"))
    titles, texts = parts[::2], (re.split(r"^##+ ", text, flags=re.MULTILINE)[0] for text in parts[1::2])
    return {title: Recipe(title, tuple(_steps(text))) for title, text in zip(titles, texts, strict=True)}


def _steps(text: str) -> Iterator[Step]:
    plain = _BLOCK.sub(lambda block: re.sub(r"^", "|", block[0], flags=re.MULTILINE), text)
    _, *parts = _STEP.split(plain)
    for number, step in zip(parts[::2], parts[1::2], strict=True):
        yield _step(int(number), re.sub(r"^\|", "", step, flags=re.MULTILINE))


def _step(number: int, text: str) -> Step:
    edits: list[Edit] = []
    commands: list[str] = []
    for language, path, content in _BLOCK.findall(text):
        if language == "sh":
            commands += content.splitlines()
        elif path:
            edits += _edits(language, path, content)
    named = _GUARDS.search(_BLOCK.sub("", text))
    return Step(
        number, _BLOCK.sub("", text), tuple(edits), tuple(commands), tuple(_TEST.findall(named[1] if named else ""))
    )


def _edits(language: str, path: str, content: str) -> Iterator[Edit]:
    if language != "diff":
        yield Edit(path, None, content)
        return
    for hunk in _BETWEEN.split(content):
        lines = hunk.splitlines(keepends=True)
        old = "".join(line[1:] or "\n" for line in lines if not line.startswith("+"))
        new = "".join(line[1:] or "\n" for line in lines if not line.startswith("-"))
        yield Edit(path, old, new)
