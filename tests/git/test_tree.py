"""A commit as a tree: the stored bytes and names, whatever attributes, replacements or checkouts say."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from itsm_as_code.domain.errors import CouldNotCheck
from itsm_as_code.git.repository import Repository
from itsm_as_code.git.revision import resolve
from itsm_as_code.git.tree import GitTree
from itsm_as_code.store.tree import Mode, Tree, Unreadable, read_with
from tests.git.builder import RepoBuilder
from tests.git.conftest import Opener


def tree_at(repository: Repository, rev: str = "HEAD") -> GitTree:
    """The workspace's tree at a revision."""
    return GitTree(repository, resolve(repository, rev))


def paths(tree: Tree, under: str = "") -> list[str]:
    """The names of a tree."""
    return [entry.path for entry in tree.entries(under)]


def test_names_are_sorted_by_code_point_and_folders_are_not_names(repo: RepoBuilder, opened: Opener) -> None:
    repo.commit(dict.fromkeys(("a/b", "a-b", "a.b", "z", "A", "é", "a/c/d", "𝒳", "￮"), "x"))
    names = paths(tree_at(opened(repo.path)))
    assert names == sorted(names)
    assert len(names) == 9


def test_a083_names_that_git_would_quote_come_as_they_are(repo: RepoBuilder, opened: Opener) -> None:
    odd = ["records/CHG-é.yaml", "records/two\nlines", 'records/"quoted"', "records/tab\t", "records/ space "]
    repo.commit({name: name for name in odd})
    tree = tree_at(opened(repo.path))
    assert paths(tree, "records") == sorted(odd)
    assert dict(tree.read_many(odd)) == {name: name.encode() for name in odd}


def test_a_name_that_is_not_utf8_is_kept_as_surrogates(repo: RepoBuilder, opened: Opener) -> None:
    name = b"records/\xff.yaml".decode("utf-8", "surrogateescape")
    repo.commit({name: "x"})
    tree = tree_at(opened(repo.path))
    assert paths(tree) == [name]
    assert tree.read(name) == b"x"


def test_symlinks_and_submodules_are_named_and_not_read(repo: RepoBuilder, opened: Opener, tmp_path: Path) -> None:
    tip = repo.commit({"target": "secret"})
    (repo.path / "link").symlink_to("target")
    repo.git("update-index", "--add", "--cacheinfo", f"160000,{tip},module")
    repo.git("add", "link")
    repo.git("commit", "--quiet", "-m", "odd ones")
    tree = tree_at(opened(repo.path))
    assert {entry.path: entry.mode for entry in tree.entries()} == {
        "link": Mode.SYMLINK,
        "module": Mode.SUBMODULE,
        "target": Mode.FILE,
    }
    with pytest.raises(Unreadable, match="link is a symlink"):
        tree.read("link")
    answers = dict(tree.read_many(["link", "module", "target", "nothing"]))
    assert answers["target"] == b"secret"
    assert all(isinstance(answers[name], Unreadable) for name in ("link", "module", "nothing"))


def test_one_name_is_looked_up_without_a_listing(repo: RepoBuilder, opened: Opener) -> None:
    repo.commit({"a/b/c.yaml": "1"})
    tree = tree_at(opened(repo.path))
    entry = tree.entry("a/b/c.yaml")
    assert entry is not None
    assert (entry.mode, entry.oid) == (Mode.FILE, repo.git("rev-parse", "HEAD:a/b/c.yaml"))
    assert [tree.entry(name) for name in ("a/b", "a", "a/b/c.yaml/d", "x", "a/b/", "", "../a")] == [None] * 7
    with pytest.raises(KeyError):
        tree.read("a/b")


def test_a_prefix_makes_paths_relative_and_hides_the_rest(repo: RepoBuilder, opened: Opener) -> None:
    repo.commit({"ops/itsm.yaml": "1", "ops/records/x": "2", "opsother": "3", "itsm.yaml": "4"})
    tree = tree_at(opened(repo.path / "ops"))
    assert paths(tree) == ["itsm.yaml", "records/x"]
    assert paths(tree, "records") == paths(tree, "records/") == ["records/x"]
    assert tree.read("itsm.yaml") == b"1"


def test_a_prefix_that_the_commit_lacks_is_an_empty_tree(repo: RepoBuilder, opened: Opener) -> None:
    repo.commit({"ops": "a file for now"})
    repo.write({"ops": None})
    (repo.path / "ops").mkdir()
    tree = tree_at(opened(repo.path / "ops"))
    assert (paths(tree), tree.entry("itsm.yaml")) == ([], None)


