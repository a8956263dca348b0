"""Publishing: only the given paths, on the newest tip, and nobody else's work in danger."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from itsm_as_code.domain.errors import CouldNotCheck, Refused
from itsm_as_code.git.command import GitOutcome
from itsm_as_code.git.push_replay import Pushed, push_replay
from itsm_as_code.git.repository import Repository
from itsm_as_code.store.tree import Tree
from tests.git.builder import RepoBuilder
from tests.git.conftest import Opener


@pytest.fixture
def server(tmp_path: Path) -> RepoBuilder:
    """A bare repository with one commit on main, and an attribute of every awkward sort."""
    seed = RepoBuilder(tmp_path / "seed")
    seed.commit({"ticket": "start\n", "other": "1", "deep/er/file": "1", "deep-er": "1"})
    return RepoBuilder(tmp_path / "server.git", "--bare", clone_of=seed.path)


@pytest.fixture
def clone(server: RepoBuilder, tmp_path: Path) -> RepoBuilder:
    """A checkout of the server."""
    return RepoBuilder(tmp_path / "clone", clone_of=server.path)


def push(repository: Repository, path: str, line: str) -> Pushed:
    """Append a line on the server's main."""

    def edit(tree: Tree) -> Mapping[str, bytes]:
        old = tree.read(path) if tree.entry(path) else b""
        return {path: old + line.encode() + b"\n"}

    return push_replay(repository, "origin", "main", edit, f"note: {line}")


def hook(server: RepoBuilder, name: str, script: str) -> None:
    """Install a hook on the server."""
    path = server.path / "hooks" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


def test_a_push_lands_and_the_checkout_follows(server: RepoBuilder, clone: RepoBuilder, opened: Opener) -> None:
    done = push(opened(clone.path), "ticket", "mine")
    assert (done.attempts, done.local.moved) == (1, True)
    assert server.head("main") == clone.head("main") == clone.head("origin/main") == done.commit
    assert (clone.path / "ticket").read_text() == "start\nmine\n"
    assert clone.git("status", "--porcelain") == ""


def test_a_push_is_made_on_the_newest_tip_and_not_on_the_local_one(
    server: RepoBuilder, clone: RepoBuilder, opened: Opener, tmp_path: Path
) -> None:
    other = RepoBuilder(tmp_path / "other", clone_of=server.path)
    theirs = push(opened(other.path), "ticket", "theirs")
    mine = push(opened(clone.path), "ticket", "mine")
    assert server.git("show", "main:ticket") == "start\ntheirs\nmine"
    assert server.git("rev-parse", "main^") == theirs.commit
    assert clone.head() == mine.commit


def test_somebody_faster_makes_the_edit_replay(
    server: RepoBuilder, clone: RepoBuilder, opened: Opener, tmp_path: Path
) -> None:
    other = RepoBuilder(tmp_path / "other", clone_of=server.path)
    rival = opened(other.path)
    seen: list[bytes] = []

    def edit(tree: Tree) -> Mapping[str, bytes]:
        seen.append(tree.read("ticket"))
        if len(seen) < 3:
            push(rival, "ticket", f"rival {len(seen)}")
        return {"ticket": seen[-1] + b"mine\n"}

    done = push_replay(opened(clone.path), "origin", "main", edit, "note")
    assert done.attempts == 3
    assert server.git("show", "main:ticket") == "start\nrival 1\nrival 2\nmine"


def test_a_race_lost_every_time_is_said_and_changes_nothing(
    server: RepoBuilder, clone: RepoBuilder, opened: Opener, tmp_path: Path
) -> None:
    rival = opened(RepoBuilder(tmp_path / "other", clone_of=server.path).path)
    before = clone.head()

    def edit(tree: Tree) -> Mapping[str, bytes]:
        push(rival, "other", "rival")
        return {"ticket": b"mine\n"}

    with pytest.raises(Refused, match="moved 2 times"):
        push_replay(opened(clone.path), "origin", "main", edit, "note", attempts=2)
    assert clone.head() == before
    assert server.git("show", "main:ticket") == "start"


