"""Files are checked as they will be: errors stand in the way, the rest is told."""

from __future__ import annotations

import pytest

from itsm_as_code.app.writing.draft import Blocked
from itsm_as_code.app.writing.verify import verified
from itsm_as_code.domain.errors import CouldNotCheck
from tests.checks.memory import article, as_files, incident, service, snapshot_of
from tests.checks.workspace import NOW

INCIDENT = "records/incidents/2026/11/INC-20261121-7K3Q9.yaml"


def test_files_in_order_pass_without_a_word() -> None:
    assert verified(snapshot_of(as_files(incident(service="portal"))), [INCIDENT, "itsm.yaml"], NOW) == ()


def test_an_error_blocks_and_comes_with_its_place_and_the_text() -> None:
    with pytest.raises(Blocked) as blocked:
        verified(snapshot_of(as_files(incident(service="soon"))), [INCIDENT], NOW)
    (finding,) = blocked.value.findings
    assert (finding.code, finding.path) == ("REF001", INCIDENT)
    assert finding.position is not None
    assert "soon" in blocked.value.sources[INCIDENT]


def test_a_file_that_can_not_be_read_blocks() -> None:
    with pytest.raises(Blocked):
        verified(snapshot_of({INCIDENT: "id: [\n"}), [INCIDENT], NOW)


def test_settings_with_faults_block() -> None:
    with pytest.raises(Blocked):
        verified(snapshot_of({"itsm.yaml": "schema: 1\n"}), ["itsm.yaml"], NOW)


def test_what_is_milder_than_an_error_is_told_and_does_not_block() -> None:
    heirless = article(state="retired")
    ((path, text),) = as_files(heirless).items()
    (note,) = verified(snapshot_of({path: text}), [path], NOW)
    assert (note.code, note.path) == ("KNW005", path)


def test_only_the_named_files_are_looked_at() -> None:
    files = as_files(incident(service="soon"), service())
    assert verified(snapshot_of(files), ["records/services/payroll.yaml"], NOW) == ()


def test_a_path_of_no_record_is_not_taken_for_a_pass() -> None:
    with pytest.raises(CouldNotCheck, match="no record's path"):
        verified(snapshot_of({}), ["README.md"], NOW)
