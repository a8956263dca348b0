"""Steps: what a head would change in a base, whatever the shape of the history between them."""

from __future__ import annotations

from pathlib import Path

import pytest

from itsm_as_code.domain.errors import CouldNotCheck
from itsm_as_code.git.step import TreeStep, step
from tests.git.builder import RepoBuilder
from tests.git.conftest import Opener


def verbs(made: TreeStep) -> dict[str, str]:
    """Each changed path with what happens to it."""
    return {
        change.path: "added" if change.base_entry is None else "removed" if change.head_entry is None else "changed"
        for change in made.changed
    }


def landed(made: TreeStep) -> dict[str, bytes]:
    """The whole head, path by path."""
    return {entry.path: made.head.read(entry.path) for entry in made.head.entries()}


def test_a_head_on_top_of_base_lands_as_it_is(repo: RepoBuilder, opened: Opener) -> None:
    repo.commit({"keep": "1", "edit": "1", "drop": "1"})
    repo.branch("work")
    head = repo.commit({"edit": "2", "drop": None, "new": "1"})
    made = step(opened(repo.path), "main", "work")
    assert verbs(made) == {"drop": "removed", "edit": "changed", "new": "added"}
    assert landed(made) == {"keep": b"1", "edit": b"2", "new": b"1"}
    assert (made.conflicts, made.head_commit, made.head.label) == ((), head, f"commit {head[:7]}")


def test_the_head_is_head_unless_asked(repo: RepoBuilder, opened: Opener) -> None:
    repo.commit({"a": "1"})
    repo.branch("work")
    head = repo.commit({"a": "2"})
    assert step(opened(repo.path), "main").head_commit == head


def test_a_head_behind_base_changes_nothing(repo: RepoBuilder, opened: Opener) -> None:
    repo.commit({"a": "1"})
    repo.git("branch", "old")
    repo.commit({"a": "2"})
    made = step(opened(repo.path), "main", "old")
    assert (made.changed, landed(made)) == ((), {"a": b"2"})


def test_a113_what_lands_is_the_merge_and_not_the_branch(repo: RepoBuilder, opened: Opener) -> None:
    repo.commit({"policy": "v1", "record": "draft", "gone": "1"})
    repo.branch("work")
    repo.commit({"record": "scheduled", "added": "1"})
    repo.switch("main")
    repo.commit({"policy": "v2", "gone": None})
    made = step(opened(repo.path), "main", "work")
    assert verbs(made) == {"record": "changed", "added": "added"}
    assert landed(made) == {"policy": b"v2", "record": b"scheduled", "added": b"1"}
    assert dict(made.head.read_many(["policy", "record", "added"])) == landed(made)
    assert [entry.path for entry in made.head.entries()] == sorted(landed(made))
    assert made.head.entry("gone") is None


def test_a_path_changed_on_both_sides_is_a_conflict(repo: RepoBuilder, opened: Opener) -> None:
    # Git itself would merge these lines without a word.
    lines = [f"{number}\n" for number in range(20)]
    repo.commit({"record": "".join(lines)})
    repo.branch("work")
    repo.commit({"record": "".join(["head\n", *lines[1:]])})
    repo.switch("main")
    repo.commit({"record": "".join([*lines[:-1], "base\n"])})
    made = step(opened(repo.path), "main", "work")
    assert made.conflicts == ("record",)
    assert verbs(made) == {"record": "changed"}


def test_the_same_change_on_both_sides_is_no_change(repo: RepoBuilder, opened: Opener) -> None:
    repo.commit({"record": "1"})
    repo.branch("work")
    repo.commit({"record": "2"})
    repo.switch("main")
    repo.commit({"record": "2", "other": "1"})
    made = step(opened(repo.path), "main", "work")
    assert (made.changed, made.conflicts) == ((), ())


def test_a_removal_against_an_edit_is_a_conflict(repo: RepoBuilder, opened: Opener) -> None:
    repo.commit({"record": "1", "other": "1"})
    repo.branch("work")
    repo.commit({"record": None})
    repo.switch("main")
    repo.commit({"record": "2"})
    assert step(opened(repo.path), "main", "work").conflicts == ("record",)


def test_a_file_where_the_other_side_needs_a_folder_is_a_conflict(repo: RepoBuilder, opened: Opener) -> None:
    repo.commit({"z": "1"})
    repo.branch("file")
    repo.commit({"name": "a file"})
    repo.git("switch", "--quiet", "-c", "folder", "main")
    repo.commit({"name/below": "1"})
    repository = opened(repo.path)
    assert step(repository, "file", "folder").conflicts == ("name/below",)
    assert step(repository, "folder", "file").conflicts == ("name",)


