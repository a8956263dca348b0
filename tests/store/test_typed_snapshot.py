"""Records found by their model: the same as by the name of their kind, and of the model's type."""

from __future__ import annotations

import pytest

from itsm_as_code.domain.ids import parse_path
from itsm_as_code.domain.kinds import KINDS
from itsm_as_code.domain.kinds.service import Service
from itsm_as_code.domain.kinds.team import Team
from itsm_as_code.domain.snapshot import RecordsByKind
from tests.checks.memory import as_files, service, snapshot_of
from tests.checks.workspace import BACKGROUND
from tests.site.memory import MemorySnapshot

KINDS_THERE = sorted({located[0] for path in BACKGROUND if (located := parse_path(path)) is not None})
PAYROLL = service()


@pytest.mark.parametrize("kind", KINDS_THERE)
def test_all_of_a_model_are_all_of_its_kind(kind: str) -> None:
    snapshot = snapshot_of({})
    found = list(snapshot.all(KINDS[kind].model))
    assert found == list(snapshot.records(kind)) != []
    assert snapshot.find(KINDS[kind].model, found[0].id) == snapshot.get(kind, found[0].id) == found[0]


@pytest.mark.parametrize(
    "snapshot",
    [snapshot_of(as_files(PAYROLL)), MemorySnapshot(Service.model_validate(PAYROLL))],
    ids=["tree", "memory"],
)
def test_a_record_is_found_by_its_own_model_alone(snapshot: RecordsByKind) -> None:
    found = snapshot.find(Service, "payroll")
    assert found is not None
    assert found.tier == 2
    assert snapshot.find(Team, "payroll") is None
    assert snapshot.find(Service, "nowhere") is None
    assert "payroll" not in {team.id for team in snapshot.all(Team)}
