"""The lane that attacks try: a real repository with a protected branch, judged as a step and as it lies."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from itsm_as_code.app.checking.report import Report
from itsm_as_code.app.checking.whole import check_workspace
from tests.checkouts import checkout_at
from tests.checks.memory import article, as_files, change, entry, incident, service
from tests.checks.workspace import BACKGROUND, NOW, judge
from tests.git.builder import RepoBuilder

PLAN = {"implementation": "Install it.", "backout": "Put the old one back."}
WINDOW = {"start": "2026-11-21T08:00:00Z", "end": "2026-11-24T22:00:00Z"}
INCIDENT = "records/incidents/2026/11/INC-20261121-7K3Q9.yaml"
CHANGE = "records/changes/2026/11/CHG-20261121-4M2XT.yaml"
PAYROLL = "records/services/payroll.yaml"
APPROVAL = "records/approvals/CHG-20261121-4M2XT/APR-20261121-B7N2S.yaml"
DRAFT = entry("08:00", state="draft")

Files = dict[str, str | bytes | None]


def make_lane(path: Path) -> RepoBuilder:
    """A repository whose protected branch `main` holds the background and some records."""
    repository = RepoBuilder(path)
    approval = (
        "id: APR-20261121-B7N2S\nkind: approval\nschema: 1\nworkspace: 4h7k2m9qx1zt\nsubject: CHG-20261121-4M2XT\n"
        f"gate: scheduled\ndigest: itsm1:{'5d1c' * 16}\ndecision: approved\nby: ben\nat: 2026-11-21T09:00:00Z\n"
    )
    records = as_files(incident(), change(plan=PLAN, window=WINDOW), service(), article())
    repository.commit({**BACKGROUND, **records, APPROVAL: approval}, "start")
    repository.branch("proposal")
    return repository


def propose(lane: RepoBuilder, files: Files) -> Report:
    """The step that these files would be on the protected branch."""
    lane.commit(files, "proposal")
    return judge(lane.path)


def as_it_lies(lane: RepoBuilder) -> Report:
    """The workspace as it lies in the work tree of the proposal."""
    return check_workspace(checkout_at(lane.path, NOW))


def text_of(record: dict[str, Any]) -> str:
    (text,) = as_files(record).values()
    return text
