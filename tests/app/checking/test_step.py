"""The check of a step: what it brings and what is wrong with that, from Git objects alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from itsm_as_code.app.checking.step import check_step
from itsm_as_code.checks.identity import CASE_CLASH
from itsm_as_code.domain.errors import CouldNotCheck
from tests.checkouts import checkout_at, checkout_over
from tests.checks.memory import article, as_files, incident, snapshot_of
from tests.checks.workspace import BACKGROUND, NOW, codes, judge
from tests.git.builder import RepoBuilder

INCIDENT = "records/incidents/2026/11/INC-20261121-7K3Q9.yaml"
STRAY = "records/services/mail.txt"
SHOWN = as_files(article(body="![a](/attachments/reset-password/a.png)\n"))


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`main`, and one branch for each thing that a step may bring."""
    made = RepoBuilder(tmp_path_factory.mktemp("step"))
    made.commit({**BACKGROUND, **SHOWN, "attachments/reset-password/a.png": "x", STRAY: "mail"})
    branches: dict[str, dict[str, str | bytes | None]] = {
        "incident": {**as_files(incident(service="soon"))},
        "stray": {"records/teams/it.txt": "it"},
        "twice": {"records/services/portal.yml": "id: portal\n"},
        "by-case": {"Records/x.yaml": "id: x\n"},
        "unshown": {"attachments/reset-password/a.png": None},
        "beside": {"README.md": "Hello\n"},
    }
    for name, files in branches.items():
        made.branch(name, "main")
        made.commit(files)
    made.switch("main")
    return made.path


def test_a_step_tells_what_it_brings_and_nothing_that_was_there(root: Path) -> None:
    report = judge(root, "main", "incident")
    assert codes(report) == ["REF001"]
    assert (report.evaluated, report.changed, report.scope) == ({"incident": 1}, frozenset({INCIDENT}), "step")


def test_names_below_records_that_are_none_are_told(root: Path) -> None:
    assert [finding.path for finding in judge(root, "main", "stray").findings] == ["records/teams/it.txt"]


def test_a_second_file_of_a_record_is_told(root: Path) -> None:
    assert "records/services/portal.yml" in {finding.path for finding in judge(root, "main", "twice").findings}


def test_a_folder_that_differs_from_ours_by_case_is_told(root: Path) -> None:
    (found,) = judge(root, "main", "by-case").findings
    assert (found.path, found.code) == ("Records/x.yaml", CASE_CLASH.code)


def test_an_article_whose_file_is_taken_away_is_told(root: Path) -> None:
    assert "records/knowledge/reset-password.md" in {each.path for each in judge(root, "main", "unshown").findings}


def test_files_beside_the_workspace_are_no_part_of_it(root: Path) -> None:
    report = judge(root, "main", "beside")
    assert (report.findings, report.evaluated) == ((), {})


def test_the_head_is_where_the_checkout_stands_unless_another_is_named(root: Path) -> None:
    checkout = checkout_at(root, NOW)
    try:
        assert check_step(checkout, "main", None).evaluated == {}
        report = check_step(checkout, "main", "incident")
    finally:
        checkout.close()
    assert report.evaluated == {"incident": 1}
    assert "uncommitted edits" in report.notes[0]


def test_without_a_repository_there_is_no_step() -> None:
    with pytest.raises(CouldNotCheck):
        check_step(checkout_over(snapshot_of({}), NOW), "main", None)


Files = dict[str, str | bytes | None]
PICTURE, OTHER = "attachments/reset-password/a.png", "attachments/reset-password/b.png"
START: Files = {
    **BACKGROUND, **SHOWN, PICTURE: "x", OTHER: "x", "theme/base.html": "x", "CODEOWNERS": "* @ana\n", "src.py": "x",
}  # fmt: skip
BASE: Files = {"attachments/reset-password/c.png": "base"}
"""What base changes in every case, so that the branch is behind it."""


def conflicts(root: Path, base: Files, head: Files, prefix: str = "") -> list[str]:
    """The paths that both sides of a step changed, as its check tells them."""
    made = RepoBuilder(root)
    made.commit({prefix + name: content for name, content in START.items()})
    made.branch("head")
    made.commit({prefix + name: content for name, content in head.items()})
    made.switch("main")
    made.commit({prefix + name: content for name, content in {**BASE, **base}.items()})
    found = judge(made.path / prefix, "main", "head").findings
    assert all(each.severity == "error" for each in found if each.code == "LIF027")
    return [each.path for each in found if each.code == "LIF027"]


