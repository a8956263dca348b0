"""The audit: where it begins and ends, what shape the history must have, and which faults count."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from itsm_as_code.app.checking.audit import audit
from itsm_as_code.app.checkout.checkout import Checkout
from itsm_as_code.checks.approvals import PAST_THE_CHECK
from itsm_as_code.domain.errors import CouldNotCheck
from tests.checkouts import checkout_at
from tests.checks.memory import as_files, incident
from tests.checks.workspace import BACKGROUND, NOW
from tests.cli.inside import Place
from tests.git.builder import RepoBuilder

INCIDENT = "records/incidents/2026/11/INC-20261121-7K3Q9.yaml"


@pytest.fixture(scope="module")
def repo(tmp_path_factory: pytest.TempPathFactory) -> RepoBuilder:
    """A branch on which a record was badly written, one was deleted, one can't be read, and three branches met."""
    made = RepoBuilder(tmp_path_factory.mktemp("audit"))
    made.commit(BACKGROUND, "found")
    made.commit(as_files(incident(service="soon")), "a reference to nothing")
    made.git("tag", "begun")
    made.commit({INCIDENT: None}, "take it away")
    made.commit({"records/teams/cab.yaml": "id: [\n"}, "broken")
    made.commit({"records/teams/cab.yaml": "id: cab\nkind: team\nschema: 1\nname: CAB\nmembers:\n- ana\n"}, "fixed")
    sides = [made.commit_tree(made.git("rev-parse", "HEAD^{tree}"), made.head(), message=name) for name in "ab"]
    tip = made.commit_tree(made.git("rev-parse", "HEAD^{tree}"), made.head(), *sides, message="three meet")
    made.git("reset", "--quiet", "--hard", tip)
    return made


@pytest.fixture
def checkout(repo: RepoBuilder) -> Iterator[Checkout]:
    opened = checkout_at(repo.path, NOW)
    yield opened
    opened.close()


def test_every_step_is_judged_and_the_first_commit_is_the_root_of_trust(repo: RepoBuilder, checkout: Checkout) -> None:
    found = audit(checkout, None, None, None)
    first = repo.head("main~5")
    assert (found.anchor, found.start, found.end, found.steps) == (first, first, repo.head("main"), 6)
    assert not found.clean


def test_what_can_be_judged_for_ever_counts_and_how_well_it_was_written_does_not(checkout: Checkout) -> None:
    found = {
        step.subject: [fault.finding.code for fault in step.faults] for step in audit(checkout, None, None, None).faulty
    }
    assert "a reference to nothing" not in found
    assert found["take it away"] and all(code.startswith("LIF") for code in found["take it away"])
    assert found["broken"] and all(code.startswith("YAML") for code in found["broken"])
    assert found["three meet"] == [PAST_THE_CHECK.code]


def test_a_faulty_step_says_who_made_it_and_when_it_landed(checkout: Checkout) -> None:
    step = next(each for each in audit(checkout, None, None, None).faulty if each.subject == "take it away")
    assert step.committer == "Carl Committer <carl@example.org>"
    assert isinstance(step.landed_at, datetime)
    assert step.landed_at < NOW


def test_an_audit_can_begin_after_a_step_and_end_at_another(repo: RepoBuilder, checkout: Checkout) -> None:
    found = audit(checkout, "begun", "main~2", None)
    assert (found.start, found.end, found.steps) == (repo.head("begun"), repo.head("main~2"), 2)


def test_a_beginning_beside_the_branch_is_refused(repo: RepoBuilder, checkout: Checkout) -> None:
    with pytest.raises(CouldNotCheck, match="not a step of the branch"):
        audit(checkout, "main^2", None, None)


def test_a_history_with_another_root_is_refused(checkout: Checkout) -> None:
    with pytest.raises(CouldNotCheck, match="the root of trust is"):
        audit(checkout, None, None, "main")


def test_a_shallow_clone_can_not_be_audited(repo: RepoBuilder, tmp_path: Path) -> None:
    RepoBuilder(tmp_path / "shallow", "--depth=1", clone_of=f"file://{repo.path}")
    opened = checkout_at(tmp_path / "shallow", NOW)
    try:
        with pytest.raises(CouldNotCheck):
            audit(opened, None, None, None)
    finally:
        opened.close()


def test_annotations_of_an_audit_name_the_folder_of_the_workspace(tmp_path: Path) -> None:
    made = RepoBuilder(tmp_path / "repo")
    made.commit({f"ops/{path}": text for path, text in BACKGROUND.items()}, "found")
    made.commit({"ops/records/teams/cab.yaml": "id: [\n"}, "broken")
    done = Place(made.path / "ops").itsm("check", "--history", "--format", "github")
    (line,) = (line for line in done.out.splitlines() if line.startswith("::error"))
    assert line.startswith("::error file=ops/records/teams/cab.yaml,")
