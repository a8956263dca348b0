"""The steps of a branch, each with its authors, as if each step were asked for by itself."""

from __future__ import annotations

import random

import pytest

from itsm_as_code.git import line
from itsm_as_code.git.authors import contributor_emails, step_authors
from itsm_as_code.git.history import first_parent_steps
from itsm_as_code.git.line import line_steps
from itsm_as_code.git.repository import Repository
from itsm_as_code.git.step import step
from tests.git.builder import RepoBuilder
from tests.git.conftest import Opener

SEEDS = range(4)
_PEOPLE = ("ana", "Ben", "cleo", "")


def _woven(repo: RepoBuilder, seed: int) -> list[str]:
    """Makes a branch `main` whose steps merge branches that began anywhere, overlap and were merged before; returns its
    first commit and its last. Dates go back and forth."""
    chance = random.Random(seed)  # noqa: S311 - a test, not a secret
    made = [_made(repo, chance, [])]
    tip = made[0]
    for _ in range(24):
        if chance.random() < 0.5:
            others = chance.sample(made, chance.choice([1, 1, 2]))
            merges = chance.random() < 0.5
            made.append(_made(repo, chance, others if merges else others[:1]))
        else:
            tip = _made(repo, chance, [tip, *chance.sample(made, chance.choice([0, 0, 1, 1, 2]))])
            made.append(tip)
    repo.git("update-ref", "refs/heads/main", tip)
    return [made[0], tip]


def _made(repo: RepoBuilder, chance: random.Random, parents: list[str]) -> str:
    tree = repo.tree_of({chance.choice("abc"): str(chance.random()), "d": "1"})
    who = {f"GIT_{role}_EMAIL": f"{chance.choice(_PEOPLE)}@example.org" for role in ("AUTHOR", "COMMITTER")}
    dates = {f"GIT_{role}_DATE": f"{1_795_000_000 + chance.randrange(9999)} +0000" for role in ("AUTHOR", "COMMITTER")}
    named = "".join(f"\nCo-authored-by: {name} <{name}@Example.org>" for name in chance.sample(_PEOPLE, 2) if name)
    options = [part for parent in dict.fromkeys(parents) for part in ("-p", parent)]
    message = f"step\n\nwords{chance.choice(['', chr(10) + named])}\n"
    return repo.git("commit-tree", tree, *options, "-F", "-", stdin=message.encode(), extra=who | dates)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("at_once", [1, 3, 256])
def test_every_step_has_the_authors_that_it_has_alone(
    repo: RepoBuilder, opened: Opener, monkeypatch: pytest.MonkeyPatch, seed: int, at_once: int
) -> None:
    monkeypatch.setattr(line, "_AT_ONCE", at_once)
    first, tip = _woven(repo, seed)
    repository = opened(repo.path)
    for since in (first, _middle(repository, tip, first)):
        steps = list(line_steps(repository, tip, since))
        assert [each.commit for each in steps] == list(first_parent_steps(repository, tip, since))[::-1]
        for each in steps:
            oid, parent = each.commit.commit, each.commit.parents[0]
            assert each.authors == step_authors(repository, parent, oid)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_step_of_one_commit_is_written_by_its_authors(repo: RepoBuilder, opened: Opener, seed: int) -> None:
    first, tip = _woven(repo, seed)
    repository = opened(repo.path)
    singles = 0
    for each in line_steps(repository, tip, first):
        oid, parent = each.commit.commit, each.commit.parents[0]
        trees = step(repository, parent, oid)
        assert trees.head.label == f"commit {oid[:7]}", "its first parent is the only merge base"
        assert trees.single == (len(each.commit.parents) == 1)
        singles += trees.single
        for changed in trees.changed if trees.single else ():
            assert contributor_emails(repository, parent, oid, changed.path) == each.authors.all
    assert singles


def _middle(repository: Repository, tip: str, first: str) -> str:
    steps = list(first_parent_steps(repository, tip, first))
    return steps[len(steps) // 2].commit