def test_a121_attributes_do_not_change_what_is_read(repo: RepoBuilder, opened: Opener) -> None:
    attributes = "*.yaml working-tree-encoding=UTF-7 -diff ident\n*.txt eol=crlf text\n"
    files = {".gitattributes": attributes, "x.yaml": "a+b\n", "y.txt": "one\n"}
    repo.git("reset", "--quiet", "--hard", repo.commit_tree(repo.tree_of(files)))
    assert (repo.path / "x.yaml").read_bytes() == b"a+-b\n"
    assert (repo.path / "y.txt").read_bytes() == b"one\r\n"
    tree = tree_at(opened(repo.path))
    assert dict(tree.read_many(["x.yaml", "y.txt"])) == {"x.yaml": b"a+b\n", "y.txt": b"one\n"}


def test_the_checkout_and_the_index_do_not_matter(repo: RepoBuilder, opened: Opener) -> None:
    repo.commit({"a": "committed"})
    repo.write({"a": "staged", "b": "new"})
    repo.git("add", "--all")
    repo.write({"a": "edited"})
    tree = tree_at(opened(repo.path))
    assert (paths(tree), tree.read("a")) == (["a"], b"committed")


def test_replace_refs_are_ignored(repo: RepoBuilder, opened: Opener) -> None:
    honest = repo.commit({"a": "honest"})
    forged = repo.commit({"a": "forged"})
    repo.git("replace", honest, forged)
    repo.git("replace", repo.git("rev-parse", f"{forged}:a"), repo.git("hash-object", "-w", "a"), "-f")
    assert GitTree(opened(repo.path), honest).read("a") == b"honest"


def test_many_files_are_streamed_in_the_order_asked(repo: RepoBuilder, opened: Opener) -> None:
    files = {f"f{number:03}": f"{number}\0\n" * number for number in range(100)}
    repo.commit(files)
    tree = tree_at(opened(repo.path))
    wanted = sorted(files, reverse=True)
    assert list(tree.read_many(wanted)) == [(name, files[name].encode()) for name in wanted]


def test_reading_on_after_a_stream_was_left_is_safe(repo: RepoBuilder, opened: Opener) -> None:
    files = {f"f{number:03}": str(number) for number in range(100)}
    repo.commit(files)
    tree = tree_at(opened(repo.path))
    for name, data in tree.read_many(files):
        assert data == tree.read(name)
        if name == "f050":
            break
    assert tree.read("f099") == b"99"


def test_blobs_that_a_partial_clone_lacks_are_unreadable_each(
    repo: RepoBuilder, opened: Opener, tmp_path: Path
) -> None:
    repo.commit({"a": "1", "b": "2"})
    repo.git("config", "uploadpack.allowFilter", "true")
    clone = RepoBuilder(tmp_path / "partial", "--no-checkout", "--filter=blob:none", clone_of=f"file://{repo.path}")
    repository = opened(clone.path)
    tree = tree_at(repository)
    assert repository.partial
    assert paths(tree) == ["a", "b"]
    with pytest.raises(Unreadable, match="not in this clone") as caught:
        tree.read("a")
    assert "git fetch" in (caught.value.hint or "")
    assert [type(data) for _, data in tree.read_many(["a", "b"])] == [Unreadable, Unreadable]
    assert paths(tree) == ["a", "b"]


def test_a_stream_with_few_blobs_missing_goes_on_after_them(repo: RepoBuilder, opened: Opener) -> None:
    repo.commit({f"f{number:03}": str(number) for number in range(60)})
    _lose(repo, "HEAD:f010")
    answers = list(tree_at(opened(repo.path)).read_many([f"f{number:03}" for number in range(60)]))
    assert [name for name, data in answers if isinstance(data, Unreadable)] == ["f010"]
    assert answers[59] == ("f059", b"59")


def test_a_corrupt_blob_is_unreadable(repo: RepoBuilder, opened: Opener) -> None:
    repo.commit({"a": "1", "b": "2"})
    blob = _loose(repo, "HEAD:a")
    blob.chmod(0o644)
    blob.write_bytes(b"not zlib")
    tree = tree_at(opened(repo.path))
    with pytest.raises(Unreadable):
        tree.read("a")
    assert tree.read("b") == b"2"


