"""The proof of an approval: what was decided on, by which acts, keys and rules, as of the step that let it in."""

from __future__ import annotations

import pytest

from itsm_as_code.app.reading.proof import proof
from itsm_as_code.domain.approval.proof import Proof
from itsm_as_code.domain.errors import CouldNotCheck, ItsmError
from tests.approvals.records import NOW, WORKSPACE, change, path
from tests.approvals.world import World
from tests.checkouts import checkout_at, checkout_over
from tests.checks.memory import snapshot_of

SCHEDULED = change()


def proved(world: World, ref: str = SCHEDULED["id"]) -> Proof:
    checkout = checkout_at(world.ws, NOW)
    try:
        return proof(checkout, ref)
    finally:
        checkout.close()


def test_what_has_not_landed_is_proved_as_it_lies_here(lone: World) -> None:
    first = lone.git("rev-parse", "HEAD")
    lone.put(SCHEDULED)
    lone.approved(SCHEDULED, "ben")
    found = proved(lone)
    assert (found.workspace, found.genesis, found.base, found.entered) == (WORKSPACE, first, first, None)
    assert (found.kind, found.path) == ("change", path(SCHEDULED))
    assert found.content["material"]["reason"] == SCHEDULED["reason"]
    assert [gate.verdict.is_open for gate in found.gates] == [True]
    assert {where for _, where, _ in found.acts} == {"step"}


def test_what_has_landed_is_proved_by_the_base_of_its_step_and_later_acts_are_told_as_later(lone: World) -> None:
    before = lone.git("rev-parse", "HEAD")
    lone.put(SCHEDULED)
    lone.approved(SCHEDULED, "ben")
    entered = lone.commit()
    lone.act("dora", "approved", SCHEDULED)
    newest = lone.commit()
    found = proved(lone)
    assert (found.base, found.entered, found.newest) == (before, entered, newest)
    assert sorted(where for _, where, _ in found.acts) == ["later", "step", "step"]


def test_whoever_an_act_names_is_in_it_with_keys_and_whoever_could_decide_with_their_team(lone: World) -> None:
    lone.put(SCHEDULED)
    lone.approved(SCHEDULED, "ben")
    found = proved(lone)
    assert set(found.people) == {"ana", "ben"}
    assert found.people["ben"]["keys"] == [{"key": lone.public("ben")}]
    assert found.teams["it"] == {"members": ["ana", "ben", "dora", "robo"], "parents": []}


def test_what_came_with_the_first_commit_was_judged_by_nobody(lone: World) -> None:
    with pytest.raises(CouldNotCheck, match="which nobody judged"):
        proved(lone, "team/it")


def test_what_needs_no_decision_or_has_no_repository_has_no_proof(lone: World) -> None:
    with pytest.raises(ItsmError):
        proved(lone, "1NC01")
    with pytest.raises(CouldNotCheck):
        proof(checkout_over(snapshot_of({}), NOW), "portal")
