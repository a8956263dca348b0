"""A checkout is opened lazily and once."""

from __future__ import annotations

from pathlib import Path

import pytest

from itsm_as_code.app.checkout.checkout import Checkout
from itsm_as_code.domain.errors import CouldNotCheck, UsageFault
from tests.checkouts import checkout_at
from tests.checks.workspace import BACKGROUND, NOW
from tests.git.builder import RepoBuilder
from tests.house.counting import counted


@pytest.fixture
def built(tmp_path: Path) -> RepoBuilder:
    """A workspace in a repository with one commit."""
    built = RepoBuilder(tmp_path / "repo")
    built.commit(BACKGROUND)
    return built


def at(built: RepoBuilder) -> Checkout:
    return checkout_at(built.path, NOW)


def test_what_nobody_asks_for_is_not_opened(built: RepoBuilder) -> None:
    with counted() as costs:
        checkout = at(built)
        assert (checkout.root, checkout.start, checkout.now) == (built.path, built.path, NOW)
        checkout.close()
    assert (costs.opened, costs.snapshots, costs.git) == (0, 0, [])


def test_records_are_read_without_opening_the_repository(built: RepoBuilder) -> None:
    with counted() as costs:
        checkout = at(built)
        assert checkout.here.get("team", "it") is checkout.here.get("team", "it")
    assert (costs.opened, costs.snapshots) == (0, 1)


def test_the_repository_is_opened_once_and_closing_leaves_no_process(built: RepoBuilder) -> None:
    with counted() as costs:
        checkout = at(built)
        clone = checkout.require_clone()
        assert checkout.clone is clone and clone.require_base().get("team", "it") is not None
        assert costs.running == 1
        checkout.close()
    assert (costs.opened, costs.bases, costs.running) == (1, 1, 0)


def test_what_is_written_shares_what_is_opened_and_what_was_read(built: RepoBuilder) -> None:
    with counted() as costs:
        checkout = at(built)
        clone, team = checkout.require_clone(), checkout.here.get("team", "it")
        new = b"id: new\nkind: team\nschema: 1\nname: New\nmembers: [ana]\n"
        after = checkout.written({"records/teams/new.yaml": new})
        assert after.clone is clone
        assert after.here.get("team", "it") is team
        assert after.here.get("team", "new") is not None and checkout.here.get("team", "new") is None
        assert checkout.lean.get("team", "new") is None and after.lean.get("team", "new") is not None
        assert (after.root, after.home, after.now) == (checkout.root, checkout.home, checkout.now)
        after.close()
    assert (costs.opened, costs.running) == (1, 0)
    assert not (built.path / "records/teams/new.yaml").exists()


def test_a_copy_that_opens_the_repository_opens_it_for_all(built: RepoBuilder) -> None:
    with counted() as costs:
        checkout = at(built)
        after = checkout.written({})
        assert after.require_clone().repository is checkout.require_clone().repository
        checkout.close()
    assert costs.opened == 1


def test_without_a_repository_the_clone_says_why_there_is_none(tmp_path: Path) -> None:
    (tmp_path / "itsm.yaml").write_text(BACKGROUND["itsm.yaml"])
    with counted() as costs:
        checkout = checkout_at(tmp_path, NOW)
        assert checkout.clone is None
        for _ in range(2):
            with pytest.raises(CouldNotCheck, match="is in no Git repository"):
                checkout.require_clone()
        checkout.close()
    assert costs.opened == 1


def test_what_is_to_be_pushed_needs_a_remote(built: RepoBuilder) -> None:
    checkout = at(built)
    with pytest.raises(CouldNotCheck, match="there is no remote origin to push to"):
        checkout.fetched()
    checkout.close()


def test_a_checkout_that_was_fetched_sees_what_came_and_keeps_what_was_read(built: RepoBuilder) -> None:
    here = RepoBuilder(built.path.parent / "here", clone_of=built.path)
    checkout = at(here)
    team = checkout.here.get("team", "it")
    came = built.commit({"README.md": "Hello."})
    assert checkout.require_clone().require_base_tree().commit != came
    after = checkout.fetched()
    assert after.require_clone().require_base_tree().commit == came
    assert after.here.get("team", "it") is team
    after.close()


def test_settings_with_faults_are_named_with_the_command_that_shows_them(built: RepoBuilder) -> None:
    at(built).require_settings()
    built.write({"itsm.yaml": "id: 4h7k2m9qx1zt\nschema: 1\nname: Example\ncolour: red\n"})
    with pytest.raises(CouldNotCheck, match=r"^itsm\.yaml: ") as raised:
        at(built).require_settings()
    assert raised.value.hint == "itsm check itsm.yaml"


def test_the_person_is_whom_the_identity_names(built: RepoBuilder, monkeypatch: pytest.MonkeyPatch) -> None:
    assert at(built).person == "ana"
    monkeypatch.setenv("GIT_AUTHOR_EMAIL", "eve@example.org")
    with pytest.raises(UsageFault, match=r"nobody in records/people has the address eve@example\.org"):
        _ = at(built).person


def require_same_protection(built: RepoBuilder) -> None:
    checkout = at(built)
    try:
        checkout.require_same_protection()
    finally:
        checkout.close()


def test_what_an_itsm_yaml_here_says_of_the_protected_branch_has_to_be_what_that_says(built: RepoBuilder) -> None:
    require_same_protection(built)
    other = BACKGROUND["itsm.yaml"] + "forge:\n  type: none\n  protected_ref: refs/heads/{}\n"
    built.write({"itsm.yaml": other.format("mine")})
    with pytest.raises(CouldNotCheck) as raised:
        require_same_protection(built)
    assert raised.value.message == "itsm.yaml here says that mine is the protected branch, but main is"
    assert raised.value.hint == "git checkout main -- itsm.yaml"
    for harmless in (other.format("main"), other.format("mine") + "colour: red\n", None):
        built.write({"itsm.yaml": harmless})
        require_same_protection(built)


def test_all_records_are_read_anew_where_something_is_written_over_them(built: RepoBuilder) -> None:
    checkout = at(built)
    assert checkout.lean.get("team", "new") is None
    after = checkout.written({"records/teams/new.yaml": b"id: new\nkind: team\nschema: 1\nname: New\nmembers: []\n"})
    assert after.lean.get("team", "new") is not None


def test_a_checkout_is_where_and_whose_it_was_said_to_be(tmp_path: Path) -> None:
    made = Checkout.of(tmp_path / "root", tmp_path / "start", NOW, tmp_path / "home")
    assert (made.root, made.start, made.now, made.home) == (
        tmp_path / "root", tmp_path / "start", NOW, tmp_path / "home",
    )  # fmt: skip
    assert made.written({}).home == made.home


def test_the_files_here_are_read_with_what_was_written_in_them(built: RepoBuilder) -> None:
    """Without it nobody could say what a step changes; a reader of all records leaves it out."""
    checkout = at(built)
    for snapshot, kept in ((checkout.here, True), (checkout.lean, False)):
        loaded = snapshot.load("records/teams/it.yaml")
        assert loaded is not None and (loaded.data is not None) is kept
    assert checkout.lean is checkout.lean


def test_faults_of_settings_are_told_in_their_own_words(built: RepoBuilder) -> None:
    built.write({"itsm.yaml": "id: 4h7k2m9qx1zt\nschema: 1\nname: Example\ncolour: red\n"})
    (found, *_) = at(built).here.settings_findings
    with pytest.raises(CouldNotCheck) as raised:
        at(built).require_settings()
    assert raised.value.message == f"itsm.yaml: {found.message}"
