"""What an import reads: one file, or a folder without what is hidden, linked or made by a machine."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from itsm_as_code.app.importing import sources
from itsm_as_code.app.importing.sources import read_file, read_folder, zone_of
from itsm_as_code.domain.errors import CouldNotCheck, UsageFault


def test_a_file_is_read_to_the_byte(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b"\xff\r\n")
    assert read_file(tmp_path / "a.csv") == b"\xff\r\n"


def test_a_folder_in_the_place_of_a_file_is_wrong_usage(tmp_path: Path) -> None:
    with pytest.raises(UsageFault, match="is a folder"):
        read_file(tmp_path)


def test_a_file_that_is_gone_or_too_large_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(CouldNotCheck, match="can't be read"):
        read_file(tmp_path / "gone.csv")
    (tmp_path / "a.csv").write_bytes(b"12345")
    monkeypatch.setattr(sources, "LARGEST_FILE", 4)
    with pytest.raises(CouldNotCheck, match="larger than"):
        read_file(tmp_path / "a.csv")


def test_a_folder_gives_its_texts_and_names_what_else_is_there(tmp_path: Path) -> None:
    for name in ("a/One.MD", "b.yaml", "photo.png", ".hidden.md", ".git/x.md", "node_modules/y.md", "public/z.md"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(name.encode())
    (tmp_path / "link.md").symlink_to(tmp_path / "b.yaml")
    found = read_folder(tmp_path)
    assert found.texts == {"a/One.MD": b"a/One.MD", "b.yaml": b"b.yaml"}
    assert sorted(found.others) == ["link.md", "photo.png"]


def test_a_text_that_is_too_large_is_named_and_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "long.md").write_bytes(b"12345")
    monkeypatch.setattr(sources, "LARGEST_TEXT", 4)
    found = read_folder(tmp_path)
    assert (found.texts, found.others) == ({}, ("long.md",))


def test_a_name_that_is_no_utf_8_becomes_one_that_a_record_can_hold(tmp_path: Path) -> None:
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.md")).write_bytes(b"x")
    (name,) = read_folder(tmp_path).texts
    assert name == "caf\ufffd.md"


def test_a_folder_that_is_not_there_is_wrong_usage(tmp_path: Path) -> None:
    with pytest.raises(UsageFault, match="no folder"):
        read_folder(tmp_path / "gone")


def test_a_zone_is_found_by_its_name_and_a_slip_is_answered_with_the_nearest() -> None:
    assert zone_of(None) is None
    lisbon = zone_of("Europe/Lisbon")
    assert datetime(2026, 7, 1, 12, tzinfo=lisbon).astimezone(UTC).hour == 11
    with pytest.raises(UsageFault) as fault:
        zone_of("Europe/Lisbonn")
    assert "Europe/Lisbon" in str(fault.value.hint)
