"""The repository's guarded files, which say what runs the check, with which rights, what Git does to files in clones,
and which code makes the site. Together they are one subject.

Most are at the top of the repository, which may be above the workspace.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from itsm_as_code.domain.ids import THEME
from itsm_as_code.store.tree import Mode

if TYPE_CHECKING:
    from itsm_as_code.domain.settings import Settings
    from itsm_as_code.git.step import ChangedPath, TreeStep
    from itsm_as_code.store.tree import Tree, TreeEntry

WORKFLOWS = ".github/workflows"
"""The word for all of them in messages, after the most common place."""
_PLACES = (
    ".github", ".gitlab-ci.yml", ".gitlab-ci.yaml", ".gitlab", ".gitea", ".forgejo", ".woodpecker", ".woodpecker.yml",
    ".woodpecker.yaml", ".circleci", "azure-pipelines.yml", "azure-pipelines.yaml", ".azure-pipelines",
    "bitbucket-pipelines.yml", ".drone.yml", ".travis.yml", ".buildkite", ".cirrus.yml", "appveyor.yml",
    ".appveyor.yml", ".build.yml", ".builds", ".semaphore", ".tekton", ".teamcity", ".screwdriver.yaml", "wercker.yml",
    "bitrise.yml", "buildspec.yml", "cloudbuild.yaml", ".pre-commit-config.yaml", "CODEOWNERS", "docs/CODEOWNERS",
)  # fmt: skip
"""Files and folders that tell forges and build servers what to run and whom to ask."""
_JENKINS = "Jenkinsfile"
"""The beginnings of the names of files that tell Jenkins what to run."""
_FORMS = (".github/issue_template", ".github/pull_request_template")
"""The beginnings of names, in any case, of files that only fill in a text field for people."""
_ATTRIBUTES = ".gitattributes"


@dataclass(frozen=True, slots=True)
class GuardedFiles:
    """Says which files are guarded. `own` are this repository's own files and folders, by their paths from its top."""

    own: tuple[str, ...] = (_ATTRIBUTES, THEME)

    def covers(self, path: str) -> bool:
        """Whether a file is guarded."""
        if _below(path, self.own):
            return True
        return path.startswith(_JENKINS) or (_below(path, _PLACES) and not path.casefold().startswith(_FORMS))

    def concerns(self, path: str) -> bool:
        """Whether a name is a guarded file, or takes the place of a folder on the way to one."""
        return self.covers(path) or any(place.startswith(f"{path}/") for place in self.places)

    def entries(self, top: Tree) -> Iterator[TreeEntry]:
        """Returns the guarded names below a repository's top, once each."""
        for place in dict.fromkeys(self.places):
            itself = top.entry(place)
            yield from (itself,) if itself is not None else filter(self._covered, top.entries(place))
        for entry in top.entries():  # sorted by their paths
            if entry.path > _JENKINS and not entry.path.startswith(_JENKINS):
                return
            if entry.path.startswith(_JENKINS):
                yield entry

    def _covered(self, entry: TreeEntry) -> bool:
        return self.covers(entry.path)

    @property
    def places(self) -> tuple[str, ...]:
        """Returns the files and folders that hold guarded files, from the repository's top. They may hold other files
        too."""
        return (*_PLACES, *self.own)


def guard_of(settings: Settings, prefix: str) -> GuardedFiles:
    """Returns what these settings guard, for a workspace in the folder `prefix`. Git's attributes on the way to the
    folder count too, because they decide what a checkout makes of the records, and the theme, because the site runs its
    templates."""
    folders = prefix.rstrip("/").split("/") if prefix else []
    above = ["".join(f"{each}/" for each in folders[:count]) for count in range(len(folders) + 1)]
    return GuardedFiles((*(folder + _ATTRIBUTES for folder in above), prefix + THEME, *settings.guarded))


def workflow_files(top: Tree, guard: GuardedFiles) -> dict[str, Any]:
    """Returns the guarded files below a repository's top as one subject: path to sha256. Links are not part of it; they
    are findings (see `odd`)."""
    plain = (entry for entry in guard.entries(top) if entry.mode is Mode.FILE)
    return {"schema": 1, "files": {e.path: hashlib.sha256(top.read(e.path)).hexdigest() for e in plain}}


def _below(path: str, places: tuple[str, ...]) -> bool:
    return any(path == place or path.startswith(f"{place}/") for place in places)


def odd(step: TreeStep, guard: GuardedFiles) -> Iterator[str]:
    """Yields changed names that are, or take the place of, guarded files but are not plain files: nobody can see what
    they bring. Those in the workspace have their paths there."""
    for changed in touched(step, guard):
        if changed.head_entry is not None and changed.head_entry.mode is not Mode.FILE:
            yield changed.path.removeprefix(step.base.prefix)


def touched(step: TreeStep, guard: GuardedFiles) -> tuple[ChangedPath, ...]:
    """Returns the guarded files that a step changes, and names that take the place of a folder on the way to one."""
    return tuple(changed for changed in at_root(step) if guard.concerns(changed.path))


def at_root(step: TreeStep) -> Iterator[ChangedPath]:
    """Yields everything that a step changes, by paths from the repository's top."""
    yield from step.outside
    for changed in step.changed:
        yield replace(changed, path=step.base.prefix + changed.path)


def conflicts(step: TreeStep, guard: GuardedFiles) -> list[str]:
    """Returns the guarded files that both sides changed, those in the workspace by their paths there."""
    inside = [path for path in step.conflicts if guard.concerns(step.base.prefix + path)]
    return [*filter(guard.concerns, step.outside_conflicts), *inside]
