"""What somebody wants to decide, and what of it is decided already."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from itsm_as_code.app.approvals.decision_context import DecisionContext, context_for
from itsm_as_code.app.deciding.request import DecisionRequest, decision_of, superseded
from itsm_as_code.domain.kinds.approval import Decision
from tests.app.approvals.worlds import Memory
from tests.approvals.records import NOW, change
from tests.approvals.world import act_id

RECORD = change()
APPROVE = DecisionRequest(RECORD["id"], Decision.APPROVED)


def context(memory: Memory, person: str = "ben", now: datetime = NOW) -> DecisionContext:
    memory.put(RECORD)
    return context_for(memory.evaluator(now), RECORD["id"], None, person)


def test_an_approval_of_exactly_this_content_is_made_already(memory: Memory) -> None:
    where = memory.act("ben", "approved", RECORD, comment="Tested")
    found = context(memory)
    made = decision_of(found, APPROVE, "ben")
    assert made is not None and made.id == act_id(where)
    assert decision_of(found, replace(APPROVE, comment="Tested"), "ben") == made
    assert decision_of(found, replace(APPROVE, key=Path("key")), "ben") == made


@pytest.mark.parametrize(
    "more",
    [
        {"comment": "Tested twice"}, {"seat": "owner"}, {"on_behalf_of": "dora"},
        {"decision": Decision.REFUSED}, {"withdraws": ("APR-20261121-00000",)},
    ],
    ids=str,
)  # fmt: skip
def test_a_request_that_says_more_or_something_else_is_not_made_yet(memory: Memory, more: dict[str, object]) -> None:
    memory.act("ben", "approved", RECORD)
    assert decision_of(context(memory), replace(APPROVE, **more), "ben") is None  # type: ignore[arg-type]


def test_an_approval_of_other_content_is_none_of_this(memory: Memory) -> None:
    memory.act("ben", "approved", RECORD | {"reason": "It ends on Saturday."})
    assert decision_of(context(memory), APPROVE, "ben") is None


def test_an_approval_that_has_expired_can_be_made_again(memory: Memory) -> None:
    memory.act("ben", "approved", RECORD)
    assert decision_of(context(memory, now=NOW + timedelta(days=29)), APPROVE, "ben") is not None
    assert decision_of(context(memory, now=NOW + timedelta(days=31)), APPROVE, "ben") is None


def test_what_somebody_else_decided_is_not_made_by_this_person(memory: Memory) -> None:
    memory.act("dora", "approved", RECORD)
    assert decision_of(context(memory), APPROVE, "ben") is None


def test_a_proposal_and_a_withdrawal_are_never_made_already(memory: Memory) -> None:
    memory.act("ana", "proposed", RECORD)
    for decision in (Decision.PROPOSED, Decision.WITHDRAWN):
        assert decision_of(context(memory, "ana"), DecisionRequest(RECORD["id"], decision), "ana") is None


def test_a_new_decision_takes_the_place_of_all_active_ones_of_the_person(memory: Memory) -> None:
    acts = [act_id(memory.act("ben", "approved", RECORD)), act_id(memory.act("ben", "refused", RECORD, comment="No"))]
    memory.act("dora", "approved", RECORD)
    assert superseded(context(memory), APPROVE) == tuple(sorted(acts))


def test_a_decision_does_not_take_the_place_of_a_proposal_nor_the_other_way_round(memory: Memory) -> None:
    proposal = act_id(memory.act("ana", "proposed", RECORD))
    refusal = act_id(memory.act("ana", "refused", RECORD, comment="Not now"))
    found = context(memory, "ana")
    assert superseded(found, replace(APPROVE, decision=Decision.REFUSED)) == (refusal,)
    assert superseded(found, replace(APPROVE, decision=Decision.PROPOSED)) == (proposal,)


def test_refusals_that_are_named_are_taken_back_and_nothing_else(memory: Memory) -> None:
    memory.act("ben", "approved", RECORD)
    request = DecisionRequest(RECORD["id"], Decision.WITHDRAWN, withdraws=("APR-B", "APR-A", "APR-B"))
    assert superseded(context(memory), request) == ("APR-A", "APR-B")
