"""The work tree as a tree: nothing followed, nothing skipped, nothing waited for."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from itsm_as_code.store.tree import Mode, TreeEntry, Unreadable
from itsm_as_code.store.worktree import WorkTree

as_root = pytest.mark.skipif(hasattr(os, "geteuid") and os.geteuid() == 0, reason="root may read everything")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """An empty work tree."""
    folder = tmp_path / "work"
    folder.mkdir()
    return folder


def put(root: Path, path: str, content: bytes = b"x") -> Path:
    target = root / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content)
    return target


def modes(root: Path, under: str = "") -> dict[str, Mode]:
    return {entry.path: entry.mode for entry in WorkTree(root).entries(under)}


def test_names_come_sorted_by_path_and_one_alone_with_its_size(root: Path) -> None:
    for path in ("b/c.yaml", "b.yaml", "b-c", "b0", "a/é.yaml", "a/z/y"):
        put(root, path, b"12345")
    entries = list(WorkTree(root).entries())
    assert [entry.path for entry in entries] == sorted(["a/z/y", "a/é.yaml", "b-c", "b.yaml", "b/c.yaml", "b0"])
    assert all(entry == TreeEntry(entry.path, Mode.FILE) for entry in entries)
    assert [WorkTree(root).entry(entry.path) for entry in entries] == [TreeEntry(e.path, Mode.FILE, 5) for e in entries]


def test_only_git_is_left_out(root: Path) -> None:
    for path in (".git/config", ".hidden", "records/.x.swp", "node_modules/a", "records/a.yaml~", ".github/w.yml"):
        put(root, path)
    assert list(modes(root)) == [".github/w.yml", ".hidden", "node_modules/a", "records/.x.swp", "records/a.yaml~"]


def test_a_git_file_of_a_linked_work_tree_is_left_out(root: Path) -> None:
    put(root, ".git", b"gitdir: /elsewhere\n")
    put(root, "a")
    assert list(modes(root)) == ["a"]


def test_below_a_folder_only_its_names_come(root: Path) -> None:
    for path in ("records/incidents/a", "records/b", "records2/c", "itsm.yaml"):
        put(root, path)
    assert list(modes(root, "records")) == ["records/b", "records/incidents/a"]
    assert list(modes(root, "nothing")) == []
    assert list(modes(root, "itsm.yaml/x")) == []


def test_links_are_never_followed(root: Path, tmp_path: Path) -> None:
    put(tmp_path, "outside/secret.yaml", b"secret")
    put(root, "records/a.yaml")
    (root / "records" / "link.yaml").symlink_to(tmp_path / "outside" / "secret.yaml")
    (root / "records" / "folder").symlink_to(tmp_path / "outside")
    (root / "records" / "dangling").symlink_to("nowhere")
    (root / "loop").symlink_to(root)
    assert modes(root) == {
        "loop": Mode.SYMLINK,
        "records/a.yaml": Mode.FILE,
        "records/dangling": Mode.SYMLINK,
        "records/folder": Mode.SYMLINK,
        "records/link.yaml": Mode.SYMLINK,
    }
    tree = WorkTree(root)
    assert modes(root, "loop") == {"loop": Mode.SYMLINK}
    assert tree.entry("records/folder/secret.yaml") is None
    with pytest.raises(Unreadable, match="it is a link"):
        tree.read("records/link.yaml")
    with pytest.raises(KeyError):
        tree.read("records/folder/secret.yaml")


def test_a_nested_repository_is_one_name(root: Path) -> None:
    put(root, "records/sub/.git", b"gitdir: x\n")
    put(root, "records/sub/deep/a.yaml")
    put(root, "vendor/other/.git/HEAD")
    put(root, "vendor/other/b.yaml")
    assert modes(root) == {"records/sub": Mode.SUBMODULE, "vendor/other": Mode.SUBMODULE}
    assert WorkTree(root).entry("records/sub") == TreeEntry("records/sub", Mode.SUBMODULE)


def test_pipes_and_sockets_are_named_and_never_opened(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    os.mkfifo(root / "pipe.yaml")
    monkeypatch.chdir(root)
    with socket.socket(socket.AF_UNIX) as bound:
        bound.bind("socket.yaml")
        assert modes(root) == {"pipe.yaml": Mode.OTHER, "socket.yaml": Mode.OTHER}
    with pytest.raises(Unreadable, match="not a plain file"):
        WorkTree(root).read("pipe.yaml")


def test_a_folder_is_no_name(root: Path) -> None:
    put(root, "records/a.yaml")
    tree = WorkTree(root)
    assert tree.entry("records") is None
    with pytest.raises(KeyError):
        tree.read("records")
    ((_, error),) = tree.read_many(["records"])
    assert isinstance(error, Unreadable)


@pytest.mark.parametrize("path", ["../x", "a/../b", "/etc/passwd", "", ".git/config", "a//b", "a\0b", "./a"])
def test_paths_out_of_the_tree_have_no_name(root: Path, path: str) -> None:
    put(root, "b")
    put(root, ".git/config")
    put(root, "a/b")
    assert WorkTree(root).entry(path) is None


def test_a_file_is_read_byte_by_byte_as_it_is(root: Path) -> None:
    put(root, "a.yaml", b"a: b\r\n\xff")
    assert WorkTree(root).read("a.yaml") == b"a: b\r\n\xff"
    with pytest.raises(KeyError):
        WorkTree(root).read("b.yaml")


def test_of_a_huge_file_no_more_is_read_than_shows_that_it_is_huge(root: Path) -> None:
    path = put(root, "huge.yaml", b"")
    os.truncate(path, 50_000_000)
    tree = WorkTree(root, limit=1000)
    assert len(tree.read("huge.yaml")) == 1001
    assert tree.entry("huge.yaml") == TreeEntry("huge.yaml", Mode.FILE, 50_000_000)


def test_a_file_that_vanishes_while_it_is_read_comes_as_an_error(root: Path) -> None:
    put(root, "a.yaml", b"a")
    vanishing = put(root, "b.yaml")
    paths = [entry.path for entry in WorkTree(root).entries()]
    vanishing.unlink()
    first, second = WorkTree(root).read_many(paths)
    assert first == ("a.yaml", b"a")
    assert isinstance(second[1], Unreadable)
    assert second[1].message == "b.yaml can't be read: it is gone"


def test_odd_names_survive(root: Path) -> None:
    names = ["a b.yaml", "new\nline.yaml", "é.yaml", "-rf", 'quo"te']
    for name in names:
        put(root, name, name.encode())
    raw = os.fsencode(root) + b"/latin\xe9.yaml"
    Path(os.fsdecode(raw)).write_bytes(b"raw")
    tree = WorkTree(root)
    paths = [entry.path for entry in tree.entries()]
    assert sorted([*names, "latin\udce9.yaml"]) == paths
    assert dict(tree.read_many(paths))["latin\udce9.yaml"] == b"raw"


@as_root
def test_what_may_not_be_read_is_an_error_and_never_skipped(root: Path) -> None:
    put(root, "secret.yaml").chmod(0)
    put(root, "closed/a.yaml").parent.chmod(0)
    try:
        assert modes(root) == {"closed": Mode.OTHER, "secret.yaml": Mode.FILE}
        with pytest.raises(Unreadable, match="no permission"):
            WorkTree(root).read("secret.yaml")
    finally:
        (root / "closed").chmod(0o700)


def test_a_folder_that_can_not_be_listed_is_one_name(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(root, "records/closed/a.yaml")
    put(root, "records/open/b.yaml")
    real = os.scandir

    def refuse(path: str) -> object:
        if str(path).endswith("closed"):
            raise PermissionError(13, "Permission denied")
        return real(path)

    monkeypatch.setattr(os, "scandir", refuse)
    assert modes(root) == {"records/closed": Mode.OTHER, "records/open/b.yaml": Mode.FILE}
    assert modes(root, "records/closed") == {"records/closed": Mode.OTHER}


def test_an_error_of_the_disk_is_told_in_its_words(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(root, "a.yaml")

    def broken(handle: int, count: int) -> bytes:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(os, "read", broken)
    with pytest.raises(Unreadable, match="Input/output error"):
        WorkTree(root).read("a.yaml")
