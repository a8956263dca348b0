"""The sample workspace shows approvals at work: its acts verify, and its story is what the program makes of it.

ITSM_ACCEPT_GOLDEN=1 rewrites the transcript of the demo.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from itsm_as_code.app.approvals.acts import ACTS
from itsm_as_code.app.approvals.evaluator import Evaluator
from itsm_as_code.app.approvals.open_proposals import subject_at_base
from itsm_as_code.app.checkout.checkout import Checkout
from itsm_as_code.app.checkout.evaluator_here import evaluator_here
from itsm_as_code.app.reading.awaiting import awaiting
from itsm_as_code.app.reading.change_statuses import ChangeStatus, busiest, change_statuses, exceptions
from itsm_as_code.domain.approval.active_acts import landing_fault
from itsm_as_code.domain.approval.gates import BEYOND, gate_named
from itsm_as_code.render.approvals import in_short
from tests.checkouts import checkout_at
from tests.cli.harness import Desk

ROOT = Path(__file__).resolve().parents[1]
CLOCK = datetime(2026, 11, 20, 10, 30, tzinfo=UTC)
AT = "2026-11-20T10:30:00Z"
TRANSCRIPT = Path(__file__).parent / "sample_demo.txt"
ACCEPT = bool(os.environ.get("ITSM_ACCEPT_GOLDEN"))
STALE = "CHG-20261109-M3S0V"
STATUSES = {
    STALE: "pending",
    "CHG-20261111-4GV8S": "approved",
    "CHG-20261113-7VKE5": "approved",
    "CHG-20261116-5BQXM": "refused",
    "CHG-20261116-D9T4M": "approved",
    "CHG-20261116-HA2P8": "approved",
    "CHG-20261116-R0KZ6": "approved",
    "CHG-20261116-T3YBN": "pending",
    "CHG-20261117-8N2FC": "approved",
    "CHG-20261117-9MW4R": "approved",
    "CHG-20261118-RX2D6": "pending",
    "CHG-20261118-T7E1F": "approved",
    "CHG-20261119-1XG9R": "approved",
    "CHG-20261119-B6Q2X": "approved",
    "CHG-20261119-E8T0Q": "pending",
    "CHG-20261120-2CW7J": "approved",
    "CHG-20261120-NB5Y3": "approved",
}
PRIVATE = re.compile(rb"-----BEGIN [A-Z ]*PRIVATE KEY-----\r?\n[A-Za-z0-9+/=]{40}")


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """The sample as a repository of one commit."""
    desk = Desk(tmp_path_factory.mktemp("sample"))
    for name in ("records", "attachments"):
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, desk.folder / name)
    shutil.copy(ROOT / "itsm.yaml", desk.folder)
    desk.git("init", "-q", "--initial-branch=main")
    desk.commit("the sample")
    return desk


@pytest.fixture(scope="module")
def workspace(desk: Desk) -> Checkout:
    """The workspace of that repository."""
    return checkout_at(desk.folder, CLOCK)


@pytest.fixture(scope="module")
def evaluator(workspace: Checkout) -> Evaluator:
    """The evaluator at the sample's clock."""
    return evaluator_here(workspace)


@pytest.fixture(scope="module")
def changes(workspace: Checkout, evaluator: Evaluator) -> dict[str, ChangeStatus]:
    """How the changes stand that are not over."""
    return {each.change.id: each for each in change_statuses(workspace.require_clone(), evaluator)}


def test_every_act_verifies_and_could_land(evaluator: Evaluator) -> None:
    folders = {entry.path.removeprefix(f"{ACTS}/").rpartition("/")[0] for entry in evaluator.base.tree.entries(ACTS)}
    acts = [act for name in sorted(folders) for act in evaluator.acts(name)]
    faults = {act.id: landing_fault(act, evaluator.base.settings.id, evaluator.directory, CLOCK) for act in acts}
    assert {act_id: fault for act_id, fault in faults.items() if fault is not None} == {}
    assert len(acts) == sum(1 for _ in (ROOT / "records" / "approvals").rglob("*.yaml")) > 90


