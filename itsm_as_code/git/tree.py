"""A commit as a `Tree`: the blobs themselves, without checkout, filters, attributes or replacements."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from itsm_as_code.domain.errors import CouldNotCheck
from itsm_as_code.git.objects import MOST_FOLDERS, MOST_NAMES, SUBMODULE, SYMLINK, TREE, Leaf, ObjectReader
from itsm_as_code.git.repository import Repository
from itsm_as_code.store.tree import Mode, TreeEntry, Unreadable

_MODES = {
    0o100644: Mode.FILE,
    0o100755: Mode.FILE,
    0o100664: Mode.FILE,  # written by very old Git
    SYMLINK: Mode.SYMLINK,
    SUBMODULE: Mode.SUBMODULE,
}
_WORTH_A_PROCESS = 32


class GitTree:
    """The workspace as the commit `commit` has it; paths are relative to the folder `prefix`.

    Names come one folder at a time and are remembered by object id, so that a question costs the folders
    on its way and not the repository; a prefix that the commit lacks is an empty tree.
    """

    def __init__(self, repository: Repository, commit: str, prefix: str | None = None) -> None:
        self._objects = repository.objects
        self.commit = commit
        self.prefix = repository.prefix if prefix is None else prefix
        found = self._objects.get(f"{commit}^{{tree}}")
        if found is None or found.kind != "tree":
            raise CouldNotCheck(f"commit {commit[:12]} has no folder in this clone", hint="git fsck")
        leaf = find_leaf(self._objects, found.oid, self.prefix.rstrip("/")) if self.prefix else None
        self.root_oid = found.oid
        self._top = found.oid if not self.prefix else leaf.oid if leaf and leaf.mode == TREE else None

    @property
    def label(self) -> str:
        """`commit` and the short id."""
        return f"commit {self.commit[:7]}"

    def entries(self, under: str = "") -> Iterator[TreeEntry]:
        """All names below `under`, sorted by code point. Sizes are not known before reading."""
        leaf = self._leaf(under.strip("/"))
        if leaf is None or leaf.mode != TREE:
            return
        prefix = f"{under.strip('/')}/" if under.strip("/") else ""
        found = sorted(walk(self._objects, leaf.oid, prefix))
        for path, each in found:
            yield as_entry(path, each)

    def entry(self, path: str) -> TreeEntry | None:
        """The name `path`, or None; a folder counts as none."""
        leaf = self._leaf(path)
        return None if leaf is None or leaf.mode == TREE else as_entry(path, leaf)

    def read(self, path: str) -> bytes:
        """The bytes of a plain file. Raises Unreadable for anything else, KeyError for no such name."""
        entry = self.entry(path)
        if entry is None:
            raise KeyError(path)
        if entry.mode is not Mode.FILE:
            raise not_plain(entry)
        blob = self._objects.get(entry.oid or "")
        if blob is None or blob.kind != "blob":
            raise absent(entry)
        return blob.data

    def read_many(self, paths: Iterable[str]) -> Iterator[tuple[str, bytes | Unreadable]]:
        """Each path with its bytes or the reason why not; many are streamed by a process of their own."""
        wanted = [(path, self.entry(path)) for path in paths]
        oids = [entry.oid or "" for _, entry in wanted if entry is not None and entry.mode is Mode.FILE]
        objects = self._objects
        blobs = objects.get_many(oids) if len(oids) >= _WORTH_A_PROCESS else map(objects.get, oids)
        for path, entry in wanted:
            if entry is None:
                yield path, Unreadable(f"{self.label} has no file {path}")
            elif entry.mode is not Mode.FILE:
                yield path, not_plain(entry)
            else:
                blob = next(blobs)
                yield path, absent(entry) if blob is None or blob.kind != "blob" else blob.data

    def _leaf(self, path: str) -> Leaf | None:
        if self._top is None:
            return None
        return find_leaf(self._objects, self._top, path) if path else Leaf(TREE, self._top)


def find_leaf(objects: ObjectReader, tree: str, path: str) -> Leaf | None:
    """What stands at `path` below the tree object `tree`, a folder included."""
    *folders, name = path.split("/")
    for folder in folders:
        leaf = objects.folder(tree).get(folder)
        if leaf is None or leaf.mode != TREE:
            return None
        tree = leaf.oid
    return objects.folder(tree).get(name)


def walk(objects: ObjectReader, tree: str, prefix: str = "") -> Iterator[tuple[str, Leaf]]:
    """Every name below the tree object `tree`, unsorted, with `prefix` before it. Raises CouldNotCheck."""
    waiting = [(tree, prefix)]
    opened = names = 0
    while waiting:
        opened += 1
        if opened > MOST_FOLDERS or names > MOST_NAMES:
            raise CouldNotCheck(f"more than {MOST_FOLDERS:,} folders or {MOST_NAMES:,} names are in this tree")
        oid, before = waiting.pop()
        folder = objects.folder(oid)
        names += len(folder)
        for name, leaf in folder.items():
            if leaf.mode == TREE:
                waiting.append((leaf.oid, f"{before}{name}/"))
            else:
                yield before + name, leaf


def as_entry(path: str, leaf: Leaf) -> TreeEntry:
    """The entry that stands for a name which is not a folder."""
    return TreeEntry(path, _MODES.get(leaf.mode, Mode.OTHER), None, leaf.oid)


def not_plain(entry: TreeEntry) -> Unreadable:
    """The error for a name that is there but holds no bytes of its own."""
    return Unreadable(f"{entry.path} is a {entry.mode.value}, not a plain file")


def absent(entry: TreeEntry) -> Unreadable:
    """The error for a file whose blob this clone lacks."""
    return Unreadable(
        f"the content of {entry.path} is not in this clone (a partial or damaged one)",
        hint="git fetch --refetch --no-filter",
    )
