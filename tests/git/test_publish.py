"""Publishing: only the given paths, on the newest tip, and nobody else's work in danger."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from itsm_as_code.domain.errors import CouldNotCheck, Refused, UsageFault
from itsm_as_code.git.command import Outcome
from itsm_as_code.git.publish import Pushed, commit_paths, push_replay
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


# commit_paths


def test_only_the_given_paths_are_committed_and_the_index_keeps_the_rest(repo: RepoBuilder, opened: Opener) -> None:
    base = repo.commit({"a": "1", "b": "1", "c": "1"})
    repo.write({"b": "staged"})
    repo.git("add", "b")
    repo.write({"a": "new", "c": "edited", "folder/n": "new"})
    made = commit_paths(opened(repo.path), {"a": b"new", "folder/n": b"new"}, "note: say so\n\nwith a body\n")
    assert repo.head("main") == made
    assert repo.git("rev-parse", "HEAD^") == base
    assert repo.git("diff", "--name-only", "HEAD^", "HEAD").split() == ["a", "folder/n"]
    assert repo.git("log", "-1", "--format=%B").strip() == "note: say so\n\nwith a body"
    assert repo.git("log", "-1", "--format=%an <%ae>") == "Ursula User <ursula@example.org>"
    assert repo.git("status", "--porcelain").splitlines() == ["M  b", " M c"]


def test_the_stored_bytes_are_the_given_bytes(repo: RepoBuilder, opened: Opener) -> None:
    repo.commit({".gitattributes": "*.yaml text eol=lf working-tree-encoding=UTF-16\n"})
    name = "records/CHG-é two\nlines.yaml"
    data = b"a\r\nb\0\xff\n"
    made = commit_paths(opened(repo.path), {name: data}, "odd")
    assert opened(repo.path).objects.get(f"{made}^{{tree}}") is not None
    oid = repo.git("rev-parse", f"{made}:{name}")
    assert oid == repo.git("hash-object", "--stdin", stdin=data)


def test_the_first_commit_is_made_on_an_unborn_branch(repo: RepoBuilder, opened: Opener) -> None:
    repo.write({"a": "1"})
    made = commit_paths(opened(repo.path), {"a": b"1"}, "first")
    assert repo.head("main") == made
    assert repo.git("status", "--porcelain") == ""


def test_a_workspace_in_a_subfolder_commits_below_it(repo: RepoBuilder, opened: Opener) -> None:
    repo.commit({"ops/itsm.yaml": "1"})
    commit_paths(opened(repo.path / "ops"), {"records/x": b"1"}, "new")
    assert repo.git("ls-tree", "-r", "--name-only", "HEAD").split() == ["ops/itsm.yaml", "ops/records/x"]


def test_nothing_is_committed_where_nothing_differs(repo: RepoBuilder, opened: Opener) -> None:
    base = repo.commit({"a": "1"})
    assert commit_paths(opened(repo.path), {"a": b"1"}, "nothing") == base
    assert repo.head() == base


def test_an_executable_stays_executable(repo: RepoBuilder, opened: Opener) -> None:
    repo.commit({"run": "1"})
    repo.git("update-index", "--chmod=+x", "run")
    repo.git("commit", "--quiet", "-m", "x")
    commit_paths(opened(repo.path), {"run": b"2"}, "edit")
    assert repo.git("ls-tree", "HEAD", "run").startswith("100755")


def test_the_commit_can_be_read_by_git_in_full(repo: RepoBuilder, opened: Opener) -> None:
    repo.commit({"a/x": "1", "a.b": "1", "a-b": "1", "a0": "1"})
    commit_paths(opened(repo.path), {"a/b/c/d": b"1", "a-/q": b"1", "a./q": b"1", "ab": b"1"}, "folders")
    assert repo.git("fsck", "--strict", "--no-dangling", "--full") == ""


def test_a_user_who_signs_commits_signs_these(repo: RepoBuilder, opened: Opener, tmp_path: Path) -> None:
    key = tmp_path / "key"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(key)], check=True)
    for name, value in {"commit.gpgSign": "true", "gpg.format": "ssh", "user.signingKey": str(key)}.items():
        repo.git("config", name, value)
    made = commit_paths(opened(repo.path), {"a": b"1"}, "signed")
    assert "gpgsig -----BEGIN SSH SIGNATURE-----" in repo.git("cat-file", "commit", made)


def test_a_key_that_cannot_sign_is_said_and_nothing_is_committed(repo: RepoBuilder, opened: Opener) -> None:
    for name, value in {"commit.gpgSign": "true", "gpg.format": "ssh", "user.signingKey": "/no/key"}.items():
        repo.git("config", name, value)
    with pytest.raises(CouldNotCheck, match="the commit could not be made"):
        commit_paths(opened(repo.path), {"a": b"1"}, "signed")
    assert repo.git("for-each-ref") == ""


def test_a_detached_head_is_refused(repo: RepoBuilder, opened: Opener) -> None:
    repo.git("checkout", "--quiet", repo.commit({"a": "1"}))
    with pytest.raises(Refused, match="detached"):
        commit_paths(opened(repo.path), {"a": b"2"}, "edit")


def test_an_unfinished_merge_is_refused(repo: RepoBuilder, opened: Opener) -> None:
    base = repo.commit({"a": "1"})
    (repo.path / ".git" / "MERGE_HEAD").write_text(f"{base}\n")
    with pytest.raises(Refused, match="a merge is not finished"):
        commit_paths(opened(repo.path), {"a": b"2"}, "edit")


def test_a_locked_index_leaves_the_branch_where_it_is(repo: RepoBuilder, opened: Opener) -> None:
    base = repo.commit({"a": "1"})
    (repo.path / ".git" / "index.lock").touch()
    with pytest.raises(CouldNotCheck, match="index could not be written"):
        commit_paths(opened(repo.path), {"a": b"2"}, "edit")
    assert repo.head() == base


def test_without_an_identity_nothing_is_committed(
    repo: RepoBuilder, opened: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    base = repo.commit({"a": "1"})
    repo.git("config", "--unset", "user.name")
    repo.git("config", "--unset", "user.email")
    monkeypatch.delenv("EMAIL", raising=False)
    with pytest.raises(CouldNotCheck, match="could not be made") as caught:
        commit_paths(opened(repo.path), {"a": b"2"}, "edit")
    assert "user.email" in (caught.value.hint or "")
    assert repo.head() == base


@pytest.mark.parametrize("path", ["../x", "a//b", "", "/etc/passwd", ".git/config", "a/./b", "x\0y"])
def test_a_path_that_leads_elsewhere_is_refused(path: str, repo: RepoBuilder, opened: Opener) -> None:
    repo.commit({"a": "1"})
    with pytest.raises(UsageFault):
        commit_paths(opened(repo.path), {path: b"x"}, "edit")


@pytest.mark.parametrize("path", ["link", "link/below", "file/below", "folder"])
def test_nothing_is_written_through_or_over_what_is_no_file(path: str, repo: RepoBuilder, opened: Opener) -> None:
    (repo.path / "link").symlink_to("folder")
    repo.commit({"file": "1", "folder/x": "1"})
    with pytest.raises(Refused):
        commit_paths(opened(repo.path), {path: b"x"}, "edit")


# push_replay


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

    def interrupted(self: Repository, *args: str, **options: Any) -> Outcome:
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
