"""Folders that a push brings, also those that no later step has: each is looked at as Git's commands will read it."""

from __future__ import annotations

import subprocess

import pytest

from itsm_as_code.git.new_trees import fault_of_new_folders
from tests.git.builder import RepoBuilder
from tests.git.conftest import Opener

Names = list[tuple[bytes, bytes]]


def tree(repo: RepoBuilder, names: Names) -> str:
    """A tree object with these modes and names, in this order; Git would not write all of them."""
    blob, folder = (repo.git("rev-parse", f"HEAD:{name}").strip() for name in "ad")
    rows = (mode + b" " + name + b"\0" + bytes.fromhex(folder if mode == b"40000" else blob) for mode, name in names)
    asked = ["git", "-C", str(repo.path), "hash-object", "-t", "tree", "-w", "--literally", "--stdin"]
    return subprocess.run(asked, input=b"".join(rows), capture_output=True, check=True).stdout.decode().strip()


@pytest.mark.parametrize(
    ("names", "why"),
    [
        ([(b"100644", b"a"), (b"100644", b"a-b"), (b"40000", b"a")], "a name is doubled"),
        ([(b"100644", b".."), (b"100644", b"a")], "not allowed"),
        ([(b"100644", b"b"), (b"100644", b"a")], "not in the order"),
        ([(b"100600", b"a")], "writes the mode 100600"),
        ([(b"100644", b"a"), (b"100644", b"a-b"), (b"40000", b"c")], None),
    ],
    ids=["a file and a folder", "leads elsewhere", "order", "mode", "sound"],
)
def test_a_folder_behind_another_commit_is_looked_at_too(
    repo: RepoBuilder, opened: Opener, names: Names, why: str | None
) -> None:
    base = repo.commit({"a": "1", "d/e": "2"})
    behind = repo.commit_tree(tree(repo, names), base)
    head = repo.commit_tree(repo.git("rev-parse", f"{base}^{{tree}}").strip(), base, behind)
    fault = fault_of_new_folders(opened(repo.path), base, head)
    assert fault is None if why is None else why in (fault or "")
