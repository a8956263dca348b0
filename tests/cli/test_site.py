"""`itsm site build` in a workspace of one's own."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.harness import Desk, founded

AT = "2026-11-20T10:30:00Z"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """A new workspace, on a day of its own."""
    return founded(tmp_path_factory.mktemp("site") / "w", clock=AT)


def test_a_site_is_built_once_and_years_later_only_what_changed(desk: Desk) -> None:
    first = desk.itsm("site", "build", "--at", AT)
    assert first.code == 0, first.err
    assert first.out.strip().endswith("index.html")
    assert Path(desk.folder / first.out.strip()).is_file()
    again = Desk(desk.folder, clock="2030-01-01T00:00:00Z").itsm("site", "build", "--at", AT)
    assert again.err.startswith("0 files written")
    assert again.err.splitlines()[0].endswith(", for staff")


def test_folders_of_others_are_left_alone(desk: Desk) -> None:
    done = desk.itsm("site", "build", "--out", "records")
    assert (done.code, "did not write" in done.err) == (1, True)


def test_files_that_could_not_be_read_are_named_as_missing(desk: Desk) -> None:
    (desk.folder / "records" / "services" / "broken.yaml").write_text("id: [")
    done = desk.itsm("site", "build", "--out", "with-broken")
    (desk.folder / "records" / "services" / "broken.yaml").unlink()
    assert "note: 1 file could not be read" in done.err


def test_an_audience_that_the_settings_do_not_list_is_pointed_out(desk: Desk) -> None:
    done = desk.itsm("site", "build", "--audience", "it", "--out", "it")
    assert "itsm.yaml does not list it under site.audiences" in done.err


def test_a_link_among_the_attachments_is_named_as_left_out(desk: Desk) -> None:
    (desk.folder / "attachments").mkdir()
    (desk.folder / "attachments" / "a.png").symlink_to("/etc/hostname")
    done = desk.itsm("site", "build", "--out", "with-link")
    (desk.folder / "attachments" / "a.png").unlink()
    assert done.code == 0
    assert "note: attachments/a.png is no plain file: not on the site" in done.err


def test_a_theme_with_a_fault_writes_nothing_and_says_where_it_is(desk: Desk) -> None:
    (desk.folder / "theme").mkdir()
    (desk.folder / "theme" / "about.html").write_text("{{ cycler.__init__.__globals__ }}")
    done = desk.itsm("site", "build", "--out", "with-fault")
    (desk.folder / "theme" / "about.html").unlink()
    assert done.code == 3 and "error: theme/about.html:1: " in done.err
    assert not (desk.folder / "with-fault").exists()


def test_the_help_of_each_command_has_two_examples(desk: Desk) -> None:
    for command in (["site"], ["site", "build"], ["site", "serve"]):
        assert desk.must(*command, "--help").count("  itsm site ") >= 2


def test_a_site_that_lacks_unreadable_records_is_built_and_is_no_pass(tmp_path: Path) -> None:
    desk = founded(tmp_path / "w")
    (desk.folder / "records" / "services" / "broken.yaml").write_text("id: [\n", encoding="utf-8")
    done = desk.itsm("site", "build")
    assert done.code == 3
    assert "could not be read" in done.err
    assert (desk.folder / "site" / "index.html").is_file()