def test_two_racing_pushers_both_land(server: RepoBuilder, opened: Opener, tmp_path: Path) -> None:
    clones = [RepoBuilder(tmp_path / name, clone_of=server.path) for name in ("one", "two")]
    repositories = [opened(each.path) for each in clones]
    ready = threading.Barrier(2)
    failures: list[BaseException] = []

    def run(repository: Repository, name: str) -> None:
        def edit(tree: Tree) -> Mapping[str, bytes]:
            return {"ticket": tree.read("ticket") + f"{name}\n".encode()}

        try:
            ready.wait()
            for _ in range(3):
                push_replay(repository, "origin", "main", edit, name, attempts=20)
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=run, args=pair) for pair in zip(repositories, ("a", "b"), strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    lines = server.git("show", "main:ticket").splitlines()
    assert sorted(lines) == ["a", "a", "a", "b", "b", "b", "start"]
    assert server.git("rev-list", "--count", "--merges", "main") == "0"


def test_two_pushers_in_one_clone_both_land(server: RepoBuilder, clone: RepoBuilder, opened: Opener) -> None:
    failures: list[BaseException] = []

    def run(repository: Repository, name: str) -> None:
        def edit(tree: Tree) -> Mapping[str, bytes]:
            return {"ticket": tree.read("ticket") + f"{name}\n".encode()}

        try:
            push_replay(repository, "origin", "main", edit, name, attempts=20)
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=run, args=(opened(clone.path), name)) for name in ("a", "b", "c")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert sorted(server.git("show", "main:ticket").splitlines()) == ["a", "b", "c", "start"]


def test_a_refusing_hook_is_quoted_and_nothing_changes(server: RepoBuilder, clone: RepoBuilder, opened: Opener) -> None:
    hook(server, "pre-receive", "echo 'CHG-1 has no approval'; exit 1")
    before = clone.head()
    with pytest.raises(Refused, match="pre-receive hook declined") as caught:
        push(opened(clone.path), "ticket", "mine")
    assert "CHG-1 has no approval" in caught.value.message
    assert clone.head() == server.head("main") == before
    assert clone.git("status", "--porcelain") == ""


def test_a_hook_that_says_that_the_branch_has_moved_is_asked_again(
    server: RepoBuilder, clone: RepoBuilder, opened: Opener
) -> None:
    said = "error: refs/heads/main has moved: it is at 0123456789ab"
    hook(server, "pre-receive", f"test -f asked || {{ touch asked; echo '{said}'; exit 1; }}")
    done = push(opened(clone.path), "ticket", "mine")
    assert (done.attempts, server.head("main")) == (2, done.commit)


@pytest.mark.parametrize(
    "said",
    ["error: refs/heads/other has moved: it is at 1", "x.yaml: error: refs/heads/main has moved: it is at 1"],
    ids=["another branch", "a quotation"],
)
def test_a_hook_that_says_something_like_it_refuses(
    server: RepoBuilder, clone: RepoBuilder, opened: Opener, said: str
) -> None:
    hook(server, "pre-receive", f"echo '{said}'; exit 1")
    with pytest.raises(Refused, match="has moved"):
        push(opened(clone.path), "ticket", "mine")


def test_an_unreachable_remote_is_said(clone: RepoBuilder, opened: Opener, tmp_path: Path) -> None:
    clone.git("remote", "set-url", "origin", str(tmp_path / "gone.git"))
    with pytest.raises(CouldNotCheck, match="could not fetch from origin") as caught:
        push(opened(clone.path), "ticket", "mine")
    assert "try again" in (caught.value.hint or "")


def test_an_unknown_remote_and_an_unknown_branch_are_said(clone: RepoBuilder, opened: Opener) -> None:
    repository = opened(clone.path)
    with pytest.raises(CouldNotCheck, match="there is no remote upstream"):
        push_replay(repository, "upstream", "main", lambda _: {}, "note")
    with pytest.raises(CouldNotCheck, match="origin has no branch trunk"):
        push_replay(repository, "origin", "trunk", lambda _: {}, "note")


def test_a_push_that_landed_before_the_line_broke_counts(
    server: RepoBuilder, clone: RepoBuilder, opened: Opener
) -> None:
    # The server dies between moving the branch and saying so.
    hook(server, "reference-transaction", 'test "$1" != committed || kill -9 $PPID')
    done = push(opened(clone.path), "ticket", "mine")
    assert server.head("main") == done.commit
    assert server.git("show", "main:ticket") == "start\nmine"


