"""Options that change what a command reads or shows, tried once each as a user types them."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from pathlib import Path
from urllib.request import urlopen

import pytest

from tests.cli.harness import Desk, founded

INCIDENT = (
    '[{"number": "INC0000045", "short_description": "No network", "opened_at": "03/04/2026 10:00:00", "state": "New",'
    ' "impact": "2", "urgency": "2", "priority": "3"}]'
)
IN_THE_FOREGROUND = """
import signal, sys
from itsm_as_code.cli.main import main
signal.signal(signal.SIGINT, signal.default_int_handler)
sys.argv[0] = "itsm"
main()
"""
"""Runs `itsm` so that Ctrl-C reaches it, also where the tests themselves run in the background."""


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """A new workspace that promises how old its status page may become."""
    desk = founded(tmp_path_factory.mktemp("options") / "w")
    settings = desk.folder / "itsm.yaml"
    text = settings.read_text("utf-8").replace("\nsite:\n", "\nsite:\n  status_promise: 15m\n")
    settings.write_text(text, encoding="utf-8")
    desk.commit()
    return desk


def test_a_live_site_warns_when_it_is_older_than_promised(desk: Desk) -> None:
    desk.must("site", "build", "--out", "still")
    assert "data-promise" not in (desk.folder / "still/index.html").read_text("utf-8")
    desk.must("site", "build", "--live", "--out", "live")
    assert 'data-promise="900"' in (desk.folder / "live/index.html").read_text("utf-8")


def test_a_site_names_the_address_that_it_is_given(desk: Desk) -> None:
    desk.must("site", "build", "--base-url", "https://it.example.org/help", "--out", "addressed")
    page = (desk.folder / "addressed/index.html").read_text("utf-8")
    assert '<link rel="canonical" href="https://it.example.org/help/index.html">' in page


def test_a_site_is_served_at_any_free_port_until_ctrl_c(desk: Desk) -> None:
    command = [sys.executable, "-c", IN_THE_FOREGROUND, "site", "serve", "--port", "0"]
    with subprocess.Popen(
        command, cwd=desk.folder, env=desk.environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as running:
        assert running.stdout is not None
        address = running.stdout.readline().strip()
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+/", address)
        with urlopen(address) as answer:  # noqa: S310 - the address of this machine
            assert b"<!doctype html>" in answer.read().lower()
        running.send_signal(signal.SIGINT)
        assert running.wait() == 0


def test_the_calendar_shows_opening_hours_when_it_is_asked(desk: Desk) -> None:
    assert "office-hours" not in desk.must("calendar")
    assert "office-hours open 8 h" in desk.must("calendar", "--hours")


@pytest.mark.parametrize(("order", "opened"), [("--monthfirst", "2026-03-04"), ("--dayfirst", "2026-04-03")])
def test_the_order_of_day_and_month_is_said_by_whoever_imports(tmp_path: Path, order: str, opened: str) -> None:
    desk = founded(tmp_path / "w")
    (desk.folder / "export.json").write_text(INCIDENT, encoding="utf-8")
    desk.must("import", "servicenow", "export.json", "--timezone", "UTC", "--create", order)
    assert f"at: {opened}T10:00:00Z" in desk.one("records/incidents/**/*.yaml").read_text("utf-8")


def test_an_import_from_the_second_of_two_systems_is_named_after_it(tmp_path: Path) -> None:
    desk = founded(tmp_path / "w")
    (desk.folder / "export.json").write_text(INCIDENT, encoding="utf-8")
    arguments = ("import", "servicenow", "export.json", "--timezone", "UTC", "--create", "--dayfirst")
    desk.must(*arguments)
    desk.must(*arguments, "--system", "snow-emea")
    aliases = [path.read_text("utf-8") for path in desk.folder.glob("records/incidents/**/*.yaml")]
    assert sorted("snow-emea: INC0000045" in text for text in aliases) == [False, True]


def test_articles_are_imported_as_drafts_if_that_is_asked(tmp_path: Path) -> None:
    desk = founded(tmp_path / "w")
    (desk.folder / "notes").mkdir()
    (desk.folder / "notes/vpn.md").write_text("# Connect the VPN\n\nStart it.\n", encoding="utf-8")
    desk.must("import", "markdown", "notes", "--state", "draft")
    assert "state: draft" in desk.one("records/knowledge/*vpn*.md").read_text("utf-8")


def test_a_hook_may_serve_a_workspace_in_a_folder(tmp_path: Path) -> None:
    desk = founded(tmp_path / "repository")
    (desk.folder / "it").mkdir()
    for name in ("itsm.yaml", "records"):
        (desk.folder / name).rename(desk.folder / "it" / name)
    before = desk.commit()
    (desk.folder / "it/records/services/portal.yaml").unlink()
    pushed = f"{before} {desk.commit()} refs/heads/main\n"
    desk.git("update-ref", "refs/heads/main", before)
    hook = ("check", "--pre-receive", "refs/heads/main", "--word", "passed")
    judged = desk.itsm(*hook, "--folder", "it", stdin=pushed)
    assert (judged.code, judged.out) == (1, "") and "portal was deleted" in judged.err
    assert desk.itsm(*hook, "--folder", "elsewhere", stdin=pushed).code == 3
