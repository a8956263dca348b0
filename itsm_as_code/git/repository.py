"""Opens the repository that holds a workspace and says what it can be used for. It never reads files."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from types import TracebackType

from itsm_as_code.domain.errors import CouldNotCheck
from itsm_as_code.git import command
from itsm_as_code.git.objects import ObjectReader
from itsm_as_code.git.search import Searches

_PROMISED = re.compile(r"extensions\.partialclone|remote\..*\.promisor")


@dataclass(frozen=True)
class Repository:
    """A repository and the workspace's place in it.

    `prefix` is the workspace's folder in the repository; it is `""` or ends in a slash. `work_tree` is the top
    folder of the checkout, or None in a bare repository.
    """

    git_dir: Path
    common_dir: Path
    work_tree: Path | None
    prefix: str
    shallow: bool
    oid_bytes: int
    quarantine: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def objects(self) -> ObjectReader:
        """Returns the one reader of objects. Its process starts with the first question."""
        return ObjectReader(self.git_dir, oid_bytes=self.oid_bytes, quarantine=self.quarantine)

    @cached_property
    def searches(self) -> Searches:
        """Returns what searches for words in files have found."""
        return Searches()

    @cached_property
    def configuration(self) -> Mapping[str, str]:
        """Returns the repository's own configuration: key → last value. Keys are in lower case, except names
        between dots."""
        listed = self.read("config", "--list", "-z").decode("utf-8", "surrogateescape")
        return dict(entry.partition("\n")[::2] for entry in listed.split("\0") if entry)

    @property
    def partial(self) -> bool:
        """Returns whether the clone may lack some objects, because Git fetches them only when they are needed."""
        return any(_PROMISED.fullmatch(key) for key in self.configuration)

    def ask(self, *args: str) -> command.GitOutcome:
        """Runs a reading command and returns its outcome, even if it failed."""
        return command.reading(args, git_dir=self.git_dir, quarantine=self.quarantine)

    def read(self, *args: str) -> bytes:
        """Returns the output of a reading command. Raises CouldNotCheck with Git's own words if it fails."""
        outcome = self.ask(*args)
        if outcome.status != 0:
            raise CouldNotCheck(f"git {args[0]} failed: {outcome.stderr.strip()}")
        return outcome.stdout

    def as_user(
        self, *args: str, stdin: bytes | None = None, extra: Mapping[str, str] | None = None
    ) -> command.GitOutcome:
        """Runs a command with the user's configuration, from the top of the checkout."""
        place = {"GIT_WORK_TREE": str(self.work_tree)} if self.work_tree else {}
        return command.as_user(
            args,
            cwd=self.work_tree or self.git_dir,
            git_dir=self.git_dir,
            stdin=stdin,
            extra=place | dict(extra or {}),
        )

    def require_whole_history(self) -> None:
        """Raises CouldNotCheck if ancestry can't be trusted: in a shallow clone, or with grafts.

        A shallow clone can name an older merge base without any error.
        """
        if self.shallow:
            raise CouldNotCheck(
                "this clone is shallow, so the step from base to head can't be computed",
                hint="git fetch --unshallow (in CI: fetch-depth: 0)",
            )
        grafts = self.common_dir / "info" / "grafts"
        if grafts.exists() and grafts.read_bytes().strip():
            raise CouldNotCheck("the history of this repository is grafted", hint=f"remove {grafts}")

    def close(self) -> None:
        """Stops the reader's process. It starts again when it is needed."""
        self.objects.close()

    def __enter__(self) -> Repository:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def open_repository(
    path: Path, *, quarantine: Mapping[str, str] | None = None, workspace: str | None = None
) -> Repository:
    """Opens the repository that holds the folder `path`, which may lie below its top, or be a bare repository.

    `workspace` is the workspace's folder in a bare repository, where `path` cannot show it. `quarantine` is the
    environment of a pre-receive hook; only its three variables that name the place of the pushed objects are used.
    Raises CouldNotCheck if there is no repository, if Git is missing, and if Git does not trust the folder's owner.
    """
    folder = path.absolute()
    if not folder.is_dir():
        raise CouldNotCheck(f"there is no folder {path}")
    # Only here is the user's configuration read, because safe.directory is theirs to set.
    outcome = command.as_user(
        (
            "rev-parse",
            "--is-bare-repository",
            "--is-inside-work-tree",
            "--is-shallow-repository",
            "--show-object-format",
            "--path-format=absolute",
            "--git-dir",
            "--git-common-dir",
            "--show-prefix",
        ),
        cwd=folder,
    )
    if outcome.status != 0:
        raise _not_opened(folder, outcome.stderr)
    found = _located(folder, outcome.stdout, quarantine or {})
    return found if not workspace else replace(found, prefix=f"{workspace.strip('/')}/")


def _located(folder: Path, answer: bytes, environment: Mapping[str, str]) -> Repository:
    lines = answer.decode("utf-8", "surrogateescape").split("\n")
    if len(lines) not in (7, 8):  # the prefix line is absent outside a work tree
        raise CouldNotCheck(f"the path of the repository of {folder} contains a line break")
    _bare, inside, shallow, object_format, git_dir, common_dir, prefix = lines[:7]
    work_tree = None
    if inside == "true":
        work_tree = folder.resolve()
        for _ in Path(prefix).parts:
            work_tree = work_tree.parent
    return Repository(
        git_dir=Path(git_dir),
        common_dir=Path(common_dir),
        work_tree=work_tree,
        prefix=prefix if work_tree else "",
        shallow=shallow == "true",
        oid_bytes=32 if object_format == "sha256" else 20,
        quarantine={name: environment[name] for name in command.QUARANTINE if name in environment},
    )


def _not_opened(folder: Path, complaint: str) -> CouldNotCheck:
    if "dubious ownership" in complaint or "unsafe repository" in complaint:
        return CouldNotCheck(
            f"Git does not trust the repository of {folder}: somebody else owns it",
            hint=f"git config --global --add safe.directory {folder}",
        )
    if "not a git repository" in complaint:
        return CouldNotCheck(f"{folder} is in no Git repository", hint=f"git init -b main {folder}")
    return CouldNotCheck(f"the repository of {folder} could not be opened: {complaint.strip()}")
