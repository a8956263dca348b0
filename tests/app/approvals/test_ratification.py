"""People take over what went past the check."""

from __future__ import annotations

from typing import Any

import pytest

from itsm_as_code.app.approvals.opened_step import OpenedStep, open_step
from itsm_as_code.app.approvals.ratification import (
    BypassedGate,
    brings_ratifications,
    ratifying_acts,
)
from itsm_as_code.git.repository import open_repository
from tests.app.approvals.worlds import Local
from tests.approvals.records import NOW, change, path
from tests.approvals.world import act_id

RECORD = change()


def taken_over(local: Local) -> list[tuple[str, tuple[str, ...]]]:
    """What the last step of main ratifies of what the one before let in: subjects, with the acts that count."""
    with open_repository(local.ws) as repository:
        passed = open_step(repository, "main~2", "main~1", NOW)
        evaluator = passed.evaluator
        results = [result for result in passed.gate_results if not result.verdict.is_open]
        bypassed = [BypassedGate.of("c0ffee", result, evaluator) for result in results]
        brought = open_step(repository, "main~1", "main", NOW)
        assert brings_ratifications(brought) is bool(bypassed and "ratify" in {a.gate for a in brought_acts(brought)})
        found = [(each.name, ratifying_acts(each, brought.evaluator, evaluator.base)) for each in bypassed]
        return [each for each in found if each[1]]


def brought_acts(brought: OpenedStep) -> list[Any]:
    """The approvals that a step brings."""
    acts: list[Any] = [each.head.record for each in brought.step.changes if each.kind == "approval" and each.head]
    return [act for act in acts if act.decision == "approved"]


@pytest.fixture
def bypassed(local: Local) -> Local:
    """A change that nobody approved is on main."""
    local.put(RECORD)
    local.land()
    return local


def test_what_went_past_a_gate_is_told_with_its_content(bypassed: Local) -> None:
    with open_repository(bypassed.ws) as repository:
        opened = open_step(repository, "main~1", "main", NOW)
        (result,) = opened.gate_results
        found = BypassedGate.of("c0ffee", result, opened.evaluator)
    assert (found.commit, found.path, found.name, found.gate) == ("c0ffee", path(RECORD), RECORD["id"], "scheduled")
    assert found.subject.head["id"] == RECORD["id"]


def test_who_could_have_let_it_through_takes_it_over(bypassed: Local) -> None:
    where = bypassed.act("ben", "approved", RECORD, gate="ratify")
    bypassed.land()
    assert taken_over(bypassed) == [(RECORD["id"], (act_id(where),))]


@pytest.mark.parametrize("who", ["ana", "eve"])
def test_its_author_and_people_without_a_seat_take_nothing_over(bypassed: Local, who: str) -> None:
    bypassed.act(who, "approved", RECORD, gate="ratify")
    bypassed.land()
    assert taken_over(bypassed) == []


def test_a_refusal_ratifies_nothing(bypassed: Local) -> None:
    bypassed.act("ben", "refused", RECORD, gate="ratify", comment="Take it out.")
    bypassed.land()
    assert taken_over(bypassed) == []


def test_an_approval_at_the_gate_itself_comes_too_late(bypassed: Local) -> None:
    bypassed.approved(RECORD, "ben")
    bypassed.land()
    assert taken_over(bypassed) == []


def test_acts_on_another_content_ratify_nothing(bypassed: Local) -> None:
    bypassed.act("ben", "approved", RECORD | {"reason": "It ends on Saturday."}, gate="ratify")
    bypassed.land()
    assert taken_over(bypassed) == []
