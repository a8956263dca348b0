"""The cast of a team's week: each with a home, a key and a clone, typing commands as people do."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.approvals.records import at
from tests.approvals.world import MAIN, Push, World, identity
from tests.cli.desks import Desk
from tests.cli.harness import Done
from tests.forks.start import run_forked

SLOW = """
from datetime import timedelta
from itsm_as_code.app.checkout import workspace
from itsm_as_code.cli.main import main
right = workspace.now
workspace.now = lambda: right() - timedelta(minutes={minutes})
main()
"""
"""`itsm` on a machine whose clock is so many minutes slow."""


@dataclass(frozen=True, slots=True)
class Colleague(Desk):
    """A person at a clone of their own. Every command is a process in nothing but the person's environment."""

    slow: int = 0
    git_dates: dict[str, str] = field(default_factory=dict)

    @property
    def new_key(self) -> Path:
        """The person's second key."""
        return self.world.key(self.name).with_name("id_ed25519_new")

    def on_a_slow_clock(self, minutes: int) -> Colleague:
        """The person at the same desk, whose machine is slow."""
        when = at(minutes=minutes)
        dates = {"GIT_AUTHOR_DATE": when, "GIT_COMMITTER_DATE": when}
        return Colleague(self.world, self.name, self.folder, minutes, dates)

    def itsm(self, *arguments: str) -> Done:
        environment = identity(self.name, self.world.home(self.name)) | {"PATH": os.environ["PATH"]} | self.git_dates
        if self.slow:
            command = [sys.executable, "-c", SLOW.format(minutes=self.slow), *arguments]
            done = subprocess.run(
                command, cwd=self.folder, env=environment, capture_output=True, text=True, check=False
            )
        else:
            done = run_forked(arguments, self.folder, environment)
        assert "Traceback" not in done.stderr, done.stderr
        return Done(done.returncode, done.stdout, done.stderr)

    def types(self, line: str) -> str:
        """Does what the screen told to do: `itsm` and `git` commands."""
        said = ""
        for command in line.split(" && "):
            program, *arguments = shlex.split(command)
            said += self.must(*arguments) if program == "itsm" else self.git(*arguments)
        return said

    def makes(self, kind: str, *fields: str, **options: str) -> str:
        """A new record; its id."""
        named = [word for name, value in options.items() for word in (f"--{name}", value)]
        said = self.must("new", kind, *named, *(word for each in fields for word in ("--set", each)))
        (made,) = re.findall(r"^made (\S+)\.yaml$", said, re.MULTILINE)
        return Path(made).name

    # The person's branches.

    def begins(self, branch: str) -> None:
        """A branch at what has landed."""
        self.git("fetch", "--quiet")
        self.git("switch", "--quiet", "--no-track", "-c", branch, "origin/main")

    def shows(self, *options: str) -> None:
        """Commits everything and pushes the branch."""
        self.git("add", "--all")
        self.git("commit", "--quiet", "-m", "What I propose", *options)
        self.git("push", "--quiet", "--force", "origin", "HEAD")

    def edits(self, where: str, ref: str, edit: Callable[[str], str]) -> None:
        """Changes a file by hand; naming the author lets `itsm` count the revision too."""
        file = self.folder / where
        file.write_text(edit(file.read_text(encoding="utf-8")), encoding="utf-8")
        self.must("set", ref, f"authors+={self.name}")

    def visits(self, branch: str) -> None:
        """Looks at somebody's branch."""
        self.git("fetch", "--quiet")
        self.git("switch", "--quiet", "--detach", f"origin/{branch}")

    def decides(self, verb: str, ref: str, branch: str, *options: str) -> str:
        """Looks at a change on somebody's branch and decides on it; what the screen says."""
        self.visits(branch)
        return self.must(verb, ref, *options, "--push")

    def updates(self) -> None:
        """What has landed, without merges that did not."""
        self.git("fetch", "--quiet")
        self.git("switch", "--quiet", "main")
        self.git("reset", "--quiet", "--hard", "origin/main")

    def merges(self, branch: str) -> Push:
        """Merges a branch into the protected one and pushes."""
        self.updates()
        self.git("merge", "--quiet", "--no-ff", "-m", f"Merge {branch}", f"origin/{branch}")
        return self.pushes()

    def squashes(self, branch: str) -> Push:
        """The same as one commit of this person's."""
        self.updates()
        self.git("merge", "--quiet", "--squash", f"origin/{branch}")
        self.git("commit", "--quiet", "-C", f"origin/{branch}")  # keeps who wrote it
        return self.pushes()

    def pushes(self) -> Push:
        done = self.world.try_git("push", "--quiet", "origin", f"HEAD:{MAIN}", who=self.name, folder=self.folder)
        return Push(done.returncode == 0, done.stderr)

    # What the person reads.

    def awaited(self) -> dict[str, str]:
        """What waits for the person here and on all branches: `subject gate` to the command that is shown."""
        self.git("fetch", "--quiet", "--prune")
        rows = json.loads(self.itsm("list", "--awaiting", "me", "--with", "origin/*", "--format", "json").out)
        return {f"{row['id']} {row['gate']}": row["command"] for row in rows["awaiting"]}

    def explain(self, ref: str, gate: str = "scheduled") -> str:
        """How a record stands, in a word."""
        self.git("fetch", "--quiet")
        return Desk.explain(self, ref, gate)

    def explained(self, ref: str) -> str:
        """How a record stands, in full."""
        self.git("fetch", "--quiet")
        return self.must("explain", ref, "approval")

    def audits(self, *options: str) -> tuple[int, dict[str, Any]]:
        """The exit code and the JSON of an audit of what has landed."""
        self.git("fetch", "--quiet")
        done = self.itsm("check", "--history", "--format", "json", *options)
        return done.code, json.loads(done.out)


def colleague(world: World, name: str) -> Colleague:
    """A person with a fresh clone of the server."""
    folder = world.folder / f"desk-{name}"
    world.git("clone", "--quiet", str(world.server), str(folder), who=name, folder=world.folder)
    return Colleague(world, name, folder)


def next_of(said: str) -> str:
    """The commands that the screen names as the next ones."""
    (line,) = re.findall(r"^  next +(.+)$", said, re.MULTILINE)
    return str(line)
