"""The acceptance script: a major incident in six commands, offline until the push, without an editor."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.cli.harness import Desk, founded


@pytest.fixture
def with_remote(tmp_path: Path) -> tuple[Desk, Path]:
    """A workspace whose origin is a bare repository that holds its first commit."""
    desk = founded(tmp_path / "workspace")
    remote = tmp_path / "origin.git"
    subprocess.run(["git", "init", "-q", "--bare", "-b", "main", str(remote)], check=True)
    desk.git("remote", "add", "origin", str(remote))
    desk.git("push", "-q", "-u", "origin", "HEAD:main")
    return desk, remote


def _script(desk: Desk, *, last: tuple[str, ...] = ()) -> str:
    desk.must("new", "incident", "--major", "--title", "Portal is down", "--service", "portal",
              "--impact", "high", "--urgency", "high", "--visibility", "public")  # fmt: skip
    ref = desk.one("records/incidents/*/*/*.yaml").stem[-5:]
    desk.must("note", ref, "--public", "We know of the problem and work on it.", "--response")
    desk.must("set", ref, "assignee=ana-example")
    desk.must("hold", ref, "--reason", "Waiting for the vendor")
    desk.must("resolve", ref, "--summary", "The vendor restarted the gateway")
    desk.must("close", ref, *last)
    return ref


def test_six_commands_tell_an_incident_from_birth_to_close(desk: Desk) -> None:
    ref = _script(desk)
    desk.must("check")
    text = desk.one("records/incidents/*/*/*.yaml").read_text(encoding="utf-8")
    states = [line.split()[-1] for line in text.splitlines() if line.strip().startswith("state:")]
    assert states == ["new", "on_hold", "resolved", "closed"]
    assert "priority: P1" in text
    assert "commander: ana-example" in text
    assert "closed" in desk.must("show", ref)


def test_the_last_command_pushes_what_the_others_wrote_offline(with_remote: tuple[Desk, Path], tmp_path: Path) -> None:
    desk, remote = with_remote
    out = _script(desk, last=("--push",))
    assert out
    subprocess.run(["git", "clone", "-q", str(remote), str(tmp_path / "elsewhere")], check=True)
    elsewhere = Desk(tmp_path / "elsewhere")
    assert (
        elsewhere.one("records/incidents/*/*/*.yaml").read_bytes()
        == desk.one("records/incidents/*/*/*.yaml").read_bytes()
    )
    elsewhere.must("check")
    elsewhere.must("check", "--base", "HEAD~1")


def test_a_push_replays_the_edit_on_what_others_pushed_meanwhile(
    with_remote: tuple[Desk, Path], tmp_path: Path
) -> None:
    desk, remote = with_remote
    desk.must("new", "incident", "--title", "Slow", "--service", "portal", "--push")
    ref = desk.one("records/incidents/*/*/*.yaml").stem[-5:]
    subprocess.run(["git", "clone", "-q", str(remote), str(tmp_path / "other")], check=True)
    other = Desk(tmp_path / "other")
    other.must("note", ref, "Seen from the other desk", "--push")
    desk.must("note", ref, "Seen from this desk", "--push")
    other.git("pull", "-q")
    text = other.one("records/incidents/*/*/*.yaml").read_text(encoding="utf-8")
    assert "Seen from the other desk" in text
    assert "Seen from this desk" in text
    other.must("check")


def test_without_a_network_nothing_is_lost(with_remote: tuple[Desk, Path]) -> None:
    desk, remote = with_remote
    remote.rename(remote.with_name("gone.git"))
    done = desk.itsm("new", "incident", "--title", "Slow", "--service", "portal", "--push")
    assert done.code == 3
    assert "help:" in done.err
    assert desk.one("records/incidents/*/*/*.yaml").is_file()
    remote.with_name("gone.git").rename(remote)
    ref = desk.one("records/incidents/*/*/*.yaml").stem[-5:]
    desk.must("note", ref, "The network is back", "--push")
    assert "incident" in desk.git("ls-tree", "-r", "--name-only", "origin/main")