def test_an_edit_that_changes_nothing_pushes_nothing(server: RepoBuilder, clone: RepoBuilder, opened: Opener) -> None:
    before = server.head("main")
    done = push_replay(opened(clone.path), "origin", "main", lambda tree: {"other": tree.read("other")}, "no")
    assert (done.commit, done.attempts) == (before, 0)
    assert server.head("main") == before


@pytest.mark.parametrize("when", ["fetch", "hash-object", "commit-tree", "push"])
def test_an_interruption_leaves_nothing_half_done(
    when: str, server: RepoBuilder, clone: RepoBuilder, opened: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = clone.head()
    genuine = Repository.as_user

    def interrupted(self: Repository, *args: str, **options: Any) -> GitOutcome:
        if when in args:
            raise KeyboardInterrupt
        return genuine(self, *args, **options)

    monkeypatch.setattr(Repository, "as_user", interrupted)
    with pytest.raises(KeyboardInterrupt):
        push(opened(clone.path), "ticket", "mine")
    assert server.head("main") == clone.head() == before
    assert clone.git("status", "--porcelain") == ""


def test_an_edit_that_fails_changes_nothing(server: RepoBuilder, clone: RepoBuilder, opened: Opener) -> None:
    before = server.head("main")

    def edit(tree: Tree) -> Mapping[str, bytes]:
        raise Refused("closed meanwhile")

    with pytest.raises(Refused, match="closed meanwhile"):
        push_replay(opened(clone.path), "origin", "main", edit, "note")
    assert server.head("main") == clone.head() == before


# following


def test_a_file_that_holds_the_pushed_bytes_already_does_not_stop_the_checkout(
    clone: RepoBuilder, opened: Opener
) -> None:
    clone.write({"ticket": "start\nmine\n", "fresh": "new\n"})

    def edit(tree: Tree) -> Mapping[str, bytes]:
        return {"ticket": b"start\nmine\n", "fresh": b"new\n"}

    done = push_replay(opened(clone.path), "origin", "main", edit, "note")
    assert done.local.moved
    assert clone.head() == done.commit
    assert clone.git("status", "--porcelain") == ""


def test_other_edits_survive_the_fast_forward(clone: RepoBuilder, opened: Opener) -> None:
    clone.write({"other": "staged", "deep-er": "edited", "untracked": "1"})
    clone.git("add", "other")
    done = push(opened(clone.path), "ticket", "mine")
    assert done.local.moved
    assert clone.git("status", "--porcelain").splitlines() == [" M deep-er", "M  other", "?? untracked"]


def test_another_edit_of_the_same_file_is_left_alone_and_said(clone: RepoBuilder, opened: Opener) -> None:
    clone.write({"ticket": "start\nsomething else\n"})
    before = clone.head()
    done = push(opened(clone.path), "ticket", "mine")
    assert not done.local.moved
    assert "git pull" in (done.local.why_not or "")
    assert clone.head() == before
    assert (clone.path / "ticket").read_text() == "start\nsomething else\n"


def test_a_staged_version_is_never_replaced(clone: RepoBuilder, opened: Opener) -> None:
    clone.write({"ticket": "start\nstaged\n"})
    clone.git("add", "ticket")
    clone.write({"ticket": "start\nmine\n"})
    done = push(opened(clone.path), "ticket", "mine")
    assert not done.local.moved
    assert clone.git("show", ":ticket") == "start\nstaged"


def test_a_branch_with_commits_of_its_own_stays(clone: RepoBuilder, opened: Opener) -> None:
    own = clone.commit({"local": "1"})
    done = push(opened(clone.path), "ticket", "mine")
    assert not done.local.moved
    assert "pull --rebase" in (done.local.why_not or "")
    assert clone.head("main") == own


def test_a_branch_that_is_not_checked_out_comes_along(clone: RepoBuilder, opened: Opener) -> None:
    clone.branch("elsewhere")
    done = push(opened(clone.path), "ticket", "mine")
    assert done.local.moved
    assert clone.head("main") == done.commit
    assert (clone.path / "ticket").read_text() == "start\n"


def test_a_branch_checked_out_in_another_work_tree_stays(clone: RepoBuilder, opened: Opener, tmp_path: Path) -> None:
    before = clone.head()
    clone.branch("elsewhere")
    clone.git("worktree", "add", "--quiet", str(tmp_path / "linked"), "main")
    done = push(opened(clone.path), "ticket", "mine")
    assert not done.local.moved
    assert clone.head("main") == before
