"""The reader of objects: one process that outlives interruptions, forks and hostile trees."""

from __future__ import annotations

import multiprocessing
import threading
from pathlib import Path

import pytest

from itsm_as_code.domain.errors import CouldNotCheck
from itsm_as_code.git import objects as objects_module
from itsm_as_code.git.difference import difference
from itsm_as_code.git.objects import GitObject, ObjectReader
from itsm_as_code.git.repository import open_repository
from itsm_as_code.git.tree import GitTree
from tests.git.builder import RepoBuilder
from tests.git.conftest import Opener


def test_what_is_no_object_is_none_and_the_next_question_is_answered(repo: RepoBuilder, opened: Opener) -> None:
    repo.commit({"a": "1"})
    reader = opened(repo.path).objects
    assert [reader.get(name) for name in ("", "nothing", "a b", "0" * 40, "x\ny", "HEAD:a\0")] == [None] * 6
    found = reader.get("HEAD:a")
    assert found is not None
    assert (found.kind, found.data) == ("blob", b"1")


def test_an_interrupted_answer_does_not_meet_the_next_question(
    repo: RepoBuilder, opened: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    repo.commit({"a": "first", "b": "second"})
    reader = opened(repo.path).objects

    def interrupt(_: object) -> GitObject:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(objects_module, "_answer", interrupt)
        with pytest.raises(KeyboardInterrupt):
            reader.get("HEAD:a")
    found = reader.get("HEAD:b")
    assert found is not None
    assert found.data == b"second"


def test_threads_get_their_own_answers(repo: RepoBuilder, opened: Opener) -> None:
    repo.commit({str(number): str(number) * 2000 for number in range(8)})
    reader = opened(repo.path).objects
    wrong: list[int] = []

    def ask(number: int) -> None:
        for _ in range(20):
            found = reader.get(f"HEAD:{number}")
            if found is None or found.data != str(number).encode() * 2000:
                wrong.append(number)

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_a_forked_child_asks_a_process_of_its_own(repo: RepoBuilder, opened: Opener) -> None:
    repo.commit({"a": "1", "b": "2"})
    reader = opened(repo.path).objects
    assert reader.get("HEAD:a") is not None
    context = multiprocessing.get_context("fork")
    results = context.SimpleQueue()
    child = context.Process(target=_ask_in_child, args=(reader, results))
    child.start()
    child.join()
    assert results.get() == b"2"
    found = reader.get("HEAD:a")
    assert found is not None
    assert found.data == b"1"


def _ask_in_child(reader: ObjectReader, results: multiprocessing.SimpleQueue[bytes]) -> None:
    found = reader.get("HEAD:b")
    results.put(found.data if found else b"")


@pytest.mark.parametrize("innermost", ["100644 blob", "040000 tree"])
def test_trees_that_stand_for_billions_of_folders_are_refused(
    innermost: str, repo: RepoBuilder, opened: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("itsm_as_code.git.difference.MOST_FOLDERS", 1000)
    monkeypatch.setattr("itsm_as_code.git.tree.MOST_FOLDERS", 1000)
    kind = innermost.split()[1]
    line = f"{innermost} {repo.git('hash-object', '-w', '-t', kind, '--stdin', stdin=b'')}"
    for _ in range(30):
        rows = "".join(f"{line}\t{name}\n" for name in "abcdefghij")
        line = f"040000 tree {repo.git('mktree', stdin=rows.encode())}"
    tree = GitTree(opened(repo.path), repo.commit_tree(line.split()[2]))
    with pytest.raises(CouldNotCheck, match="more than 1,000 folders"):
        difference(opened(repo.path).objects, None, tree.root_oid)
    with pytest.raises(CouldNotCheck, match="more than 1,000 folders"):
        list(tree.entries())


def test_a_closed_repository_starts_again_when_asked(repo: RepoBuilder) -> None:
    tip = repo.commit({"a": "1"})
    with open_repository(repo.path) as repository:
        assert repository.objects.get("HEAD:a") is not None
    assert GitTree(repository, tip).read("a") == b"1"
    repository.close()


def test_a_folder_below_a_very_deep_path_is_reached(repo: RepoBuilder, opened: Opener, tmp_path: Path) -> None:
    oid = repo.git("hash-object", "-w", "--stdin", stdin=b"x")
    line = f"100644 blob {oid}\tf\n"
    for _ in range(150):
        line = f"040000 tree {repo.git('mktree', stdin=line.encode())}\td\n"
    commit = repo.commit_tree(line.split()[2])
    (entry,) = GitTree(opened(repo.path), commit).entries()
    assert entry.path == "d/" * 149 + "f"