def test_a_file_that_becomes_a_folder_is_no_conflict(repo: RepoBuilder, opened: Opener) -> None:
    repo.commit({"name": "a file"})
    repo.branch("work")
    repo.write({"name": None})
    repo.commit({"name/below": "1"})
    repo.switch("main")
    repo.commit({"other": "1"})
    made = step(opened(repo.path), "main", "work")
    assert (made.conflicts, verbs(made)) == ((), {"name": "removed", "name/below": "added"})


def test_a_changed_mode_is_a_change(repo: RepoBuilder, opened: Opener) -> None:
    repo.commit({"record": "target"})
    repo.branch("work")
    (repo.path / "record").unlink()
    (repo.path / "record").symlink_to("target")
    repo.commit({})
    (change,) = step(opened(repo.path), "main", "work").changed
    assert change.head_entry is not None
    assert change.base_entry is not None
    assert change.base_entry.oid == change.head_entry.oid
    assert change.head_entry.mode == "symlink"


def test_a_rename_is_a_removal_and_an_addition(repo: RepoBuilder, opened: Opener) -> None:
    repo.git("config", "diff.renames", "copies")
    repo.commit({"old": "the same long content\n" * 20})
    repo.branch("work")
    repo.git("mv", "old", "new")
    repo.commit({})
    assert verbs(step(opened(repo.path), "main", "work")) == {"new": "added", "old": "removed"}


def test_a114_an_evil_merge_is_seen(repo: RepoBuilder, opened: Opener) -> None:
    repo.commit({"record": "1", "side": "1"})
    repo.branch("work")
    side = repo.commit({"side": "2"})
    repo.switch("main")
    trunk = repo.commit({"trunk": "1"})
    evil = repo.tree_of({"record": "slipped in", "side": "2", "trunk": "1"})
    repo.git("branch", "evil", repo.commit_tree(evil, side, trunk))
    assert verbs(step(opened(repo.path), "main", "evil")) == {"record": "changed", "side": "changed"}


def test_a115_a_change_hidden_in_an_octopus_is_seen(repo: RepoBuilder, opened: Opener) -> None:
    repo.commit({"record": "1"})
    tips = []
    for name in ("one", "two", "three"):
        repo.git("switch", "--quiet", "-c", name, "main")
        tips.append(repo.commit({name: "1"}))
    tree = repo.tree_of({"record": "hidden", "one": "1", "two": "1", "three": "1"})
    repo.git("branch", "octopus", repo.commit_tree(tree, *tips))
    assert verbs(step(opened(repo.path), "main", "octopus")) == {
        "one": "added",
        "record": "changed",
        "three": "added",
        "two": "added",
    }


def test_a116_a_withdrawal_buried_by_an_ours_merge_is_seen(repo: RepoBuilder, opened: Opener) -> None:
    repo.commit({"record": "approved"})
    repo.branch("work")
    repo.commit({"work": "1"})
    repo.switch("main")
    repo.commit({"record": "withdrawn"})
    repo.switch("work")
    repo.merge("main", strategy="ours")
    made = step(opened(repo.path), "main", "work")
    assert verbs(made) == {"record": "changed", "work": "added"}
    assert made.head.read("record") == b"approved"


def criss_cross(repo: RepoBuilder, left: dict[str, str], right: dict[str, str]) -> None:
    """Two branches that have each merged the other's earlier tip, so that there are two merge bases."""
    start = {"one": "0", "two": "0", "both": "0"}
    repo.commit(start)
    repo.branch("left")
    first = repo.commit({"one": "left"})
    repo.git("switch", "--quiet", "-c", "right", "main")
    second = repo.commit({"two": "right"})
    merged = {"one": "left", "two": "right", "both": "0"}
    for name, parents, changes in (("left", (first, second), left), ("right", (second, first), right)):
        merge = repo.commit_tree(repo.tree_of(merged), *parents)
        tip = repo.commit_tree(repo.tree_of(merged | changes), merge)
        repo.git("update-ref", f"refs/heads/{name}", tip)


def test_a_criss_cross_takes_what_one_side_changed(repo: RepoBuilder, opened: Opener) -> None:
    criss_cross(repo, {"both": "left"}, {"new": "right"})
    assert len(repo.git("merge-base", "--all", "left", "right").split()) == 2
    made = step(opened(repo.path), "left", "right")
    assert (verbs(made), made.conflicts) == ({"new": "added"}, ())
    assert landed(made) == {"one": b"left", "two": b"right", "both": b"left", "new": b"right"}