def test_a_byte_of_a_comment_makes_an_act_count_for_nothing(desk: Desk, tmp_path: Path) -> None:
    copied = Desk(tmp_path / "copy")
    shutil.copytree(desk.folder, copied.folder)
    path = next(each for each in copied.folder.rglob("APR-*.yaml") if "comment: The stronger" in each.read_text())
    path.write_text(path.read_text().replace("The stronger", "The weaker"))
    copied.commit("a word is another")
    said = copied.must("explain", "CHG-20261119-1XG9R", "approval", "--at", AT)
    assert "empty    change-scheduling/sign-in-and-remote-access" in said
    assert "the signature does not verify" in said


def test_the_changes_stand_as_the_story_says(changes: dict[str, ChangeStatus]) -> None:
    assert {name: each.status.value for name, each in changes.items()} == STATUSES


def test_what_was_approved_before_the_window_moved_is_stale(changes: dict[str, ChangeStatus]) -> None:
    told = in_short(changes[STALE].verdicts, None)
    assert "stale: window changed since liam-doyle and ruth-abara approved" in told
    assert "owner-team waits for liam-doyle" in told
    (discarded,) = [each for each in changes[STALE].verdicts[0].discarded if each.act.by == "liam-doyle"]
    assert discarded.why == "stale: revision, window.end, window.start changed since"


def test_a_deputy_grants_an_exception_from_the_flu_freeze(
    evaluator: Evaluator, changes: dict[str, ChangeStatus]
) -> None:
    _, exception = changes["CHG-20261117-8N2FC"].verdicts
    acts = {act.id: act for act in evaluator.acts("CHG-20261117-8N2FC")}
    makers = {(acts[each.act].by, each.by) for each in exception.filled if each.act is not None}
    assert exception.question.gate == "exception/flu-clinic-weekend"
    assert makers == {("ruth-abara", "ruth-abara"), ("elena-petrova", "daniel-reyes")}


def test_one_review_of_an_emergency_is_open_and_none_is_overdue(evaluator: Evaluator) -> None:
    assert [debt.change for debt in evaluator.debts] == ["CHG-20261120-2CW7J"]
    assert not evaluator.debts[0].overdue(CLOCK)


@pytest.mark.parametrize(
    ("person", "waiting"),
    [
        ("ruth-abara", [STALE, "CHG-20261116-T3YBN", "CHG-20261118-RX2D6"]),
        ("liam-doyle", [STALE]),
        ("elena-petrova", [STALE]),
        ("tom-ellison", ["CHG-20261118-RX2D6"]),
        ("quentin-baker", ["REQ-20261119-R5J8T"]),
        ("amara-osei", ["article/clinical-wifi-roaming"]),
        ("mei-tanaka", []),
    ],
)
def test_what_waits_for_people(workspace: Checkout, person: str, waiting: list[str]) -> None:
    assert [row["id"] for row in awaiting(workspace, person, ()).rows] == waiting


def test_most_waits_for_the_change_manager(evaluator: Evaluator) -> None:
    assert busiest(evaluator) == "ruth-abara"


def test_an_approval_that_ran_out_lets_no_work_begin_any_more(desk: Desk, tmp_path: Path) -> None:
    copied = Desk(tmp_path / "copy")
    shutil.copytree(desk.folder, copied.folder, ignore=shutil.ignore_patterns(".git"))
    change = "CHG-20261120-NB5Y3"
    later = [copied.one(f"records/changes/*/*/{change}.yaml"), copied.one(f"records/approvals/{change}")]
    copied.git("init", "-q", "--initial-branch=main")
    copied.git("add", "-A")
    copied.git("rm", "-q", "-r", "--cached", *map(str, later))
    for message, when in (("found", "2026-11-20T09:00:00Z"), ("schedule", "2026-11-20T09:50:00Z")):
        environment = copied.environment() | {"GIT_COMMITTER_DATE": when, "GIT_AUTHOR_DATE": when}
        subprocess.run(["git", "commit", "-q", "-m", message], cwd=copied.folder, env=environment, check=True)
        copied.git("add", "-A")
    found = checkout_at(copied.folder, datetime(2027, 3, 1, tzinfo=UTC))
    in_spring = evaluator_here(found)
    stand = {
        each.change.id: in_short(each.verdicts, each.debt) for each in change_statuses(found.require_clone(), in_spring)
    }
    for each in (change, "CHG-20261117-9MW4R"):
        assert "the approval of jonas-weber (APR-" in stand[each], stand[each]
        assert "it was valid for 60d" in stand[each] and "its window ended at" in stand[each]


