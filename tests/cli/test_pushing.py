"""`--push` from a checkout that is behind: others keep what they wrote, and the checkout comes along."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.cli.inside import Place


@pytest.fixture
def two(pushed: tuple[Place, Path], tmp_path: Path) -> tuple[Place, Place, str]:
    """Two checkouts of one remote with an incident, and its id."""
    here, remote = pushed
    ref = here.new("incident", "--push")
    subprocess.run(["git", "clone", "-q", str(remote), str(tmp_path / "there")], check=True)
    return here, Place(tmp_path / "there"), ref


def landed(place: Place, ref: str) -> str:
    """The record as it is on the protected branch."""
    path = place.record(ref).relative_to(place.folder).as_posix()
    place.git("fetch", "-q")
    return place.git("show", f"origin/main:{path}")


def test_fields_that_others_set_meanwhile_stay_set_although_the_checkout_is_behind(
    two: tuple[Place, Place, str],
) -> None:
    here, there, ref = two
    there.must("set", ref, "title=The portal is slow", "tags+=vip", "--push")
    here.git("fetch", "-q")  # the newest base is known, but the file is older than it
    here.must("note", ref, "Seen", "--push")
    text = landed(here, ref)
    assert "title: The portal is slow\n" in text
    assert "- vip\n" in text
    assert "note: Seen\n" in text


def test_after_a_lost_race_the_checkout_has_both_edits_and_nothing_uncommitted(
    two: tuple[Place, Place, str],
) -> None:
    here, there, ref = two
    there.must("note", ref, "Seen there", "--push")
    done = here.itsm("note", ref, "Seen here", "--push")
    assert (done.code, done.err) == (0, "")
    assert here.git("status", "--porcelain") == ""
    assert here.git("rev-parse", "HEAD") == here.git("rev-parse", "origin/main")
    assert here.record(ref).read_text(encoding="utf-8") == landed(there, ref)


def test_edits_by_hand_in_the_file_are_not_written_over_after_a_lost_race(two: tuple[Place, Place, str]) -> None:
    here, there, ref = two
    there.must("note", ref, "Seen there", "--push")
    file = here.record(ref)
    file.write_text("# a comment that no replay knows of\n" + file.read_text(encoding="utf-8"), encoding="utf-8")
    assert "in the way" in here.itsm("note", ref, "Seen here", "--push").err
    assert file.read_text(encoding="utf-8").startswith("# a comment that no replay knows of\n")
    assert "Seen there" in landed(here, ref)


def test_a_redaction_that_is_pushed_takes_the_text_out_on_the_remote(two: tuple[Place, Place, str]) -> None:
    here, there, ref = two
    here.must("note", ref, "The password is 1234", "--push")
    there.must("note", ref, "Seen there", "--push")
    here.must("redact", ref, "--entry", "2", "--reason", "A password", "--push")
    text = landed(here, ref)
    assert "password is" not in text
    assert "Seen there" in text
    here.must("check", "--base", "origin/main~1", "--head", "origin/main")


def test_what_was_redacted_meanwhile_does_not_come_back_with_the_next_note(two: tuple[Place, Place, str]) -> None:
    here, there, ref = two
    here.must("note", ref, "The password is 1234", "--push")
    there.git("pull", "-q")
    there.must("redact", ref, "--entry", "2", "--reason", "A password", "--push")
    here.must("note", ref, "Seen here", "--push")
    assert "password is" not in landed(here, ref)


def test_an_edit_that_others_have_made_illegal_is_not_pushed(two: tuple[Place, Place, str]) -> None:
    here, there, ref = two
    there.must("cancel", ref, "--reason", "Opened twice", "--push")
    tip = there.git("rev-parse", "HEAD")
    done = here.itsm("start", ref, "--push")
    assert done.code == 1
    assert "it was not pushed" in done.err
    here.git("fetch", "-q")
    assert here.git("rev-parse", "origin/main") == tip