def test_a_folder_with_a_doubled_name_is_refused(repo: RepoBuilder, opened: Opener) -> None:
    blob = repo.git("hash-object", "-w", "--stdin", stdin=b"x")
    line = b"100644 a.yaml\0" + bytes.fromhex(blob)
    tree = repo.git("hash-object", "-w", "-t", "tree", "--literally", "--stdin", stdin=line + line)
    commit = repo.commit_tree(tree)
    with pytest.raises(CouldNotCheck, match="malformed"):
        paths(GitTree(opened(repo.path), commit))


@pytest.mark.parametrize("name", [b"..", b".", b".git", b"a/b", b""])
def test_a_folder_with_a_name_that_leads_elsewhere_is_refused(name: bytes, repo: RepoBuilder, opened: Opener) -> None:
    blob = repo.git("hash-object", "-w", "--stdin", stdin=b"x")
    line = b"100644 " + name + b"\0" + bytes.fromhex(blob)
    tree = repo.git("hash-object", "-w", "-t", "tree", "--literally", "--stdin", stdin=line)
    commit = repo.commit_tree(tree)
    with pytest.raises(CouldNotCheck, match="malformed"):
        paths(GitTree(opened(repo.path), commit))


def test_a_sha256_tree_is_read(tmp_path: Path, opened: Opener) -> None:
    repo = RepoBuilder(tmp_path / "new", "--object-format=sha256")
    repo.commit({"a/b": "1", "c": "2"})
    tree = tree_at(opened(repo.path))
    assert paths(tree) == ["a/b", "c"]
    assert tree.read("a/b") == b"1"


def _loose(repo: RepoBuilder, rev: str) -> Path:
    oid = repo.git("rev-parse", rev)
    return repo.path / ".git" / "objects" / oid[:2] / oid[2:]


def _lose(repo: RepoBuilder, rev: str) -> None:
    _loose(repo, rev).unlink()


FOUND = {
    "records/a.yaml": "type: emergency\n", "records/b.yaml": 'note: "\\x65"\n', "records/c.yaml": "type: normal\n",
    "records/d/e.yaml": "# emergency\n", "records/d/é ü.yaml": "emergency", "records/bin": "\0emergency\0",
    "other/f.yaml": "emergency",
}  # fmt: skip


@pytest.mark.parametrize("folders", [["records"], ["records/d", "nowhere"], [], ["records/a.yaml"], ["*"]])
@pytest.mark.parametrize("prefix", ["", "it/"])
def test_files_with_a_word_are_found_as_reading_them_would_find_them(
    repo: RepoBuilder, opened: Opener, prefix: str, folders: list[str]
) -> None:
    repo.commit({".gitattributes": "* -text -diff binary\n", **{prefix + name: text for name, text in FOUND.items()}})
    repository = opened(repo.path)
    tree = GitTree(repository, resolve(repository, "HEAD"), prefix)
    words = (b"emergency", b"\\")
    assert sorted(tree.read_with(folders, words)) == sorted(read_with(tree, folders, words))
    expected = {name for name in FOUND if name != "records/c.yaml" and name.startswith("records/")}
    assert folders != ["records"] or {name for name, _ in tree.read_with(folders, words)} == expected


def test_a_link_is_not_searched(repo: RepoBuilder, opened: Opener) -> None:
    (repo.path / "records").mkdir()
    (repo.path / "records/link").symlink_to("emergency")
    repo.commit({})
    assert list(tree_at(opened(repo.path)).read_with(["records"], (b"emergency",))) == []


@pytest.mark.parametrize("seed", range(3))
def test_a_search_that_remembers_finds_what_a_new_one_finds(repo: RepoBuilder, opened: Opener, seed: int) -> None:
    """Forms of a folder come in any order: an audit goes forward, a look back does not."""
    chance, words = random.Random(seed), (b"emergency", b"\\")  # noqa: S311 - a test, not a secret
    commits = []
    for _ in range(12):
        names = chance.sample([f"records/{year}/{name}" for year in (1, 2) for name in "abcdef"], 4)
        texts = ("type: emergency\n", "type: normal\n", 'note: "\\x65"\n', None)
        files = {name: chance.choice(texts) for name in names}
        commits.append(repo.commit({n: t for n, t in files.items() if t is not None or (repo.path / n).exists()}))
    remembering = opened(repo.path)
    for commit in chance.choices(commits, k=30):
        folders = chance.choice([["records/1", "records/2"], ["records/2"], ["records"]])
        found = [list(GitTree(each, commit).read_with(folders, words)) for each in (remembering, opened(repo.path))]
        assert found[0] == found[1]
