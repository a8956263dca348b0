"""Which branch is protected, and what a clone knows of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import pytest

from itsm_as_code.app.checkout.clone import Clone
from itsm_as_code.domain.errors import CouldNotCheck
from itsm_as_code.git.repository import open_repository
from tests.git.builder import RepoBuilder
from tests.house.counting import counted

PLAIN = "id: 4h7k2m9qx1zt\nschema: 1\nname: Example\n"
Opener = Callable[[RepoBuilder], Clone]


def naming(branch: str) -> dict[str, str]:
    """An itsm.yaml that names a branch the protected one."""
    return {"itsm.yaml": f"{PLAIN}forge:\n  type: none\n  protected_ref: refs/heads/{branch}\n"}


@pytest.fixture
def clone_of() -> Iterator[Opener]:
    """Opens clones, and closes them after the test."""
    with ExitStack() as stack:
        yield lambda built: Clone(stack.enter_context(open_repository(built.path)))


@pytest.fixture
def there(tmp_path: Path) -> RepoBuilder:
    """What is cloned: a repository whose branch main has one commit."""
    built = RepoBuilder(tmp_path / "there")
    built.commit({"itsm.yaml": PLAIN})
    return built


def cloned(there: RepoBuilder, name: str = "here", *options: str) -> RepoBuilder:
    return RepoBuilder(there.path.parent / name, *options, clone_of=there.path)


# Where the search begins.


def test_the_configuration_of_the_clone_says_it_first(there: RepoBuilder, clone_of: Opener) -> None:
    there.branch("release")
    there.commit(naming("release"))
    here = cloned(there)
    here.git("remote", "set-head", "origin", "main")
    here.git("config", "itsm.protectedRef", "refs/heads/release")
    clone = clone_of(here)
    assert (clone.protected, clone.name_of_base) == ("release", "origin/release")


def test_without_configuration_the_remotes_main_branch_is_meant(there: RepoBuilder, clone_of: Opener) -> None:
    there.branch("trunk")
    there.commit(naming("trunk"))
    here = cloned(there)
    here.git("switch", "--quiet", "-c", "mine")
    clone = clone_of(here)
    assert clone.protected == "trunk"
    assert clone.require_base_tree().commit == there.head("trunk")


def test_without_the_remotes_head_the_usual_name_is_meant(there: RepoBuilder, clone_of: Opener) -> None:
    there.branch("aside")
    here = cloned(there)
    here.git("remote", "set-head", "origin", "--delete")
    assert clone_of(here).protected == "main"


def test_the_only_branch_of_the_remote_is_meant(tmp_path: Path, clone_of: Opener) -> None:
    there = RepoBuilder(tmp_path / "there")
    there.git("symbolic-ref", "HEAD", "refs/heads/trunk")
    there.commit(naming("trunk"))
    here = cloned(there)
    here.git("remote", "set-head", "origin", "--delete")
    assert clone_of(here).protected == "trunk"


def test_of_several_branches_none_is_guessed_at(there: RepoBuilder, clone_of: Opener) -> None:
    there.git("branch", "--move", "main", "trunk")
    there.branch("aside")
    here = cloned(there)
    here.git("remote", "set-head", "origin", "--delete")
    with pytest.raises(CouldNotCheck) as raised:
        _ = clone_of(here).protected
    assert raised.value.message == (
        "can't tell which branch of origin is protected: this clone does not know the remote's main branch"
    )
    assert raised.value.hint == "git remote set-head origin --auto"


def test_without_a_remote_the_local_branch_of_the_usual_name_is_meant(there: RepoBuilder, clone_of: Opener) -> None:
    there.branch("proposal")
    there.commit({"README.md": "Hello."})
    clone = clone_of(there)
    assert (clone.protected, clone.name_of_base) == ("main", "main")
    assert clone.require_base_tree().commit == there.head("main")


def test_without_such_a_branch_what_is_checked_out_gives_the_records(there: RepoBuilder, clone_of: Opener) -> None:
    there.git("branch", "--move", "main", "trunk")
    clone = clone_of(there)
    assert clone.protected == "main" and clone.require_base_tree().commit == there.head("trunk")


# What the branch itself says.


def test_the_branch_that_is_asked_may_name_another(there: RepoBuilder, clone_of: Opener) -> None:
    there.branch("release")
    there.commit(naming("release"))
    there.switch("main")
    there.commit(naming("release"))
    clone = clone_of(cloned(there))
    assert clone.protected == "release"
    assert clone.require_base_tree().commit == there.head("release")


def test_two_branches_that_name_each_other_stop_the_search(there: RepoBuilder, clone_of: Opener) -> None:
    there.branch("release")
    there.commit(naming("main"))
    there.switch("main")
    there.commit(naming("release"))
    with pytest.raises(CouldNotCheck) as raised:
        _ = clone_of(cloned(there)).protected
    assert raised.value.message == ("main says that the protected branch is release, and release says that it is main")
    assert raised.value.hint == (
        "correct forge.protected_ref in the itsm.yaml of release: a protected branch names itself"
    )


def test_neither_a_work_tree_nor_a_proposal_moves_the_protected_branch(there: RepoBuilder, clone_of: Opener) -> None:
    here = cloned(there)
    here.branch("proposal")
    here.commit(naming("proposal"))
    here.write(naming("mine"))
    clone = clone_of(here)
    assert clone.protected == "main"
    assert clone.require_base_tree().commit == there.head("main")


def test_an_itsm_yaml_with_findings_names_no_branch(there: RepoBuilder, clone_of: Opener) -> None:
    there.commit({"itsm.yaml": f"{PLAIN}colour: red\nforge:\n  type: none\n  protected_ref: refs/heads/release\n"})
    assert clone_of(there).protected == "main"


def test_a_branch_without_itsm_yaml_is_its_own_answer(tmp_path: Path, clone_of: Opener) -> None:
    bare = RepoBuilder(tmp_path / "bare")
    bare.commit({"README.md": "Hello."})
    assert clone_of(bare).protected == "main"


# Without commits, without a branch.


def test_before_the_first_commit_there_is_no_base(tmp_path: Path, clone_of: Opener) -> None:
    clone = clone_of(RepoBuilder(tmp_path / "unborn"))
    assert (clone.protected, clone.base, clone.base_tree, clone.name_of_head) == ("main", None, None, "HEAD")
    for asking in (clone.require_base, clone.require_base_tree):
        with pytest.raises(CouldNotCheck) as raised:
            asking()
        assert raised.value.message == "there is no commit yet to take the rules from"
        assert raised.value.hint == "commit the workspace first"


def test_a_detached_head_is_named_by_its_commit(there: RepoBuilder, clone_of: Opener) -> None:
    there.commit({"README.md": "Hello."})
    there.git("switch", "--quiet", "--detach", "HEAD~1")
    clone = clone_of(there)
    assert (clone.protected, clone.state.branch) == ("main", None)
    assert clone.name_of_head == there.head()[:12]
    assert clone.require_base_tree().commit == there.head("main")


def test_a_head_that_was_pushed_is_named_by_its_branch(there: RepoBuilder, clone_of: Opener) -> None:
    there.branch("proposal")
    there.commit({"README.md": "Hello."})
    there.switch("main")
    here = cloned(there)
    here.git("switch", "--quiet", "proposal")
    assert clone_of(here).name_of_head == "origin/proposal"


# What is asked once, and what is fetched.


def test_base_is_resolved_once_and_branches_are_asked_once(there: RepoBuilder, clone_of: Opener) -> None:
    clone = clone_of(there)
    with counted() as costs:
        for _ in range(2):
            assert clone.protected == "main" and clone.require_base().settings.name == "Example"
            assert clone.name_of_base == "main" and clone.base_tree is not None and clone.state.head
    assert (costs.bases, costs.parsed_most) == (1, 1)
    assert sum("for-each-ref" in asked for asked in costs.git) == 1


def test_what_came_is_seen_by_the_clone_that_was_fetched_alone(there: RepoBuilder, clone_of: Opener) -> None:
    clone = clone_of(cloned(there))
    before = clone.require_base_tree().commit
    came = there.commit({"README.md": "Hello."})
    after = clone.fetched()
    assert after.require_base_tree().commit == came
    assert clone.require_base_tree().commit == before
    assert after.repository is clone.repository


def test_a_fetch_that_fails_leaves_the_clone_as_it_was(there: RepoBuilder, clone_of: Opener) -> None:
    here = cloned(there)
    there.path.rename(there.path.with_name("gone"))
    clone = clone_of(here)
    assert clone.fetched() is clone


def test_only_a_remote_can_be_pushed_to(there: RepoBuilder, clone_of: Opener) -> None:
    with pytest.raises(CouldNotCheck) as raised:
        clone_of(there).require_remote()
    assert raised.value.message == "there is no remote origin to push to; nothing was written"
    assert raised.value.hint == "git remote add origin ADDRESS"
    clone_of(cloned(there)).require_remote()


def test_what_differs_from_head_is_asked_once(there: RepoBuilder, clone_of: Opener) -> None:
    there.write({"itsm.yaml": f"{PLAIN}# Hello.\n", "new.md": "Hello."})
    clone = clone_of(there)
    assert clone.dirty == {"itsm.yaml", "new.md"}
    there.write({"later.md": "Hello."})
    assert clone.dirty == {"itsm.yaml", "new.md"}


def test_the_clock_of_the_branch_is_that_of_its_own_steps(there: RepoBuilder, clone_of: Opener) -> None:
    """A proposal that is checked out has other commits, which say nothing about when the branch moved."""
    there.branch("proposal")
    there.commit({"README.md": "Hello."})
    line = clone_of(there).line(datetime(2027, 1, 1, tzinfo=UTC))
    landed = int(there.git("log", "-1", "--format=%ct", "main"))
    assert line.of(there.head("main")) == datetime.fromtimestamp(landed, UTC)
    with pytest.raises(CouldNotCheck):
        clone_of(RepoBuilder(there.path.parent / "unborn")).line(datetime(2027, 1, 1, tzinfo=UTC))


def test_a_branch_of_the_remote_that_only_has_the_protected_one_is_named_by_its_commit(
    there: RepoBuilder, clone_of: Opener
) -> None:
    """`origin/main` is base, so it is no name for head."""
    assert clone_of(cloned(there)).name_of_head == there.head()[:12]


def test_a_base_keeps_what_was_written_so_that_both_sides_can_be_compared(there: RepoBuilder, clone_of: Opener) -> None:
    there.commit({"records/teams/it.yaml": "id: it\nkind: team\nschema: 1\nname: IT\nmembers: []\n"})
    loaded = clone_of(there).require_base().load("records/teams/it.yaml")
    assert loaded is not None and loaded.data is not None


def test_what_an_itsm_yaml_without_a_forge_protects_is_the_usual_branch(there: RepoBuilder, clone_of: Opener) -> None:
    there.branch("release")
    here = cloned(there)
    here.git("config", "itsm.protectedRef", "refs/heads/release")
    clone = clone_of(here)
    assert clone.protected == "main" and clone.require_base_tree().commit == there.head("main")
