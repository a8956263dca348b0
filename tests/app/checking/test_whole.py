"""The check of a whole workspace: every file by itself and with all others, and nothing looked at is no pass."""

from __future__ import annotations

import gc
from pathlib import Path

import pytest

from itsm_as_code.app.checking.whole import check_snapshot, check_tree, check_workspace
from itsm_as_code.domain.errors import CouldNotCheck
from itsm_as_code.store.snapshot import TreeSnapshot
from tests.checkouts import checkout_over
from tests.checks.memory import MemoryTree, as_files, codes, incident, service, snapshot_of
from tests.checks.workspace import BACKGROUND, NOW, workspace


def test_a_workspace_in_order_has_no_findings_and_every_record_is_counted() -> None:
    report = check_tree(MemoryTree(BACKGROUND), NOW)
    assert report.findings == ()
    assert (report.scope, report.evaluated["service"], report.evaluated["person"]) == ("workspace", 1, 2)


def test_a_file_is_checked_with_what_it_refers_to() -> None:
    report = check_tree(MemoryTree(BACKGROUND | as_files(incident(service="soon"))), NOW)
    assert codes(report.findings) == ["REF001"]
    assert report.findings[0].position is not None


def test_names_that_are_no_records_and_settings_with_faults_are_told_together() -> None:
    files = BACKGROUND | {"records/services/mail.txt": "mail", "itsm.yaml": "schema: 1\nname: Example\n"}
    paths = {finding.path for finding in check_tree(MemoryTree(files), NOW).findings}
    assert paths == {"records/services/mail.txt", "itsm.yaml"}


@pytest.mark.parametrize(("where", "code"), [("theme", "ID005"), ("theme/static", "ID005"), ("theme/a.css", "ID005")])
def test_a_link_in_the_theme_is_told(tmp_path: Path, where: str, code: str) -> None:
    checkout = workspace(tmp_path, {"theme/base.html": "x"} if where != "theme" else {})
    (tmp_path / where).symlink_to("/etc/hostname")
    assert [(each.code, each.path) for each in check_workspace(checkout).findings] == [(code, where)]


def test_another_repository_in_the_place_of_the_theme_is_told(tmp_path: Path) -> None:
    checkout = workspace(tmp_path, {"theme/base.html": "x"})
    (tmp_path / "theme" / ".git").mkdir()
    assert [(each.code, each.path) for each in check_workspace(checkout).findings] == [("ID006", "theme")]


def test_two_records_that_clash_only_together_are_told() -> None:
    twin = service("portal-2", aliases={"cmdb": "7"})
    report = check_tree(MemoryTree(BACKGROUND | as_files(service(aliases={"cmdb": "7"}), twin)), NOW)
    assert report.findings != ()


def test_a_workspace_without_records_is_no_pass() -> None:
    with pytest.raises(CouldNotCheck, match="no records under records/"):
        check_tree(MemoryTree({"itsm.yaml": BACKGROUND["itsm.yaml"]}), NOW)


def test_a_checkout_is_checked_anew_whatever_was_read_of_it_before() -> None:
    checkout = checkout_over(snapshot_of(as_files(incident(service="soon"))), NOW)
    assert checkout.here.get("service", "portal") is not None
    assert codes(check_workspace(checkout).findings) == ["REF001"]


def test_garbage_is_collected_again_after_a_check_that_failed() -> None:
    with pytest.raises(CouldNotCheck):
        check_snapshot(TreeSnapshot(MemoryTree({})), NOW)
    assert gc.isenabled()
