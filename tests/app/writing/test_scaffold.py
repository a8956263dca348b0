"""What a new record starts from, and which options are missing."""

from __future__ import annotations

import pytest

from itsm_as_code.app.writing.scaffold import TEMPLATES, require_all, scaffold
from itsm_as_code.domain.errors import UsageFault
from itsm_as_code.domain.kinds import KINDS
from itsm_as_code.store.reader import read_yaml
from itsm_as_code.store.snapshot import TreeSnapshot
from tests.checks.memory import MemoryTree, snapshot_of
from tests.checks.workspace import BACKGROUND, NOW

EMPTY = TreeSnapshot(MemoryTree({"itsm.yaml": BACKGROUND["itsm.yaml"]}))


@pytest.mark.parametrize("kind", TEMPLATES)
def test_a_kind_with_much_structure_starts_from_a_template_of_that_kind(kind: str) -> None:
    text = scaffold(kind, "new-one", "New: one", snapshot_of({}), NOW)
    assert text is not None
    data = read_yaml(text).data or {}
    assert (data["id"], data["kind"]) == ("new-one", kind)
    assert "New: one" in data.values()


@pytest.mark.parametrize("kind", sorted(KINDS.keys() - set(TEMPLATES)))
def test_all_other_kinds_start_from_nothing(kind: str) -> None:
    assert scaffold(kind, "x", "X", EMPTY, NOW) is None


def test_a_policy_needs_a_team_that_can_decide() -> None:
    with pytest.raises(UsageFault, match="a policy needs a team"):
        scaffold("policy", "x", "X", EMPTY, NOW)


def test_a_record_with_all_that_it_needs_passes() -> None:
    require_all("service", {"id": "x", "kind": "service", "schema": 1, "name": "X", "owner": "it", "tier": 1})


def test_what_is_missing_is_told_with_the_option_that_gives_it() -> None:
    with pytest.raises(UsageFault) as fault:
        require_all("service", {"id": "x", "kind": "service", "schema": 1, "name": "X"})
    assert str(fault.value).startswith("a new service needs `owner` and `tier`")
    hint = fault.value.hint or ""
    assert "--owner " in hint
    assert "--set tier=" in hint


def test_what_is_missing_inside_a_map_is_told_by_its_path() -> None:
    data = {"id": "x", "kind": "change-model", "schema": 1, "title": "X"}
    with pytest.raises(UsageFault) as fault:
        require_all("change-model", data)
    assert "plan.implementation" in (fault.value.hint or "")
