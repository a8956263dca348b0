"""`itsm import` as users run it: reports, dry runs, and what it asks for."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from itsm_as_code.cli.main import run
from itsm_as_code.domain.errors import Exit
from tests.importers.samples import full_log


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A workspace with an export in it."""
    (tmp_path / "records").mkdir()
    (tmp_path / "itsm.yaml").write_text("name: Example\nid: abcdefgh12345678\nschema: 1\n", encoding="utf-8")
    (tmp_path / "export.csv").write_bytes(full_log())
    return tmp_path


def test_the_report_says_what_became_of_the_rows(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    args = ["-C", str(folder), "import", "servicenow", "export.csv", "--timezone", "Europe/Lisbon"]
    assert run([*args, "--dry-run"]) == Exit.CLEAN
    out = capsys.readouterr().out
    assert "servicenow: 5 rows, 1 incidents" in out
    assert "records: 1 new, 0 extended, 0 unchanged, 0 left as they are (dry run: nothing was written)" in out
    assert list((folder / "records").iterdir()) == []
    assert run([*args, "--format", "json"]) == Exit.CLEAN
    said = capsys.readouterr()
    assert json.loads(said.out)["records"]["new"] == 1
    assert len(list((folder / "records/incidents").rglob("*.yaml"))) == 1


def test_a_zone_that_is_missing_is_asked_for(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["-C", str(folder), "import", "servicenow", "export.csv"]) == Exit.USAGE
    assert "--timezone" in capsys.readouterr().err


def test_a_mapping_to_start_from_is_written_beside_the_workspace(folder: Path) -> None:
    args = ["-C", str(folder), "import", "servicenow", "export.csv", "--timezone", "UTC", "--dry-run"]
    assert run([*args, "--write-mapping", "mapping.yaml"]) == Exit.CLEAN
    assert "code 5: unknown" in (folder / "mapping.yaml").read_text("utf-8")
    assert run([*args, "--mapping", "mapping.yaml"]) == Exit.CLEAN
