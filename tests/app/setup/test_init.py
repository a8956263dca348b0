"""`itsm init`: a workspace that passes its own check, made whole or not at all."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from itsm_as_code.app.checking.whole import check_tree
from itsm_as_code.app.setup.init import InitRequest, identity_of, initialise
from itsm_as_code.domain.errors import CouldNotCheck, UsageFault
from itsm_as_code.store.worktree import WorkTree
from tests.checks.workspace import NOW
from tests.git.builder import RepoBuilder

REQUEST = InitRequest("Example", "Patient portal", "Ana Example", "ana@example.org", "Europe/Lisbon")


def test_a_new_workspace_passes_its_own_check(tmp_path: Path) -> None:
    made = initialise(tmp_path / "new" / "ws", REQUEST, NOW, git=False)
    assert check_tree(WorkTree(made.root), NOW).findings == ()
    assert not made.new_repository
    assert {"itsm.yaml", "records/services/patient-portal.yaml", "records/people/ana-example.yaml"} <= set(made.files)
    assert all((made.root / path).is_file() for path in made.files)


def test_every_workspace_gets_an_id_of_its_own(tmp_path: Path) -> None:
    roots = [initialise(tmp_path / name, REQUEST, NOW, git=False).root for name in "ab"]
    first, second = ((root / "itsm.yaml").read_text("utf-8") for root in roots)
    assert first != second


def test_names_without_latin_letters_get_other_ids(tmp_path: Path) -> None:
    foreign = replace(REQUEST, service_name="患者ポータル", person_name="Анна")
    made = initialise(tmp_path, foreign, NOW, git=False)
    assert {"records/services/first-service.yaml", "records/people/ana.yaml"} <= set(made.files)
    assert check_tree(WorkTree(made.root), NOW).findings == ()


def test_what_would_give_a_file_with_findings_is_refused_and_nothing_is_made(tmp_path: Path) -> None:
    with pytest.raises(UsageFault, match="would be wrong"):
        initialise(tmp_path / "ws", replace(REQUEST, email="nobody"), NOW)
    assert not (tmp_path / "ws").exists()


def test_files_that_people_have_of_their_own_are_kept_and_others_stop_it(tmp_path: Path) -> None:
    (tmp_path / ".gitignore").write_text("mine\n")
    made = initialise(tmp_path, REQUEST, NOW, git=False)
    assert ".gitignore" not in made.files
    assert (tmp_path / ".gitignore").read_text() == "mine\n"
    with pytest.raises(UsageFault, match="already exists"):
        initialise(tmp_path, REQUEST, NOW, git=False)


def test_a_repository_is_made_where_the_folder_lies_in_none(tmp_path: Path) -> None:
    assert initialise(tmp_path / "alone", REQUEST, NOW).new_repository
    repo = RepoBuilder(tmp_path / "repo")
    repo.write({".gitignore": "scratch/\n"})
    assert not initialise(repo.path / "ops", REQUEST, NOW).new_repository
    assert not (repo.path / "ops" / ".git").exists()
    assert initialise(repo.path / "scratch", REQUEST, NOW).new_repository, "what Git ignores needs one of its own"


def test_a_file_in_the_place_of_the_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "ws").write_text("x")
    with pytest.raises(CouldNotCheck, match="could not be made"):
        initialise(tmp_path / "ws" / "deep", REQUEST, NOW)


def test_the_identity_is_that_of_git_or_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    for name in ("GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL", "GIT_COMMITTER_NAME", "GIT_COMMITTER_EMAIL", "EMAIL"):
        monkeypatch.delenv(name, raising=False)
    repo = RepoBuilder(tmp_path)
    assert identity_of(repo.path) == ("Ursula User", "ursula@example.org")
    repo.git("config", "user.useConfigOnly", "true")
    repo.git("config", "--unset", "user.email")
    assert identity_of(repo.path) is None
