"""Worlds without a hook: files in memory, or one small repository; their people have real keys."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import pytest

from itsm_as_code.app.approvals.evaluator import Evaluator
from itsm_as_code.app.checkout.checkout import Checkout
from itsm_as_code.domain.approval.inquiry import Subject
from itsm_as_code.store.reader import read_yaml
from itsm_as_code.store.snapshot import TreeSnapshot
from tests.approvals.conftest import make_key
from tests.approvals.records import NOW, PEOPLE, Record, founding, path
from tests.approvals.world import World
from tests.checks.memory import MemoryTree


@dataclass
class Memory(World):
    """A world in memory: `base` is what has landed, `files` what is proposed."""

    base: dict[str, bytes] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)

    def write(self, files: Mapping[str, bytes | str | None]) -> None:
        for name, content in files.items():
            if content is None:
                del self.files[name]
            else:
                self.files[name] = content if isinstance(content, bytes) else content.encode()

    def on_base(self, where: str) -> Record | None:
        content = self.base.get(where)
        return read_yaml(content).data if content is not None else None

    def land(self, who: str = "ana") -> None:
        """What is proposed lands, whatever anybody thinks of it."""
        self.base = dict(self.files)

    @property
    def before(self) -> TreeSnapshot:
        """The records of base."""
        return TreeSnapshot(MemoryTree(self.base), keep_data=True)

    @property
    def after(self) -> TreeSnapshot:
        """The records as they are proposed."""
        return TreeSnapshot(MemoryTree(self.files), keep_data=True)

    def evaluator(self, now: datetime = NOW) -> Evaluator:
        """The evaluator from base to what is proposed."""
        return Evaluator(self.before, self.after, now)

    def subject(self, evaluator: Evaluator, record: Record) -> Subject:
        """A record that is proposed, as a subject."""
        where = path(record)
        base, head = (snapshot.load(where) for snapshot in (evaluator.base, evaluator.head))
        assert head is not None and head.data is not None, f"{where} can't be read"
        return evaluator.subject(record["kind"], record["id"], base.data if base else None, head.data, where)


@dataclass
class Local(World):
    """A world in one repository without a remote: its branch main is base. Nothing is judged when it is committed."""

    @property
    def server(self) -> Path:
        return self.ws

    def land(self, who: str = "ana") -> None:
        self.commit(who)

    def seat(self, name: str, now: datetime = NOW) -> Checkout:
        """The checkout with a person's keys at hand. Whoever asks for it closes it."""
        return Checkout.of(self.ws, self.ws, now, self.home(name))


def with_keys(folder: Path) -> World:
    """A folder with a home and a key for each person."""
    world = World(folder)
    for name in PEOPLE:
        world.key(name).parent.mkdir(parents=True)
        make_key(world.key(name))
    return world


def founding_of(world: World) -> dict[str, bytes]:
    """The files of the first commit, with everybody's key."""
    return founding({name: world.public(name) for name in PEOPLE})


def found_locally(world: World) -> None:
    """A repository on its branch main with the first commit."""
    world.ws.mkdir()
    world.git("init", "--quiet", "--template=", "--initial-branch=main")
    world.write(founding_of(world))
    world.commit()


# Fixtures: keys are made once, and every test gets files of its own.


@pytest.fixture(scope="session")
def keys(tmp_path_factory: pytest.TempPathFactory) -> World:
    """The homes and keys of all people."""
    return with_keys(tmp_path_factory.mktemp("keys"))


@pytest.fixture(scope="session")
def local_once(tmp_path_factory: pytest.TempPathFactory) -> Local:
    """A small repository, made once: it is copied, never changed."""
    folder = tmp_path_factory.mktemp("local")
    with_keys(folder)
    found_locally(Local(folder))
    return Local(folder)


@pytest.fixture
def memory(keys: World) -> Memory:
    """A world in memory in which the first commit has landed."""
    files = founding_of(keys)
    return Memory(keys.folder, base=dict(files), files=dict(files))


@pytest.fixture
def local(local_once: Local, tmp_path: Path) -> Local:
    """A repository of the test's own."""
    shutil.copytree(local_once.folder, tmp_path / "local", symlinks=True)
    return Local(tmp_path / "local")
