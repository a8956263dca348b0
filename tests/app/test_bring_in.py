"""Importing into a workspace: valid records, once, whole or not at all."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from itsm_as_code.app.bring_in import BroughtIn, Source, bring_in, write_mapping
from itsm_as_code.app.check import check_workspace
from itsm_as_code.app.workspace import Workspace
from itsm_as_code.domain.errors import CouldNotCheck, UsageFault
from itsm_as_code.domain.rule import Severity
from tests.checks.workspace import OPEN
from tests.importers.samples import full_log, log, log_row

NOW = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
LATER = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
SETTINGS = "name: Example\nid: abcdefgh12345678\nschema: 1\ntime_zone: Europe/Lisbon\n"
TEAM = "id: desk\nkind: team\nschema: 1\nname: Service desk\naliases:\n  servicenow: Group 56\n"
ISSUE = """---
title: Down
date: 2020-01-01T10:00:00Z
resolved: true
resolvedWhen: 2020-01-01T11:00:00Z
severity: down
affected: [API, Web]
---
It is down.
"""


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """A workspace with settings, one team, and policies that ask for nobody."""
    root = tmp_path / "workspace"
    (root / "records/teams").mkdir(parents=True)
    (root / "records/policies").mkdir()
    for name, text in OPEN.items():
        (root / name).write_text(text, encoding="utf-8")
    (root / "itsm.yaml").write_text(SETTINGS, encoding="utf-8")
    (root / "records/teams/desk.yaml").write_text(TEAM, encoding="utf-8")
    return Workspace(root, root)


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    """Where the exports lie."""
    (tmp_path / "inbox").mkdir()
    return tmp_path / "inbox"


def export(inbox: Path, data: bytes, **more: Any) -> Source:
    path = inbox / "export.csv"
    path.write_bytes(data)
    return Source("servicenow", path, **{"time_zone": "Europe/Lisbon", **more})


def files(workspace: Workspace) -> dict[str, bytes]:
    root = workspace.root
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def errors(workspace: Workspace) -> list[str]:
    report = check_workspace(workspace, NOW)
    return [f"{finding.path} {finding.message}" for finding in report.findings if finding.severity is Severity.ERROR]


def counts(brought: BroughtIn) -> dict[str, int]:
    return {name: number for name, number in brought.counts.items() if number}


def test_an_event_log_becomes_records_that_pass_the_check(workspace: Workspace, inbox: Path) -> None:
    brought = bring_in(workspace, export(inbox, full_log()), NOW)
    assert counts(brought) == {"new": 1}
    (path,) = brought.written
    assert path.startswith("records/incidents/2016/02/INC-20160229-")
    assert b"team: desk" in files(workspace)[path]
    assert errors(workspace) == []


def test_a_second_import_changes_nothing(workspace: Workspace, inbox: Path) -> None:
    source = export(inbox, full_log(), create=True)
    bring_in(workspace, source, NOW)
    before = files(workspace)
    again = bring_in(workspace, source, LATER)
    assert counts(again) == {"unchanged": 1}
    assert again.kept == ()
    assert files(workspace) == before
    assert errors(workspace) == []


def test_a_later_export_adds_only_what_is_new(workspace: Workspace, inbox: Path) -> None:
    rows = [
        log_row(resolved_at="?", closed_at="?"),
        log_row(incident_state="Active", sys_updated_at="29/2/2016 02:00", resolved_at="?", closed_at="?"),
    ]
    (path,) = bring_in(workspace, export(inbox, log(*rows)), NOW).written
    before = (workspace.root / path).read_text("utf-8")
    (workspace.root / path).write_text("# looked at by Ana\n" + before, encoding="utf-8")
    rows.append(log_row(incident_state="Resolved", sys_updated_at="29/2/2016 11:29", closed_at="?"))
    rows.append(log_row(number="INC0000047", resolved_at="?", closed_at="?"))
    later = bring_in(workspace, export(inbox, log(*rows)), LATER)
    assert counts(later) == {"new": 1, "extended": 1}
    after = (workspace.root / path).read_text("utf-8")
    assert after.startswith("# looked at by Ana\n")
    assert after.count("imported: true") == before.count("imported: true") + 1
    assert errors(workspace) == []


def test_what_was_changed_here_is_not_overwritten(workspace: Workspace, inbox: Path) -> None:
    source = export(inbox, full_log())
    (path,) = bring_in(workspace, source, NOW).written
    changed = (workspace.root / path).read_text("utf-8").replace("title: Category 55", "title: Mail, category 55")
    (workspace.root / path).write_text(changed, encoding="utf-8")
    again = bring_in(workspace, source, LATER)
    assert counts(again) == {"left as they are": 1}
    assert again.kept == ((path, "`title` differs from the source and was left as it is here"),)
    assert (workspace.root / path).read_text("utf-8") == changed


def test_a_dry_run_reports_the_same_and_writes_nothing(workspace: Workspace, inbox: Path) -> None:
    before = files(workspace)
    source = export(inbox, full_log(), create=True)
    tried = bring_in(workspace, source, NOW, dry_run=True)
    assert files(workspace) == before
    done = bring_in(workspace, source, NOW)
    assert (tried.loss, tried.counts, tried.kept) == (done.loss, done.counts, done.kept)
    assert tried.written == ()


def test_fields_that_the_records_need_are_declared_in_the_settings(workspace: Workspace, inbox: Path) -> None:
    bring_in(workspace, export(inbox, full_log(), create=True), NOW)
    assert workspace.snapshot().settings.custom_fields["incident"]["made_sla"].type == "yes_no"
    assert errors(workspace) == []


def test_a_status_page_becomes_incidents_and_services_that_pass_the_check(workspace: Workspace, inbox: Path) -> None:
    (inbox / "content/issues").mkdir(parents=True)
    (inbox / "content/issues/a.md").write_text(ISSUE, encoding="utf-8")
    source = Source("cstate", inbox, create=True, owner="desk")
    assert counts(bring_in(workspace, source, NOW)) == {"new": 3}
    assert errors(workspace) == []
    assert counts(bring_in(workspace, source, LATER)) == {"unchanged": 1}


def test_a_folder_of_markdown_becomes_articles_that_pass_the_check(workspace: Workspace, inbox: Path) -> None:
    (inbox / "a").mkdir()
    (inbox / ".git").mkdir()
    (inbox / ".git/x.md").write_text("no page", encoding="utf-8")
    (inbox / "a/One.md").write_text("# One\n\nText with ---\n---\na line. [two](Two.md)\n", encoding="utf-8")
    (inbox / "a/Two.md").write_text("---\ntitle: 'Two: the end'\n---\nText.\n", encoding="utf-8")
    source = Source("markdown", inbox, owner="team/desk")
    assert counts(bring_in(workspace, source, NOW)) == {"new": 2}
    assert errors(workspace) == []
    before = files(workspace)
    assert counts(bring_in(workspace, source, LATER)) == {"unchanged": 2}
    assert files(workspace) == before


def test_a_record_that_cannot_be_read_stops_the_import(workspace: Workspace, inbox: Path) -> None:
    (workspace.root / "records/teams/broken.yaml").write_text("id: [", encoding="utf-8")
    with pytest.raises(CouldNotCheck, match="broken"):
        bring_in(workspace, export(inbox, full_log()), NOW)


@pytest.mark.parametrize(
    ("more", "hint"), [({"time_zone": "Europe/Lisbonn"}, "Europe/Lisbon"), ({"time_zone": None}, "--timezone")]
)
def test_a_zone_that_is_missing_or_unknown_is_a_usage_error(
    workspace: Workspace, inbox: Path, more: dict[str, Any], hint: str
) -> None:
    with pytest.raises(UsageFault) as fault:
        bring_in(workspace, export(inbox, full_log(), **more), NOW)
    assert hint in str(fault.value.hint)


def test_the_mapping_in_effect_can_be_written_and_used(workspace: Workspace, inbox: Path) -> None:
    brought = bring_in(workspace, export(inbox, full_log()), NOW, dry_run=True)
    mapping = inbox / "mapping.yaml"
    write_mapping(mapping, brought.mapping.replace(b"code 5: unknown", b"code 5: fixed"))
    bring_in(workspace, export(inbox, full_log(), mapping=mapping), NOW)
    (incident,) = workspace.snapshot().records("incident")
    assert incident.resolution.code == "fixed"  # type: ignore[attr-defined]
    with pytest.raises(UsageFault):
        write_mapping(mapping, b"")


def test_two_systems_of_one_kind_are_kept_apart_by_their_names(workspace: Workspace, inbox: Path) -> None:
    bring_in(workspace, export(inbox, full_log()), NOW)
    other = export(inbox, full_log().replace(b"29/2/2016", b"28/2/2016"), name="servicenow-lisbon")
    assert counts(bring_in(workspace, other, NOW)) == {"new": 1}
    assert [set(record.aliases) for record in workspace.snapshot().records("incident")] == [
        {"servicenow-lisbon"},
        {"servicenow"},
    ]
    assert counts(bring_in(workspace, export(inbox, full_log()), NOW)) == {"unchanged": 1}


@pytest.mark.parametrize("text", ["states: [", "staets: {}\n", "- x\n"])
def test_a_mapping_file_that_is_wrong_is_a_usage_error(workspace: Workspace, inbox: Path, text: str) -> None:
    mapping = inbox / "mapping.yaml"
    mapping.write_text(text, encoding="utf-8")
    with pytest.raises(UsageFault):
        bring_in(workspace, export(inbox, full_log(), mapping=mapping), NOW)


def test_a_file_that_is_not_there_or_a_folder_is_an_error(workspace: Workspace, inbox: Path) -> None:
    with pytest.raises(CouldNotCheck):
        bring_in(workspace, Source("servicenow", inbox / "gone.csv"), NOW)
    with pytest.raises(UsageFault):
        bring_in(workspace, Source("servicenow", inbox), NOW)
    with pytest.raises(UsageFault):
        bring_in(workspace, Source("cstate", inbox / "gone"), NOW)


@pytest.mark.real_data
@pytest.mark.parametrize(
    ("system", "path", "records"),
    [
        ("servicenow", "servicenow-eventlog/incident_event_log_first_1000.csv", 1000),
        ("servicenow", "servicenow-rest/incidents_REST.csv", 67),
        ("cstate", "cstate-jenkins", 297),
        ("markdown", "runbooks-prometheus", 119),
    ],
)
def test_the_public_exports_become_records_that_pass_the_check_and_a_second_import_changes_nothing(
    workspace: Workspace, real_data: Path, system: str, path: str, records: int
) -> None:
    source = Source(
        system,
        real_data / path,
        time_zone="UTC",
        create=system != "markdown",
        owner="desk" if system == "cstate" else None,
    )
    bring_in(workspace, source, NOW)
    kind = "article" if system == "markdown" else "incident"
    assert len(list(workspace.snapshot().records(kind))) == records
    assert errors(workspace) == []
    again = bring_in(workspace, source, LATER)
    assert counts(again) == {"unchanged": records}
