"""Finding the workspace: the folder with itsm.yaml, from where one stands upwards."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from itsm_as_code.domain.errors import CouldNotCheck
from itsm_as_code.domain.settings import SETTINGS_PATH
from itsm_as_code.store.snapshot import TreeSnapshot
from itsm_as_code.store.worktree import WorkTree


@dataclass(frozen=True, slots=True)
class Workspace:
    """A workspace in the file system. `start` is where the user stands."""

    root: Path
    start: Path

    def tree(self) -> WorkTree:
        """The files as they lie there now."""
        return WorkTree(self.root)

    def snapshot(self) -> TreeSnapshot:
        """The records as they lie there now."""
        return TreeSnapshot(self.tree())


def find_workspace(start: Path) -> Workspace:
    """The workspace that holds `start`. Raises CouldNotCheck where there is none."""
    folder = start.resolve()
    if not folder.is_dir():
        raise CouldNotCheck(f"there is no folder {start}", hint="-C takes a folder")
    for candidate in (folder, *folder.parents):
        if (candidate / SETTINGS_PATH).is_symlink():
            raise CouldNotCheck(
                f"{candidate / SETTINGS_PATH} is a symbolic link",
                hint="put the file itself there",
            )
        if (candidate / SETTINGS_PATH).is_file():
            return Workspace(candidate, folder)
    if all((folder / name).exists() for name in ("HEAD", "objects", "refs")):
        raise CouldNotCheck(
            f"{folder} is a bare repository, not a checkout", hint="git clone it, and work in the clone"
        )
    raise CouldNotCheck(
        f"no {SETTINGS_PATH} in {folder} or above it",
        hint="`itsm init` makes a workspace here; -C DIR names the folder of an existing one",
    )


def require_settings(workspace: Workspace) -> None:
    """Raises CouldNotCheck where itsm.yaml has faults."""
    findings = workspace.snapshot().settings_findings
    if findings:
        raise CouldNotCheck(f"{SETTINGS_PATH}: {findings[0].message}", hint=f"itsm check {SETTINGS_PATH}")


def now() -> datetime:
    """The clock, in UTC and whole seconds. Commands read it once and hand it on."""
    return datetime.now(UTC).replace(microsecond=0)
