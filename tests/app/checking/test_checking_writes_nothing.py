"""Principle 1: only commands whose name says so change files. Reading leaves the disk as it was, times included."""

from __future__ import annotations

import os
import shutil
import stat
from pathlib import Path

import pytest

from tests.cli.conftest import founded_once
from tests.cli.inside import Place

__all__ = ["founded_once"]

READING = (
    ("check",), ("check", "--base", "HEAD~1"), ("check", "--format", "json"), ("check", "records/services"),
    ("list", "--all"), ("show", "portal"), ("log", "portal"), ("explain", "LIF001"), ("explain", "portal"),
    ("explain", "INC", "sla"), ("explain", "INC", "priority"), ("calendar",), ("sla", "status"), ("doctor",),
    ("generate", "schemas", "--check"), ("fmt", "--check"), ("fix", "--dry-run"), ("completion", "bash"), ("--help",),
    ("new", "incident", "--title", "x", "--dry-run"), ("set", "portal", "tier=1", "--dry-run"),
    ("note", "INC", "x", "--dry-run"), ("start", "INC", "--dry-run"),
    ("redact", "INC", "--entry", "1", "--reason", "x", "--dry-run"),
)  # fmt: skip


@pytest.fixture(scope="module")
def busy(founded_once: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Place, str]:
    """A workspace with two commits, a finding, an index that differs from both, and an incident."""
    folder = tmp_path_factory.mktemp("busy") / "workspace"
    shutil.copytree(founded_once, folder)
    return _made_busy(Place(folder))


def _made_busy(place: Place) -> tuple[Place, str]:
    ref = place.new("incident", "--service", "portal", "--impact", "high", "--urgency", "high", "--note", "Seen")
    place.commit("an incident")
    place.must("set", "portal", "tier=1")
    place.git("add", "-A")
    place.must("set", "portal", "tier=3")
    place.write("records/services/mail.yml", "id: mail\n")
    place.write("records/services/crlf.yaml", "id: crlf\r\n")
    return place, ref


def _everything(folder: Path) -> dict[str, tuple[int, int, int, bytes]]:
    """Path to mode, size, time of change and bytes of every name, Git's own included."""
    found = {}
    for path in sorted(folder.rglob("*")):
        status = path.lstat()
        content = path.read_bytes() if stat.S_ISREG(status.st_mode) else b""
        found[os.fspath(path)] = (status.st_mode, status.st_size, status.st_mtime_ns, content)
    return found


@pytest.mark.parametrize("arguments", READING, ids=" ".join)
def test_a_reading_command_leaves_work_tree_index_and_refs_untouched(
    busy: tuple[Place, str], arguments: tuple[str, ...]
) -> None:
    place, ref = busy
    before = _everything(place.folder)
    done = place.itsm(*(ref if word == "INC" else word for word in arguments))
    assert done.code in (0, 1) or arguments[0] == "fmt", done
    assert _everything(place.folder) == before


def test_a_command_that_fails_leaves_everything_untouched(busy: tuple[Place, str]) -> None:
    place, ref = busy
    before = _everything(place.folder)
    for arguments in (
        ("set", ref, "title="), ("close", ref), ("new", "team", "--id", "it", "--name", "x"), ("resolve", ref),
        ("note", ref, "x", "--push"), ("redact", ref, "--entry", "9", "--reason", "x"), ("init",),
        ("import", "markdown", "nowhere"),
    ):  # fmt: skip
        assert place.itsm(*arguments).code != 0, arguments
        assert _everything(place.folder) == before, arguments