def test_explain_shows_every_gate_on_the_way_of_a_change(desk: Desk) -> None:
    excepted = desk.must("explain", "CHG-20261117-8N2FC", "approval", "--at", AT)
    assert "CHG-20261117-8N2FC at gate scheduled: approved" in excepted
    assert "CHG-20261117-8N2FC at gate exception/flu-clinic-weekend: approved" in excepted
    emergency = desk.must("explain", "CHG-20261120-2CW7J", "approval", "--at", AT)
    assert "at gate post-review: unknown" in emergency
    assert "owed     CHG-20261120-2CW7J lacks its post-implementation review, due 2026-11-25T07:22:00Z" in emergency


def _past_the_gate(evaluator: Evaluator) -> Iterator[tuple[str, datetime]]:
    """Changes and requests past their gate, with the instant at which that was written down."""
    for kind, gate in (("change", "scheduled"), ("request", "in_progress")):
        records: Any = evaluator.base.records(kind)
        for record in records:
            entries = [entry for entry in record.timeline if entry.state in BEYOND[kind][gate]]
            if entries and record.imported is None:
                yield record.id, entries[0].recorded or entries[0].at


def test_whatever_went_past_its_gate_had_its_seats_filled_by_then(workspace: Checkout, evaluator: Evaluator) -> None:
    empty = []
    for name, when in _past_the_gate(evaluator):
        then = evaluator_here(replace(workspace, now=when))
        subject = subject_at_base(then, name)
        assert subject is not None
        gate = "scheduled" if subject.kind == "change" else "in_progress"
        for each in (gate_named(subject.kind, gate, subject.base), *exceptions(then, subject)):
            verdict = then.verdict(subject, each)
            if verdict.waits_for_people or verdict.blocking:
                empty.append((name, each.name))
    assert empty == []


def test_nobody_s_private_key_is_in_the_tree() -> None:
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True)
    files = [ROOT / name.decode() for name in listed.stdout.split(b"\0") if name]
    assert len(files) > 500
    assert [file for file in files if file.is_file() and PRIVATE.search(file.read_bytes())] == []


def test_the_demo_shows_approvals(desk: Desk, tmp_path: Path) -> None:
    said = desk.must("demo", "--at", AT, "--out", str(tmp_path / "site"))
    told = said[said.index("Approvals of the changes") : said.index("\n$ itsm sla status")]
    if ACCEPT:
        TRANSCRIPT.write_text(told, encoding="utf-8")
    assert told == TRANSCRIPT.read_text(encoding="utf-8")
    assert "$ itsm list --awaiting ruth-abara" in said[: said.index(told)]


def test_the_readme_shows_the_stale_one_as_it_is(desk: Desk) -> None:
    shown = (ROOT / "README.md").read_text(encoding="utf-8")
    command = f"explain M3S0V approval --at {AT}"
    transcript = shown[shown.index(f"$ itsm {command}\n") :].split("```")[0].partition("\n")[2]
    assert transcript.count("stale:") == 2
    assert desk.must(*command.split()).startswith(transcript)


def test_the_demo_says_where_there_is_no_repository(desk: Desk, tmp_path: Path) -> None:
    bare = Desk(tmp_path / "bare")
    shutil.copytree(desk.folder, bare.folder, ignore=shutil.ignore_patterns(".git"))
    said = bare.must("demo", "--at", AT, "--out", str(tmp_path / "site"))
    assert f"{bare.folder} is in no Git repository: git init -b main {bare.folder}" in said
    assert "$ itsm sla status" in said