@pytest.mark.parametrize(
    "path",
    [
        PICTURE, "itsm.yaml", "theme/base.html", "CODEOWNERS", "records/teams/it.yaml",
        "records/knowledge/reset-password.md", "attachments/reset-password/new.png", "theme/static/site.css",
        "records/stray.txt", "attachments/stray", ".gitattributes", "Records/x.yaml", "Theme/x",
    ],
)  # fmt: skip
def test_every_file_of_ours_that_both_sides_changed_is_told(tmp_path: Path, path: str) -> None:
    assert conflicts(tmp_path, {path: "id: base\n"}, {path: "id: head\n"}) == [path]


@pytest.mark.parametrize("path", [PICTURE, "theme/base.html", "CODEOWNERS", "records/teams/it.yaml"])
@pytest.mark.parametrize(("base", "head"), [("base", None), (None, "head")], ids=["removed here", "removed on base"])
def test_a_file_that_one_side_removed_and_the_other_changed_is_told(
    tmp_path: Path, path: str, base: str | None, head: str | None
) -> None:
    assert conflicts(tmp_path, {path: base}, {path: head}) == [path]


def test_a_file_that_one_side_moved_and_the_other_changed_is_told(tmp_path: Path) -> None:
    moved: Files = {PICTURE: None, "attachments/reset-password/moved.png": "x"}
    assert conflicts(tmp_path, {PICTURE: "base"}, moved) == [PICTURE]


def test_a_file_in_the_place_of_a_folder_is_told(tmp_path: Path) -> None:
    """One side needs a folder where the other has a file."""
    found = conflicts(tmp_path, {"attachments/new": "base"}, {"attachments/new/a.png": "head"})
    assert found == ["attachments/new/a.png"]


@pytest.mark.parametrize(
    ("base", "head"),
    [
        ({PICTURE: "same"}, {PICTURE: "same"}),
        ({"theme/new.html": "same"}, {"theme/new.html": "same"}),
        ({PICTURE: None}, {PICTURE: None}),
        ({PICTURE: "base"}, {OTHER: "head"}),
        ({"src.py": "base", "README.md": "base"}, {"src.py": "head", "README.md": "head"}),
    ],
    ids=["the same edit", "the same file", "the same removal", "files of one article", "files beside ours"],
)  # fmt: skip
def test_nothing_is_told_where_no_file_of_ours_has_two_contents(tmp_path: Path, base: Files, head: Files) -> None:
    assert conflicts(tmp_path, base, head) == []


def test_in_a_folder_of_the_repository_the_same_files_are_ours(tmp_path: Path) -> None:
    both: tuple[Files, Files] = ({PICTURE: "b", "theme/base.html": "b"}, {PICTURE: "h", "theme/base.html": "h"})
    assert conflicts(tmp_path, *both, prefix="desk/") == [PICTURE, "theme/base.html"]


def test_a_mode_that_one_side_changed_is_a_change(tmp_path: Path) -> None:
    made = RepoBuilder(tmp_path)
    made.commit({**START})
    made.branch("head")
    made.git("update-index", "--chmod=+x", PICTURE)
    made.git("commit", "--quiet", "-m", "mode")
    made.git("reset", "--quiet", "--hard")
    made.switch("main")
    made.commit({PICTURE: "base"})
    assert [each.path for each in judge(tmp_path, "main", "head").findings if each.code == "LIF027"] == [PICTURE]


def test_with_several_merge_bases_a_file_that_differs_from_one_of_them_on_each_side_is_told(tmp_path: Path) -> None:
    """Each branch has merged the other's earlier tip; `right` then puts back a picture that `left` had changed."""
    made = RepoBuilder(tmp_path)
    made.commit({**START})
    made.branch("left")
    first = made.commit({PICTURE: "left"})
    made.git("switch", "--quiet", "-c", "right", "main")
    second = made.commit({OTHER: "right"})
    made.merge("left")
    made.commit({PICTURE: "x"})
    made.switch("left")
    made.merge(second)
    assert sorted(made.git("merge-base", "--all", "left", "right").split()) == sorted([first, second])
    assert [each.path for each in judge(tmp_path, "left", "right").findings if each.code == "LIF027"] == [PICTURE]
