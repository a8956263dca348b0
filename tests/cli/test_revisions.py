"""`revision` and `authors` of gated records, kept by the commands through commits, pushes and other people's work."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.cli.inside import Place

BO = {"GIT_AUTHOR_NAME": "Bo", "GIT_AUTHOR_EMAIL": "bo@example.org"}


@pytest.fixture
def change(place: Place) -> str:
    """A change, committed, in a workspace that knows Ana and Bo."""
    place.must("new", "person", "--name", "Bo", "--set", "emails=bo@example.org")
    ref = place.new("change", "--service", "portal", "--type", "normal", "--set", "reason=It expires")
    place.commit("a change")
    return ref


def _text(place: Place, ref: str) -> str:
    return place.record(ref).read_text(encoding="utf-8")


def test_a_new_record_has_no_revision_and_its_author(place: Place, change: str) -> None:
    text = _text(place, change)
    assert "revision" not in text
    assert "authors:\n- ana-example\n" in text


def test_material_edits_of_one_step_count_once_and_the_next_step_counts_again(place: Place, change: str) -> None:
    for words in (("reason=One",), ("reason=Two",), ("plan.implementation=Do it",)):
        place.must("set", change, *words)
    assert "\nrevision: 2\n" in _text(place, change)
    place.commit("edited")
    place.must("check", "--base", "HEAD~1")
    place.must("set", change, "reason=Three")
    assert "\nrevision: 3\n" in _text(place, change)
    place.commit("again")
    place.must("check", "--base", "HEAD~1")


def test_what_is_not_material_counts_nothing(place: Place, change: str) -> None:
    place.must("set", change, "tags+=vpn", "assignee=ana-example")
    place.must("note", change, "Thought about it")
    assert "revision" not in _text(place, change)
    place.commit("talk")
    place.must("check", "--base", "HEAD~1")


def test_an_edit_that_is_taken_back_in_the_same_step_counts_nothing(place: Place, change: str) -> None:
    before = _text(place, change)
    place.must("set", change, "reason=Else")
    place.must("set", change, "reason=It expires")
    after = _text(place, change).replace("revision: 1\n", "")
    assert after == before
    place.must("check")


def test_going_back_to_draft_counts(place: Place, change: str) -> None:
    place.must("submit", change, "--set", "plan.implementation=Do it")
    place.commit("submitted")
    place.must("check", "--base", "HEAD~1")
    place.must("revise", change, "--reason", "Not yet")
    assert "\nrevision: 3\n" in _text(place, change)
    place.commit("back")
    place.must("check", "--base", "HEAD~1")


def test_who_edits_becomes_an_author_once(place: Place, change: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in BO.items():
        monkeypatch.setenv(name, value)
    place.must("set", change, "reason=By Bo")
    place.must("set", change, "reason=By Bo again")
    assert "authors:\n- ana-example\n- bo\n" in _text(place, change)
    place.commit("by Bo")
    place.must("check", "--base", "HEAD~1")


def test_an_edit_by_hand_is_found_and_fixed_by_fix(place: Place, change: str) -> None:
    path = place.record(change)
    path.write_text(_text(place, change).replace("It expires", "By hand"), encoding="utf-8")
    place.commit("by hand")
    done = place.itsm("check", "--base", "HEAD~1")
    assert done.code == 1
    assert "error[LIF022] revision-not-kept" in done.out
    assert "fix: set revision to 2 (`itsm fix --base HEAD~1`)" in done.out
    place.must("fix", "--base", "HEAD~1")
    place.git("commit", "-qa", "--amend", "--no-edit")
    place.must("check", "--base", "HEAD~1")


def test_a_push_counts_from_what_others_pushed_meanwhile(pushed: tuple[Place, Path], tmp_path: Path) -> None:
    place, remote = pushed
    ref = place.new("change", "--service", "portal", "--type", "normal", "--set", "reason=It expires", "--push")
    subprocess.run(["git", "clone", "-q", str(remote), str(tmp_path / "other")], check=True)
    other = Place(tmp_path / "other")
    other.must("set", ref, "reason=From the other desk", "--push")
    place.must("set", ref, "plan.implementation=From this desk", "--push")
    other.git("pull", "-q")
    text = _text(other, ref)
    assert "From the other desk" in text
    assert "From this desk" in text
    assert "\nrevision: 3\n" in text
    for end in ("HEAD", "HEAD~1"):
        other.must("check", "--base", f"{end}~1", "--head", end)


def test_one_field_changed_on_both_sides_is_refused_and_kept_here(pushed: tuple[Place, Path], tmp_path: Path) -> None:
    place, remote = pushed
    ref = place.new("incident", "--push")
    subprocess.run(["git", "clone", "-q", str(remote), str(tmp_path / "other")], check=True)
    Place(tmp_path / "other").must("set", ref, "title=Theirs", "--push")
    done = place.itsm("set", ref, "title=Ours", "--push")
    assert done.code == 1
    assert "here only; it was not pushed: `title` was changed here and on the remote" in done.err
    assert "do not repeat the edit" in done.err
    assert "title: Ours" in _text(place, ref)


def test_without_a_remote_revisions_are_counted_from_the_local_protected_branch(place: Place) -> None:
    """A change that is new on a branch stays at revision 1, however often it is committed there."""
    place.git("checkout", "-q", "-b", "work")
    ref = place.new("change", "--service", "portal", "--type", "normal", "--set", "reason=Due")
    place.commit("a new change")
    place.must("set", ref, "reason=Overdue")
    place.commit("another reason")
    assert "revision" not in place.one("records/changes/*/*/*.yaml").read_text(encoding="utf-8")
    place.must("check", "--base", "main")
