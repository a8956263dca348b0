"""Repositories for the tests of `git/`, away from the machine's own configuration."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from itsm_as_code.git.repository import Repository, open_repository
from tests.git.builder import RepoBuilder

Opener = Callable[[Path], Repository]


@pytest.fixture(autouse=True)
def own_git_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No inherited GIT_* variable, no user or system configuration, a home of its own."""
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(home / ".config"))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))


@pytest.fixture
def repo(tmp_path: Path) -> RepoBuilder:
    """An empty repository on the unborn branch `main`."""
    return RepoBuilder(tmp_path / "repo")


@pytest.fixture
def opened() -> Iterator[Opener]:
    """Opens repositories and closes them after the test."""
    held: list[Repository] = []

    def opener(path: Path) -> Repository:
        held.append(open_repository(path))
        return held[-1]

    yield opener
    for repository in held:
        repository.close()
