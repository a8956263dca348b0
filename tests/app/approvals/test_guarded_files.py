"""Which files of the repository nobody changes alone, and what a step does to them."""

from __future__ import annotations

import hashlib
from types import SimpleNamespace
from typing import cast

import pytest

from itsm_as_code.app.approvals.guarded_files import (
    GuardedFiles,
    at_root,
    conflicts,
    guard_of,
    odd,
    touched,
    workflow_files,
)
from itsm_as_code.domain.settings import Settings
from itsm_as_code.git.step import ChangedPath, TreeStep
from itsm_as_code.git.tree import GitTree
from itsm_as_code.store.tree import Mode, TreeEntry
from tests.checks.memory import MemoryTree

GUARD = GuardedFiles()


def settings(*guarded: str) -> Settings:
    return Settings.model_validate({"id": "4h7k2m9qx1zt", "schema": 1, "name": "Example", "guarded": list(guarded)})


def step(
    *paths: str, prefix: str = "", mode: Mode = Mode.FILE, outside: tuple[str, ...] = (),
    both: tuple[str, ...] = (), both_outside: tuple[str, ...] = (),
) -> TreeStep:  # fmt: skip
    """A step that adds these files in the workspace and `outside`; base changed `both` too."""
    base = cast(GitTree, SimpleNamespace(prefix=prefix))
    inside, beyond = (
        tuple(ChangedPath(path, None, TreeEntry(path, mode, 1)) for path in each) for each in (paths, outside)
    )
    return TreeStep(base, MemoryTree({}), "", inside, both, beyond, both_outside)


@pytest.mark.parametrize(
    "path",
    [
        ".github/workflows/check.yml", ".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS", ".gitlab-ci.yml",
        ".pre-commit-config.yaml", "Jenkinsfile", "Jenkinsfile.nightly", ".gitattributes", "theme", "theme/base.html",
        "theme/static/site.js",
    ],
)  # fmt: skip
def test_what_runs_the_check_is_guarded(path: str) -> None:
    assert GUARD.covers(path) and GUARD.concerns(path)


@pytest.mark.parametrize(
    "path", ["README.md", "records/teams/it.yaml", ".github/ISSUE_TEMPLATE/a.yml", ".github/pull_request_template.md",
             "docs/a.md", ".githubber", "ci/Jenkinsfile"],
)  # fmt: skip
def test_texts_for_people_are_not(path: str) -> None:
    assert not GUARD.covers(path) and not GUARD.concerns(path)


def test_a_name_in_the_place_of_a_folder_on_the_way_is_of_concern() -> None:
    assert GUARD.concerns("docs") and not GUARD.covers("docs")


def test_what_the_settings_name_is_guarded_too() -> None:
    guard = guard_of(settings("tools", "Makefile"), "")
    assert guard.covers("tools/check.sh") and guard.covers("Makefile")
    assert not guard.covers("toolshed/a") and not GUARD.covers("Makefile")


def test_attributes_on_the_way_to_the_workspace_say_what_a_checkout_makes_of_its_records() -> None:
    guard = guard_of(settings(), "desk/it/")
    assert [path for path in (".gitattributes", "desk/.gitattributes", "desk/it/.gitattributes")
            if guard.covers(path)] == list(guard.own)[:3]  # fmt: skip
    assert not guard.covers("other/.gitattributes")


def test_the_theme_is_that_of_the_workspace() -> None:
    guard = guard_of(settings(), "desk/it/")
    assert guard.covers("desk/it/theme/base.html") and guard.concerns("desk/it/theme") and guard.concerns("desk/it")
    assert not any(guard.concerns(path) for path in ("theme/base.html", "desk/theme/base.html", "desk/it/themes/a"))


def test_the_guarded_files_are_one_subject_by_their_hashes() -> None:
    found = workflow_files(
        MemoryTree({".github/workflows/a.yml": "on: push\n", "Jenkinsfile": "x", "README.md": "Hello."}), GUARD
    )
    assert found == {
        "schema": 1,
        "files": {
            ".github/workflows/a.yml": hashlib.sha256(b"on: push\n").hexdigest(),
            "Jenkinsfile": hashlib.sha256(b"x").hexdigest(),
        },
    }


def test_each_guarded_name_is_listed_once() -> None:
    tree = MemoryTree({"docs/CODEOWNERS": "*", "docs/a.md": "", "Jenkinsfile": "", "Jenkinsfile2": "", "Zebra": ""})
    assert [entry.path for entry in GUARD.entries(tree)] == ["docs/CODEOWNERS", "Jenkinsfile", "Jenkinsfile2"]


def test_a_step_is_told_by_paths_from_the_root() -> None:
    moved = step("records/a.yaml", prefix="desk/", outside=(".github/a.yml",))
    assert [each.path for each in at_root(moved)] == [".github/a.yml", "desk/records/a.yaml"]
    assert [each.path for each in touched(moved, GUARD)] == [".github/a.yml"]


def test_guarded_names_in_a_folder_of_the_repository_guard_nothing() -> None:
    assert touched(step(".github/workflows/a.yml", prefix="desk/"), GUARD) == ()


def test_links_among_the_guarded_files_are_odd() -> None:
    assert list(odd(step(".github/workflows/a.yml", mode=Mode.SYMLINK), GUARD)) == [".github/workflows/a.yml"]
    assert list(odd(step(".github/workflows/a.yml"), GUARD)) == []
    assert list(odd(step("README.md", mode=Mode.SYMLINK), GUARD)) == []


def test_a_guarded_file_that_is_removed_is_touched_and_not_odd() -> None:
    gone = ChangedPath("CODEOWNERS", TreeEntry("CODEOWNERS", Mode.FILE, 1), None)
    removed = TreeStep(cast(GitTree, SimpleNamespace(prefix="")), MemoryTree({}), "", (gone,))
    assert touched(removed, GUARD) == (gone,) and list(odd(removed, GUARD)) == []


def test_what_is_odd_in_the_workspace_has_its_path_there() -> None:
    linked = step("theme/static", prefix="desk/", mode=Mode.SYMLINK, outside=("Jenkinsfile",))
    assert list(odd(linked, guard_of(settings(), "desk/"))) == ["Jenkinsfile", "theme/static"]


def test_guarded_files_that_both_sides_changed_are_conflicts() -> None:
    both = step(both=("CODEOWNERS", "README.md"), both_outside=())
    assert conflicts(both, GUARD) == ["CODEOWNERS"]
    inside = step(prefix="desk/", both=("CODEOWNERS",), both_outside=(".github/a.yml", "README.md"))
    assert conflicts(inside, GUARD) == [".github/a.yml"]
