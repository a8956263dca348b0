"""Reports on a workspace: findings that were accepted for a time, and the same words on every run."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from itsm_as_code.app.checking.files import check_files
from itsm_as_code.app.checking.whole import check_workspace
from itsm_as_code.domain.errors import CouldNotCheck, UsageFault
from tests.checkouts import checkout_at
from tests.checks.memory import article, as_files, entry, incident
from tests.checks.workspace import BACKGROUND, NOW, codes, judge, workspace
from tests.git.builder import RepoBuilder

ROOT = Path(__file__).resolve().parents[2]
INCIDENT = "records/incidents/2026/11/INC-20261121-7K3Q9.yaml"


def accepting(**entry_: str) -> str:
    accepted = {"code": "REF001", "reason": "The service comes next week.", "until": "2026-11-30", **entry_}
    return json.dumps({"id": "4h7k2m9qx1zt", "schema": 1, "revision": 2, "name": "Example", "suppress": [accepted]})


@pytest.mark.parametrize(
    ("entry_", "hidden"),
    [
        ({}, True),
        ({"path": INCIDENT}, True),
        ({"path": "records/services/portal.yaml"}, False),
        ({"code": "REF002"}, False),
        ({"until": "2026-11-21"}, True),
        ({"until": "2026-11-20"}, False),
    ],
    ids=["everywhere", "here", "elsewhere", "another code", "last day", "the day after"],
)
def test_a_finding_is_accepted_until_its_day_and_never_hidden(
    tmp_path: Path, entry_: dict[str, str], hidden: bool
) -> None:
    files = {"itsm.yaml": accepting(**entry_), **as_files(incident(service="soon"))}
    report = check_workspace(workspace(tmp_path, files))
    assert codes(report) == ([] if hidden else ["REF001"])
    assert [finding.code for finding in report.suppressed] == (["REF001"] if hidden else [])


def test_an_acceptance_ends_by_the_clock_of_the_check(tmp_path: Path) -> None:
    made = workspace(tmp_path, {"itsm.yaml": accepting(), **as_files(incident(service="soon"))})
    assert codes(check_workspace(replace(made, now=datetime(2026, 11, 30, 23, 59, tzinfo=UTC)))) == []
    assert codes(check_workspace(replace(made, now=datetime(2026, 12, 1, tzinfo=UTC)))) == ["REF001"]


def test_settings_that_can_not_be_read_accept_nothing(tmp_path: Path) -> None:
    broken = accepting().replace('"suppress"', '"supress"')
    report = check_workspace(workspace(tmp_path, {"itsm.yaml": broken, **as_files(incident(service="soon"))}))
    assert codes(report) == ["REF001", "SCH001"]
    assert report.suppressed == ()


def test_a_report_counts_what_it_looked_at(tmp_path: Path) -> None:
    report = check_workspace(workspace(tmp_path, as_files(incident())))
    assert report.evaluated == {
        "incident": 1, "article": 1, "service": 1, "change-model": 1, "policy": 4, "person": 2, "team": 1,
    }  # fmt: skip
    assert report.total == 11


def test_findings_are_placed_and_in_the_order_of_the_file(tmp_path: Path) -> None:
    text = (
        "id: INC-20261121-7K3Q9\nkind: incident\nschema: 1\ntitle: Portal is down\nservice: portl\n"
        "timeline:\n- at: 2026-11-21T08:00:00Z\n  by: zed\n  state: new\n"
    )
    report = check_workspace(workspace(tmp_path, {INCIDENT: text}))
    places = [finding.position for finding in report.findings]
    assert [(place.line, place.column) for place in places if place] == [(5, 10), (8, 7)]
    assert set(report.sources) == {INCIDENT}


def test_an_empty_workspace_is_no_pass(tmp_path: Path) -> None:
    nothing = {**dict.fromkeys(BACKGROUND), "itsm.yaml": BACKGROUND["itsm.yaml"]}
    with pytest.raises(CouldNotCheck, match="no records"):
        check_workspace(workspace(tmp_path, nothing))


def test_a_folder_without_settings_can_not_be_checked(tmp_path: Path) -> None:
    with pytest.raises(CouldNotCheck, match=r"itsm\.yaml"):
        check_workspace(workspace(tmp_path, {"itsm.yaml": None}))


def test_named_files_are_checked_alone_with_what_they_refer_to(tmp_path: Path) -> None:
    other = as_files(incident(id="INC-20261121-8R2BC", service="nowhere"))
    made = workspace(tmp_path, {**as_files(incident(service="portl")), **other})
    report = check_files(made, [INCIDENT])
    assert [(finding.code, finding.path) for finding in report.findings] == [("REF001", INCIDENT)]
    assert report.evaluated == {"incident": 1}
    inside = checkout_at(tmp_path, NOW, tmp_path / "records/incidents/2026/11")
    assert len(check_files(inside, ["."]).findings) == 2


@pytest.mark.parametrize("name", ["../elsewhere.yaml", "records/nothing.yaml"])
def test_names_outside_the_workspace_or_of_nothing_are_wrong_usage(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageFault):
        check_files(workspace(tmp_path), [name])


def test_reports_are_the_same_to_the_byte_whatever_the_hash_seed(tmp_path: Path) -> None:
    odd = incident(entry("08:00", state="nwe", asignee="ana", impact="hgh"), servce="x", colour="y", custom={"a": 1})
    files: dict[str, str | bytes | None] = {
        **as_files(odd, article(owner="team/its", body="[x](sing-in.md)\n", tags=["a", "b"])),
        **as_files(*(incident(id=f"INC-20261121-{n * 5}", aliases={"old": "1"}, service="portl") for n in "ABC")),
        "records/services/payroll.yml": "", "records/services/Portal.yaml": "", "attachments/x/y.svg": "x",
        "attachments/sing-in/a.png": "x",
    }  # fmt: skip
    workspace(tmp_path, files)
    seen = {seed: _report(tmp_path, seed) for seed in ("0", "1", "4711")}
    assert len(set(seen.values())) == 1
    assert seen["0"].count(b'"code"') >= 10


def _report(root: Path, seed: str) -> bytes:
    command = [sys.executable, "-m", "itsm_as_code", "check", "--format", "json", "--at", "2026-11-21T12:00:00Z"]
    environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=root, env=environment, capture_output=True, check=False)
    assert done.returncode == 1, done.stderr
    return done.stdout


def test_a_step_can_not_accept_its_own_findings(tmp_path: Path) -> None:
    repository = RepoBuilder(tmp_path)
    repository.commit(dict(BACKGROUND), "start")
    repository.branch("head")
    dangling = as_files(incident(service="soon"))
    repository.commit({"itsm.yaml": accepting(), **dangling}, "both at once")
    assert "REF001" in codes(judge(tmp_path, "main", "head"))
    repository.switch("main")
    repository.commit({"itsm.yaml": accepting()}, "accepted first")
    repository.branch("later")
    repository.commit(dangling, "then made")
    assert codes(judge(tmp_path, "main", "later")) == []