def test_a_criss_cross_where_the_merge_bases_disagree_is_a_conflict(repo: RepoBuilder, opened: Opener) -> None:
    # `right` puts back what one merge base had: seen from that one base changed it, from the other head did.
    criss_cross(repo, {}, {"one": "0"})
    assert step(opened(repo.path), "left", "right").conflicts == ("one",)


def test_unrelated_histories_are_refused(repo: RepoBuilder, opened: Opener) -> None:
    repo.commit({"a": "1"})
    stranger = repo.commit_tree(repo.tree_of({"a": "1"}))
    with pytest.raises(CouldNotCheck, match="no common history"):
        step(opened(repo.path), "main", stranger)


def test_a_shallow_clone_is_refused(repo: RepoBuilder, opened: Opener, tmp_path: Path) -> None:
    repo.commit({"a": "1"})
    repo.commit({"a": "2"})
    clone = RepoBuilder(tmp_path / "shallow", "--depth=1", clone_of=f"file://{repo.path}")
    with pytest.raises(CouldNotCheck, match="shallow") as caught:
        step(opened(clone.path), "origin/main", "HEAD")
    assert "--unshallow" in (caught.value.hint or "")


def test_grafted_history_is_refused(repo: RepoBuilder, opened: Opener) -> None:
    first = repo.commit({"a": "1"})
    second = repo.commit({"a": "2"})
    (repo.path / ".git" / "info").mkdir(exist_ok=True)
    (repo.path / ".git" / "info" / "grafts").write_text(f"{second}\n")
    with pytest.raises(CouldNotCheck, match="grafted"):
        step(opened(repo.path), first, second)


def test_replace_refs_change_neither_trees_nor_ancestry(repo: RepoBuilder, opened: Opener) -> None:
    base = repo.commit({"a": "1"})
    head = repo.commit({"a": "2"})
    orphan = repo.commit_tree(repo.tree_of({"a": "1"}))
    repo.git("replace", head, orphan)
    assert verbs(step(opened(repo.path), base, head)) == {"a": "changed"}


def test_a122_attributes_hide_nothing_from_a_step(repo: RepoBuilder, opened: Opener) -> None:
    repo.commit({".gitattributes": "* -diff binary linguist-generated export-ignore\n", "a": "1"})
    repo.branch("work")
    tip = repo.commit({"a": "2"})
    repo.git("update-index", "--add", "--cacheinfo", f"160000,{tip},module")
    repo.git("commit", "--quiet", "-m", "a submodule")
    repo.git("config", "diff.external", "false")
    repo.git("config", "diff.ignoreSubmodules", "all")
    assert verbs(step(opened(repo.path), "main", "work")) == {"a": "changed", "module": "added"}


def test_changes_outside_the_workspace_are_listed_apart(repo: RepoBuilder, opened: Opener) -> None:
    repo.commit({"ops/record": "1", ".github/workflows/ci.yml": "1", "src": "1"})
    repo.branch("work")
    repo.commit({"ops/record": "2", ".github/workflows/ci.yml": "2", "src": "head"})
    repo.switch("main")
    repo.commit({"src": "base"})
    repository = opened(repo.path / "ops")
    made = step(repository, "main", "work")
    assert verbs(made) == {"record": "changed"}
    assert [change.path for change in made.outside] == [".github/workflows/ci.yml", "src"]
    assert (made.conflicts, made.outside_conflicts) == ((), ("src",))
    assert landed(made) == {"record": b"2"}


def test_a083_changed_names_come_unquoted(repo: RepoBuilder, opened: Opener) -> None:
    repo.commit({"a": "1"})
    repo.branch("work")
    repo.commit({"records/CHG-é.yaml": "1", "records/two\nlines": "1"})
    assert set(verbs(step(opened(repo.path), "main", "work"))) == {
        "records/CHG-é.yaml",
        "records/two\nlines",
    }


def test_a_step_in_a_bare_repository_needs_no_checkout(repo: RepoBuilder, opened: Opener, tmp_path: Path) -> None:
    repo.commit({"a": "1"})
    repo.branch("work")
    repo.commit({"a": "2"})
    bare = RepoBuilder(tmp_path / "bare", "--mirror", clone_of=repo.path)
    assert verbs(step(opened(bare.path), "main", "work")) == {"a": "changed"}
