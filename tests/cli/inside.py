"""Running `itsm` inside the test's process: as fast as a function call, with what it said and how it ended."""

from __future__ import annotations

import io
import subprocess
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

from itsm_as_code.cli.main import run
from tests.cli.harness import Done


@dataclass(frozen=True, slots=True)
class Place:
    """A folder to work in; the identity is that of the test's environment (Ana Example)."""

    folder: Path

    def itsm(self, *arguments: str) -> Done:
        """Runs `itsm` in the folder. Only what the process itself does (signals, pipes, locale) is left out."""
        out, err = io.StringIO(), io.StringIO()
        with redirect_stdout(out), redirect_stderr(err):
            code = run(["-C", str(self.folder), *arguments])
        assert code != 4, f"{arguments}: {err.getvalue()}"
        assert "Traceback" not in err.getvalue(), err.getvalue()
        return Done(code, out.getvalue(), err.getvalue())

    def must(self, *arguments: str) -> str:
        """Runs `itsm`, which must end clean; its standard output."""
        done = self.itsm(*arguments)
        assert done.code == 0, f"{arguments}: {done.out}{done.err}"
        return done.out

    def git(self, *arguments: str) -> str:
        """Runs Git, which must succeed; its standard output."""
        done = subprocess.run(["git", *arguments], cwd=self.folder, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def commit(self, message: str = "step") -> str:
        """Commits everything; the commit's id."""
        self.git("add", "-A")
        self.git("commit", "-q", "-m", message)
        return self.git("rev-parse", "HEAD").strip()

    def new(self, kind: str, *options: str) -> str:
        """Makes a record; its id."""
        said = self.must("new", kind, "--title", f"A {kind}", *options)
        return Path(said.split()[1]).stem

    def one(self, pattern: str) -> Path:
        """The one file that matches a pattern."""
        (found,) = self.folder.glob(pattern)
        return found

    def record(self, record_id: str) -> Path:
        """The file of a record."""
        return self.one(f"records/**/{record_id}.*")

    def write(self, path: str, text: str | bytes) -> Path:
        """A file with this content, its folders made."""
        target = self.folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(text.encode() if isinstance(text, str) else text)
        return target

    def contents(self) -> dict[str, bytes]:
        """Path to bytes of every file but Git's own."""
        return {
            path.relative_to(self.folder).as_posix(): path.read_bytes()
            for path in sorted(self.folder.rglob("*"))
            if path.is_file() and ".git" not in path.relative_to(self.folder).parts
        }
