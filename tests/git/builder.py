"""A real repository to test against: fixed identity, fixed clock, made by Git itself."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

from tests.environment import clean

AUTHOR = {
    "GIT_AUTHOR_NAME": "Ana Author",
    "GIT_AUTHOR_EMAIL": "ana@example.org",
    "GIT_COMMITTER_NAME": "Carl Committer",
    "GIT_COMMITTER_EMAIL": "carl@example.org",
}
_START = 1_795_000_000  # 2026-11-18


class RepoBuilder:
    """Makes a repository step by step; every Git call runs without the machine's configuration."""

    def __init__(self, path: Path, *init: str, clone_of: Path | str | None = None) -> None:
        self.path = path
        self._minutes = 0
        path.mkdir(parents=True, exist_ok=True)
        if clone_of is not None:
            self.git("clone", "--quiet", *init, str(clone_of), ".")
        else:
            self.git("init", "--quiet", "--initial-branch=main", *init)
        self.git("config", "user.name", "Ursula User")
        self.git("config", "user.email", "ursula@example.org")

    def git(self, *args: str, stdin: bytes | None = None, extra: Mapping[str, str] | None = None) -> str:
        """Run Git here and return its output without the last line break."""
        environment = clean(os.environ, os.environ["HOME"])
        date = f"{_START + 60 * self._minutes} +0100"
        environment |= {**AUTHOR, "GIT_AUTHOR_DATE": date, "GIT_COMMITTER_DATE": date, **(extra or {})}
        done = subprocess.run(
            ["git", *args], cwd=self.path, env=environment, input=stdin, capture_output=True, check=False
        )
        assert done.returncode == 0, f"git {' '.join(args)}: {done.stderr.decode()}"
        return done.stdout.decode("utf-8", "surrogateescape").removesuffix("\n")

    def write(self, files: Mapping[str, str | bytes | None]) -> None:
        """Write files of the checkout; None removes one."""
        for name, content in files.items():
            path = self.path / name
            if content is None:
                path.unlink()
                continue
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode() if isinstance(content, str) else content)

    def commit(self, files: Mapping[str, str | bytes | None], message: str = "edit") -> str:
        """Write the files, commit everything, and return the commit's id."""
        self._minutes += 1
        self.write(files)
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "-m", message)
        return self.head()

    def head(self, rev: str = "HEAD") -> str:
        """The commit id of a revision."""
        return self.git("rev-parse", f"{rev}^{{commit}}")

    def branch(self, name: str, at: str = "HEAD") -> None:
        """Make a branch at a revision and switch to it."""
        self.git("switch", "--quiet", "-c", name, at)

    def switch(self, name: str) -> None:
        """Switch to a branch."""
        self.git("switch", "--quiet", name)

    def merge(self, *others: str, strategy: str | None = None) -> str:
        """Merge without fast-forward and return the merge's id."""
        self._minutes += 1
        option = [f"--strategy={strategy}"] if strategy else []
        self.git("merge", "--quiet", "--no-ff", "--no-edit", *option, *others)
        return self.head()

    def tree_of(self, files: Mapping[str, str]) -> str:
        """The id of a tree object with these files."""
        index = {"GIT_INDEX_FILE": str(self.path / ".git" / "scratch-index")}
        self.git("read-tree", "--empty", extra=index)
        for name, content in files.items():
            oid = self.git("hash-object", "-w", "--stdin", stdin=content.encode())
            self.git("update-index", "--add", "--cacheinfo", f"100644,{oid},{name}", extra=index)
        return self.git("write-tree", extra=index)

    def commit_tree(self, tree: str, *parents: str, message: str = "made by hand") -> str:
        """A commit with exactly this tree and these parents, whatever a merge would have given."""
        self._minutes += 1
        named = [part for parent in parents for part in ("-p", parent)]
        return self.git("commit-tree", tree, *named, "-m", message)
