"""Records that are remembered are those that would be read."""

from __future__ import annotations

import hashlib
import random
from dataclasses import replace

import pytest

from itsm_as_code.domain.kinds.person import Person
from itsm_as_code.domain.settings import SETTINGS_PATH
from itsm_as_code.store.known import RecordMemory
from itsm_as_code.store.snapshot import TreeSnapshot
from itsm_as_code.store.tree import TreeEntry
from tests.checks.memory import MemoryTree

_WHERE = "records/people/{}.yaml"
_PERSON = "id: {}\nkind: person\nschema: 1\nname: {}\n"
_SETTINGS = "id: abcdefgh\nschema: 1\nname: {}\n"


class _ObjectTree(MemoryTree):
    """Files in memory that say which object they are, as Git does."""

    reads = 0

    def _entry(self, path: str) -> TreeEntry:
        return replace(super()._entry(path), oid=hashlib.sha1(self._files[path]).hexdigest())  # noqa: S324 - as Git does

    def read(self, path: str) -> bytes:
        self.reads += 1
        return super().read(path)


def _tree(chance: random.Random) -> _ObjectTree:
    """People, of whom some can't be read, and some have another's file."""
    names = chance.sample("abcdef", 4)
    people = {_WHERE.format(n): _PERSON.format(chance.choice([n, n, "b"]), chance.choice("XY")) for n in names}
    broken = {_WHERE.format("a"): chance.choice(["{", "id: a\nkind: person\nschema: 1\nsurname: X\n"])}
    return _ObjectTree({SETTINGS_PATH: _SETTINGS.format(chance.choice("XY")), **people, **broken})


def _said(snapshot: TreeSnapshot) -> object:
    """All that a snapshot says: by kind first, or by path first."""
    people = list(snapshot.all(Person))
    each = {name: snapshot.load(_WHERE.format(name)) for name in "abcdefg"}
    found = {name: (snapshot.find(Person, name), snapshot.exists("person", name)) for name in "abcdefg"}
    return people, [snapshot.path(person) for person in people], each, found, snapshot.settings_file


@pytest.mark.parametrize("seed", range(5))
def test_a_shared_memory_changes_no_answer(seed: int) -> None:
    chance, known = random.Random(seed), RecordMemory()  # noqa: S311 - a test, not a secret
    for _ in range(30):
        tree, keep = _tree(chance), chance.random() < 0.5
        shared, alone = (TreeSnapshot(tree, keep_data=keep, known=each) for each in (known, None))
        if chance.random() < 0.5:
            assert shared.load(_WHERE.format("b")) == alone.load(_WHERE.format("b"))
        assert _said(shared) == _said(alone)


def test_an_object_is_read_once_for_all_snapshots() -> None:
    tree = _ObjectTree({_WHERE.format("a"): _PERSON.format("a", "X")})
    known = RecordMemory()
    for _ in range(3):
        TreeSnapshot(tree, known=known).load(_WHERE.format("a"))
    assert tree.reads == 1
