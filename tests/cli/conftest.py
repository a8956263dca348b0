"""Fixtures for tests that run the program as users do."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.cli.harness import desk, founded
from tests.cli.inside import Place

__all__ = ["desk"]


@pytest.fixture(scope="session")
def founded_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace as `itsm init` makes it, committed, made once: copy it, never change it."""
    return founded(tmp_path_factory.mktemp("founded") / "workspace").folder


@pytest.fixture
def place(founded_once: Path, tmp_path: Path) -> Place:
    """A workspace of the test's own, committed, worked on inside the test's process."""
    shutil.copytree(founded_once, tmp_path / "workspace")
    return Place(tmp_path / "workspace")


@pytest.fixture
def pushed(place: Place, tmp_path: Path) -> tuple[Place, Path]:
    """As `place`, with an origin (a bare repository) that holds its first commit."""
    remote = tmp_path / "origin.git"
    subprocess.run(["git", "init", "-q", "--bare", "-b", "main", str(remote)], check=True)
    place.git("remote", "add", "origin", str(remote))
    place.git("push", "-q", "-u", "origin", "HEAD:main")
    return place, remote
