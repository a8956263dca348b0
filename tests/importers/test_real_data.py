"""The public exports beside the checkout: counts match the sources, and what they say is there afterwards."""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from datetime import UTC
from pathlib import Path
from typing import Any

import pytest

from itsm_as_code.domain.instants import parse_instant
from itsm_as_code.domain.kinds.incident import Incident
from itsm_as_code.importers.draft import Files, Harvest, ImportedRecord
from tests.importers.samples import LISBON, from_servicenow, of_kind, options

pytestmark = pytest.mark.real_data
LOG = "servicenow-eventlog/incident_event_log_first_1000.csv"
REST = "servicenow-rest/incidents_REST.csv"
LEVELS = {"1": "high", "2": "medium", "3": "low"}


def folder(root: Path) -> Files:
    files = {path.relative_to(root).as_posix(): path for path in root.rglob("*") if path.is_file()}
    return Files({name: path.read_bytes() for name, path in files.items() if path.suffix in (".md", ".yml", ".adoc")})


def event_log(real_data: Path, **more: Any) -> Harvest:
    return from_servicenow((real_data / LOG).read_bytes(), zone=LISBON, **more)


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as source:
        return list(csv.DictReader(source))


def test_the_event_log_gives_each_incident_once_with_its_last_state_and_verdict(real_data: Path) -> None:
    harvest = event_log(real_data)
    rows = rows_of(real_data / LOG)
    assert (harvest.loss.totals["rows"], harvest.loss.totals["incidents"]) == (6784, 1000)
    incidents = {_alias(draft): Incident.model_validate(draft.data) for draft in of_kind(harvest, "incident")}
    last = {row["number"]: row for row in rows}
    assert incidents.keys() == last.keys()
    for number, incident in incidents.items():
        assert incident.state == "closed", number
        assert incident.tags == ("made-sla" if last[number]["made_sla"] == "true" else "missed-sla",)


def test_the_function_from_impact_and_urgency_to_priority_is_the_source_s(real_data: Path) -> None:
    theirs = {
        (LEVELS[row["impact"][0]], LEVELS[row["urgency"][0]]): f"P{row['priority'][0]}"
        for row in rows_of(real_data / LOG)
    }
    ours: dict[tuple[str, str], set[str]] = defaultdict(set)
    for draft in of_kind(event_log(real_data), "incident"):
        for entry in Incident.model_validate(draft.data).timeline:
            if entry.priority is not None and entry.impact is not None and entry.urgency is not None:
                ours[entry.impact, entry.urgency].add(entry.priority)
    assert ours == {levels: {priority} for levels, priority in theirs.items()}
    assert len(ours) == 8


def test_names_are_created_once_each(real_data: Path) -> None:
    harvest = event_log(real_data, create=True)
    groups = {row["assignment_group"] for row in rows_of(real_data / LOG)} - {"?"}
    assert {draft.data["name"] for draft in of_kind(harvest, "team")} == groups
    aliases = Counter((draft.kind, str(draft.data["aliases"])) for draft in harvest.drafts)
    assert max(aliases.values()) == 1


def test_the_rest_export_gives_a_record_for_each_row_and_its_durations(real_data: Path) -> None:
    harvest = from_servicenow((real_data / REST).read_bytes(), zone=UTC)
    rows = {row["number"]: row for row in rows_of(real_data / REST)}
    incidents = of_kind(harvest, "incident")
    assert len(incidents) == len(rows) == 67
    differing: list[str] = []
    states = {"1": "new", "2": "in_progress", "3": "on_hold", "7": "closed"}
    for draft in incidents:
        incident = Incident.model_validate(draft.data)
        row = rows[incident.aliases["servicenow"]]
        assert incident.state == states[row["incident_state"]]
        assert incident.title == " ".join(row["short_description"].split())
        resolved = next((entry.at for entry in incident.timeline if entry.state == "resolved"), None)
        if row["calendar_stc"] and resolved is not None:
            seconds = (resolved - incident.opened_at).total_seconds()
            differing += [row["number"]] if seconds != int(row["calendar_stc"]) else []
    assert differing == ["INC0000060"]
    assert [loss.count for loss in harvest.loss.losses if loss.field == "duration"] == [1]


def test_the_status_page_gives_an_incident_for_each_issue_and_a_service_for_each_system(real_data: Path) -> None:
    from itsm_as_code.importers import cstate

    files = folder(real_data / "cstate-jenkins")
    issues = [path for path in files.texts if path.startswith("content/issues/")]
    harvest = cstate.read(files, options(create=True))
    assert len(of_kind(harvest, "incident")) == len(issues) == 297
    names = {draft.data["name"] for draft in of_kind(harvest, "service")}
    assert {"archives.jenkins.io", "ci.jenkins.io", "www.jenkins.io"} <= names
    for draft in of_kind(harvest, "incident"):
        times = [parse_instant(entry["at"]) for entry in draft.data["timeline"]]  # type: ignore[union-attr, index, call-overload]
        assert times == sorted(times)


def test_the_runbooks_give_an_article_for_each_file(real_data: Path) -> None:
    from itsm_as_code.importers import markdown

    files = folder(real_data / "runbooks-prometheus")
    harvest = markdown.read(files, options())
    articles = of_kind(harvest, "article")
    assert len(articles) == len([path for path in files.texts if path.endswith(".md")]) == 119
    assert len({draft.id for draft in articles}) == 119
    assert all(draft.body and draft.body.strip() for draft in articles)


def _alias(draft: ImportedRecord) -> Any:
    aliases: Any = draft.data["aliases"]
    return aliases["servicenow"]
