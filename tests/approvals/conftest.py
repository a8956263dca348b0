"""One workspace with keys and a hook, founded once; every test gets a copy."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.approvals.records import PEOPLE, founding
from tests.approvals.world import MAIN, Push, World
from tests.forks.start import forked_python, started_python


@pytest.fixture(scope="session")
def founded(tmp_path_factory: pytest.TempPathFactory) -> World:
    """The workspace with its first commit pushed through the hook as servers run it; others fork it."""
    world = World(tmp_path_factory.mktemp("approvals"))
    for name in PEOPLE:
        world.key(name).parent.mkdir(parents=True)
        make_key(world.key(name))
    push = found(world, founding({name: world.public(name) for name in PEOPLE}), started_python())
    assert push.landed, push.said
    world.pin(forked_python())
    assert world.tip() == world.git("rev-parse", MAIN)
    return world


@pytest.fixture
def world(founded: World, tmp_path: Path) -> World:
    """A copy of the founded workspace."""
    shutil.copytree(founded.folder, tmp_path / "world", symlinks=True)
    return World(tmp_path / "world")


def found(world: World, files: Mapping[str, bytes], python: str | None = None) -> Push:
    """A checkout and a server with the hook; how the push of the first commit ended."""
    world.ws.mkdir()
    world.git("init", "--quiet", "--template=", "--initial-branch=main")
    world.write(files)
    world.commit()
    world.git("init", "--quiet", "--template=", "--bare", "--initial-branch=main", str(world.server))
    world.pin(python or forked_python())
    return world.push()


def make_key(target: Path, *sort: str) -> str:
    """A new key pair; `type base64` of its public half."""
    sort = sort or ("-t", "ed25519")
    subprocess.run(["ssh-keygen", "-q", *sort, "-N", "", "-C", "", "-f", str(target)], check=True)
    return " ".join(target.with_name(target.name + ".pub").read_text().split()[:2])
