"""A `void` that would not land is refused before it is written."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from itsm_as_code.app.writing.draft import Blocked, Draft
from itsm_as_code.app.writing.void import require_void_in_time
from tests.checkouts import checkout_at
from tests.checks.memory import as_files, entry, incident
from tests.checks.workspace import BACKGROUND, NOW
from tests.git.builder import RepoBuilder

SEEN = entry("09:00", note="Ward 4.")
VOID = entry("09:05", void="2026-11-21T09:00:00Z")


def _void(root: Path, after: list[dict[str, object]], at: datetime) -> None:
    before, written = (as_files(incident(entry("08:00", state="new"), *more)) for more in ([SEEN], after))
    ((path, text),) = written.items()
    builder = RepoBuilder(root)
    builder.commit({**BACKGROUND, **before})
    checkout = checkout_at(root, at)
    try:
        require_void_in_time(checkout, [Draft(path, before[path].encode(), text.encode(), "note")], at)
    finally:
        checkout.close()


def _landing(root: Path) -> datetime:
    return datetime.fromisoformat(RepoBuilder(root).git("log", "-1", "--format=%cI"))


def test_an_entry_that_landed_long_ago_is_not_taken_back(tmp_path: Path) -> None:
    with pytest.raises(Blocked) as refused:
        _void(tmp_path, [SEEN, VOID], NOW + timedelta(days=9))
    assert [finding.code for finding in refused.value.findings] == ["LIF035"]
    assert refused.value.findings[0].position is not None


def test_an_entry_of_the_last_minutes_is(tmp_path: Path) -> None:
    _void(tmp_path / "asked", [SEEN, {"at": "2026-11-21T09:06:00Z", "by": "ana", "note": "x"}], NOW)
    landed = _landing(tmp_path / "asked")
    _void(tmp_path / "again", [SEEN, VOID], landed + timedelta(minutes=9))


def test_without_a_repository_nobody_knows_and_the_server_will(tmp_path: Path) -> None:
    (tmp_path / "itsm.yaml").write_text(BACKGROUND["itsm.yaml"])
    checkout = checkout_at(tmp_path, NOW)
    require_void_in_time(checkout, [Draft("records/x", b"", b"void: 1", "note")], NOW)
    checkout.close()
