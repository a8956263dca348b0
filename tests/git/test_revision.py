"""Revisions: each name means one commit, or is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from itsm_as_code.domain.errors import CouldNotCheck
from itsm_as_code.git.revision import current_branch, parents, resolve
from tests.git.builder import RepoBuilder
from tests.git.conftest import Opener


@pytest.fixture
def two(repo: RepoBuilder) -> tuple[RepoBuilder, str, str]:
    """A repository with two commits on main."""
    return repo, repo.commit({"a": "1"}), repo.commit({"a": "2"})


def test_every_usual_spelling_is_understood(two: tuple[RepoBuilder, str, str], opened: Opener) -> None:
    repo, first, second = two
    repo.git("tag", "-a", "v1", "-m", "annotated", first)
    repo.git("branch", "feature/x", first)
    repository = opened(repo.path)
    spellings = {
        "main": second,
        "refs/heads/main": second,
        "HEAD": second,
        "@": second,
        "HEAD~1": first,
        "HEAD^": first,
        "main~1": first,
        "v1": first,
        "feature/x": first,
        first: first,
        first[:9]: first,
        f"{second[:9]}~1": first,
    }
    assert {name: resolve(repository, name) for name in spellings} == spellings


def test_a_remote_branch_and_the_default_of_a_remote_are_understood(
    two: tuple[RepoBuilder, str, str], opened: Opener, tmp_path: Path
) -> None:
    repo, _, second = two
    clone = RepoBuilder(tmp_path / "clone", clone_of=repo.path)
    clone.commit({"a": "3"})
    repository = opened(clone.path)
    assert [resolve(repository, name) for name in ("origin/main", "origin")] == [second, second]


def test_a124_a_tag_named_like_a_branch_is_refused(two: tuple[RepoBuilder, str, str], opened: Opener) -> None:
    repo, first, second = two
    repo.git("tag", "main", first)
    repository = opened(repo.path)
    with pytest.raises(CouldNotCheck, match="ambiguous: branch main and tag main") as caught:
        resolve(repository, "main")
    assert caught.value.hint == "write refs/heads/main"
    assert resolve(repository, "refs/heads/main") == second
    assert resolve(repository, "refs/tags/main") == first


def test_a124_a_branch_named_like_a_commit_does_not_take_its_place(
    two: tuple[RepoBuilder, str, str], opened: Opener
) -> None:
    repo, first, second = two
    repo.git("update-ref", f"refs/heads/{first}", second)
    repo.git("update-ref", f"refs/heads/{first[:8]}", second)
    repository = opened(repo.path)
    assert resolve(repository, first) == first
    with pytest.raises(CouldNotCheck, match="ambiguous"):
        resolve(repository, first[:8])


def test_a124_a_tag_that_spells_a_full_ref_does_not_take_its_place(
    two: tuple[RepoBuilder, str, str], opened: Opener
) -> None:
    repo, first, _ = two
    repo.git("update-ref", "refs/tags/refs/heads/gone", first)
    with pytest.raises(CouldNotCheck, match="no revision refs/heads/gone"):
        resolve(opened(repo.path), "refs/heads/gone")


@pytest.mark.parametrize(
    "rev", ["", "--all", "main..HEAD", "HEAD:a", "main\n", "a b", "HEAD@{1}", "^main", "main\0", ":/edit"]
)
def test_what_is_not_one_commit_is_refused(rev: str, two: tuple[RepoBuilder, str, str], opened: Opener) -> None:
    with pytest.raises(CouldNotCheck):
        resolve(opened(two[0].path), rev)


def test_an_unknown_revision_names_what_is_near(
    two: tuple[RepoBuilder, str, str], opened: Opener, tmp_path: Path
) -> None:
    repo, first, _ = two
    repo.git("branch", "release-2026", first)
    clone = RepoBuilder(tmp_path / "clone", clone_of=repo.path)
    repository = opened(clone.path)
    with pytest.raises(CouldNotCheck) as typo:
        resolve(repository, "mian")
    with pytest.raises(CouldNotCheck) as remote_only:
        resolve(repository, "release-2026")
    with pytest.raises(CouldNotCheck) as not_fetched:
        resolve(repository, "upstream/trunk")
    assert typo.value.hint == "did you mean main?"
    assert remote_only.value.hint == "did you mean origin/release-2026?"
    assert not_fetched.value.hint == "git fetch upstream trunk"


def test_walking_past_the_first_commit_is_said(two: tuple[RepoBuilder, str, str], opened: Opener) -> None:
    with pytest.raises(CouldNotCheck, match="HEAD~9 is not a commit"):
        resolve(opened(two[0].path), "HEAD~9")


def test_an_unborn_branch_is_said(repo: RepoBuilder, opened: Opener) -> None:
    repository = opened(repo.path)
    with pytest.raises(CouldNotCheck, match="no commit yet on branch main"):
        resolve(repository, "HEAD")
    assert current_branch(repository) == "refs/heads/main"


def test_a_detached_head_is_a_commit_like_any_other(two: tuple[RepoBuilder, str, str], opened: Opener) -> None:
    repo, first, _ = two
    repo.git("checkout", "--quiet", first)
    repository = opened(repo.path)
    assert resolve(repository, "HEAD") == first
    assert current_branch(repository) is None


def test_parents_come_in_their_order(repo: RepoBuilder, opened: Opener) -> None:
    start = repo.commit({"a": "1"})
    repo.branch("side")
    side = repo.commit({"b": "1"})
    repo.switch("main")
    trunk = repo.commit({"c": "1"})
    merge = repo.merge("side")
    repository = opened(repo.path)
    assert parents(repository, merge) == (trunk, side)
    assert parents(repository, start) == ()
