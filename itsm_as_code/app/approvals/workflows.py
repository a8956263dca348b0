"""The repository's guarded files: what runs the check, with which rights, and what Git does to files in every clone.
Together they are one subject.

They lie at the top of the repository, which may be above the workspace.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from itsm_as_code.store.tree import Mode

if TYPE_CHECKING:
    from itsm_as_code.domain.settings import Settings
    from itsm_as_code.git.step import ChangedPath, TreeStep
    from itsm_as_code.store.tree import Tree, TreeEntry

WORKFLOWS = ".github/workflows"
"""How messages call them all, after the commonest place."""
_PLACES = (
    ".github", ".gitlab-ci.yml", ".gitlab-ci.yaml", ".gitlab", ".gitea", ".forgejo", ".woodpecker", ".woodpecker.yml",
    ".woodpecker.yaml", ".circleci", "azure-pipelines.yml", "azure-pipelines.yaml", ".azure-pipelines",
    "bitbucket-pipelines.yml", ".drone.yml", ".travis.yml", ".buildkite", ".cirrus.yml", "appveyor.yml",
    ".appveyor.yml", ".build.yml", ".builds", ".semaphore", ".tekton", ".teamcity", ".screwdriver.yaml", "wercker.yml",
    "bitrise.yml", "buildspec.yml", "cloudbuild.yaml", ".pre-commit-config.yaml", "CODEOWNERS", "docs/CODEOWNERS",
)  # fmt: skip
"""Files and folders from which forges and build servers take what they run and whom they ask."""
_JENKINS = "Jenkinsfile"
"""How the names begin from which Jenkins takes what it runs."""
_FORMS = (".github/issue_template", ".github/pull_request_template")
"""How the names begin, in any case, of what only fills in a text field for people."""
_ATTRIBUTES = ".gitattributes"


@dataclass(frozen=True, slots=True)
class Guard:
    """Where guarded files lie. `own` are this repository's own files and folders, by their paths from its top."""

    own: tuple[str, ...] = (_ATTRIBUTES,)

    def covers(self, path: str) -> bool:
        """Whether a file is guarded."""
        if _below(path, self.own):
            return True
        return path.startswith(_JENKINS) or (_below(path, _PLACES) and not path.casefold().startswith(_FORMS))

    def concerns(self, path: str) -> bool:
        """Whether a name is a guarded file, or stands in the place of a folder on the way to one."""
        return self.covers(path) or any(place.startswith(f"{path}/") for place in self.places)

    def entries(self, top: Tree) -> Iterator[TreeEntry]:
        """The guarded names below a repository's top, once each."""
        for place in dict.fromkeys(self.places):
            itself = top.entry(place)
            yield from (itself,) if itself is not None else filter(self._covered, top.entries(place))
        for entry in top.entries():  # in the order of their paths
            if entry.path > _JENKINS and not entry.path.startswith(_JENKINS):
                return
            if entry.path.startswith(_JENKINS):
                yield entry

    def _covered(self, entry: TreeEntry) -> bool:
        return self.covers(entry.path)

    @property
    def places(self) -> tuple[str, ...]:
        """The files and folders in which guarded files lie, from the repository's top; some other files with them."""
        return (*_PLACES, *self.own)


def guard_of(settings: Settings, prefix: str) -> Guard:
    """What is guarded by these settings for a workspace in the folder `prefix`: Git's attributes on the way to it too,
    for they say what a checkout makes of the records."""
    folders = prefix.rstrip("/").split("/") if prefix else []
    above = ["".join(f"{each}/" for each in folders[:count]) for count in range(len(folders) + 1)]
    return Guard((*(folder + _ATTRIBUTES for folder in above), *settings.guarded))


def workflow_files(top: Tree, guard: Guard) -> dict[str, Any]:
    """The guarded files below a repository's top, as one subject: path to sha256. Links are no part of it: they are
    findings (see `odd`)."""
    plain = (entry for entry in guard.entries(top) if entry.mode is Mode.FILE)
    return {"schema": 1, "files": {e.path: hashlib.sha256(top.read(e.path)).hexdigest() for e in plain}}


def _below(path: str, places: tuple[str, ...]) -> bool:
    return any(path == place or path.startswith(f"{place}/") for place in places)


def odd(step: TreeStep, guard: Guard) -> Iterator[str]:
    """Changed names that are, or stand for, guarded files and are no plain files: nobody can see what they bring."""
    for changed in touched(step, guard):
        if changed.head_entry is not None and changed.head_entry.mode is not Mode.FILE:
            yield changed.path


def touched(step: TreeStep, guard: Guard) -> tuple[ChangedPath, ...]:
    """The guarded files that a step changes, and what stands in the place of a folder on the way to one."""
    return tuple(changed for changed in at_top(step) if guard.concerns(changed.path))


def at_top(step: TreeStep) -> Iterator[ChangedPath]:
    """All that a step changes, by paths from the repository's top."""
    yield from step.outside
    for changed in step.changed:
        yield replace(changed, path=step.base.prefix + changed.path)


def conflicts(step: TreeStep, guard: Guard) -> list[str]:
    """Guarded files that both sides changed."""
    inside = (step.base.prefix + path for path in step.conflicts)
    return [path for path in (*step.outside_conflicts, *inside) if guard.concerns(path)]
