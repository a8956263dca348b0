"""Golden transcripts: `tests/golden/<name>/` holds a workspace, a script and what it printed.

`script` has one command a line (`itsm …` or `git …`), run in a copy of `workspace/`. `transcript` is what they
printed, with exit codes. ITSM_ACCEPT_GOLDEN=1 rewrites the transcripts; review the difference like code.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
CASES = sorted(path.parent.name for path in HERE.glob("*/script"))
ENVIRONMENT = {
    "PATH": os.environ["PATH"],
    "HOME": "/nonexistent",
    "LANG": "C.UTF-8",
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": "/dev/null",
    "GIT_AUTHOR_NAME": "Ana Example",
    "GIT_AUTHOR_EMAIL": "ana@example.org",
    "GIT_COMMITTER_NAME": "Ana Example",
    "GIT_COMMITTER_EMAIL": "ana@example.org",
    "GIT_AUTHOR_DATE": "2026-11-20T08:00:00Z",
    "GIT_COMMITTER_DATE": "2026-11-20T08:00:00Z",
}


def _run(line: str, folder: Path, seed: str) -> subprocess.CompletedProcess[str]:
    words = shlex.split(line)
    command = [sys.executable, "-m", "itsm_as_code", *words[1:]] if words[0] == "itsm" else words
    assert words[0] in ("itsm", "git"), line
    return subprocess.run(
        command, cwd=folder, env=ENVIRONMENT | {"PYTHONHASHSEED": seed}, capture_output=True, text=True,
        stdin=subprocess.DEVNULL, check=False,
    )  # fmt: skip


def _transcript(name: str, folder: Path, seed: str) -> str:
    shutil.copytree(HERE / name / "workspace", folder)
    lines = []
    for line in (HERE / name / "script").read_text(encoding="utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        done = _run(line, folder, seed)
        if line.startswith("git") and done.returncode == 0:
            continue
        lines.append(f"$ {line}")
        lines += done.stdout.splitlines()
        lines += [f"! {said}" for said in done.stderr.splitlines()]
        lines.append(f"= {done.returncode}")
    return _scrubbed("\n".join(lines) + "\n", folder)


def _scrubbed(text: str, folder: Path) -> str:
    text = text.replace(str(folder), "WORKSPACE")
    return re.sub(r"\bcommit [0-9a-f]{7,40}\b", "commit COMMIT", text)


@pytest.mark.parametrize("name", CASES)
def test_transcript(name: str, tmp_path: Path) -> None:
    found = _transcript(name, tmp_path / "one", "1")
    expected = HERE / name / "transcript"
    if os.environ.get("ITSM_ACCEPT_GOLDEN"):
        expected.write_text(found, encoding="utf-8")
    assert found == expected.read_text(encoding="utf-8")


def test_there_are_transcripts() -> None:
    assert CASES


@pytest.mark.parametrize("name", CASES[:2])
def test_another_hash_seed_prints_the_same(name: str, tmp_path: Path) -> None:
    assert _transcript(name, tmp_path / "one", "1") == _transcript(name, tmp_path / "two", "4242")
