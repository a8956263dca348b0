"""A workspace with keys, in a repository alone: its branch `main` is base, and no server judges what lands there."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.approvals.conftest import make_key
from tests.approvals.records import PEOPLE, founding
from tests.approvals.world import World


@pytest.fixture(scope="session")
def lone_once(tmp_path_factory: pytest.TempPathFactory) -> World:
    """The workspace with its first commit: copy it, never change it."""
    world = World(tmp_path_factory.mktemp("lone"))
    for name in PEOPLE:
        world.key(name).parent.mkdir(parents=True)
        make_key(world.key(name))
    world.ws.mkdir()
    world.git("init", "--quiet", "--template=", "--initial-branch=main")
    world.write(founding({name: world.public(name) for name in PEOPLE}))
    world.commit()
    return world


@pytest.fixture
def lone(lone_once: World, tmp_path: Path) -> World:
    """A copy of it."""
    shutil.copytree(lone_once.folder, tmp_path / "lone", symlinks=True)
    return World(tmp_path / "lone")
