"""Opening a repository: where it is, what it is fit for, and what is said when it isn't there."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from itsm_as_code.domain.errors import CouldNotCheck
from itsm_as_code.git.repository import open_repository
from itsm_as_code.git.revision import resolve
from tests.git.builder import RepoBuilder
from tests.git.conftest import Opener


def test_a_workspace_at_the_top_has_no_prefix(repo: RepoBuilder, opened: Opener) -> None:
    repository = opened(repo.path)
    assert (repository.prefix, repository.work_tree) == ("", repo.path.resolve())


def test_a_workspace_in_a_subfolder_keeps_its_prefix(repo: RepoBuilder, opened: Opener) -> None:
    folder = repo.path / "ops" / "été"
    folder.mkdir(parents=True)
    repository = opened(folder)
    assert (repository.prefix, repository.work_tree) == ("ops/été/", repo.path.resolve())


def test_a_path_through_a_symlink_finds_the_same_place(repo: RepoBuilder, opened: Opener, tmp_path: Path) -> None:
    (repo.path / "ops").mkdir()
    (tmp_path / "link").symlink_to(repo.path / "ops")
    repository = opened(tmp_path / "link")
    assert (repository.prefix, repository.work_tree) == ("ops/", repo.path.resolve())


def test_a_bare_repository_has_no_work_tree(repo: RepoBuilder, opened: Opener, tmp_path: Path) -> None:
    tip = repo.commit({"a": "1"})
    bare = RepoBuilder(tmp_path / "bare.git", "--bare", clone_of=repo.path)
    repository = opened(bare.path)
    assert repository.work_tree is None
    assert resolve(repository, "main") == tip


def test_a_linked_work_tree_knows_its_own_head(repo: RepoBuilder, opened: Opener, tmp_path: Path) -> None:
    repo.commit({"a": "1"})
    repo.git("worktree", "add", "--quiet", "-b", "side", str(tmp_path / "linked"))
    side = RepoBuilder.commit(_at(repo, tmp_path / "linked"), {"a": "2"})
    repository = opened(tmp_path / "linked")
    assert resolve(repository, "HEAD") == side
    assert repository.common_dir == (repo.path / ".git").resolve()


def test_no_repository_is_said_with_the_way_out(tmp_path: Path) -> None:
    with pytest.raises(CouldNotCheck, match="in no Git repository") as caught:
        open_repository(tmp_path)
    assert "git init" in (caught.value.hint or "")


def test_a_missing_folder_is_said(tmp_path: Path) -> None:
    with pytest.raises(CouldNotCheck, match="no folder"):
        open_repository(tmp_path / "nowhere")


def test_git_missing_is_said(repo: RepoBuilder, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(CouldNotCheck, match="Git could not be run") as caught:
        open_repository(repo.path)
    assert "PATH" in (caught.value.hint or "")


def test_git_missing_is_said_also_when_variables_must_be_taken_away(
    repo: RepoBuilder, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "env").symlink_to("/usr/bin/env")
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("GIT_DIR", "/elsewhere")
    with pytest.raises(CouldNotCheck, match="Git could not be run"):
        open_repository(repo.path)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
def test_a_repository_of_another_owner_is_not_trusted_until_the_user_says_so(
    repo: RepoBuilder, opened: Opener, tmp_path: Path
) -> None:
    tip = repo.commit({"a": "1"})
    for path in (repo.path, repo.path / ".git"):
        os.chown(path, 12345, 12345)
    with pytest.raises(CouldNotCheck, match="does not trust") as caught:
        open_repository(repo.path)
    assert f"safe.directory {repo.path}" in (caught.value.hint or "")
    (tmp_path / "home" / ".gitconfig").write_text(f"[safe]\n\tdirectory = {repo.path}\n")
    assert resolve(opened(repo.path), "main") == tip


def test_inherited_variables_do_not_steer_reading(
    repo: RepoBuilder, opened: Opener, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tip = repo.commit({"a": "1"})
    other = RepoBuilder(tmp_path / "other")
    other.commit({"b": "1"})
    monkeypatch.setenv("GIT_DIR", str(other.path / ".git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(other.path))
    monkeypatch.setenv("GIT_OBJECT_DIRECTORY", str(other.path / ".git" / "objects"))
    monkeypatch.setenv("GIT_NAMESPACE", "hidden")
    monkeypatch.setenv("GIT_ICASE_PATHSPECS", "1")
    assert resolve(opened(repo.path), "main") == tip


def test_the_quarantine_of_a_pre_receive_hook_is_read_only_when_it_is_handed_over(
    repo: RepoBuilder, tmp_path: Path
) -> None:
    repo.commit({"a": "1"})
    source = RepoBuilder(tmp_path / "source", clone_of=repo.path)
    pushed = source.commit({"a": "2"})
    waiting = {
        "GIT_OBJECT_DIRECTORY": str(source.path / ".git" / "objects"),
        "GIT_ALTERNATE_OBJECT_DIRECTORIES": str(repo.path / ".git" / "objects"),
        "GIT_DIR": "/not/taken",
    }
    with open_repository(repo.path) as plain, pytest.raises(CouldNotCheck):
        resolve(plain, pushed)
    with open_repository(repo.path, quarantine=waiting) as hook:
        assert resolve(hook, pushed) == pushed
        assert "GIT_DIR" not in hook.quarantine


def test_a_sha256_repository_is_read(tmp_path: Path, opened: Opener) -> None:
    repo = RepoBuilder(tmp_path / "new", "--object-format=sha256")
    tip = repo.commit({"a": "1"})
    assert len(tip) == 64
    assert resolve(opened(repo.path), "main") == tip


def _at(repo: RepoBuilder, path: Path) -> RepoBuilder:
    twin = object.__new__(RepoBuilder)
    twin.__dict__.update(repo.__dict__, path=path)
    return twin
