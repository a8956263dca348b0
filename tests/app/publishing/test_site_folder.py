"""A site's folder holds exactly the site, and nothing of anybody else's is touched."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from itsm_as_code.app.publishing.site_folder import MANIFEST, SiteWritten, write_site
from itsm_as_code.domain.errors import CouldNotCheck, Refused, UsageFault

FILES = {"index.html": b"home", "a/b/index.html": b"deep", "assets/site.css": b"css"}


def contents(folder: Path) -> dict[str, bytes]:
    """All files but the manifest."""
    found = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    return {name: path.read_bytes() for name, path in found.items() if name != MANIFEST}


def test_a_new_folder_is_made_and_filled(tmp_path: Path) -> None:
    assert write_site(tmp_path / "x" / "out", FILES) == SiteWritten(3, 0, 0)
    assert contents(tmp_path / "x" / "out") == FILES


def test_an_empty_folder_may_be_filled(tmp_path: Path) -> None:
    write_site(tmp_path, FILES)
    assert contents(tmp_path) == FILES


def test_what_is_unchanged_is_not_written_again(tmp_path: Path) -> None:
    write_site(tmp_path, FILES)
    for path in tmp_path.rglob("*"):
        os.utime(path, (1, 1))
    assert write_site(tmp_path, FILES | {"index.html": b"new"}) == SiteWritten(1, 2, 0)
    assert (tmp_path / "assets/site.css").stat().st_mtime == 1
    assert (tmp_path / MANIFEST).stat().st_mtime == 1
    assert (tmp_path / "index.html").read_bytes() == b"new"


def test_pages_that_are_gone_are_removed_with_their_folders(tmp_path: Path) -> None:
    write_site(tmp_path, FILES)
    assert write_site(tmp_path, {"index.html": b"home"}) == SiteWritten(0, 1, 2)
    assert contents(tmp_path) == {"index.html": b"home"}
    assert not (tmp_path / "a").exists()


def test_what_others_put_there_later_stays(tmp_path: Path) -> None:
    write_site(tmp_path, FILES)
    (tmp_path / "a" / "CNAME").write_text("x")
    write_site(tmp_path, {"index.html": b"home"})
    assert (tmp_path / "a" / "CNAME").read_text() == "x"


@pytest.mark.parametrize("name", ["holiday.jpg", ".git", "index.html"])
def test_a_folder_with_files_of_others_is_refused_untouched(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"mine")
    with pytest.raises(Refused, match="did not write"):
        write_site(tmp_path, FILES)
    assert contents(tmp_path) == {name: b"mine"}


@pytest.mark.parametrize("text", ["", "{", "[]", '{"version": 1}', '{"files": 3}'])
def test_a_spoilt_manifest_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / MANIFEST).write_text(text)
    with pytest.raises(Refused, match="can't be read"):
        write_site(tmp_path, FILES)


@pytest.mark.parametrize("path", ["../precious", "a/../../precious", "/etc/hostname", ""])
def test_a_forged_manifest_can_not_make_us_remove_files_elsewhere(tmp_path: Path, path: str) -> None:
    (tmp_path / "precious").write_text("x")
    out = tmp_path / "out"
    write_site(out, FILES)
    (out / MANIFEST).write_text(json.dumps({"version": 1, "files": [path]}))
    write_site(out, FILES)
    assert (tmp_path / "precious").read_text() == "x"
    assert Path("/etc/hostname").exists()


def test_nothing_is_written_or_removed_through_a_symbolic_link(tmp_path: Path) -> None:
    elsewhere, out = tmp_path / "elsewhere", tmp_path / "out"
    (elsewhere / "b").mkdir(parents=True)
    (elsewhere / "b" / "index.html").write_text("x")
    write_site(out, {"index.html": b"home"})
    (out / "a").symlink_to(elsewhere)
    with pytest.raises(Refused, match="symbolic link"):
        write_site(out, FILES)
    assert contents(elsewhere) == {"b/index.html": b"x"}


def test_a_file_that_became_a_symbolic_link_is_replaced_not_followed(tmp_path: Path) -> None:
    out, precious = tmp_path / "out", tmp_path / "precious"
    precious.write_bytes(b"home")
    write_site(out, FILES)
    (out / "index.html").unlink()
    (out / "index.html").symlink_to(precious)
    write_site(out, FILES | {"index.html": b"new"})
    assert precious.read_bytes() == b"home"
    assert not (out / "index.html").is_symlink()


def test_a_run_that_broke_off_is_completed_by_the_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    replace = Path.replace

    def full(self: Path, target: Path) -> Path:
        if target.name == "site.css":
            raise OSError(28, "No space left on device")
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(CouldNotCheck, match="No space left"):
        write_site(tmp_path, FILES)
    monkeypatch.undo()
    write_site(tmp_path, {"index.html": b"home"})
    assert contents(tmp_path) == {"index.html": b"home"}


def test_a_file_in_the_place_of_the_folder_is_wrong_usage(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("x")
    with pytest.raises(UsageFault, match="is a file"):
        write_site(tmp_path / "out", FILES)
