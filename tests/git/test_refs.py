"""Refs: where they lead, which names could be refs, and which are one name on some disk."""

from __future__ import annotations

import random
import subprocess

import pytest

from itsm_as_code.git.refs import Refs, alike, is_ref, read_refs, replaced_objects, with_unborn
from tests.git.builder import RepoBuilder
from tests.git.conftest import Opener

PARTS = (
    "a", "main", ".", "..", "/", "//", "@", "@{", "{", ".lock", "~", "^", ":", "?", "*", "[", "\\", " ", "-", "é",
    "\x01", "\x7f", "\x85", "\u200b",
)  # fmt: skip


def test_a_symbolic_ref_is_moved_where_it_leads(repo: RepoBuilder, opened: Opener) -> None:
    tip = repo.commit({"a": "1"})
    repo.git("symbolic-ref", "refs/heads/master", "refs/heads/main")
    repo.git("symbolic-ref", "refs/heads/old", "refs/heads/master")
    refs = read_refs(opened(repo.path))
    assert {name: refs.tips[name] for name in ("refs/heads/main", "refs/heads/old")} == dict.fromkeys(
        ("refs/heads/main", "refs/heads/old"), tip
    )
    assert refs.moved_by("refs/heads/old") == refs.moved_by("refs/heads/main") == "refs/heads/main"
    assert refs.moved_by("refs/heads/new") == "refs/heads/new"


def test_a_symbolic_ref_to_a_branch_that_is_not_there_is_found_when_it_is_asked_for(
    repo: RepoBuilder, opened: Opener
) -> None:
    repository = opened(repo.path)
    repo.git("symbolic-ref", "refs/heads/master", "refs/heads/main")
    before = read_refs(repository)
    assert before == Refs({}, {})
    after = with_unborn(repository, before, ["refs/heads/master", "refs/heads/other", "--help", "refs/heads/a b"])
    assert after.symbolic == {"refs/heads/master": "refs/heads/main"}


def test_objects_in_whose_place_others_are_shown_are_told(repo: RepoBuilder, opened: Opener) -> None:
    first, second = repo.commit({"a": "1"}), repo.commit({"a": "2"})
    repository = opened(repo.path)
    assert replaced_objects(repository) == ()
    repo.git("replace", first, second)
    repo.git("update-ref", "refs/replace/of-no-object", second)
    assert replaced_objects(repository) == read_refs(repository).replaced == (first,)


def test_what_git_would_make_a_ref_of_and_nothing_else_is_one() -> None:
    dice = random.Random(7)  # noqa: S311  # names to try, no secret
    for _ in range(400):
        name = "".join(dice.choices(["refs/heads/", "refs/", "refs/tags/x", ""], [8, 2, 1, 1]))
        name += "".join(dice.choices(PARTS, k=dice.randrange(6)))
        done = subprocess.run(["git", "check-ref-format", name], check=False)
        git_says = done.returncode == 0 and name.startswith("refs/") and name.count("/") > 1
        assert is_ref(name) == git_says, name


@pytest.mark.parametrize("name", ["MAIN", "Main", "ma\u00ad\u200bin\ufeff", "ｍａｉｎ", "ma\u0131n", "ma\u0130n\u0307"])
def test_names_that_some_disk_takes_for_one_are_alike(name: str) -> None:
    assert (alike(name) == alike("main")) is (name != "ma\u0130n\u0307")
    assert alike("café") == alike("CAFE\u0301") != alike("cafe")
    assert alike("b\udce9") == "b\udce9"
