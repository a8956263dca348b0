"""Attacks on the files of records (A074 to A083), as the work tree answers them: it names, and follows nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from itsm_as_code.store.tree import Mode, Unreadable
from itsm_as_code.store.worktree import WorkTree


def modes(root: Path) -> dict[str, Mode]:
    """What the work tree says of every name under `records/`."""
    return {entry.path: entry.mode for entry in WorkTree(root).entries("records")}


def put(root: Path, path: str, content: str = "id: x\n") -> Path:
    target = root / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(content)
    return target


@pytest.mark.parametrize("name", ["CHG-9.YML", "CHG-9.yml.bak", "CHG-9.json", "sub/x.yml", ".hidden.yaml", "README"])
def test_A074_no_name_under_records_is_left_out(tmp_path: Path, name: str) -> None:
    put(tmp_path, f"records/changes/{name}")
    assert modes(tmp_path) == {f"records/changes/{name}": Mode.FILE}


@pytest.mark.parametrize("target", ["/etc/passwd", "../policies/cab.yaml", "CHG-1.yaml", "nowhere"])
def test_A075_a_linked_record_is_named_as_a_link_and_never_read(tmp_path: Path, target: str) -> None:
    put(tmp_path, "records/policies/cab.yaml")
    put(tmp_path, "records/changes/CHG-1.yaml")
    (tmp_path / "records/changes/CHG-9.yaml").symlink_to(target)
    tree = WorkTree(tmp_path)
    assert modes(tmp_path)["records/changes/CHG-9.yaml"] is Mode.SYMLINK
    with pytest.raises(Unreadable):
        tree.read("records/changes/CHG-9.yaml")
    ((_, content),) = tree.read_many(["records/changes/CHG-9.yaml"])
    assert isinstance(content, Unreadable)


def test_A075_a_linked_folder_of_records_is_one_link(tmp_path: Path) -> None:
    put(tmp_path, "elsewhere/CHG-1.yaml")
    (tmp_path / "records").symlink_to(tmp_path / "elsewhere")
    assert modes(tmp_path) == {"records": Mode.SYMLINK}
    assert WorkTree(tmp_path).entry("records/CHG-1.yaml") is None


def test_A076_a_submodule_in_place_of_records_is_one_name(tmp_path: Path) -> None:
    put(tmp_path, "records/changes/.git", "gitdir: ../../.git/modules/changes\n")
    put(tmp_path, "records/changes/CHG-1.yaml")
    assert modes(tmp_path) == {"records/changes": Mode.SUBMODULE}


@pytest.mark.parametrize("path", ["../outside.yaml", "records/../../outside.yaml", "/etc/passwd", "records//x.yaml"])
def test_A080_no_path_leads_out_of_the_tree(tmp_path: Path, path: str) -> None:
    put(tmp_path, "outside.yaml")
    put(tmp_path, "work/records/CHG-1.yaml")
    tree = WorkTree(tmp_path / "work")
    assert tree.entry(path) is None
    with pytest.raises(KeyError):
        tree.read(path)


@pytest.mark.parametrize("name", ["CHG-é.yaml", "a\nb.yaml", "a\tb.yaml", 'quo"te.yaml', "back\\slash.yaml", "-x.yaml"])
def test_A083_odd_names_are_named_as_they_are_and_read(tmp_path: Path, name: str) -> None:
    put(tmp_path, f"records/{name}", "odd")
    tree = WorkTree(tmp_path)
    assert list(modes(tmp_path)) == [f"records/{name}"]
    assert tree.read(f"records/{name}") == b"odd"
