"""A command that was forked says what one says that was started, and sees what whoever asked sees."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.harness import founded
from tests.forks.start import forked_python, run_forked


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with a finding."""
    folder = founded(tmp_path_factory.mktemp("forked") / "workspace").folder
    service = folder / "records/services/portal.yaml"
    service.write_text(service.read_text(encoding="utf-8") + "colour: blue\n", encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("check",), 1),
        (("check", "--format", "json", "--at", "2026-11-21T12:00:00Z"), 1),
        (("explain", "LIF012"), 0),
        (("check", "--nope"), 2),
        (("show", "nothing"), 2),
    ],
)
def test_it_says_and_ends_the_same(workspace: Path, arguments: tuple[str, ...], code: int) -> None:
    started = subprocess.run(
        [sys.executable, "-m", "itsm_as_code", *arguments], cwd=workspace, capture_output=True, text=True, check=False
    )
    forked = run_forked(arguments, workspace, os.environ)
    assert (forked.returncode, forked.stdout, forked.stderr) == (code, started.stdout, started.stderr)


def test_each_has_an_environment_of_its_own(workspace: Path) -> None:
    narrow, wide = ({**os.environ, "_ITSM_COMPLETE": "bash_complete", "COMP_CWORD": "1", "COMP_WORDS": words}
                    for words in ("itsm redac", "itsm reope"))  # fmt: skip
    assert run_forked([], workspace, narrow).stdout == "plain,redact\n"
    assert run_forked([], workspace, wide).stdout == "plain,reopen\n"
    assert run_forked(["--version"], workspace, os.environ).stdout.startswith("itsm ")


def test_it_reads_standard_input(workspace: Path) -> None:
    asked = ["check", "--pre-receive", "refs/heads/main"]
    for given, words in (("", "names no ref"), ("no update\n", "the hook was not called by Git")):
        said = run_forked(asked, workspace, os.environ, given)
        assert (said.returncode, words in said.stderr) == (3, True)


def test_the_stand_in_for_python_starts_python_for_anything_else() -> None:
    code = "import os, sys; print(os.getppid()); sys.exit(7)"
    done = subprocess.run([forked_python(), "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (7, f"{os.getpid()}\n")


@pytest.mark.parametrize("sent", [b"", b"\0\0\0", b"\0\0\0\0\0\0\0\x10half"])
def test_who_is_stopped_while_asking_stops_nobody_else(workspace: Path, sent: bytes) -> None:
    with socket.socket(socket.AF_UNIX) as asking:
        asking.connect(str(Path(forked_python()).parent / "socket"))
        asking.sendall(sent)
    assert run_forked(["--version"], workspace, os.environ).returncode == 0


def test_who_is_stopped_before_the_answer_stops_nobody_else(workspace: Path) -> None:
    """The command waits for its input until whoever asked for it is gone, so that nobody can take the answer."""
    for _ in range(3):
        asked = [forked_python(), "-I", "-m", "itsm_as_code", "check", "--pre-receive", "refs/heads/main"]
        with subprocess.Popen(asked, cwd=workspace, stdin=subprocess.PIPE, stderr=subprocess.DEVNULL) as asking:
            with contextlib.suppress(subprocess.TimeoutExpired):
                asking.wait(0.2)
            asking.kill()
    assert run_forked(["--version"], workspace, os.environ).returncode == 0
