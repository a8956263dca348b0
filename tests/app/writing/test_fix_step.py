"""`itsm fix --base REV`: the step from there to the files as they lie here, with its revisions and its authors."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from itsm_as_code.app.checkout.checkout import Checkout
from itsm_as_code.app.writing.fix_step import fix_step
from itsm_as_code.domain.errors import CouldNotCheck
from tests.checkouts import anew, checkout_at, checkout_over
from tests.checks.memory import as_files, change, snapshot_of
from tests.checks.workspace import BACKGROUND, NOW
from tests.git.builder import RepoBuilder

PATH = "records/changes/2026/11/CHG-20261121-4M2XT.yaml"
EDITED = as_files(change(reason="Else", authors=["ana"]))


@pytest.fixture
def repo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RepoBuilder:
    """A workspace with a change of ana's; ben sits here."""
    for role in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{role}_NAME", "Ben Builder")
        monkeypatch.setenv(f"GIT_{role}_EMAIL", "ben@example.org")
    made = RepoBuilder(tmp_path)
    made.commit({**BACKGROUND, **as_files(change(authors=["ana"]))})
    return made


@pytest.fixture
def checkout(repo: RepoBuilder) -> Iterator[Checkout]:
    opened = checkout_at(repo.path, NOW)
    yield opened
    opened.close()


def test_work_that_is_not_committed_gets_its_revision_and_who_sits_here_for_author(
    repo: RepoBuilder, checkout: Checkout
) -> None:
    repo.write(EDITED)
    ((one,), left) = fix_step(checkout, "main", unsafe=False)
    assert one.path == PATH
    assert b"revision" in one.after
    assert b"ben" in one.after
    assert left == 0
    assert (repo.path / PATH).read_text() == EDITED[PATH], "it shows before it writes"


def test_once_it_is_written_nothing_is_left_to_fix(repo: RepoBuilder, checkout: Checkout) -> None:
    repo.write(EDITED)
    ((one,), _) = fix_step(checkout, "main", unsafe=False)
    repo.write({PATH: one.after})
    again = anew(checkout)
    try:
        assert fix_step(again, "main", unsafe=False) == ((), 0)
    finally:
        again.close()


def test_who_did_not_write_on_a_record_does_not_become_its_author(repo: RepoBuilder, checkout: Checkout) -> None:
    repo.branch("work")
    repo.commit(EDITED)
    ((one,), _) = fix_step(checkout, "main", unsafe=False)
    assert b"revision" in one.after
    assert b"ben" not in one.after


def test_a_step_that_changes_nothing_has_nothing_to_fix(checkout: Checkout) -> None:
    assert fix_step(checkout, "main", unsafe=False) == ((), 0)


def test_without_a_repository_there_is_no_step() -> None:
    with pytest.raises(CouldNotCheck):
        fix_step(checkout_over(snapshot_of({}), NOW), "main", unsafe=False)
