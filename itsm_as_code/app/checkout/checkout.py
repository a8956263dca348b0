"""A checkout: a person's working copy, opened once for a command. Use cases get it; what they call does not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from itsm_as_code.domain.errors import CouldNotCheck
from itsm_as_code.domain.settings import SETTINGS_PATH
from itsm_as_code.store.snapshot import TreeSnapshot
from itsm_as_code.store.worktree import WorkTree

if TYPE_CHECKING:
    from itsm_as_code.app.checkout.clone import Clone
    from itsm_as_code.git.repository import Repository


@dataclass(frozen=True)
class Checkout:
    """A workspace in the file system.

    `root` is the folder with itsm.yaml, `start` the current folder, `now` the clock (UTC, read once), `home` the folder
    with the person's keys. It has no settings: say whether those of the files here or those of the protected branch are
    meant.
    """

    root: Path
    start: Path
    now: datetime
    home: Path
    _opening: _Opening

    @staticmethod
    def of(root: Path, start: Path, now: datetime, home: Path) -> Checkout:
        """Returns the checkout of a workspace, without reading its files or its repository yet."""
        return Checkout(root, start, now, home, _Opening(root))

    @cached_property
    def files(self) -> WorkTree:
        """The files as they are here now."""
        return WorkTree(self.root)

    @cached_property
    def here(self) -> TreeSnapshot:
        """The records as they are here, read once, together with their data as written."""
        return TreeSnapshot(self.files, keep_data=True)

    @cached_property
    def lean(self) -> TreeSnapshot:
        """The same records without their data, for reading all of them: it needs less memory.

        It lives as long as the checkout, because to free thousands of records takes longer than to end the process.
        """
        return self.here.without_data()

    @cached_property
    def clone(self) -> Clone | None:
        """The clone that has the workspace, opened when it is first needed; None if there is none yet."""
        from itsm_as_code.app.checkout.clone import Clone

        found = self._opening.found
        return None if isinstance(found, CouldNotCheck) else Clone(found)

    @cached_property
    def person(self) -> str:
        """The id of the person whom the Git identity names. Raises UsageFault if it names nobody, or several people."""
        from itsm_as_code.app.checkout.person import person_of

        return person_of(self.root, self.here)

    def require_clone(self) -> Clone:
        """Returns the clone. Raises CouldNotCheck, which says why, if there is none."""
        if self.clone is None:
            raise self._opening.fault
        return self.clone

    def require_same_protection(self) -> None:
        """Raises CouldNotCheck if the itsm.yaml here names another protected branch than the protected one itself does.

        What is shown, signed or pushed from here would be taken for something that it is not. An itsm.yaml that can't
        be read names none.
        """
        from itsm_as_code.app.checkout.clone import protected_by

        clone = self.require_clone()
        named = protected_by(self.here)
        if named is not None and named != clone.protected:
            raise CouldNotCheck(
                f"{SETTINGS_PATH} here says that {named} is the protected branch, but {clone.protected} is",
                hint=f"git checkout {clone.name_of_base} -- {SETTINGS_PATH}",
            )

    def require_settings(self) -> None:
        """Raises CouldNotCheck if the itsm.yaml here has faults."""
        findings = self.here.settings_findings
        if findings:
            raise CouldNotCheck(f"{SETTINGS_PATH}: {findings[0].message}", hint=f"itsm check {SETTINGS_PATH}")

    def fetched(self) -> Checkout:
        """Returns the same checkout after fetching the protected branch, for a push. Raises CouldNotCheck if there is
        no remote."""
        clone = self.require_clone()
        clone.require_remote()
        return self._with(clone=clone.fetched())

    def written(self, files: Mapping[str, bytes]) -> Checkout:
        """Returns the same checkout with `files` (path to bytes) written over it in memory, so that reading it shows
        them."""
        return self._with(here=self.here.written(files))

    def _with(self, **known: object) -> Checkout:
        """Returns a copy that keeps what was read and opened, except what `known` replaces."""
        after = replace(self)
        after.__dict__.update(self.__dict__ | known)
        if "here" in known:
            after.__dict__.pop("lean", None)
        return after

    def close(self) -> None:
        """Stops the processes that read the repository, if it was opened."""
        self._opening.close()


class _Opening:
    """Opens a repository when it is first needed: once, for all copies of a checkout."""

    def __init__(self, root: Path) -> None:
        self._root = root

    @cached_property
    def found(self) -> Repository | CouldNotCheck:
        """Returns the repository, or says why there is none."""
        from itsm_as_code.git.repository import open_repository

        try:
            return open_repository(self._root)
        except CouldNotCheck as error:
            return error

    @property
    def fault(self) -> CouldNotCheck:
        """Says why there is no repository."""
        assert isinstance(self.found, CouldNotCheck)
        return self.found

    def close(self) -> None:
        """Stops the processes of the repository, if it was opened."""
        found = self.__dict__.get("found")
        if found is not None and not isinstance(found, CouldNotCheck):
            found.close()
