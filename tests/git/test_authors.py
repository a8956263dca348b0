"""Who wrote a step: the addresses in the commits, over all parents, and no map of names."""

from __future__ import annotations

from itsm_as_code.git.authors import author_emails
from tests.git.builder import RepoBuilder
from tests.git.conftest import Opener


def test_a019_a_mailmap_makes_nobody_somebody_else(repo: RepoBuilder, opened: Opener) -> None:
    base = repo.commit({".mailmap": "Somebody Else <else@example.org> <ana@example.org>\n"})
    head = repo.commit({"a": "1"})
    repo.git("config", "log.mailmap", "true")
    repo.git("config", "mailmap.file", str(repo.path / ".mailmap"))
    assert author_emails(opened(repo.path), base, head) == {"ana@example.org"}


def test_a023_authors_behind_a_second_parent_count(repo: RepoBuilder, opened: Opener) -> None:
    base = repo.commit({"a": "1"})
    repo.branch("colleague")
    repo.write({"b": "1"})
    repo.git("add", "b")
    repo.git("commit", "-q", "-m", "theirs", "--author", "Colleague <colleague@example.org>")
    repo.switch("main")
    repo.commit({"c": "1"})
    head = repo.merge("colleague")
    assert author_emails(opened(repo.path), base, head) == {"ana@example.org", "colleague@example.org"}
