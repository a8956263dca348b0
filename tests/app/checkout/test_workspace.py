"""The workspace is found from where one stands upwards."""

from __future__ import annotations

import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from itsm_as_code.app.checkout.workspace import find_workspace, now, open_checkout
from itsm_as_code.domain.errors import CouldNotCheck

AT = datetime(2026, 11, 21, 12, tzinfo=UTC)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "ws" / "records" / "teams").mkdir(parents=True)
    (tmp_path / "ws" / "itsm.yaml").write_text("id: 4h7k2m9qx1zt\nschema: 1\nname: Example\n")
    return tmp_path / "ws"


def test_a_checkout_knows_its_root_and_where_one_stands(root: Path) -> None:
    checkout = open_checkout(root / "records" / "teams", AT, root.parent)
    assert (checkout.root, checkout.start) == (root, root / "records" / "teams")
    assert (checkout.now, checkout.home) == (AT, root.parent)


def test_a_link_to_a_folder_is_followed(root: Path) -> None:
    (root.parent / "link").symlink_to(root / "records")
    assert open_checkout(root.parent / "link", AT).root == root


def test_the_nearest_workspace_is_meant(root: Path) -> None:
    inner = root / "inner"
    inner.mkdir()
    (inner / "itsm.yaml").write_text("id: 5h7k2m9qx1zt\nschema: 1\nname: Inner\n")
    assert find_workspace(inner, inner) == inner


def test_a_folder_outside_is_told_how_to_begin(tmp_path: Path) -> None:
    with pytest.raises(CouldNotCheck, match=r"no itsm\.yaml in") as raised:
        find_workspace(tmp_path, tmp_path)
    assert "itsm init" in (raised.value.hint or "")


def test_a_folder_that_is_not_there_is_named_as_it_was_typed(tmp_path: Path) -> None:
    with pytest.raises(CouldNotCheck, match=r"there is no folder nowhere$"):
        find_workspace(tmp_path / "nowhere", Path("nowhere"))


def test_settings_that_are_a_link_are_not_followed(root: Path) -> None:
    other = root.parent / "other"
    other.mkdir()
    (other / "itsm.yaml").symlink_to(root / "itsm.yaml")
    with pytest.raises(CouldNotCheck, match="is a symbolic link"):
        find_workspace(other, other)


def test_a_bare_repository_is_no_checkout(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "--quiet", "--bare", str(tmp_path / "srv.git")], check=True)
    with pytest.raises(CouldNotCheck, match="is a bare repository, not a checkout"):
        find_workspace(tmp_path / "srv.git", tmp_path / "srv.git")


def test_the_clock_is_utc_in_whole_seconds() -> None:
    read = now()
    assert read.tzinfo is UTC and read.microsecond == 0
