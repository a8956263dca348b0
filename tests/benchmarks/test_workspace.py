"""What the benchmarks measure must be sound: a workspace with faults would measure something else."""

from __future__ import annotations

import subprocess
from collections import Counter
from datetime import datetime
from pathlib import Path

import pytest

from benchmarks import history, verdicts, workspace
from benchmarks.gated_step import FILES, GatedStep
from itsm_as_code.app.checking.step import check_step
from itsm_as_code.app.checking.whole import check_workspace
from itsm_as_code.domain.ids import parse_path
from itsm_as_code.evidence.verification import faults
from tests.checkouts import checkout_at

AT = datetime.fromisoformat(workspace.CLOCK)


@pytest.mark.parametrize("size", [333, 1100])
def test_a_workspace_of_any_size_passes_its_check(tmp_path: Path, size: int) -> None:
    workspace.write(tmp_path, size)
    report = check_workspace(checkout_at(tmp_path, AT))
    assert report.total == size
    assert [f"{each.path}: {each.message}" for each in report.findings if each.severity == "error"] == []
    copied = {Path(finding.path).stem for finding in report.findings} - {_id(path) for path, _ in workspace.files(0)}
    assert copied == set(), "copies have no findings, so that a large workspace has no more than a small one"


def test_the_same_size_gives_the_same_bytes() -> None:
    assert list(workspace.files(500)) == list(workspace.files(500))


def test_no_path_is_made_twice_and_every_path_is_a_records() -> None:
    paths = [path for path, _ in workspace.files(1100)]
    assert max(Counter(paths).values()) == 1
    assert [path for path in paths if parse_path(path) is None] == ["itsm.yaml"]


def test_records_are_as_long_as_those_people_write() -> None:
    lengths = [len(data) for _, data in workspace.files(1100)]
    assert 1500 < sum(lengths) / len(lengths) < 3000


def test_the_last_commit_changes_five_records_and_passes_the_check_of_steps(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    history.write_repository(tmp_path, 600)
    report = check_step(checkout_at(tmp_path, AT), "HEAD~1", None)
    assert report.total == history.CHANGED
    assert report.findings == ()
    commits = subprocess.run(
        ["git", "-C", str(tmp_path), "rev-list", "--count", "HEAD"], capture_output=True, text=True, check=True
    )
    assert int(commits.stdout) == 3


def test_the_gated_step_lands_a_change_that_its_acts_approve(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    keys, root = tmp_path / "keys", tmp_path / "gated"
    keys.mkdir()
    history.write_repository(root, 600, GatedStep(keys))
    report = check_step(checkout_at(root, AT), "HEAD~1", None)
    assert report.total == FILES
    assert report.findings == ()


def test_the_verdict_that_is_timed_approves_with_every_sort_of_act() -> None:
    found = verdicts.matter()
    answer = found.judge()
    assert answer.is_open
    assert (len(found.people.members), len(found.people.teams), len(found.acts)) == (
        verdicts.PEOPLE, verdicts.TEAMS, verdicts.ACTS,
    )  # fmt: skip
    assert len(answer.rules) == 4
    assert len(answer.skipped_rules) == 12
    assert {each.why.split()[0] for each in answer.discarded} == {"stale:", "superseded", "all"}


def test_the_signatures_that_are_timed_verify(tmp_path: Path) -> None:
    claims = verdicts.signed_claims(tmp_path, 3)
    assert faults(claims, verdicts.NOW) == [None] * 3


def _id(path: str) -> str:
    return Path(path).stem
