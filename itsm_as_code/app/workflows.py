"""The repository's workflow files: what runs the check, and with which rights. Together they are one subject.

They lie at the top of the repository, which may be above the workspace.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from itsm_as_code.store.tree import Mode

if TYPE_CHECKING:
    from itsm_as_code.git.step import ChangedPath, TreeStep
    from itsm_as_code.store.tree import Tree, TreeEntry

WORKFLOWS = ".github/workflows"
"""How messages call them all, after the commonest place."""
PLACES = (
    WORKFLOWS, ".github/actions", ".gitlab-ci.yml", ".gitlab", ".gitea", ".forgejo", ".woodpecker", ".woodpecker.yml",
    ".circleci", "azure-pipelines.yml", "Jenkinsfile", "bitbucket-pipelines.yml",
)  # fmt: skip
"""Files and folders from which forges take what they run."""


def workflow_files(top: Tree) -> dict[str, Any]:
    """The workflow files below a repository's top, as one subject: path to sha256. Links are no part of it: they are
    findings (see `odd`)."""
    plain = (entry for entry in _entries(top) if entry.mode is Mode.FILE)
    return {"schema": 1, "files": {e.path: hashlib.sha256(top.read(e.path)).hexdigest() for e in plain}}


def _entries(top: Tree) -> Iterator[TreeEntry]:
    for place in PLACES:
        itself = top.entry(place)
        yield from (itself,) if itself is not None else top.entries(place)


def odd(step: TreeStep) -> Iterator[str]:
    """Changed names that are, or stand for, workflow files and are no plain files: nobody can see what they bring."""
    for changed in touched(step):
        if changed.head_entry is not None and changed.head_entry.mode is not Mode.FILE:
            yield changed.path


def touched(step: TreeStep) -> tuple[ChangedPath, ...]:
    """The workflow files that a step changes, and what stands in the place of a folder on the way to one."""
    return tuple(changed for changed in _at_top(step) if _concerns(changed.path))


def _concerns(path: str) -> bool:
    on_the_way = (place.startswith(f"{path}/") for place in PLACES)
    return any(path == place or path.startswith(f"{place}/") for place in PLACES) or any(on_the_way)


def _at_top(step: TreeStep) -> tuple[ChangedPath, ...]:
    return step.outside if step.base.prefix else step.changed


def conflicts(step: TreeStep) -> list[str]:
    """Workflow files that both sides changed."""
    listed = step.outside_conflicts if step.base.prefix else step.conflicts
    return [path for path in listed if _concerns(path)]
