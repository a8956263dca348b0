"""What people see in a terminal, at several widths, with and without colour, and what a pipe gets.

`terminals/commands` says what is run; beside it lies what was seen. ITSM_ACCEPT_GOLDEN=1 rewrites that.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from rich.cells import cell_len

from tests.golden.terminal import Terminal
from tests.golden.test_golden import ACCEPT, HERE, _as_process, _here

FOLDER = HERE / "terminals"
SGR = re.compile(r"‹[0-9;]*›")
WIDTHS = (60, 80, 120)


def _runs(folder: Path) -> Iterator[tuple[str, list[str], Path]]:
    """(line, words, folder) of each command; those of Git are carried out."""
    there = folder
    for line in (FOLDER / "commands").read_text(encoding="utf-8").splitlines():
        if line.startswith("@"):
            there = folder / line[1:]
            shutil.copytree(HERE / line[1:] / "workspace", there)
        elif line.startswith("git "):
            assert _as_process("1")(shlex.split(line), there).code == 0, line
        elif line and not line.startswith("#"):
            yield line, shlex.split(line)[1:], there


def _seen(folder: Path, columns: int, monkeypatch: pytest.MonkeyPatch) -> str:
    """All that is on the screen after each command."""
    told = []
    for line, words, there in _runs(folder):
        with monkeypatch.context() as patch:  # not for longer: pytest asks for the size of its own terminal
            patch.setattr(shutil, "get_terminal_size", lambda: os.terminal_size((columns, 24)))
            code, said = Terminal(columns).run(words, there)
        shown = re.sub(r"\x1b\[([0-9;]*)m", r"‹\1›", said)
        told.append(f"$ {line}\n{_scrubbed(shown, there)}= {code}\n")
    return "".join(told)


def _piped(folder: Path) -> str:
    told = []
    for line, words, there in _runs(folder):
        done = _here(["itsm", *words], there)
        told.append(f"$ {line}\n{_scrubbed(done.out + done.err, there)}= {int(done.code)}\n")
    return "".join(told)


def _scrubbed(text: str, folder: Path) -> str:
    """Without paths of this machine and this Git's ids."""
    text = re.sub(r"(open )?(file://)?/\S*" + re.escape(f"/{folder.name}") + r"(/\S*)?", r"\1WORKSPACE\3", text)
    text = re.sub(r"\b[0-9a-f]{40}\b", "0" * 40, text)
    return re.sub(r"\b(?=\w*\d)(?:[0-9a-f]{12}|(?<=commit )[0-9a-f]{7})\b", lambda match: "0" * len(match[0]), text)


def _expect(name: str, found: str) -> None:
    if ACCEPT:
        (FOLDER / name).write_text(found, encoding="utf-8")
    assert found == (FOLDER / name).read_text(encoding="utf-8")


@pytest.fixture(autouse=True)
def _a_plain_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    for name in ("NO_COLOR", "COLUMNS", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize("columns", WIDTHS)
def test_a_terminal_without_colour(columns: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    seen = _seen(tmp_path, columns, monkeypatch)
    _expect(str(columns), seen)
    assert not SGR.search(seen)
    assert "\x1b" not in seen


@pytest.mark.parametrize("columns", WIDTHS)
def test_colour_changes_nothing_but_the_colour(columns: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = _seen(tmp_path, columns, monkeypatch)
    assert SGR.search(seen)
    assert "\x1b" not in seen
    assert "u001b" not in seen
    assert SGR.sub("", seen) == (FOLDER / str(columns)).read_text(encoding="utf-8")
    if columns == WIDTHS[1]:
        _expect("80-colour", seen)


def test_a_pipe_gets_lines_as_long_as_they_are(tmp_path: Path) -> None:
    piped = _piped(tmp_path)
    _expect("pipe", piped)
    assert "\x1b" not in piped


@pytest.mark.parametrize("columns", WIDTHS)
def test_only_what_can_not_be_parted_is_wider_than_the_terminal(columns: int) -> None:
    seen = (FOLDER / str(columns)).read_text(encoding="utf-8")
    wide = [row for row in seen.splitlines() if cell_len(row) > columns and not row.startswith("$ ")]
    assert all(" " not in row.strip() for row in wide), wide
