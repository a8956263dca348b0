"""The repository's root on both sides, where the workspace is a folder of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from itsm_as_code.app.approvals.guarded_files import workflow_files
from itsm_as_code.app.approvals.repository_root import RootTrees, roots_of_step, roots_of_work_tree
from itsm_as_code.git.repository import Repository, open_repository
from itsm_as_code.git.step import step
from itsm_as_code.git.tree import GitTree
from itsm_as_code.store.snapshot import TreeSnapshot
from itsm_as_code.store.worktree import WorkTree
from tests.git.builder import RepoBuilder

SETTINGS = "id: 4h7k2m9qx1zt\nschema: 1\nname: Example\n"
CHECK = ".github/workflows/check.yml"


@pytest.fixture(params=["", "desk/"], ids=["at the top", "in a folder"])
def prefix(request: pytest.FixtureRequest) -> str:
    """Where the workspace lies in the repository."""
    return str(request.param)


@pytest.fixture
def built(tmp_path: Path, prefix: str) -> RepoBuilder:
    built = RepoBuilder(tmp_path / "repo")
    built.commit({f"{prefix}itsm.yaml": SETTINGS, CHECK: "on: push\n"})
    return built


@pytest.fixture
def opened(built: RepoBuilder, prefix: str) -> Iterator[Repository]:
    with open_repository(built.path / prefix) as repository:
        yield repository


def files(roots: RootTrees) -> tuple[list[str], list[str]]:
    """The guarded files of both sides."""
    before, after = (workflow_files(tree, roots.guard)["files"] for tree in (roots.base, roots.head))
    return list(before), list(after)


def of_step(opened: Repository, head: str) -> RootTrees:
    trees = step(opened, "main", head)
    return roots_of_step(opened, trees, TreeSnapshot(trees.base).settings)


def test_guarded_files_of_a_step_are_seen_from_the_root(built: RepoBuilder, opened: Repository) -> None:
    built.branch("proposal")
    built.commit({CHECK: None, "CODEOWNERS": "* @ana\n"})
    assert files(of_step(opened, "proposal")) == ([CHECK], ["CODEOWNERS"])


def test_what_would_land_has_what_base_got_meanwhile(built: RepoBuilder, opened: Repository) -> None:
    built.branch("proposal")
    built.commit({"CODEOWNERS": "* @ana\n"})
    built.switch("main")
    built.commit({"Jenkinsfile": "x"})
    before, after = files(of_step(opened, "proposal"))
    assert (before, sorted(after)) == ([CHECK, "Jenkinsfile"], sorted([CHECK, "CODEOWNERS", "Jenkinsfile"]))


def test_the_last_commit_of_base_that_changed_a_guarded_file_stands_for_their_revision(
    built: RepoBuilder, opened: Repository
) -> None:
    changed = built.commit({CHECK: "on: [push]\n"})
    built.commit({"README.md": "Hello."})
    built.branch("proposal")
    built.commit({"CODEOWNERS": "* @ana\n"})
    assert of_step(opened, "proposal").since() == changed


def test_without_guarded_files_nothing_stands_for_a_revision(built: RepoBuilder, prefix: str) -> None:
    orphan = RepoBuilder(built.path.parent / "other")
    orphan.commit({f"{prefix}itsm.yaml": SETTINGS})
    with open_repository(orphan.path / prefix) as opened:
        assert of_step(opened, "main").since() == ""


def test_which_files_are_guarded_base_says(built: RepoBuilder, opened: Repository, prefix: str) -> None:
    built.branch("proposal")
    built.commit({f"{prefix}itsm.yaml": SETTINGS + "guarded: [Makefile]\n", "Makefile": "all:\n"})
    assert files(of_step(opened, "proposal")) == ([CHECK], [CHECK])


def test_the_files_of_the_checkout_are_seen_from_the_root_too(
    built: RepoBuilder, opened: Repository, prefix: str
) -> None:
    built.write({"CODEOWNERS": "* @ana\n"})
    base = GitTree(opened, built.head())
    roots = roots_of_work_tree(opened, base, WorkTree(built.path / prefix), TreeSnapshot(base).settings)
    before, after = files(roots)
    assert (before, sorted(after)) == ([CHECK], sorted([CHECK, "CODEOWNERS"]))
