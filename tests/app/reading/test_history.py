"""`itsm log`: the commits that changed a record, newest first, field by field."""

from __future__ import annotations

from pathlib import Path

import pytest

from itsm_as_code.app.reading.history import LoggedCommit, record_log
from itsm_as_code.domain.errors import CouldNotCheck, UsageFault
from tests.checkouts import checkout_at, checkout_over
from tests.checks.memory import as_files, service, snapshot_of
from tests.checks.workspace import BACKGROUND, NOW
from tests.git.builder import RepoBuilder

PATH = "records/services/payroll.yaml"


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A service that was made, raised on a branch that was merged, laid out anew, broken and fixed."""
    made = RepoBuilder(tmp_path_factory.mktemp("history"))
    made.commit({**BACKGROUND, **as_files(service())}, "make it")
    made.branch("work")
    made.commit(as_files(service(tier=1)), "raise it")
    made.switch("main")
    made.commit({"README.md": "Hello\n"}, "beside")
    made.merge("work")
    made.commit({PATH: next(iter(as_files(service(tier=1)).values())) + "\n"}, "lay it out")
    made.commit({PATH: "id: [\n"}, "break it")
    made.commit(as_files(service(tier=3)), "fix it")
    return made.path


def log(root: Path, ref: str) -> list[LoggedCommit]:
    checkout = checkout_at(root, NOW)
    try:
        return list(record_log(checkout, ref))
    finally:
        checkout.close()


def test_only_commits_that_changed_what_the_record_says_are_told_newest_first(root: Path) -> None:
    assert [each.commit.subject for each in log(root, "payroll")] == ["fix it", "break it", "raise it", "make it"]


def test_a_commit_tells_each_field_before_and_after(root: Path) -> None:
    raised = next(each for each in log(root, "payroll") if each.commit.subject == "raise it")
    (change,) = raised.changes
    assert (change.field, change.before, change.after) == (("tier",), 2, 1)


def test_versions_that_can_not_be_read_are_told_as_that(root: Path) -> None:
    assert [each.readable for each in log(root, "payroll")] == [False, False, True, True]


def test_without_a_repository_there_is_no_history() -> None:
    with pytest.raises(CouldNotCheck):
        list(record_log(checkout_over(snapshot_of({}), NOW), "portal"))


def test_a_record_that_is_not_there_has_no_history(root: Path) -> None:
    with pytest.raises(UsageFault):
        log(root, "nowhere")
