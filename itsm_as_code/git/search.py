"""Searches the files of a commit for words. Git itself searches a folder first: it is several times as fast as reading
all files here. What it found is remembered, so that of a later form of the folder only the changed files are read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from itsm_as_code.domain.remembered import Remembered
from itsm_as_code.git.command import GitOutcome
from itsm_as_code.git.difference import difference
from itsm_as_code.git.objects import PLAIN, Leaf, ObjectReader

Words = tuple[bytes, ...]
Ask = Callable[..., GitOutcome]
"""Runs a reading command of Git with these words, as `Repository.ask` does."""
_MOST_READ = 32
_FOLDERS = 64


@dataclass(frozen=True, slots=True)
class _Searched:
    """The names below a folder that have one of the words, in the form of the folder that is the tree object `oid`."""

    oid: str
    names: frozenset[str]


@dataclass
class Searches:
    """The searches in one repository. `_latest` has one result for each folder and words: that of its latest form."""

    _latest: Remembered[tuple[str, Words], _Searched] = field(default_factory=lambda: Remembered(_FOLDERS))

    def names(
        self, objects: ObjectReader, ask: Ask, commit: str, folders: Mapping[str, str], words: Words
    ) -> list[str] | None:
        """Returns the paths of the plain files below `folders` (repository path to tree object) that have one of the
        words, or that can't be read. Returns None if Git can't read all of them."""
        found: list[str] = []
        asked = {}
        for folder, oid in folders.items():
            names = self._by_difference(objects, folder, oid, words)
            if names is None:
                asked[folder] = oid
            else:
                found += (f"{folder}/{name}" for name in names)
        searched = self._by_git(ask, commit, asked, words) if asked else []
        return None if searched is None else [*found, *searched]

    def _by_difference(
        self, objects: ObjectReader, folder: str, oid: str, words: Words
    ) -> frozenset[str] | None:  # fmt: skip
        before = self._latest.get((folder, words))
        if before is None:
            return None
        changed = difference(objects, before.oid, oid)
        if len(changed) > _MOST_READ:
            return None
        found = {name for name, (_, leaf) in changed.items() if leaf is not None and _has(objects, leaf, words)}
        return self._keep(folder, oid, words, (before.names - changed.keys()) | found)

    def _by_git(self, ask: Ask, commit: str, folders: Mapping[str, str], words: Words) -> list[str] | None:
        named = [part for word in words for part in ("-e", word.decode())]
        found = ask("grep", "--text", "--name-only", "--null", "--fixed-strings", *named, commit, "--", *folders)
        if found.status not in (0, 1):  # such as a blob that this clone lacks
            return None
        listed = found.stdout.decode("utf-8", "surrogateescape").split("\0")[:-1]
        paths = [name.partition(":")[2] for name in listed]
        for folder, oid in folders.items():
            start = f"{folder}/"
            names = (path.removeprefix(start) for path in paths if path.startswith(start))
            self._keep(folder, oid, words, frozenset(names))
        return paths

    def _keep(self, folder: str, oid: str, words: Words, names: frozenset[str]) -> frozenset[str]:
        return self._latest.keep((folder, words), _Searched(oid, names)).names


def _has(objects: ObjectReader, leaf: Leaf, words: Words) -> bool:
    if leaf.mode not in PLAIN:
        return False
    content = objects.blob(leaf.oid)
    return content is None or any(word in content for word in words)
