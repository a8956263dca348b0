"""Importing into a workspace: valid records, once, whole or not at all."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from itsm_as_code.app.checking.whole import check_workspace
from itsm_as_code.app.checkout.checkout import Checkout
from itsm_as_code.app.importing.import_records import ImportResult, ImportSource, import_records, write_mapping
from itsm_as_code.domain.errors import CouldNotCheck, UsageFault
from itsm_as_code.domain.rule import Severity
from tests.checkouts import anew, checkout_at
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
def workspace(tmp_path: Path) -> Checkout:
    """A workspace with settings, one team, and policies that ask for nobody."""
    root = tmp_path / "workspace"
    (root / "records/teams").mkdir(parents=True)
    (root / "records/policies").mkdir()
    for name, text in OPEN.items():
        (root / name).write_text(text, encoding="utf-8")
    (root / "itsm.yaml").write_text(SETTINGS, encoding="utf-8")
    (root / "records/teams/desk.yaml").write_text(TEAM, encoding="utf-8")
    return checkout_at(root, NOW)


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    """Where the exports lie."""
    (tmp_path / "inbox").mkdir()
    return tmp_path / "inbox"


def export(inbox: Path, data: bytes, **more: Any) -> ImportSource:
    path = inbox / "export.csv"
    path.write_bytes(data)
    return ImportSource("servicenow", path, **{"time_zone": "Europe/Lisbon", **more})


def files(workspace: Checkout) -> dict[str, bytes]:
    root = workspace.root
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def errors(workspace: Checkout) -> list[str]:
    report = check_workspace(anew(workspace))
    return [f"{finding.path} {finding.message}" for finding in report.findings if finding.severity is Severity.ERROR]


def counts(brought: ImportResult) -> dict[str, int]:
    return {name: number for name, number in brought.counts.items() if number}


def test_an_event_log_becomes_records_that_pass_the_check(workspace: Checkout, inbox: Path) -> None:
    brought = import_records(anew(workspace), export(inbox, full_log()))
    assert counts(brought) == {"new": 1}
    (path,) = brought.written
    assert path.startswith("records/incidents/2016/02/INC-20160229-")
    assert b"team: desk" in files(workspace)[path]
    assert errors(workspace) == []


def test_a_second_import_changes_nothing(workspace: Checkout, inbox: Path) -> None:
    source = export(inbox, full_log(), create=True)
    import_records(anew(workspace), source)
    before = files(workspace)
    again = import_records(replace(anew(workspace), now=LATER), source)
    assert counts(again) == {"unchanged": 1}
    assert again.kept == ()
    assert files(workspace) == before
    assert errors(workspace) == []


def test_a_later_export_adds_only_what_is_new(workspace: Checkout, inbox: Path) -> None:
    rows = [
        log_row(resolved_at="?", closed_at="?"),
        log_row(incident_state="Active", sys_updated_at="29/2/2016 02:00", resolved_at="?", closed_at="?"),
    ]
    (path,) = import_records(anew(workspace), export(inbox, log(*rows))).written
    before = (workspace.root / path).read_text("utf-8")
    (workspace.root / path).write_text("# looked at by Ana\n" + before, encoding="utf-8")
    rows.append(log_row(incident_state="Resolved", sys_updated_at="29/2/2016 11:29", closed_at="?"))
    rows.append(log_row(number="INC0000047", resolved_at="?", closed_at="?"))
    later = import_records(replace(anew(workspace), now=LATER), export(inbox, log(*rows)))
    assert counts(later) == {"new": 1, "extended": 1}
    after = (workspace.root / path).read_text("utf-8")
    assert after.startswith("# looked at by Ana\n")
    assert after.count("imported: true") == before.count("imported: true") + 1
    assert errors(workspace) == []


def test_what_was_changed_here_is_not_overwritten(workspace: Checkout, inbox: Path) -> None:
    source = export(inbox, full_log())
    (path,) = import_records(anew(workspace), source).written
    changed = (workspace.root / path).read_text("utf-8").replace("title: Category 55", "title: Mail, category 55")
    (workspace.root / path).write_text(changed, encoding="utf-8")
    again = import_records(replace(anew(workspace), now=LATER), source)
    assert counts(again) == {"left as they are": 1}
    assert again.kept == ((path, "`title` differs from the source and was left as it is here"),)
    assert (workspace.root / path).read_text("utf-8") == changed


def test_a_dry_run_reports_the_same_and_writes_nothing(workspace: Checkout, inbox: Path) -> None:
    before = files(workspace)
    source = export(inbox, full_log(), create=True)
    tried = import_records(anew(workspace), source, dry_run=True)
    assert files(workspace) == before
    done = import_records(anew(workspace), source)
    assert (tried.loss, tried.counts, tried.kept) == (done.loss, done.counts, done.kept)
    assert tried.written == ()


def test_fields_that_the_records_need_are_declared_in_the_settings(workspace: Checkout, inbox: Path) -> None:
    import_records(anew(workspace), export(inbox, full_log(), create=True))
    assert anew(workspace).here.settings.custom_fields["incident"]["made_sla"].type == "yes_no"
    assert errors(workspace) == []


def test_a_status_page_becomes_incidents_and_services_that_pass_the_check(workspace: Checkout, inbox: Path) -> None:
    (inbox / "content/issues").mkdir(parents=True)
    (inbox / "content/issues/a.md").write_text(ISSUE, encoding="utf-8")
    source = ImportSource("cstate", inbox, create=True, owner="desk")
    assert counts(import_records(anew(workspace), source)) == {"new": 3}
    assert errors(workspace) == []
    assert counts(import_records(replace(anew(workspace), now=LATER), source)) == {"unchanged": 1}


def test_a_folder_of_markdown_becomes_articles_that_pass_the_check(workspace: Checkout, inbox: Path) -> None:
    (inbox / "a").mkdir()
    (inbox / ".git").mkdir()
    (inbox / ".git/x.md").write_text("no page", encoding="utf-8")
    (inbox / "a/One.md").write_text("# One\n\nText with ---\n---\na line. [two](Two.md)\n", encoding="utf-8")
    (inbox / "a/Two.md").write_text("---\ntitle: 'Two: the end'\n---\nText.\n", encoding="utf-8")
    source = ImportSource("markdown", inbox, owner="team/desk")
    assert counts(import_records(anew(workspace), source)) == {"new": 2}
    assert errors(workspace) == []
    before = files(workspace)
    assert counts(import_records(replace(anew(workspace), now=LATER), source)) == {"unchanged": 2}
    assert files(workspace) == before


def test_a_record_that_cannot_be_read_stops_the_import(workspace: Checkout, inbox: Path) -> None:
    (workspace.root / "records/teams/broken.yaml").write_text("id: [", encoding="utf-8")
    with pytest.raises(CouldNotCheck, match="broken"):
        import_records(anew(workspace), export(inbox, full_log()))


@pytest.mark.parametrize(
    ("more", "hint"), [({"time_zone": "Europe/Lisbonn"}, "Europe/Lisbon"), ({"time_zone": None}, "--timezone")]
)
def test_a_zone_that_is_missing_or_unknown_is_a_usage_error(
    workspace: Checkout, inbox: Path, more: dict[str, Any], hint: str
) -> None:
    with pytest.raises(UsageFault) as fault:
        import_records(anew(workspace), export(inbox, full_log(), **more))
    assert hint in str(fault.value.hint)


def test_the_mapping_in_effect_can_be_written_and_used(workspace: Checkout, inbox: Path) -> None:
    brought = import_records(anew(workspace), export(inbox, full_log()), dry_run=True)
    mapping = inbox / "mapping.yaml"
    write_mapping(mapping, brought.mapping.replace(b"code 5: unknown", b"code 5: fixed"))
    import_records(anew(workspace), export(inbox, full_log(), mapping=mapping))
    (incident,) = anew(workspace).here.records("incident")
    assert incident.resolution.code == "fixed"  # type: ignore[attr-defined]
    with pytest.raises(UsageFault):
        write_mapping(mapping, b"")


def test_two_systems_of_one_kind_are_kept_apart_by_their_names(workspace: Checkout, inbox: Path) -> None:
    import_records(anew(workspace), export(inbox, full_log()))
    other = export(inbox, full_log().replace(b"29/2/2016", b"28/2/2016"), name="servicenow-lisbon")
    assert counts(import_records(anew(workspace), other)) == {"new": 1}
    assert [set(record.aliases) for record in anew(workspace).here.records("incident")] == [
        {"servicenow-lisbon"},
        {"servicenow"},
    ]
    assert counts(import_records(anew(workspace), export(inbox, full_log()))) == {"unchanged": 1}


@pytest.mark.parametrize("text", ["states: [", "staets: {}\n", "- x\n"])
def test_a_mapping_file_that_is_wrong_is_a_usage_error(workspace: Checkout, inbox: Path, text: str) -> None:
    mapping = inbox / "mapping.yaml"
    mapping.write_text(text, encoding="utf-8")
    with pytest.raises(UsageFault):
        import_records(anew(workspace), export(inbox, full_log(), mapping=mapping))


def test_a_file_that_is_not_there_or_a_folder_is_an_error(workspace: Checkout, inbox: Path) -> None:
    with pytest.raises(CouldNotCheck):
        import_records(anew(workspace), ImportSource("servicenow", inbox / "gone.csv"))
    with pytest.raises(UsageFault):
        import_records(anew(workspace), ImportSource("servicenow", inbox))
    with pytest.raises(UsageFault):
        import_records(anew(workspace), ImportSource("cstate", inbox / "gone"))


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
    workspace: Checkout, real_data: Path, system: str, path: str, records: int
) -> None:
    source = ImportSource(
        system,
        real_data / path,
        time_zone="UTC",
        create=system != "markdown",
        owner="desk" if system == "cstate" else None,
    )
    import_records(anew(workspace), source)
    kind = "article" if system == "markdown" else "incident"
    assert len(list(anew(workspace).here.records(kind))) == records
    assert errors(workspace) == []
    again = import_records(replace(anew(workspace), now=LATER), source)
    assert counts(again) == {"unchanged": records}
