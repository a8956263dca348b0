"""Finds the workspace: the folder with itsm.yaml, in the current folder or above it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from itsm_as_code.app.checkout.checkout import Checkout
from itsm_as_code.domain.errors import CouldNotCheck
from itsm_as_code.domain.settings import SETTINGS_PATH


def open_checkout(start: Path, at: datetime | None = None, home: Path | None = None) -> Checkout:
    """Returns the checkout that has the folder `start`, at the instant `at` (now by default). Nothing of it is read
    yet.

    Raises CouldNotCheck if no workspace has `start` in it.
    """
    folder = start.resolve()
    return Checkout.of(find_workspace(folder, start), folder, at or now(), home or Path.home())


def find_workspace(folder: Path, named: Path) -> Path:
    """Returns the folder with itsm.yaml that holds `folder`, which the user called `named`. Raises CouldNotCheck."""
    if not folder.is_dir():
        raise CouldNotCheck(f"there is no folder {named}", hint="-C needs a folder that exists")
    for candidate in (folder, *folder.parents):
        if (candidate / SETTINGS_PATH).is_symlink():
            raise CouldNotCheck(
                f"{candidate / SETTINGS_PATH} is a symbolic link",
                hint="put the file itself there",
            )
        if (candidate / SETTINGS_PATH).is_file():
            return candidate
    if all((folder / name).exists() for name in ("HEAD", "objects", "refs")):
        raise CouldNotCheck(
            f"{folder} is a bare repository, not a checkout", hint="git clone it, and work in the clone"
        )
    raise CouldNotCheck(
        f"no {SETTINGS_PATH} in {folder} or above it",
        hint="`itsm init` makes a workspace here; -C DIR names the folder of an existing one",
    )


def now() -> datetime:
    """Returns the clock, in UTC and whole seconds. A command reads it once, when it opens its checkout."""
    return datetime.now(UTC).replace(microsecond=0)
