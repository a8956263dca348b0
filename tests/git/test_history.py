"""What happened to a file, and how a branch moved: nothing is simplified away."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from itsm_as_code.domain.errors import CouldNotCheck
from itsm_as_code.git.history import LineClock, first_parent_steps, history
from tests.git.builder import RepoBuilder
from tests.git.conftest import Opener


def test_revisions_come_newest_first_with_raw_identities_and_blobs(repo: RepoBuilder, opened: Opener) -> None:
    repo.commit({"a": "1", "b": "1"}, "first")
    repo.commit({"b": "2"}, "not a")
    repo.commit({"a": "2", ".mailmap": "X <x@example.org> <ana@example.org>\n"}, "tab\there — é")
    repo.commit({"a": None}, "gone")
    found = list(history(opened(repo.path), "a"))
    assert [each.commit.subject for each in found] == ["gone", "tab\there — é", "first"]
    assert [each.oid is None for each in found] == [True, False, False]
    assert found[0].parent_oids == (found[1].oid,)
    assert found[2].parent_oids == ()
    newest = found[1].commit
    assert (newest.author_name, newest.author_email) == ("Ana Author", "ana@example.org")
    assert (newest.committer_name, newest.committer_email) == ("Carl Committer", "carl@example.org")
    assert newest.authored_at == datetime(2026, 11, 18, 11, 9, 40, tzinfo=UTC)
    assert newest.authored_at.utcoffset() == timedelta(hours=1)


def test_renames_are_not_followed(repo: RepoBuilder, opened: Opener) -> None:
    repo.git("config", "log.follow", "true")
    repo.commit({"old": "the same long line\n" * 9}, "old")
    repo.git("mv", "old", "new")
    repo.commit({}, "moved")
    assert [each.commit.subject for each in history(opened(repo.path), "new")] == ["moved"]


def test_a116_a_withdrawal_buried_by_an_ours_merge_is_in_the_history(repo: RepoBuilder, opened: Opener) -> None:
    repo.commit({"c.yaml": "approved"}, "approve")
    repo.branch("work")
    repo.commit({"w": "1"}, "work")
    repo.switch("main")
    repo.commit({"c.yaml": "withdrawn"}, "withdraw")
    repo.switch("work")
    repo.merge("main", strategy="ours")
    assert "withdraw" not in repo.git("log", "--format=%s", "--", "c.yaml").split("\n")
    subjects = [each.commit.subject for each in history(opened(repo.path), "c.yaml")]
    assert "withdraw" in subjects


def test_a114_an_evil_merge_is_told_from_one_that_only_carries(repo: RepoBuilder, opened: Opener) -> None:
    repo.commit({"a": "1"}, "start")
    repo.branch("side")
    side = repo.commit({"a": "2"}, "side")
    repo.switch("main")
    trunk = repo.commit({"b": "1"}, "trunk")
    honest = repo.merge("side")
    evil = repo.commit_tree(repo.tree_of({"a": "slipped in", "b": "1"}), trunk, side)
    repository = opened(repo.path)
    carried = next(each for each in history(repository, "a", honest) if each.commit.commit == honest)
    written = next(each for each in history(repository, "a", evil) if each.commit.commit == evil)
    assert carried.oid in carried.parent_oids
    assert written.oid not in written.parent_oids


def test_odd_names_and_a_prefix_are_literal(repo: RepoBuilder, opened: Opener) -> None:
    repo.commit({"ops/*": "1", "ops/x": "1", "ops/two\nlinés": "1"}, "first")
    repo.commit({"ops/x": "2"}, "x only")
    repository = opened(repo.path / "ops")
    assert [each.commit.subject for each in history(repository, "*")] == ["first"]
    assert [each.commit.subject for each in history(repository, "two\nlinés")] == ["first"]


def test_since_leaves_out_what_base_knows(repo: RepoBuilder, opened: Opener) -> None:
    base = repo.commit({"a": "1"}, "first")
    repo.commit({"a": "2"}, "second")
    assert [each.commit.subject for each in history(opened(repo.path), "a", since=base)] == ["second"]


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("99999999999999 +0000", datetime.max.replace(microsecond=0, tzinfo=UTC)),
        ("0 +0000", datetime(1970, 1, 1, tzinfo=UTC)),
        ("1795000000 +9999", datetime(2026, 11, 18, 11, 6, 40, tzinfo=UTC)),
        ("253402300799 +1400", datetime.max.replace(microsecond=0, tzinfo=UTC)),
    ],
)
def test_an_impossible_date_is_brought_into_range(
    raw: str, expected: datetime, repo: RepoBuilder, opened: Opener
) -> None:
    tree = repo.tree_of({"a": "1"})
    text = f"tree {tree}\nauthor A <a@x> {raw}\ncommitter C <c@x> 1 +0000\n\nodd\n"
    oid = repo.git("hash-object", "-w", "-t", "commit", "--literally", "--stdin", stdin=text.encode())
    (found,) = history(opened(repo.path), "a", oid)
    assert found.commit.authored_at == expected


def test_a_shallow_clone_has_no_history_to_tell(repo: RepoBuilder, opened: Opener, tmp_path: Path) -> None:
    repo.commit({"a": "1"})
    clone = RepoBuilder(tmp_path / "shallow", "--depth=1", clone_of=f"file://{repo.path}")
    with pytest.raises(CouldNotCheck, match="shallow"):
        list(history(opened(clone.path), "a"))


def test_the_steps_of_a_branch_follow_first_parents(repo: RepoBuilder, opened: Opener) -> None:
    start = repo.commit({"a": "1"}, "start")
    repo.branch("side")
    repo.commit({"b": "1"}, "on the side")
    repo.switch("main")
    trunk = repo.commit({"c": "1"}, "trunk")
    merge = repo.merge("side")
    repository = opened(repo.path)
    assert [each.commit for each in first_parent_steps(repository, "main")] == [merge, trunk, start]
    assert [each.commit for each in first_parent_steps(repository, "main", start)] == [merge, trunk]


def test_a117_a_swapped_first_parent_shows_in_the_steps(repo: RepoBuilder, opened: Opener) -> None:
    base = repo.commit({"a": "1"}, "start")
    repo.branch("attack")
    repo.commit({"b": "1"}, "attack")
    repo.switch("main")
    tip = repo.commit({"c": "1"}, "reviewed")
    repo.switch("attack")
    foxtrot = repo.merge("main")
    repo.git("branch", "--force", "main", "attack")
    steps = list(first_parent_steps(opened(repo.path), "main", base))
    assert steps[0].commit == foxtrot
    assert steps[0].parents[0] != tip
    assert tip not in [each.commit for each in steps]


def test_the_clock_of_a_line_never_goes_back_and_takes_no_date_of_a_day_to_come(
    repo: RepoBuilder, opened: Opener
) -> None:
    def dated(seconds: int) -> str:
        repo.write({"a": str(seconds)})
        repo.git("add", "--all")
        stamp = f"{seconds} +0100"
        repo.git("commit", "--quiet", "-m", "step", extra={"GIT_AUTHOR_DATE": stamp, "GIT_COMMITTER_DATE": stamp})
        return repo.head()

    now = datetime(2026, 11, 21, tzinfo=UTC)
    start = int(now.timestamp()) - 1000
    commits = [dated(start + after) for after in (9**9, 10, -500, 1300, 9**9, 20)]
    clock = LineClock(opened(repo.path), "main", now)
    seconds = [int((clock.of(each) - now).total_seconds()) + 1000 for each in commits]
    assert seconds == [1000, 10, 10, 1300, 1300, 1300], "the first proves nothing, so it is now"
    assert clock.of(commits[1]).utcoffset() == timedelta(0)
    later = LineClock(opened(repo.path), commits[4], now + timedelta(days=9**5))
    assert later.of(commits[4]) > now + timedelta(days=999), "by then the date is past"
