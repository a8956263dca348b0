"""Who wrote a step: the addresses in the commits, over all parents, and no map of names."""

from __future__ import annotations

from itsm_as_code.git.authors import step_authors
from tests.git.builder import RepoBuilder
from tests.git.conftest import Opener


def test_a019_a_mailmap_makes_nobody_somebody_else(repo: RepoBuilder, opened: Opener) -> None:
    base = repo.commit({".mailmap": "Somebody Else <else@example.org> <ana@example.org>\n"})
    head = repo.commit({"a": "1"})
    repo.git("config", "log.mailmap", "true")
    repo.git("config", "mailmap.file", str(repo.path / ".mailmap"))
    assert step_authors(opened(repo.path), base, head).authors == {"ana@example.org"}


def test_a023_authors_behind_a_second_parent_count(repo: RepoBuilder, opened: Opener) -> None:
    base = repo.commit({"a": "1"})
    repo.branch("colleague")
    repo.write({"b": "1"})
    repo.git("add", "b")
    repo.git("commit", "-q", "-m", "theirs", "--author", "Colleague <colleague@example.org>")
    repo.switch("main")
    repo.commit({"c": "1"})
    head = repo.merge("colleague")
    assert step_authors(opened(repo.path), base, head).authors == {"ana@example.org", "colleague@example.org"}


def test_co_authors_are_among_all_and_are_no_authors(repo: RepoBuilder, opened: Opener) -> None:
    base = repo.commit({"a": "1"})
    repo.write({"a": "2"})
    repo.git("commit", "-q", "-a", "-m", "ours\n\nCo-authored-by: Ben <Ben@Example.org>\n")
    found = step_authors(opened(repo.path), base, "HEAD")
    assert found.authors == {"ana@example.org"}
    assert found.all == {"ana@example.org", "ben@example.org"}


def test_an_author_without_an_address_is_told_apart_from_no_commits(repo: RepoBuilder, opened: Opener) -> None:
    base = repo.commit({"a": "1"})
    repo.write({"a": "2"})
    repo.git("commit", "-q", "-a", "-m", "nobody's", "--author", "Nobody <>")
    assert step_authors(opened(repo.path), base, "HEAD").authors == {""}
    assert step_authors(opened(repo.path), base, base).authors == frozenset()
