"""Attacks on records, A072 to A083: names, links, submodules, renames, deletions, paths that climb.

The ids are those of the list of attacks that the project was designed against; each test says what is tried.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from itsm_as_code.domain.errors import CouldNotCheck
from tests.attacks.lane import APPROVAL, CHANGE, INCIDENT, PAYROLL, Files, as_it_lies, propose, text_of
from tests.checks.memory import article, change, entry, incident, service
from tests.checks.workspace import codes, judge
from tests.git.builder import RepoBuilder


def test_the_protected_branch_itself_is_in_order(lane: RepoBuilder) -> None:
    assert as_it_lies(lane).findings == ()
    assert judge(lane.path).findings == ()


@pytest.mark.parametrize("name", ["Payroll.yaml", "PAYROLL.yaml", "payroll.YAML"])
def test_A072_ids_that_differ_by_case_do_not_land(lane: RepoBuilder, name: str) -> None:
    report = propose(lane, {f"records/services/{name}": text_of(service())})
    assert codes(report) == ["ID002"]
    assert codes(as_it_lies(lane)) == ["ID004"]


@pytest.mark.parametrize("name", ["Records/services/payroll.yaml", "ITSM.yaml", "ATTACHMENTS/sign-in/a.png"])
def test_A072_names_beside_the_records_that_hide_them_on_other_disks_do_not_land(lane: RepoBuilder, name: str) -> None:
    (finding,) = propose(lane, {name: text_of(service())}).findings
    assert (finding.code, finding.path) == ("ID004", name)


def test_A072_ticket_ids_that_differ_by_case_do_not_land(lane: RepoBuilder) -> None:
    lower = "records/incidents/2026/11/inc-20261121-7k3q9.yaml"
    report = propose(lane, {lower: text_of(incident(id="INC-20261121-7K3Q9"))})
    assert codes(report) == ["ID002"]
    assert codes(as_it_lies(lane)) == ["ID004"]


def test_A073_a_file_name_that_does_not_match_the_id_does_not_land(lane: RepoBuilder) -> None:
    report = propose(lane, {"records/services/pensions.yaml": text_of(service("payroll"))})
    assert codes(report) == codes(as_it_lies(lane)) == ["ID001"]


def test_A073_a_ticket_in_the_folder_of_another_month_does_not_land(lane: RepoBuilder) -> None:
    report = propose(lane, {"records/incidents/2026/10/INC-20261121-8R2BC.yaml": text_of(incident())})
    assert codes(report) == codes(as_it_lies(lane)) == ["ID002"]


@pytest.mark.parametrize(
    "path",
    [
        "records/changes/2026/11/CHG-20261121-8R2BC.yml",
        "records/changes/2026/11/CHG-20261121-8R2BC.YAML",
        "records/changes/2026/11/CHG-20261121-8R2BC.yaml.bak",
        "records/changes/2026/11/CHG-20261121-8R2BC.json",
        "records/changes/2026/11/CHG-20261121-8R2BC",
        "records/changes/sub/CHG-20261121-8R2BC.yaml",
        "records/changes/2026/11/sub/CHG-20261121-8R2BC.yaml",
        "records/changes/CHG-20261121-8R2BC.yaml",
        "records/changs/2026/11/CHG-20261121-8R2BC.yaml",
        "records/README.md",
        "records/.gitattributes",
        "records/services/.payroll.yaml.swp",
        "records/policies/sub/normal.yaml",
        "records/approvals/APR-20261121-C4V8T.yaml",
        "records/approvals/sub/CHG-20261121-4M2XT/APR-20261121-C4V8T.yaml",
    ],
)
def test_A074_unexpected_files_under_records_do_not_land(lane: RepoBuilder, path: str) -> None:
    report = propose(lane, {path: text_of(change(id="CHG-20261121-8R2BC"))})
    assert codes(report) == codes(as_it_lies(lane)) == ["ID002"]


def _link(path: str, target: str) -> Callable[[RepoBuilder], None]:
    def make(lane: RepoBuilder) -> None:
        (lane.path / path).unlink(missing_ok=True)
        (lane.path / path).symlink_to(target)

    return make


@pytest.mark.parametrize("target", ["/etc/passwd", "../policies/normal.yaml", "portal.yaml", "nowhere.yaml", "."])
@pytest.mark.parametrize("path", [PAYROLL, "records/services/pensions.yaml"], ids=["replaced", "new"])
def test_A075_a_symbolic_link_is_no_record(lane: RepoBuilder, path: str, target: str) -> None:
    _link(path, target)(lane)
    report = propose(lane, {})
    assert codes(report) == codes(as_it_lies(lane)) == ["ID005"]
    assert "root:" not in str(report)


def test_A075_a_folder_of_records_may_not_be_a_link(lane: RepoBuilder, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "pensions.yaml").write_text(text_of(service("pensions")))
    (lane.path / "records/assets").symlink_to(outside)
    assert codes(propose(lane, {})) == codes(as_it_lies(lane)) == ["ID005"]


def test_A075_an_attachment_may_not_be_a_link(lane: RepoBuilder) -> None:
    folder = lane.path / "attachments/reset-password"
    folder.mkdir(parents=True)
    (folder / "button.png").symlink_to("/etc/passwd")
    shown = article(body="![x](../../attachments/reset-password/button.png)\n", revision=2)
    report = propose(lane, {"records/knowledge/reset-password.md": text_of(shown)})
    assert codes(report) == codes(as_it_lies(lane)) == ["KNW012"]


def test_A075_settings_may_not_be_a_link(lane: RepoBuilder) -> None:
    _link("itsm.yaml", "records/services/portal.yaml")(lane)
    lane.commit({}, "proposal")
    with pytest.raises(CouldNotCheck, match=r"itsm\.yaml"):
        judge(lane.path)
    with pytest.raises(CouldNotCheck, match=r"itsm\.yaml"):
        as_it_lies(lane)


def _submodule(lane: RepoBuilder, path: str) -> None:
    lane.git("update-index", "--add", "--cacheinfo", f"160000,{lane.head()},{path}")
    lane.git("commit", "--quiet", "-m", "submodule")


@pytest.mark.parametrize("path", ["records/assets", "records/services/shared", "records/services/pensions.yaml"])
def test_A076_a_submodule_under_records_does_not_land(lane: RepoBuilder, path: str) -> None:
    _submodule(lane, path)
    assert codes(judge(lane.path)) == ["ID006"]


def test_A076_a_folder_of_records_replaced_by_a_submodule_does_not_land(lane: RepoBuilder) -> None:
    lane.git("rm", "-r", "--quiet", "records/changes")
    _submodule(lane, "records/changes")
    assert codes(judge(lane.path)) == ["ID006", "LIF020"]


def test_A076_a_nested_repository_in_the_work_tree_is_found(lane: RepoBuilder) -> None:
    RepoBuilder(lane.path / "records/assets").commit({"a.yaml": "id: a\n"})
    assert codes(as_it_lies(lane)) == ["ID006"]


@pytest.mark.parametrize("edited", [False, True])
def test_A077_a_rename_is_a_deletion_and_a_birth(lane: RepoBuilder, edited: bool) -> None:
    tier = 1 if edited else 2
    report = propose(lane, {PAYROLL: None, "records/services/pensions.yaml": text_of(service("pensions", tier=tier))})
    assert codes(report) == ["LIF020"]


def test_A077_a_rename_keeps_no_revision_and_no_history(lane: RepoBuilder) -> None:
    lane.git("config", "diff.renames", "copies")
    moved = {**service("pensions"), "revision": 7}
    assert codes(propose(lane, {PAYROLL: None, "records/services/pensions.yaml": text_of(moved)})) == [
        "LIF020",
        "LIF022",
    ]


@pytest.mark.parametrize("path", [INCIDENT, CHANGE, PAYROLL, APPROVAL, "records/knowledge/reset-password.md"])
def test_A078_no_record_is_deleted(lane: RepoBuilder, path: str) -> None:
    report = propose(lane, {path: None})
    assert [(finding.code, finding.path) for finding in report.findings] == [("LIF020", path)]


def test_A078_what_an_article_shows_does_not_vanish(lane: RepoBuilder) -> None:
    shown = article(body="![x](../../attachments/reset-password/button.png)\n", revision=2)
    picture = "attachments/reset-password/button.png"
    files: Files = {"records/knowledge/reset-password.md": text_of(shown), picture: b"\x89PNG"}
    assert propose(lane, files).findings == ()
    lane.switch("main")
    lane.merge("proposal")
    lane.branch("later")
    report = propose(lane, {picture: None})
    assert sorted(finding.code for finding in report.findings) == ["KNW011", "LIF022"]
    assert {finding.path for finding in report.findings} == {"records/knowledge/reset-password.md"}


def test_A078_settings_are_not_deleted_either(lane: RepoBuilder) -> None:
    lane.commit({"itsm.yaml": None}, "proposal")
    with pytest.raises(CouldNotCheck, match=r"itsm\.yaml"):
        judge(lane.path)


def test_A078_a_record_emptied_is_not_read_as_gone(lane: RepoBuilder) -> None:
    assert codes(propose(lane, {PAYROLL: ""})) == ["YAML015"]


@pytest.mark.parametrize("climbing", ["../../policy", "/etc/passwd", "..\\policies", "payroll/../portal", "."])
def test_A080_ids_that_climb_are_malformed(lane: RepoBuilder, climbing: str) -> None:
    written = text_of(service(revision=2)).replace('"payroll"', json.dumps(climbing))
    assert codes(propose(lane, {PAYROLL: written})) == ["APR003", "SCH005"]
    incident_ = text_of(incident()).replace("INC-20261121-7K3Q9", f"INC-20261121-{climbing[:5]}".replace("\\", "/"))
    assert "SCH005" in codes(propose(lane, {INCIDENT: incident_}))


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"service": "../people/ana"}, "SCH005"),
        ({"affects": ["service/../../itsm"]}, "SCH005"),
        ({"articles": ["../../../../etc/passwd"]}, "SCH005"),
        ({"service": "..portal"}, "SCH005"),
        ({"service": "portal/../portal"}, "SCH005"),
        ({"service": "portal.yaml"}, "REF001"),
    ],
)
def test_A080_references_never_leave_the_tree(lane: RepoBuilder, fields: dict[str, Any], expected: str) -> None:
    assert codes(propose(lane, {INCIDENT: text_of(incident(**fields))})) == [expected]


def test_A080_answers_of_forms_are_ids_and_no_paths(lane: RepoBuilder) -> None:
    item = (
        "id: laptop\nkind: request-item\nschema: 1\ntitle: Laptop\nteam: it\n"
        "fields:\n- name: who\n  label: Who?\n  type: record\n  records: person\n"
    )
    asked = (
        "id: REQ-20261121-9D3KV\nkind: request\nschema: 1\ntitle: A laptop\nitem: laptop\nrequester: ana\n"
        "fields:\n  who: ../people/ana\ntimeline:\n- at: 2026-11-21T08:00:00Z\n  by: ana\n  state: submitted\n"
    )
    files: Files = {"records/request-items/laptop.yaml": item}
    files["records/requests/2026/11/REQ-20261121-9D3KV.yaml"] = asked
    assert codes(propose(lane, files)) == ["SCH008"]


@pytest.mark.parametrize(
    "target", ["../../../../../etc/passwd", "../../attachments/../itsm.yaml", "../../attachments/x/../../itsm.yaml"]
)
def test_A080_articles_show_nothing_outside_their_folders(lane: RepoBuilder, target: str) -> None:
    shown = article(body=f"![x]({target})\n", revision=2)
    found = set(codes(propose(lane, {"records/knowledge/reset-password.md": text_of(shown)})))
    assert found <= {"KNW011", "KNW013"}
    assert ("attachments" in target) is bool(found)


@pytest.mark.parametrize(
    "name",
    ["CHG-\u00e9.yaml", "CHG-20261121-8R2BC\u0301.yaml", "two\nlines.yaml", 'quo"ted.yaml', "b\\ack.yaml", " .yaml"],
)
def test_A083_odd_names_are_seen_and_refused(lane: RepoBuilder, name: str) -> None:
    lane.git("config", "core.quotePath", "true")
    report = propose(lane, {f"records/changes/{name}": text_of(change())})
    assert codes(report) == codes(as_it_lies(lane)) == ["ID002"]


def test_A083_names_that_are_no_utf8_are_seen_and_refused(lane: RepoBuilder) -> None:
    folder = str(lane.path / "records/changes").encode()
    Path((folder + b"/CHG-\xff.yaml").decode("utf-8", "surrogateescape")).write_text("id: x\n")
    lane.git("add", "--all")
    lane.git("commit", "--quiet", "-m", "odd")
    assert codes(judge(lane.path)) == codes(as_it_lies(lane)) == ["ID002"]


def test_A083_a_merge_of_main_does_not_hide_what_the_branch_did(lane: RepoBuilder) -> None:
    lane.commit({PAYROLL: None}, "deletion")
    lane.switch("main")
    lane.commit({"records/services/pensions.yaml": text_of(service("pensions"))}, "elsewhere")
    lane.switch("proposal")
    lane.merge("main")
    assert codes(judge(lane.path)) == ["LIF020"]


def test_A016_nobody_writes_no_entry_and_fills_no_team(lane: RepoBuilder) -> None:
    by_nobody = entry("08:30", note="Who said this?") | {"by": "nobody"}
    record = incident(entry("08:00", state="new", assignee="nobody"), by_nobody, id="INC-20261121-0A0B1")
    path = "records/incidents/2026/11/INC-20261121-0A0B1.yaml"
    team = {"id": "ghosts", "kind": "team", "schema": 1, "name": "Ghosts", "members": ["nobody"]}
    report = propose(lane, {path: text_of(record), "records/teams/ghosts.yaml": text_of(team)})
    places = [(found.code, found.field) for found in report.findings]
    assert places == [("REF001", ("timeline", 1, "by")), ("REF001", ("members", 0))]
