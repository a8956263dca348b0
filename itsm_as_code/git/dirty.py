"""Finds files of the checkout that may differ from HEAD (staged, unstaged, deleted or untracked), and tracked files."""

from __future__ import annotations

from collections.abc import Iterable

from itsm_as_code.domain.errors import CouldNotCheck
from itsm_as_code.git.repository import Repository


def dirty_paths(repository: Repository, under: Iterable[str] = ()) -> tuple[str, ...]:
    """Returns the workspace paths that differ from HEAD, sorted. `under` limits them to these folders.

    The result is empty in a bare repository. The call runs one `git status`, which looks at the times of every
    tracked file.
    """
    if repository.work_tree is None:
        return ()
    prefix = repository.prefix
    places = [prefix + folder for folder in under] or ([prefix] if prefix else [])
    # This runs as the user, because their line-ending and ignore settings decide what Git calls changed.
    outcome = repository.as_user(
        "--no-optional-locks",
        "--literal-pathspecs",
        "-c",
        "core.fsmonitor=false",
        "status",
        "--porcelain=v1",
        "-z",
        "--untracked-files=all",
        "--no-renames",
        "--ignore-submodules=dirty",
        "--",
        *places,
    )
    if outcome.status != 0:
        raise CouldNotCheck(f"git status failed: {outcome.stderr.strip()}")
    lines = outcome.stdout.decode("utf-8", "surrogateescape").split("\0")
    paths = (line[3:] for line in lines if line)
    return tuple(sorted(path.removeprefix(prefix) for path in paths if path.startswith(prefix)))


def tracked_paths(repository: Repository, under: Iterable[str]) -> frozenset[str]:
    """Returns the workspace paths in these folders that Git tracks now: the index is read, not HEAD."""
    places = [repository.prefix + folder for folder in under]
    if repository.work_tree is None or not places:
        return frozenset()
    outcome = repository.as_user("--literal-pathspecs", "ls-files", "-z", "--", *places)
    if outcome.status != 0:
        raise CouldNotCheck(f"git ls-files failed: {outcome.stderr.strip()}")
    paths = outcome.stdout.decode("utf-8", "surrogateescape").split("\0")
    return frozenset(path.removeprefix(repository.prefix) for path in paths if path)
