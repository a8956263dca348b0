"""A commit as a `Tree`. Blobs are read as stored, without checkout, filters, attributes or replacements."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from itsm_as_code.domain.errors import CouldNotCheck
from itsm_as_code.git.objects import MOST_FOLDERS, MOST_NAMES, PLAIN, SUBMODULE, SYMLINK, TREE, Leaf, ObjectReader
from itsm_as_code.git.repository import Repository
from itsm_as_code.store.tree import Mode, TreeEntry, Unreadable, read_with

_MODES = {
    **dict.fromkeys(PLAIN, Mode.FILE),
    SYMLINK: Mode.SYMLINK,
    SUBMODULE: Mode.SUBMODULE,
}


class GitTree:
    """The workspace as the commit `commit` has it. Paths are relative to the folder `prefix`.

    Folders are read one by one and cached by object id, so a question costs only the folders on its path and not
    the whole repository. If the commit lacks `prefix`, the tree is empty.
    """

    def __init__(self, repository: Repository, commit: str, prefix: str | None = None) -> None:
        self._repository = repository
        self._objects = repository.objects
        self.commit = commit
        self.prefix = repository.prefix if prefix is None else prefix
        root = self._objects.root(commit)
        if root is None:
            raise CouldNotCheck(f"commit {commit[:12]} has no folder in this clone", hint="git fsck")
        leaf = find_leaf(self._objects, root, self.prefix.rstrip("/")) if self.prefix else None
        self.root_oid = root
        self._top = root if not self.prefix else leaf.oid if leaf and leaf.mode == TREE else None

    @property
    def label(self) -> str:
        """Returns `commit` and the short id."""
        return f"commit {self.commit[:7]}"

    def entries(self, under: str = "") -> Iterator[TreeEntry]:
        """Yields all names below `under`, sorted by code point. Sizes are not known before reading."""
        leaf = self._leaf(under.strip("/"))
        if leaf is None or leaf.mode != TREE:
            return
        prefix = f"{under.strip('/')}/" if under.strip("/") else ""
        found = sorted(walk(self._objects, leaf.oid, prefix))
        for path, each in found:
            yield as_entry(path, each)

    def folders(self, under: str) -> list[str]:
        """See `Tree`."""
        leaf = self._leaf(under)
        names = self._objects.folder(leaf.oid) if leaf is not None and leaf.mode == TREE else {}
        return sorted(name for name, each in names.items() if each.mode == TREE)

    def entry(self, path: str) -> TreeEntry | None:
        """Returns the entry of `path`, or None; a folder counts as None."""
        leaf = self._leaf(path)
        return None if leaf is None or leaf.mode == TREE else as_entry(path, leaf)

    def read(self, path: str) -> bytes:
        """Returns the bytes of a plain file. Raises Unreadable for anything else, and KeyError if there is no such
        name."""
        entry = self.entry(path)
        if entry is None:
            raise KeyError(path)
        if entry.mode is not Mode.FILE:
            raise not_plain(entry)
        content = self._objects.blob(entry.oid or "")
        if content is None:
            raise absent(entry)
        return content

    def read_many(self, paths: Iterable[str]) -> Iterator[tuple[str, bytes | Unreadable]]:
        """Yields each path with its bytes or the reason why it can't be read. If there are many, a separate process
        streams them."""
        wanted = [(path, self.entry(path)) for path in paths]
        oids = [entry.oid or "" for _, entry in wanted if entry is not None and entry.mode is Mode.FILE]
        blobs = self._objects.blobs(oids)
        for path, entry in wanted:
            if entry is None:
                yield path, Unreadable(f"{self.label} has no file {path}")
            elif entry.mode is not Mode.FILE:
                yield path, not_plain(entry)
            else:
                content = next(blobs)
                yield path, absent(entry) if content is None else content

    def read_with(self, folders: Iterable[str], words: tuple[bytes, ...]) -> Iterator[tuple[str, bytes | Unreadable]]:
        """See `Tree`."""
        leaves = {folder: self._leaf(folder) for folder in folders}
        there = {folder: leaf.oid for folder, leaf in leaves.items() if leaf is not None and leaf.mode == TREE}
        places = {self.prefix + folder: oid for folder, oid in there.items()}
        repository = self._repository
        names = repository.searches.names(self._objects, repository.ask, self.commit, places, words)
        if names is None:  # reading says which file can't be read
            return read_with(self, there, words)
        return self.read_many(sorted({name.removeprefix(self.prefix) for name in names}))

    def _leaf(self, path: str) -> Leaf | None:
        if self._top is None:
            return None
        return find_leaf(self._objects, self._top, path) if path else Leaf(TREE, self._top)


def find_leaf(objects: ObjectReader, tree: str, path: str) -> Leaf | None:
    """Returns what is at `path` below the tree object `tree`, a folder included, or None."""
    *folders, name = path.split("/")
    for folder in folders:
        leaf = objects.folder(tree).get(folder)
        if leaf is None or leaf.mode != TREE:
            return None
        tree = leaf.oid
    return objects.folder(tree).get(name)


def walk(objects: ObjectReader, tree: str, prefix: str = "") -> Iterator[tuple[str, Leaf]]:
    """Yields every name below the tree object `tree`, unsorted, with `prefix` before it. Raises CouldNotCheck."""
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
    """Returns the entry for a name that is not a folder."""
    return TreeEntry(path, _MODES.get(leaf.mode, Mode.OTHER), None, leaf.oid)


def not_plain(entry: TreeEntry) -> Unreadable:
    """Returns the error for a name that exists but is not a plain file."""
    return Unreadable(f"{entry.path} is a {entry.mode.value}, not a plain file")


def absent(entry: TreeEntry) -> Unreadable:
    """Returns the error for a file whose blob this clone lacks."""
    return Unreadable(
        f"the content of {entry.path} is not in this clone (a partial or damaged one)",
        hint="git fetch --refetch --no-filter",
    )
