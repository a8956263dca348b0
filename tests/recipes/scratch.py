"""A copy of the project in which recipes are followed. It is made once, and goes back to what it was after each."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import IO

from tests.recipes.document import Edit, Step

ROOT = Path(__file__).resolve().parents[2]
COPIED = (
    "itsm_as_code", "schemas", "templates", "records", "docs", "tests", "benchmarks",
    "itsm.yaml", "pyproject.toml", "README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md",
)  # fmt: skip
LEFT_OUT = ("node_modules", "*.json.gz", ".hypothesis", "images")


@dataclass
class Scratch:
    """The copy. `_before` keeps the content of every file that was changed since it was made; None: there was none.

    Each file that is written gets a time of its own, `_times`: Python takes what it has compiled for current if the
    file's time and size are the same.
    """

    folder: Path
    _times: Iterator[int] = field(default_factory=lambda: count(1_000_000_000))
    _before: dict[Path, tuple[bytes, os.stat_result] | None] = field(default_factory=dict)

    @classmethod
    def made_in(cls, folder: Path) -> Scratch:
        """A copy of what the project holds, with what Python has compiled of it."""
        for name in COPIED:
            source, target = ROOT / name, folder / name
            if source.is_dir():
                shutil.copytree(source, target, ignore=shutil.ignore_patterns(*LEFT_OUT))
            else:
                shutil.copy2(source, target)
        return cls(folder)

    @contextmanager
    def following(self, steps: Iterable[Step], *, generates: bool = True) -> Iterator[None]:
        """All steps are done in their order; afterwards the copy is as it was. What a step runs costs most, and only
        who asks for what is generated needs it."""
        try:
            for step in steps:
                for edit in step.edits:
                    self._apply(edit)
                for command in step.commands if generates else ():
                    self._carry_out(command)
            yield
        finally:
            self._restore()

    def write(self, path: str, text: str) -> None:
        """A file with this text."""
        target = self.folder / path
        self._remember(target)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
        os.utime(target, times=(time := next(self._times), time))

    def itsm(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Runs the copy's own `itsm` there."""
        return subprocess.run(
            [sys.executable, "-m", "itsm_as_code", *words], cwd=self.folder, env=environment(self.folder),
            capture_output=True, text=True, check=False,
        )  # fmt: skip

    def must(self, *words: str) -> str:
        """Runs the copy's own `itsm`, which must end clean; its standard output."""
        done = self.itsm(*words)
        assert done.returncode == 0, f"{words}: {done.stdout}{done.stderr}"
        return done.stdout

    def _apply(self, edit: Edit) -> None:
        target = self.folder / edit.path
        if edit.old is None:
            assert not target.exists(), f"{edit.path} is there already"
            self.write(edit.path, edit.new)
            return
        text = target.read_text(encoding="utf-8")
        assert text.count(edit.old) == 1, f"{edit.path} holds {text.count(edit.old)} times:\n{edit.old}"
        self.write(edit.path, text.replace(edit.old, edit.new))

    def _carry_out(self, command: str) -> None:
        program, *words = command.split()
        assert program == "itsm", command
        for path in [*(self.folder / "schemas").iterdir(), *(self.folder / "docs").glob("*.md")]:
            self._remember(path)
        new = set((self.folder / "schemas").iterdir())
        assert "wrote" in self.must(*words), f"nothing was stale before `{command}`"
        for path in set((self.folder / "schemas").iterdir()) - new:
            self._before[path] = None

    def _remember(self, target: Path) -> None:
        if target not in self._before:
            self._before[target] = (target.read_bytes(), target.stat()) if target.exists() else None

    def _restore(self) -> None:
        """With their old times, of which something may have been compiled."""
        for target, before in self._before.items():
            if before is None:
                target.unlink(missing_ok=True)
            else:
                target.write_bytes(before[0])
                os.utime(target, ns=(before[1].st_atime_ns, before[1].st_mtime_ns))
        self._before.clear()


def environment(folder: Path) -> dict[str, str]:
    """The test's environment, with the package of a folder first. What is compiled there is kept for the next run."""
    places = os.pathsep.join(filter(None, (str(folder), os.environ.get("PYTHONPATH"))))
    return {**os.environ, "PYTHONPATH": places, "PYTHONDONTWRITEBYTECODE": ""}


class Guards:
    """Runs single tests of the copy, each time in a process that was forked before it knew anything of the project."""

    def __init__(self, folder: Path) -> None:
        self._running = subprocess.Popen(
            [sys.executable, "-P", str(Path(__file__).with_name("guarding.py"))], cwd=folder,
            env=environment(folder), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip

    def outcomes(self, tests: Iterable[str]) -> dict[str, str]:
        """Each test with `passed` or what was wrong; `missing` where it did not run."""
        given, answers = self._pipes()
        given.write(json.dumps(list(tests)) + "\n")
        given.flush()
        found: dict[str, str] = json.loads(answers.readline())
        return found

    def end(self) -> None:
        """Ends the process."""
        self._running.communicate()

    def _pipes(self) -> tuple[IO[str], IO[str]]:
        assert self._running.stdin is not None
        assert self._running.stdout is not None
        return self._running.stdin, self._running.stdout
