"""Who acts comes from the people registry through the Git identity, and --push touches nobody's work."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.cli.inside import Place


def _be(monkeypatch: pytest.MonkeyPatch, email: str) -> None:
    monkeypatch.setenv("GIT_AUTHOR_EMAIL", email)


def test_an_identity_that_nobody_has_is_refused_with_the_way_in(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    _be(monkeypatch, "stranger@example.org")
    before = place.contents()
    done = place.itsm("new", "incident", "--title", "x")
    assert done.code == 2
    assert "nobody in records/people has the address stranger@example.org" in done.err
    assert "itsm new person" in done.err
    assert place.contents() == before
    place.must("new", "person", "--name", "A Stranger", "--set", "emails=stranger@example.org")
    assert "by: a-stranger" in place.record(place.new("incident")).read_text(encoding="utf-8")


def test_of_two_people_with_one_address_neither_acts(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    place.write("records/people/bo.yaml", "id: bo\nkind: person\nschema: 1\nname: Bo\nemails:\n- Ana@Example.org\n")
    done = place.itsm("new", "incident", "--title", "x")
    assert done.code == 2
    assert "ana@example.org belongs to several people: ana-example, bo" in done.err
    assert "weak who you are" in place.must("doctor")
    _be(monkeypatch, "other@example.org")
    assert place.itsm("new", "incident", "--title", "x").code == 2


def test_without_any_identity_git_is_named(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL", "GIT_COMMITTER_NAME", "GIT_COMMITTER_EMAIL"):
        monkeypatch.delenv(name)
    done = place.itsm("new", "incident", "--title", "x")
    assert done.code == 3
    assert "Git does not know who you are" in done.err
    assert "git config" in done.err


def test_an_address_counts_in_any_case(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    _be(monkeypatch, "ANA@example.ORG")
    assert "by: ana-example" in place.record(place.new("incident")).read_text(encoding="utf-8")


def test_what_is_staged_or_half_done_stays_as_it_is_beside_a_push(pushed: tuple[Place, Path]) -> None:
    place, _ = pushed
    place.write("staged.txt", "staged\n")
    place.git("add", "staged.txt")
    place.write("staged.txt", "and changed again\n")
    place.write("loose.txt", "loose\n")
    ref = place.new("incident", "--push")
    landed = place.git("show", "--name-only", "--format=", "origin/main").split()
    assert landed == [f"records/incidents/{ref[4:8]}/{ref[8:10]}/{ref}.yaml"]
    status = place.git("status", "--porcelain").splitlines()
    assert status == ["AM staged.txt", "?? loose.txt"]
    place.must("note", ref, "Without a push")
    assert "AM staged.txt" in place.git("status", "--porcelain")


def test_a_push_without_a_remote_writes_nothing(place: Place) -> None:
    before = place.contents()
    done = place.itsm("new", "incident", "--title", "x", "--push")
    assert done.code == 3
    assert "there is no remote origin to push to; nothing was written" in done.err
    assert "git remote add origin" in done.err
    assert place.contents() == before


def test_a_push_that_the_remote_refuses_says_what_is_kept_and_lands_with_the_next(pushed: tuple[Place, Path]) -> None:
    place, remote = pushed
    hook = remote / "hooks" / "pre-receive"
    hook.write_text("#!/bin/sh\necho 'closed for maintenance' >&2\nexit 1\n", encoding="utf-8")
    hook.chmod(0o755)
    done = place.itsm("new", "incident", "--title", "x", "--push")
    assert done.code == 1
    assert "here only; it was not pushed" in done.err
    assert "do not repeat the edit" in done.err
    ref = place.one("records/incidents/*/*/*.yaml").stem
    hook.unlink()
    place.must("note", ref, "Open again", "--push")
    assert "Open again" in subprocess.run(
        ["git", "-C", str(remote), "show", f"main:records/incidents/{ref[4:8]}/{ref[8:10]}/{ref}.yaml"],
        capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
