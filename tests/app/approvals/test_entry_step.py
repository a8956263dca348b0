"""The step by which a record went past its gate."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from itsm_as_code.app.approvals.entry_step import EntryStep, entry_step, written
from itsm_as_code.app.approvals.guarded_files import guard_of, workflow_files
from itsm_as_code.domain.approval.inquiry import Subject
from itsm_as_code.domain.revision import WORKFLOWS_KIND
from itsm_as_code.git.history import LineClock
from itsm_as_code.git.repository import Repository, open_repository
from itsm_as_code.git.tree import GitTree
from itsm_as_code.store.snapshot import TreeSnapshot
from tests.app.approvals.worlds import Local
from tests.approvals.records import NOW, Record, at, change, path, person

Entry = Callable[..., EntryStep | None]


@pytest.fixture
def opened(local: Local) -> Iterator[Repository]:
    with open_repository(local.ws) as repository:
        yield repository


@pytest.fixture
def entry_of(local: Local, opened: Repository) -> Entry:
    """Looks for the step by which a record of main got in."""

    def asking(record: Record, **other: object) -> EntryStep | None:
        tip = local.tip()
        known = TreeSnapshot(GitTree(opened, tip), keep_data=True)
        subject = Subject(record["kind"], record["id"], record, record | other, None, {})
        return entry_step(LineClock(opened, tip, NOW), known, path(record), subject)

    return asking


def scheduled(local: Local, *by: str) -> tuple[Record, str]:
    """A change on main that these people have approved; and the commit."""
    record = change()
    local.put(record)
    local.approved(record, *by)
    return record, local.commit()


def test_what_was_approved_when_it_landed_is_so_whatever_has_become_of_people(local: Local, entry_of: Entry) -> None:
    record, commit = scheduled(local, "ben")
    local.put(local.edited(path(person("ben", "")), state="retired"))
    local.land()
    found = entry_of(record)
    assert found is not None and found.commit == commit
    assert [(each.question.gate, each.is_open) for each in found.verdicts] == [("scheduled", True)]
    assert found.base == local.git("rev-parse", f"{commit}^") and found.evaluator is not None


def test_what_nobody_approved_is_told_with_its_verdict(local: Local, entry_of: Entry) -> None:
    record, commit = scheduled(local)
    found = entry_of(record)
    assert found is not None and found.commit == commit
    assert [each.is_open for each in found.verdicts] == [False]


def test_what_is_not_past_its_gate_has_no_entry(local: Local, entry_of: Entry) -> None:
    record = change(state="submitted")
    local.put(record)
    local.land()
    assert entry_of(record) is None


def test_content_that_base_does_not_have_did_not_enter(local: Local, entry_of: Entry) -> None:
    record, _ = scheduled(local, "ben")
    assert entry_of(record, reason="It ends on Saturday.") is None


def test_what_base_does_not_have_at_all_did_not_enter(entry_of: Entry) -> None:
    assert entry_of(change()) is None


def test_a_kind_without_a_gate_has_no_entry(local: Local, entry_of: Entry) -> None:
    where = next((local.ws / "records/incidents").rglob("*1NC01.yaml")).relative_to(local.ws).as_posix()
    record = local.on_base(where)
    assert record is not None and entry_of(record) is None


def test_nobody_judged_the_first_commit(local: Local, entry_of: Entry) -> None:
    team = local.on_base("records/teams/it.yaml")
    assert team is not None
    found = entry_of(team)
    assert found is not None and (found.base, found.evaluator, found.verdicts) == (None, None, ())
    assert found.commit == local.git("rev-list", "--max-parents=0", "main")


def test_a_later_edit_of_what_is_not_material_is_not_the_step(local: Local, entry_of: Entry) -> None:
    record, commit = scheduled(local, "ben")
    entries = [*record["timeline"], {"at": at(minutes=5), "by": "ana", "note": "Hm."}]
    noted = record | {"timeline": entries}
    local.put(noted)
    local.land()
    found = entry_of(noted)
    assert found is not None and found.commit == commit


def test_guarded_files_entered_with_the_step_that_changed_them_last(local: Local, opened: Repository) -> None:
    local.write({".github/workflows/check.yml": "on: push\n"})
    commit = local.commit()
    known = TreeSnapshot(GitTree(opened, commit), keep_data=True)
    files = workflow_files(known.tree, guard_of(known.settings, ""))
    assert list(files["files"]) == [".github/workflows/check.yml"]
    subject = Subject(WORKFLOWS_KIND, WORKFLOWS_KIND, files, files, None, {})
    found = entry_step(LineClock(opened, commit, NOW), known, ".github/workflows", subject)
    assert found is not None and found.commit == commit
    assert [(each.question.subject, each.is_open) for each in found.verdicts] == [("workflows", False)]


def test_what_is_written_is_read_of_a_record_and_of_the_settings(local: Local, opened: Repository) -> None:
    known = TreeSnapshot(GitTree(opened, local.tip()), keep_data=True)
    assert (written(known, "settings", "itsm.yaml") or {})["name"] == "Approvals"
    assert (written(known, "team", "records/teams/it.yaml") or {})["id"] == "it"
    assert written(known, "team", "records/teams/none.yaml") is None
    nothing = Subject(WORKFLOWS_KIND, WORKFLOWS_KIND, None, {"schema": 1, "files": {}}, None, {})
    assert entry_step(LineClock(opened, local.tip(), NOW), known, ".github/workflows", nothing) is None
