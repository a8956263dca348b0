"""Checking never writes: no command that only looks changes a byte of the workspace or its repository."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.harness import Desk, founded

READING = (
    ("check",),
    ("check", "records/services/portal.yaml"),
    ("check", "--base", "HEAD~1"),
    ("check", "--format", "json"),
    ("list", "--all"),
    ("show", "service/portal"),
    ("explain", "LIF001"),
    ("sla", "status"),
    ("calendar",),
    ("log", "service/portal"),
    ("doctor",),
    ("fmt", "--check"),
    ("fmt", "--diff", "--check"),
    ("fix", "--dry-run", "--unsafe"),
    ("set", "service/portal", "tier=3", "--dry-run"),
    ("new", "incident", "--title", "Slow", "--service", "portal", "--dry-run"),
    ("generate", "schemas", "--check"),
)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A workspace with two commits and a file that has findings, one of them with a fix."""
    desk = founded(tmp_path / "workspace")
    service = desk.folder / "records/services/portal.yaml"
    service.write_text(service.read_text(encoding="utf-8").replace("tier: 2", "tiers: 2"), encoding="utf-8")
    desk.commit("break the service")
    return desk


def _everything(folder: Path) -> dict[str, tuple[bytes, int]]:
    """Path to content and time of modification, for every file of the workspace and of its repository."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {path.relative_to(folder).as_posix(): (path.read_bytes(), path.stat().st_mtime_ns) for path in files}


@pytest.mark.parametrize("arguments", READING, ids=" ".join)
def test_commands_that_look_leave_every_file_alone(desk: Desk, arguments: tuple[str, ...]) -> None:
    before = _everything(desk.folder)
    done = desk.itsm(*arguments)
    assert done.code in (0, 1, 2, 3), done.err
    assert _everything(desk.folder) == before


def test_the_same_measure_sees_a_command_that_writes(desk: Desk) -> None:
    before = _everything(desk.folder)
    desk.itsm("fix", "--unsafe")
    assert _everything(desk.folder) != before
