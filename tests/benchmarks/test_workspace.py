"""What the benchmarks measure must be sound: a workspace with faults would measure something else."""

from __future__ import annotations

import subprocess
from collections import Counter
from datetime import datetime
from pathlib import Path

import pytest

from benchmarks import history, workspace
from itsm_as_code.app.check import check_workspace
from itsm_as_code.app.check_step import check_step
from itsm_as_code.app.workspace import find_workspace
from itsm_as_code.domain.ids import parse_path

AT = datetime.fromisoformat(workspace.CLOCK)


@pytest.mark.parametrize("size", [333, 1100])
def test_a_workspace_of_any_size_passes_its_check(tmp_path: Path, size: int) -> None:
    workspace.write(tmp_path, size)
    report = check_workspace(find_workspace(tmp_path), AT)
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
    report = check_step(find_workspace(tmp_path), "HEAD~1", None, AT)
    assert report.total == history.CHANGED
    assert report.findings == ()
    commits = subprocess.run(
        ["git", "-C", str(tmp_path), "rev-list", "--count", "HEAD"], capture_output=True, text=True, check=True
    )
    assert int(commits.stdout) == 3


def _id(path: str) -> str:
    return Path(path).stem
