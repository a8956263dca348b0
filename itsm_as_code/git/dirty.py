"""Which files of the checkout may differ from HEAD: staged, unstaged, deleted or untracked, not ignored."""

from __future__ import annotations

from collections.abc import Iterable

from itsm_as_code.domain.errors import CouldNotCheck
from itsm_as_code.git.repository import Repository


def dirty_paths(repository: Repository, under: Iterable[str] = ()) -> tuple[str, ...]:
    """Workspace paths that differ from HEAD, sorted; below the folders `under`, all by default.

    Empty in a bare repository. Costs one `git status`, which looks at every tracked file's times.
    """
    if repository.work_tree is None:
        return ()
    prefix = repository.prefix
    places = [prefix + folder for folder in under] or ([prefix] if prefix else [])
    # As the user: line-ending and ignore settings decide what Git calls changed.
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
