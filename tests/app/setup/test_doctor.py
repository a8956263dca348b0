"""`itsm doctor`: everything that is needed is looked at, in the order in which it is needed, and nothing is fixed."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from itsm_as_code.app.setup import doctor
from itsm_as_code.app.setup.doctor import Grade, Probe, examine, look_at_repository
from tests.checkouts import checkout_at
from tests.checks.workspace import BACKGROUND, NOW, workspace
from tests.git.builder import RepoBuilder


def looks(start: Path) -> dict[str, Probe]:
    return {look.what: look for look in examine(start)}


@pytest.fixture
def repo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RepoBuilder:
    """A workspace with one commit, at which Ana sits."""
    for role in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{role}_NAME", "Ana Author")
        monkeypatch.setenv(f"GIT_{role}_EMAIL", "ana@example.org")
    made = RepoBuilder(tmp_path / "ws")
    made.commit(BACKGROUND)
    return made


def test_a_workspace_in_order_is_good_but_for_schemas_that_nobody_wrote(repo: RepoBuilder) -> None:
    found = looks(repo.path)
    assert {look.what for look in found.values() if look.grade is not Grade.GOOD} <= {"schemas"}
    assert (found["who you are"].seen, found["workspace"].seen) == ("ana", str(repo.path))
    assert found["schemas"].way_out == "itsm generate schemas"


def test_without_a_workspace_the_rest_is_not_looked_at(tmp_path: Path) -> None:
    *_, last = examine(tmp_path)
    assert (last.what, last.grade) == ("workspace", Grade.BAD)
    assert last.way_out


def test_settings_with_faults_are_bad_and_the_rest_is_still_looked_at(repo: RepoBuilder) -> None:
    repo.write({"itsm.yaml": "schema: 1\n"})
    found = looks(repo.path)
    assert found["itsm.yaml"].grade is Grade.BAD
    assert "schemas" in found


def test_a_union_merge_is_bad_unless_it_is_a_comment(repo: RepoBuilder) -> None:
    repo.write({".gitattributes": "# *.yaml merge=union\n"})
    assert looks(repo.path)[".gitattributes"].grade is Grade.GOOD
    repo.write({".gitattributes": "*.yaml merge=union\n"})
    assert looks(repo.path)[".gitattributes"].way_out == "remove: *.yaml merge=union"


def test_a_missing_library_or_git_is_told_with_the_way_to_get_it(
    repo: RepoBuilder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doctor, "find_spec", lambda name: None)
    monkeypatch.setattr(shutil, "which", lambda name: None)
    found = looks(repo.path)
    assert (found["pydantic"].grade, found["ryaml"].grade) == (Grade.BAD, Grade.WEAK)
    assert found["ryaml"].way_out == "pip install ryaml"
    assert found["git"].grade is Grade.BAD


def test_a_folder_in_no_repository_is_weak(tmp_path: Path) -> None:
    (look,) = look_at_repository(workspace(tmp_path))
    assert (look.what, look.grade) == ("repository", Grade.WEAK)


def test_a_shallow_clone_and_an_unknown_person_are_weak(
    repo: RepoBuilder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repo.commit({"README.md": "Hello\n"})
    shallow = RepoBuilder(tmp_path / "shallow", "--depth=1", clone_of=f"file://{repo.path}")
    monkeypatch.setenv("GIT_AUTHOR_EMAIL", "eve@example.org")
    monkeypatch.setenv("GIT_COMMITTER_EMAIL", "eve@example.org")
    checkout = checkout_at(shallow.path, NOW)
    found = {look.what: look.grade for look in look_at_repository(checkout)}
    checkout.close()
    assert found == {"repository": Grade.GOOD, "history": Grade.WEAK, "who you are": Grade.WEAK}
