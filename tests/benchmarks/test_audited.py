"""The history that is audited for its speed is sound, and an audit finds in parts what it finds in one go."""

from __future__ import annotations

import os
import subprocess
from datetime import datetime
from itertools import pairwise
from pathlib import Path

import pytest

from benchmarks import audited
from itsm_as_code.app.checking.audit import audit
from itsm_as_code.domain.approval.audit import Audit
from itsm_as_code.git import line
from tests.checkouts import checkout_at
from tests.environment import clean

STEPS = 60
_WHO = {
    "NAME": "Chloe Nguyen", "EMAIL": "chloe-nguyen@severnhealth.example", "DATE": audited.clock_after(STEPS),
}  # fmt: skip
_FORGED = "records/people/hugo-martens.yaml"


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The history in a repository."""
    folder = tmp_path_factory.mktemp("audited")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
        audited.write_history(folder / "root", folder / "keys", STEPS)
    return folder / "root"


def _git(root: Path, *words: str) -> str:
    who = {f"GIT_{role}_{what}": text for role in ("AUTHOR", "COMMITTER") for what, text in _WHO.items()}
    command = ["git", "-C", str(root), *words]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=clean(os.environ, str(root)) | who)
    return done.stdout


def _audit(root: Path, since: str | None = None, head: str = "main") -> Audit:
    return audit(checkout_at(root, datetime.fromisoformat(audited.clock_after(STEPS + 9))), since, head, None)


def test_nothing_in_it_went_past_the_check(root: Path) -> None:
    found = _audit(root)
    assert [fault.finding for fault in found.faults] == []
    assert found.clean
    assert found.steps == STEPS + 1
    assert found.approved > 5
    assert found.unguarded > 5


def test_steps_are_of_many_kinds(root: Path) -> None:
    landed = set(_git(root, "log", "--first-parent", "--name-only", "--format=").split())
    kinds = {path.split("/")[1] for path in landed if path.startswith("records/")}
    assert kinds >= {"approvals", "changes", "incidents", "people", "policies", "requests"}
    assert len(_git(root, "rev-list", "--merges", "main").split()) == STEPS // 5


@pytest.mark.parametrize("size", [1, 7, 40])
def test_an_audit_in_parts_finds_what_the_whole_one_finds(
    root: Path, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    """Each part begins with an empty memory."""
    _force(root)
    whole = _audit(root, head="forced")
    monkeypatch.setattr(line, "_AT_ONCE", 16)
    steps = _git(root, "rev-list", "--first-parent", "--reverse", "forced").split()
    ends = [*range(0, len(steps) - 1, size), len(steps) - 1]
    parts = [_audit(root, steps[start], steps[end]) for start, end in pairwise(ends)]
    assert sum(part.steps for part in parts) + 1 == whole.steps
    assert sum(part.approved for part in parts) == whole.approved
    assert sum(part.unguarded for part in parts) == whole.unguarded
    assert [step for part in parts for step in part.faulty] == list(whole.faulty)
    assert [step.commit for step in whole.faulty] == steps[-3:-1]


def _force(root: Path) -> None:
    """Makes the branch `forced`: after the history, somebody edits a person, rewrites an act, and writes a note."""
    if _git(root, "branch", "--list", "forced"):
        return
    _git(root, "symbolic-ref", "HEAD", "refs/heads/forced")
    _git(root, "reset", "--hard", "main")
    act = min((root / "records/approvals/person").rglob("*.yaml"))
    incident = min((root / "records/incidents/2027").rglob("*.yaml"))
    _edit(root, root / _FORGED, "name: Hugo Martens", "name: Hugo Marten")
    _edit(root, act, "gate: edit", "gate: ratify")
    _edit(root, incident, "phone", "email")


def _edit(root: Path, file: Path, before: str, after: str) -> None:
    text = file.read_text()
    assert before in text
    file.write_text(text.replace(before, after, 1))
    _git(root, "commit", "-q", "-a", "-m", file.stem)
