"""Running `itsm` as a user does, in a workspace of one's own, with a real repository."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.environment import clean
from tests.forks.start import run_forked

AT_A_CLOCK = """
import sys
from datetime import datetime
from itsm_as_code.app.checkout import workspace
from itsm_as_code.cli.main import main
clock = datetime.fromisoformat(sys.argv.pop(1))
workspace.now = lambda: clock
sys.argv[0] = "itsm"
main()
"""
"""Runs `itsm` on a machine whose clock stands still at its first argument."""


@dataclass(frozen=True, slots=True)
class Done:
    """How a command ended and what it said."""

    code: int
    out: str
    err: str


@dataclass(frozen=True, slots=True)
class Desk:
    """A folder to work in, with an identity. With a `clock`, every `itsm` of it runs at that instant."""

    folder: Path
    clock: str | None = field(default=None, kw_only=True)

    def environment(self) -> dict[str, str]:
        """A clean one, whose home is the folder."""
        return clean(os.environ, str(self.folder))

    def itsm(self, *arguments: str, stdin: str | None = None, **extra: str) -> Done:
        """Runs `itsm` and tells how it ended. A traceback is never acceptable.

        The process is forked, or started anew where its environment or its clock is not the usual one.
        """
        if extra or self.clock is not None:
            program = ["-m", "itsm_as_code"] if self.clock is None else ["-c", AT_A_CLOCK, self.clock]
            done = subprocess.run(
                [sys.executable, *program, *arguments],
                cwd=self.folder, env=self.environment() | extra, capture_output=True, text=True, input=stdin or "",
                check=False,
            )  # fmt: skip
        else:
            done = run_forked(arguments, self.folder, self.environment(), stdin or "")
        assert "Traceback" not in done.stderr, done.stderr
        return Done(done.returncode, done.stdout, done.stderr)

    def must(self, *arguments: str) -> str:
        """Runs `itsm`, which must end clean; its standard output."""
        done = self.itsm(*arguments)
        assert done.code == 0, f"{arguments}: {done.out}{done.err}"
        return done.out

    def git(self, *arguments: str) -> str:
        """Runs Git, which must succeed; its standard output."""
        done = subprocess.run(
            ["git", *arguments], cwd=self.folder, env=self.environment(), capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def commit(self, message: str = "step") -> str:
        """Commits everything; the commit's id."""
        self.git("add", "-A")
        self.git("commit", "-q", "-m", message)
        return self.git("rev-parse", "HEAD").strip()

    def one(self, pattern: str) -> Path:
        """The one file that matches a pattern."""
        (found,) = self.folder.glob(pattern)
        return found


def founded(folder: Path, *, clock: str | None = None) -> Desk:
    """A new workspace with one commit."""
    folder.mkdir(parents=True, exist_ok=True)
    desk = Desk(folder, clock=clock)
    desk.must(
        "init", "--name", "Example", "--service", "Portal", "--person", "Ana Example", "--email", "ana@example.org"
    )
    desk.commit("found the workspace")
    return desk


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A workspace as `itsm init` makes it, committed."""
    return founded(tmp_path / "workspace")
