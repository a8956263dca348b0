"""Runs Git through GitPython, in an environment that inherited variables cannot influence.

There are two ways. A *reading* command sees no user or system configuration and starts no other program. A command
*as the user* keeps identity, credentials and signing; only the location of the repository is fixed.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from subprocess import PIPE
from typing import TYPE_CHECKING, BinaryIO, cast

from itsm_as_code.domain.errors import CouldNotCheck

if TYPE_CHECKING:
    from git import Git

QUARANTINE = ("GIT_OBJECT_DIRECTORY", "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_QUARANTINE_PATH")
"""The variables that `git receive-pack` gives to a pre-receive hook. New objects wait there until the push is
accepted."""

_READING = {
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_ATTR_NOSYSTEM": "1",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_GRAFT_FILE": os.devnull,
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_LITERAL_PATHSPECS": "1",
    "GIT_TERMINAL_PROMPT": "0",
    # A partial clone would fetch missing objects one by one, in the middle of a check.
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_ALLOW_PROTOCOL": "",
}
_READING_OPTIONS = (
    "--no-pager",
    "--no-replace-objects",
    "-c",
    f"core.hooksPath={os.devnull}",
    "-c",
    "core.fsmonitor=false",
    "-c",
    f"core.attributesFile={os.devnull}",
    "-c",
    "log.showSignature=false",
    "-c",
    "log.follow=false",
    "-c",
    "advice.graftFileDeprecated=false",
)
_HARMLESS_WHEN_READING = ("GIT_EXEC_PATH", "GIT_SSL_", "GIT_PYTHON_", "GIT_CEILING_DIRECTORIES")
# These are the variables of `git rev-parse --local-env-vars`, without those for configuration,
# and those that change how path arguments are read.
_PLACE = frozenset(
    {
        "GIT_DIR",
        "GIT_WORK_TREE",
        "GIT_COMMON_DIR",
        "GIT_INDEX_FILE",
        "GIT_NAMESPACE",
        "GIT_PREFIX",
        "GIT_SHALLOW_FILE",
        "GIT_GRAFT_FILE",
        "GIT_REPLACE_REF_BASE",
        "GIT_NO_REPLACE_OBJECTS",
        "GIT_IMPLICIT_WORK_TREE",
        "GIT_INTERNAL_SUPER_PREFIX",
        "GIT_LITERAL_PATHSPECS",
        "GIT_GLOB_PATHSPECS",
        "GIT_NOGLOB_PATHSPECS",
        "GIT_ICASE_PATHSPECS",
        *QUARANTINE,
    }
)


@dataclass(frozen=True, slots=True)
class GitOutcome:
    """What a finished Git command gave back: `stdout` as bytes, `stderr` as text for people."""

    status: int
    stdout: bytes
    stderr: str


class Batch:
    """A Git process that answers requests on its standard output until its input is closed."""

    def __init__(self, process: Git.AutoInterrupt) -> None:
        self._process = process
        # AutoInterrupt passes attributes of Popen through untyped; all three pipes are open.
        self.stdout = cast(BinaryIO, process.stdout)
        self.stdin = cast("BinaryIO | None", process.stdin)
        self._stderr = cast(BinaryIO, process.stderr)

    def complaint(self) -> str:
        """Returns what the process wrote to standard error. Call it after the process has ended."""
        return self._stderr.read().decode("utf-8", "replace").strip()

    def end(self) -> None:
        """Stops the process and closes its pipes."""
        self._process._terminate()


def reading(
    args: Iterable[str],
    *,
    git_dir: Path,
    work_tree: Path | None = None,
    quarantine: Mapping[str, str] | None = None,
) -> GitOutcome:
    """Runs a command that only reads, for the repository `git_dir`."""
    command, environment = _for_reading(args, git_dir, work_tree, quarantine)
    return _execute(command, work_tree or git_dir, environment, None)


def batch(
    args: Iterable[str],
    *,
    git_dir: Path,
    quarantine: Mapping[str, str] | None = None,
    stdin: BinaryIO | None = None,
) -> Batch:
    """Starts a reading command. It takes requests from the open file `stdin`, or from what is written to
    `Batch.stdin`."""
    command, environment = _for_reading(args, git_dir, None, quarantine)
    process = _runner(git_dir).execute(command, istream=stdin or PIPE, env=environment, as_process=True)
    return Batch(process)


def as_user(
    args: Iterable[str],
    *,
    cwd: Path,
    git_dir: Path | None = None,
    stdin: bytes | None = None,
    extra: Mapping[str, str] | None = None,
) -> GitOutcome:
    """Runs a command with the user's configuration: their identity, credentials, signing and hooks.

    Without `git_dir`, Git looks for the repository from `cwd` upwards and applies its ownership rules.
    """
    unset = [name for name in os.environ if name in _PLACE]
    environment = {"GIT_DIR": str(git_dir)} if git_dir else {}
    environment |= extra or {}
    return _execute([*_without(unset), "git", "--no-pager", *args], cwd, environment, stdin)


def _for_reading(
    args: Iterable[str], git_dir: Path, work_tree: Path | None, quarantine: Mapping[str, str] | None
) -> tuple[list[str], dict[str, str]]:
    unset = [
        name
        for name in os.environ
        if name.startswith("GIT_") and not name.startswith(_HARMLESS_WHEN_READING) and name not in _READING
    ]
    environment = {**_READING, "GIT_DIR": str(git_dir), **(quarantine or {})}
    if work_tree is not None:
        environment["GIT_WORK_TREE"] = str(work_tree)
    unset = [name for name in unset if name not in environment]
    return [*_without(unset), "git", *_READING_OPTIONS, *args], environment


def _without(names: list[str]) -> list[str]:
    # GitPython always adds os.environ and can't remove a name. `env` removes it, and runs only if it must.
    return ["env", *(part for name in names for part in ("-u", name))] if names else []


def _execute(command: list[str], cwd: Path, environment: Mapping[str, str], stdin: bytes | None) -> GitOutcome:
    runner = _runner(cwd)
    from git.exc import GitCommandNotFound

    with tempfile.TemporaryFile() as feed:
        if stdin is not None:
            feed.write(stdin)
            feed.seek(0)
        try:
            status, stdout, stderr = runner.execute(
                command,
                istream=cast(BinaryIO, feed) if stdin is not None else None,
                env=environment,
                with_extended_output=True,
                with_exceptions=False,
                stdout_as_string=False,
                strip_newline_in_stdout=False,
            )
        except GitCommandNotFound as error:
            raise _git_missing() from error
    if status == 127 and command[0] == "env":
        raise _git_missing()
    return GitOutcome(status, stdout, stderr)


def _runner(cwd: Path) -> Git:
    try:
        from git import Git
    except ImportError as error:
        raise _git_missing() from error
    if not cwd.is_dir():
        # Otherwise GitPython would use the folder of this process and answer about another repository.
        raise CouldNotCheck(f"{cwd} is not a folder")
    return Git(str(cwd))


def _git_missing() -> CouldNotCheck:
    return CouldNotCheck("Git could not be run", hint="install git (2.31 or later) and put it on PATH")
