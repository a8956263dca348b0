"""Running `itsm` as a user does, in a workspace of one's own, with a real repository."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

IDENTITY = {
    "GIT_AUTHOR_NAME": "Ana Example",
    "GIT_AUTHOR_EMAIL": "ana@example.org",
    "GIT_COMMITTER_NAME": "Ana Example",
    "GIT_COMMITTER_EMAIL": "ana@example.org",
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": "/dev/null",
}


@dataclass(frozen=True, slots=True)
class Done:
    """How a command ended and what it said."""

    code: int
    out: str
    err: str


@dataclass(frozen=True, slots=True)
class Desk:
    """A folder to work in, with an identity."""

    folder: Path

    def environment(self) -> dict[str, str]:
        """Ours, with a fixed identity and no settings of the user's."""
        kept = {key: value for key, value in os.environ.items() if not key.startswith(("GIT_", "GITHUB_", "ITSM_"))}
        return kept | IDENTITY | {"HOME": str(self.folder), "LANG": "C.UTF-8"}

    def itsm(self, *arguments: str, stdin: str | None = None, **extra: str) -> Done:
        """Runs `itsm` and tells how it ended. A traceback is never acceptable."""
        done = subprocess.run(
            [sys.executable, "-m", "itsm_as_code", *arguments],
            cwd=self.folder, env=self.environment() | extra, capture_output=True, text=True, input=stdin or "",
            check=False,
        )  # fmt: skip
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


def founded(folder: Path) -> Desk:
    """A new workspace with one commit."""
    folder.mkdir(parents=True, exist_ok=True)
    desk = Desk(folder)
    desk.must(
        "init", "--name", "Example", "--service", "Portal", "--person", "Ana Example", "--email", "ana@example.org"
    )
    desk.commit("found the workspace")
    return desk


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A workspace as `itsm init` makes it, committed."""
    return founded(tmp_path / "workspace")
