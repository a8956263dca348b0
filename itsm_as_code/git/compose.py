"""Makes a commit by laying some files over a parent's tree. It touches no checkout, index or branch."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path

from itsm_as_code.domain.errors import CouldNotCheck, Refused, UsageFault
from itsm_as_code.git.command import GitOutcome
from itsm_as_code.git.objects import SYMLINK, TREE, Leaf
from itsm_as_code.git.repository import Repository
from itsm_as_code.git.tree import GitTree

_PLAIN = 0o100644
_EXECUTABLE = 0o100755
_FORBIDDEN_NAMES = frozenset({"", ".", "..", ".git"})

Folders = dict[str, dict[str, Leaf]]
"""Maps a folder path (`""` is the top) to the names in it, for each folder above a written file."""


def compose(repository: Repository, parent: str | None, files: Mapping[str, bytes], message: str) -> str | None:
    """Writes a commit on `parent` in which exactly `files` (repository paths) differ, and returns its id.

    Returns None if the parent has all these files already. The author and the signature are the user's. No branch
    has the commit yet; if none takes it, Git deletes it after some weeks.
    """
    before = GitTree(repository, parent, "").root_oid if parent else None
    blobs = dict(zip(files, write_objects(repository, "blob", list(files.values())), strict=True))
    tree = _write_tree(repository, before, blobs)
    if tree == before:
        return None
    return _commit(repository, tree, parent, message)


def write_objects(repository: Repository, kind: str, contents: list[bytes]) -> list[str]:
    """Writes objects unchanged, through no filter, and returns their ids in order. One process writes all."""
    if not contents:
        return []
    with tempfile.TemporaryDirectory(prefix="itsm-") as folder:
        paths = []
        for number, content in enumerate(contents):
            path = Path(folder, str(number))
            path.write_bytes(content)
            paths.append(f"{path}\n")
        outcome = repository.as_user(
            "hash-object", "-w", "--no-filters", "-t", kind, "--stdin-paths", stdin="".join(paths).encode()
        )
    return _done(outcome, "the objects could not be written").decode().split()


def _write_tree(repository: Repository, root: str | None, blobs: Mapping[str, str]) -> str:
    """Returns the id of `root` with the blobs put in. Only the folders above them are written, deepest first."""
    folders: Folders = {"": dict(repository.objects.folder(root)) if root else {}}
    for path, blob in blobs.items():
        *parts, name = path.split("/")
        if _FORBIDDEN_NAMES & {name, *parts} or "\0" in path:
            raise UsageFault(f"{path!r} is not a path that a commit can hold")
        names = _open(repository, folders, parts)
        old = names.get(name)
        if old is not None and old.mode not in {_PLAIN, _EXECUTABLE}:
            raise Refused(f"{path} is a {_kind(old)}, so no file can be written there")
        names[name] = Leaf(old.mode if old else _PLAIN, blob)
    depths = sorted({_depth(folder) for folder in folders}, reverse=True)
    for depth in depths:
        level = [folder for folder in folders if _depth(folder) == depth]
        oids = write_objects(repository, "tree", [_stored(folders[folder]) for folder in level])
        for folder, oid in zip(level, oids, strict=True):
            if folder:
                above, _, name = folder.rpartition("/")
                folders[above][name] = Leaf(TREE, oid)
            else:
                root = oid
    return root or ""


def _open(repository: Repository, folders: Folders, parts: list[str]) -> dict[str, Leaf]:
    """Returns the names of a folder that is about to change. Opens every folder above it too."""
    for depth, name in enumerate(parts):
        path = "/".join(parts[: depth + 1])
        if path in folders:
            continue
        leaf = folders["/".join(parts[:depth])].get(name)
        if leaf is not None and leaf.mode != TREE:
            raise Refused(f"{path} is a {_kind(leaf)}, so no file can be written below it")
        folders[path] = dict(repository.objects.folder(leaf.oid)) if leaf else {}
    return folders["/".join(parts)]


def _stored(names: Mapping[str, Leaf]) -> bytes:
    """Returns a folder as a tree object. Git sorts the name of a folder as if it ended in a slash."""
    rows = []
    for name, leaf in names.items():
        raw = name.encode("utf-8", "surrogateescape")
        row = b"%o %b\0" % (leaf.mode, raw) + bytes.fromhex(leaf.oid)
        rows.append((raw + b"/" if leaf.mode == TREE else raw, row))
    return b"".join(row for _, row in sorted(rows))


def _commit(repository: Repository, tree: str, parent: str | None, message: str) -> str:
    options = ["-p", parent] if parent else []
    # `commit-tree` ignores commit.gpgSign unless it is told.
    if repository.as_user("config", "--type=bool", "commit.gpgSign").stdout.strip() == b"true":
        options.append("-S")
    outcome = repository.as_user(
        *("-c", "user.useConfigOnly=true", "-c", "i18n.commitEncoding=UTF-8"),
        *("commit-tree", *options, "-F", "-", tree),
        stdin=message.rstrip().encode("utf-8", "surrogateescape") + b"\n",
    )
    hint = 'git config --global user.name "Your Name"; git config --global user.email you@example.org'
    unknown = "Please tell me who you are" in outcome.stderr
    return _done(outcome, "the commit could not be made", hint if unknown else None).decode().strip()


def _done(outcome: GitOutcome, what: str, hint: str | None = None) -> bytes:
    if outcome.status != 0:
        raise CouldNotCheck(f"{what}: {outcome.stderr.strip()}", hint=hint)
    return outcome.stdout


def _depth(folder: str) -> int:
    return folder.count("/") + 1 if folder else 0


def _kind(leaf: Leaf) -> str:
    return {TREE: "folder", SYMLINK: "symlink"}.get(leaf.mode, "file")
