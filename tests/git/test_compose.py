"""Commits made of parts: the bytes, modes and signatures in them, and what none can hold."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from itsm_as_code.domain.errors import CouldNotCheck, Refused, UsageFault
from itsm_as_code.git.compose import compose
from itsm_as_code.git.repository import Repository
from itsm_as_code.git.revision import resolve
from tests.git.builder import RepoBuilder
from tests.git.conftest import Opener


def _commit(repository: Repository, files: Mapping[str, bytes], message: str) -> str:
    """The commit on HEAD, or the first one, that has these files changed."""
    unborn = repository.ask("rev-parse", "--verify", "--quiet", "HEAD").status != 0
    made = compose(repository, None if unborn else resolve(repository, "HEAD"), files, message)
    assert made is not None
    return made


def test_the_stored_bytes_are_the_given_bytes(repo: RepoBuilder, opened: Opener) -> None:
    repo.commit({".gitattributes": "*.yaml text eol=lf working-tree-encoding=UTF-16\n"})
    name = "records/CHG-é two\nlines.yaml"
    data = b"a\r\nb\0\xff\n"
    made = _commit(opened(repo.path), {name: data}, "odd")
    assert opened(repo.path).objects.get(f"{made}^{{tree}}") is not None
    oid = repo.git("rev-parse", f"{made}:{name}")
    assert oid == repo.git("hash-object", "--stdin", stdin=data)


def test_a_first_commit_has_no_parent(repo: RepoBuilder, opened: Opener) -> None:
    made = _commit(opened(repo.path), {"a": b"1"}, "first")
    assert repo.git("log", "--format=%s", made) == "first"
    assert repo.git("for-each-ref") == "", "a commit that is composed is on no branch yet"


def test_nothing_is_committed_where_nothing_differs(repo: RepoBuilder, opened: Opener) -> None:
    base = repo.commit({"a": "1"})
    assert compose(opened(repo.path), base, {"a": b"1"}, "nothing") is None


def test_an_executable_stays_executable(repo: RepoBuilder, opened: Opener) -> None:
    repo.commit({"run": "1"})
    repo.git("update-index", "--chmod=+x", "run")
    repo.git("commit", "--quiet", "-m", "x")
    made = _commit(opened(repo.path), {"run": b"2"}, "edit")
    assert repo.git("ls-tree", made, "run").startswith("100755")


def test_the_commit_can_be_read_by_git_in_full(repo: RepoBuilder, opened: Opener) -> None:
    repo.commit({"a/x": "1", "a.b": "1", "a-b": "1", "a0": "1"})
    _commit(opened(repo.path), {"a/b/c/d": b"1", "a-/q": b"1", "a./q": b"1", "ab": b"1"}, "folders")
    assert repo.git("fsck", "--strict", "--no-dangling", "--full") == ""


def test_a_user_who_signs_commits_signs_these(repo: RepoBuilder, opened: Opener, tmp_path: Path) -> None:
    key = tmp_path / "key"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(key)], check=True)
    for name, value in {"commit.gpgSign": "true", "gpg.format": "ssh", "user.signingKey": str(key)}.items():
        repo.git("config", name, value)
    made = _commit(opened(repo.path), {"a": b"1"}, "signed")
    assert "gpgsig -----BEGIN SSH SIGNATURE-----" in repo.git("cat-file", "commit", made)


def test_a_key_that_cannot_sign_is_said_and_nothing_is_committed(repo: RepoBuilder, opened: Opener) -> None:
    for name, value in {"commit.gpgSign": "true", "gpg.format": "ssh", "user.signingKey": "/no/key"}.items():
        repo.git("config", name, value)
    with pytest.raises(CouldNotCheck, match="the commit could not be made"):
        _commit(opened(repo.path), {"a": b"1"}, "signed")
    assert repo.git("for-each-ref") == ""


def test_without_an_identity_nothing_is_committed(
    repo: RepoBuilder, opened: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    base = repo.commit({"a": "1"})
    repo.git("config", "--unset", "user.name")
    repo.git("config", "--unset", "user.email")
    monkeypatch.delenv("EMAIL", raising=False)
    with pytest.raises(CouldNotCheck, match="could not be made") as caught:
        _commit(opened(repo.path), {"a": b"2"}, "edit")
    assert "user.email" in (caught.value.hint or "")
    assert repo.head() == base


@pytest.mark.parametrize("path", ["../x", "a//b", "", "/etc/passwd", ".git/config", "a/./b", "x\0y"])
def test_a_path_that_leads_elsewhere_is_refused(path: str, repo: RepoBuilder, opened: Opener) -> None:
    repo.commit({"a": "1"})
    with pytest.raises(UsageFault):
        _commit(opened(repo.path), {path: b"x"}, "edit")


@pytest.mark.parametrize("path", ["link", "link/below", "file/below", "folder"])
def test_nothing_is_written_through_or_over_what_is_no_file(path: str, repo: RepoBuilder, opened: Opener) -> None:
    (repo.path / "link").symlink_to("folder")
    repo.commit({"file": "1", "folder/x": "1"})
    with pytest.raises(Refused):
        _commit(opened(repo.path), {path: b"x"}, "edit")
