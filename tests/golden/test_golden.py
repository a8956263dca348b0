"""Golden transcripts: `tests/golden/<name>/` holds a workspace, a script and what it printed.

`script` has one command a line (`itsm …` or `git …`), run in a copy of `workspace/`. `transcript` is what they
printed, with exit codes. ITSM_ACCEPT_GOLDEN=1 rewrites the transcripts; review the difference like code.
"""

from __future__ import annotations

import io
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable
from contextlib import chdir, redirect_stderr, redirect_stdout
from pathlib import Path

import pytest

from itsm_as_code.cli.main import run
from tests.cli.harness import Done
from tests.environment import clean

HERE = Path(__file__).parent
ACCEPT = bool(os.environ.get("ITSM_ACCEPT_GOLDEN"))
CASES = sorted(path.parent.name for path in HERE.glob("*/script"))
DATES = {"GIT_AUTHOR_DATE": "2026-11-20T08:00:00Z", "GIT_COMMITTER_DATE": "2026-11-20T08:00:00Z"}


Runner = Callable[[list[str], Path], Done]


def _as_process(seed: str) -> Runner:
    """Runs each command as a process of its own, with this hash seed."""

    def run_one(words: list[str], folder: Path) -> Done:
        command = [sys.executable, "-m", "itsm_as_code", *words[1:]] if words[0] == "itsm" else words
        done = subprocess.run(
            command, cwd=folder, env=clean(os.environ, "/nonexistent") | DATES | {"PYTHONHASHSEED": seed},
            capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False,
        )  # fmt: skip
        return Done(done.returncode, done.stdout, done.stderr)

    return run_one


def _here(words: list[str], folder: Path) -> Done:
    """Runs `itsm` in this process, which is faster, and Git as a process."""
    if words[0] == "git":
        return _as_process("1")(words, folder)
    out, err = io.StringIO(), io.StringIO()
    with chdir(folder), redirect_stdout(out), redirect_stderr(err):
        code = run(words[1:])
    return Done(code, out.getvalue(), err.getvalue())


def _transcript(name: str, folder: Path, runner: Runner) -> str:
    shutil.copytree(HERE / name / "workspace", folder)
    lines = []
    for line in (HERE / name / "script").read_text(encoding="utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        words = shlex.split(line)
        assert words[0] in ("itsm", "git"), line
        done = runner(words, folder)
        if words[0] == "git" and done.code == 0:
            continue
        lines.append(f"$ {line}")
        lines += done.out.splitlines()
        lines += [f"! {said}" for said in done.err.splitlines()]
        lines.append(f"= {int(done.code)}")
    return _scrubbed("\n".join(lines) + "\n", folder)


def _scrubbed(text: str, folder: Path) -> str:
    text = text.replace(str(folder), "WORKSPACE")
    return re.sub(r"\bcommit [0-9a-f]{7,40}\b", "commit COMMIT", text)


@pytest.mark.parametrize("name", CASES)
def test_transcript(name: str, tmp_path: Path) -> None:
    found = _transcript(name, tmp_path / "one", _here)
    expected = HERE / name / "transcript"
    if ACCEPT:
        expected.write_text(found, encoding="utf-8")
    assert found == expected.read_text(encoding="utf-8")


def test_there_are_transcripts() -> None:
    assert CASES


@pytest.mark.parametrize("name", ["faults", "sla"])
def test_processes_with_other_hash_seeds_print_the_same(name: str, tmp_path: Path) -> None:
    assert _transcript(name, tmp_path / "one", _as_process("4242")) == (HERE / name / "transcript").read_text(
        encoding="utf-8"
    )
