"""Uncommitted edits: which there are, and the step they make."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from itsm_as_code.git.dirty import dirty_paths, tracked_paths
from itsm_as_code.git.step import TreeStep, work_tree_step
from itsm_as_code.store.tree import Mode, TreeEntry, Unreadable, folders_of, read_with
from tests.git.builder import RepoBuilder
from tests.git.conftest import Opener
from tests.git.test_step import landed, verbs


class Checkout:
    """The plainest work tree: what lies in a folder."""

    label = "the work tree"

    def __init__(self, root: Path) -> None:
        self._root = root

    def entries(self, under: str = "") -> Iterator[TreeEntry]:
        """All files below a folder."""
        for path in sorted((self._root / under).rglob("*")):
            entry = self.entry(path.relative_to(self._root).as_posix())
            if entry is not None and ".git/" not in entry.path:
                yield entry

    def folders(self, under: str) -> list[str]:
        return folders_of(self, under)

    def entry(self, path: str) -> TreeEntry | None:
        """The file at a path."""
        return TreeEntry(path, Mode.FILE) if (self._root / path).is_file() else None

    def read(self, path: str) -> bytes:
        """The bytes on disk."""
        return (self._root / path).read_bytes()

    def read_many(self, paths: Iterable[str]) -> Iterator[tuple[str, bytes | Unreadable]]:
        """The bytes on disk, one after the other."""
        for path in paths:
            yield path, self.read(path)

    def read_with(self, folders: Iterable[str], words: tuple[bytes, ...]) -> Iterator[tuple[str, bytes | Unreadable]]:
        """The files with one of the words."""
        return read_with(self, folders, words)


def test_a_clean_checkout_has_no_dirty_paths(repo: RepoBuilder, opened: Opener) -> None:
    repo.commit({"a": "1", ".gitignore": "ignored\n"})
    repo.write({"ignored": "1"})
    assert dirty_paths(opened(repo.path)) == ()


def test_every_kind_of_edit_is_dirty(repo: RepoBuilder, opened: Opener) -> None:
    repo.commit({"edited": "1", "staged": "1", "gone": "1", "kept": "1", "moved": "a long enough line\n" * 9})
    repo.git("mv", "moved", "moved-here")
    repo.write({"staged": "2"})
    repo.git("add", "staged")
    repo.write({"edited": "2", "gone": None, "folder/new é\n": "1"})
    assert dirty_paths(opened(repo.path)) == (
        "edited", "folder/new é\n", "gone", "moved", "moved-here", "staged",
    )  # fmt: skip


def test_dirty_paths_are_the_workspaces_and_below_the_asked_folders(repo: RepoBuilder, opened: Opener) -> None:
    repo.commit({"ops/records/a": "1"})
    repo.write({"ops/records/a": "2", "ops/theme/b": "2", "elsewhere": "2"})
    repository = opened(repo.path / "ops")
    assert dirty_paths(repository) == ("records/a", "theme/b")
    assert dirty_paths(repository, ["records", "attachments"]) == ("records/a",)


def test_an_unborn_branch_has_all_its_files_dirty(repo: RepoBuilder, opened: Opener) -> None:
    repo.write({"a": "1"})
    assert dirty_paths(opened(repo.path)) == ("a",)


def test_a_bare_repository_has_no_dirty_paths(repo: RepoBuilder, opened: Opener, tmp_path: Path) -> None:
    repo.commit({"a": "1"})
    bare = RepoBuilder(tmp_path / "bare", "--bare", clone_of=repo.path)
    assert dirty_paths(opened(bare.path)) == ()


def test_looking_for_edits_writes_nothing(repo: RepoBuilder, opened: Opener) -> None:
    repo.commit({"a": "1"})
    index = repo.path / ".git" / "index"
    (repo.path / "a").touch()
    before = index.read_bytes()
    assert dirty_paths(opened(repo.path)) == ()
    assert index.read_bytes() == before


def _step_here(repo: RepoBuilder, opened: Opener) -> TreeStep:
    """The step from main to the files of the checkout, as far as Git calls them changed."""
    repository = opened(repo.path)
    return work_tree_step(repository, "main", Checkout(repo.path), dirty_paths(repository))


def test_a_step_of_a_clean_checkout_is_that_of_its_commit(repo: RepoBuilder, opened: Opener) -> None:
    repo.commit({"a": "1"})
    repo.branch("work")
    head = repo.commit({"a": "2"})
    made = _step_here(repo, opened)
    assert (verbs(made), made.head.label) == ({"a": "changed"}, f"commit {head[:7]}")


def test_uncommitted_edits_lie_on_top_of_the_merge_result(repo: RepoBuilder, opened: Opener) -> None:
    repo.commit({"a": "1", "b": "1", "c": "1", "d": "1", "base": "1"})
    repo.branch("work")
    repo.commit({"a": "2", "b": "2"})
    repo.switch("main")
    repo.commit({"base": "2"})
    repo.switch("work")
    repo.write({"b": "1", "c": "3", "d": None, "new": "3"})
    made = _step_here(repo, opened)
    assert verbs(made) == {"a": "changed", "c": "changed", "d": "removed", "new": "added"}
    assert landed(made) == {"a": b"2", "b": b"1", "base": b"2", "c": b"3", "new": b"3"}
    assert made.conflicts == ()


def test_an_edit_of_what_base_has_changed_since_is_a_conflict(repo: RepoBuilder, opened: Opener) -> None:
    repo.commit({"a": "1", "b": "1"})
    repo.branch("work")
    repo.switch("main")
    repo.commit({"a": "base", "b": "same"})
    repo.switch("work")
    repo.write({"a": "mine", "b": "same"})
    made = _step_here(repo, opened)
    assert (made.conflicts, verbs(made)) == (("a",), {"a": "changed"})


def test_a_touched_file_with_the_same_bytes_is_no_change(repo: RepoBuilder, opened: Opener) -> None:
    repo.commit({"a": "1"})
    repo.write({"a": "2"})
    repo.git("add", "a")
    repo.write({"a": "1"})
    made = _step_here(repo, opened)
    assert (made.changed, made.conflicts) == ((), ())


def test_what_is_in_the_index_is_tracked_whatever_head_has(repo: RepoBuilder, opened: Opener) -> None:
    repo.commit({"ops/a/committed": "1", "ops/a/taken out": "1", "ops/b/committed": "1"})
    repo.write({"ops/a/staged é\n": "1", "ops/a/untracked": "1"})
    repo.git("add", "ops/a/staged é\n")
    repo.git("rm", "--quiet", "--cached", "ops/a/taken out")
    repository = opened(repo.path / "ops")
    assert tracked_paths(repository, ["a"]) == {"a/committed", "a/staged é\n"}
    assert tracked_paths(repository, []) == frozenset()
