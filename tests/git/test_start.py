"""Before there is a repository."""

from __future__ import annotations

from pathlib import Path

import pytest

from itsm_as_code.domain.errors import CouldNotCheck
from itsm_as_code.git.revision import current_branch
from itsm_as_code.git.start import init_repository, is_tracked_root
from tests.git.builder import RepoBuilder


def test_a_new_repository_stands_on_main(tmp_path: Path) -> None:
    folder = tmp_path / "workspace"
    folder.mkdir()
    assert not is_tracked_root(folder)
    with init_repository(folder) as repository:
        assert current_branch(repository) == "refs/heads/main"
    assert is_tracked_root(folder)


def test_an_existing_repository_is_left_as_it_is(repo: RepoBuilder) -> None:
    tip = repo.commit({"a": "1"})
    repo.branch("work")
    with init_repository(repo.path) as repository:
        assert current_branch(repository) == "refs/heads/work"
    assert repo.head() == tip


def test_a_folder_of_a_repository_needs_none_of_its_own_unless_it_is_ignored(repo: RepoBuilder) -> None:
    repo.commit({".gitignore": "scratch/\n"})
    (repo.path / "ops").mkdir()
    (repo.path / "scratch").mkdir()
    assert is_tracked_root(repo.path)
    assert is_tracked_root(repo.path / "ops")
    assert not is_tracked_root(repo.path / "scratch")


def test_a_place_that_cannot_hold_one_is_said(tmp_path: Path) -> None:
    (tmp_path / ".git").write_text("gitdir: /nowhere/at/all\n")
    with pytest.raises(CouldNotCheck, match="no repository could be made"):
        init_repository(tmp_path)
