"""What is said before a decision is signed: errors where it can never count, cautions otherwise."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from itsm_as_code.app.approvals.decision_context import DecisionContext, context_for
from itsm_as_code.app.deciding.preconditions import cautions, require_sensible
from itsm_as_code.app.deciding.request import DecisionRequest
from itsm_as_code.domain.errors import UsageFault
from itsm_as_code.domain.kinds.approval import Decision
from tests.app.approvals.worlds import Memory
from tests.approvals.records import CHANGES, Record, at, change, policy
from tests.approvals.test_debts import alone, emergency
from tests.approvals.world import act_id

RECORD = change()
REF = RECORD["id"]
APPROVE, REFUSE = DecisionRequest(REF, Decision.APPROVED), DecisionRequest(REF, Decision.REFUSED, comment="No")
WITHDRAW = DecisionRequest(REF, Decision.WITHDRAWN)


def context(memory: Memory, person: str, record: Record = RECORD, gate: str | None = None) -> DecisionContext:
    memory.put(record)
    return context_for(memory.evaluator(), record["id"], gate, person)


def objection(memory: Memory, request: DecisionRequest, person: str, **more: Any) -> UsageFault:
    """Why a request makes no sense."""
    with pytest.raises(UsageFault) as raised:
        require_sensible(context(memory, request.on_behalf_of or person, **more), request, person)
    return raised.value


def test_who_may_fill_a_seat_hears_nothing(memory: Memory) -> None:
    memory.act("ana", "proposed", RECORD)
    found = context(memory, "ben")
    require_sensible(found, APPROVE, "ben")
    require_sensible(found, replace(APPROVE, seat="owner"), "ben")
    assert list(cautions(found, APPROVE)) == []


def test_a_seat_that_no_rule_has_is_named_with_those_there_are(memory: Memory) -> None:
    fault = objection(memory, replace(APPROVE, seat="board"), "ben")
    assert (fault.message, fault.hint) == ("no rule board asks for anybody here", "one of owner")


def test_a_seat_of_several_rules_is_named_in_full(memory: Memory) -> None:
    memory.put(policy("board", "scheduled", ["change"], {"id": "owner", "seats": [{"teams": ["it"]}]}))
    memory.land()
    fault = objection(memory, replace(APPROVE, seat="owner"), "ben")
    assert (fault.message, fault.hint) == ("several rules are called owner here", "one of board/owner, changes/owner")
    fault = objection(memory, replace(APPROVE, seat="other"), "ben")
    assert fault.hint == "one of board/owner, changes/owner"
    require_sensible(context(memory, "ben"), replace(APPROVE, seat="board/owner"), "ben")


def test_an_author_never_counts_and_those_who_could_are_named(memory: Memory) -> None:
    fault = objection(memory, APPROVE, "ana")
    assert fault.message == "ana is one of its authors, so an approval of theirs would never count"
    assert fault.hint == "ben or dora could approve"


def test_whoever_proposed_it_never_counts(memory: Memory) -> None:
    memory.act("ben", "proposed", RECORD)
    assert objection(memory, APPROVE, "ben").message.startswith("ben proposed it")


def test_an_authors_own_approval_of_an_emergency_needs_a_reason(memory: Memory) -> None:
    alone(memory)
    record = emergency(authors=["dora"])
    found = context(memory, "dora", record)
    with pytest.raises(UsageFault, match="needs --comment"):
        require_sensible(found, replace(APPROVE, comment="  "), "dora")
    require_sensible(found, replace(APPROVE, comment="Nobody else is awake"), "dora")


def test_a_deputy_does_not_overrule_what_was_refused_in_person(memory: Memory) -> None:
    where = memory.act("ben", "refused", RECORD, comment="No")
    fault = objection(memory, replace(APPROVE, on_behalf_of="ben"), "eve")
    assert fault.message == f"ben refused in person ({act_id(where)})"
    assert fault.hint == f"take that back first: itsm withdraw {REF} --gate scheduled --for ben"


def test_nothing_to_withdraw_is_said_with_what_stands_of_others(memory: Memory) -> None:
    plain = objection(memory, WITHDRAW, "ben")
    assert plain.message == f"ben has decided nothing on {REF} at gate scheduled that could be taken back"
    where = memory.act("dora", "refused", RECORD, comment="No")
    assert (objection(memory, WITHDRAW, "ben").hint or "").startswith(f"active refusals: {act_id(where)} of dora")


def test_an_own_decision_can_be_withdrawn_and_a_proposal_can_not(memory: Memory) -> None:
    memory.act("ana", "proposed", RECORD)
    assert "a proposal is not taken back" in (objection(memory, WITHDRAW, "ana").hint or "")
    memory.act("ben", "approved", RECORD)
    require_sensible(context(memory, "ben"), WITHDRAW, "ben")


def test_only_whom_a_rule_names_takes_somebody_elses_refusal_back(memory: Memory) -> None:
    refusal = act_id(memory.act("ben", "refused", RECORD, comment="No"))
    request = replace(WITHDRAW, withdraws=(refusal,))
    require_sensible(context(memory, "dora"), request, "dora")
    require_sensible(context(memory, "ben"), request, "ben")
    fault = objection(memory, request, "eve")
    assert fault.message == "eve may not take back what ben refused"
    assert (fault.hint or "").startswith("ben can, or somebody with the role keeper")


def test_only_a_refusal_that_is_there_and_counts_is_taken_back(memory: Memory) -> None:
    assert "there is no act APR-X" in objection(memory, replace(WITHDRAW, withdraws=("APR-X",)), "dora").message
    approval = act_id(memory.act("ben", "approved", RECORD))
    fault = objection(memory, replace(WITHDRAW, withdraws=(approval,)), "dora")
    assert fault.message == f"{approval} of ben is no refusal: it is approved"
    elsewhere = act_id(memory.act("ben", "refused", RECORD, gate="post-review", comment="No"))
    fault = objection(memory, replace(WITHDRAW, withdraws=(elsewhere,)), "dora")
    assert (fault.message, fault.hint) == (f"{elsewhere} decides on gate post-review", "add --gate post-review")
    gone = act_id(memory.act("ben", "refused", RECORD, comment="No"))
    memory.act("ben", "withdrawn", RECORD, supersedes=[gone])
    fault = objection(memory, replace(WITHDRAW, withdraws=(gone,)), "dora")
    assert fault.message.startswith(f"{gone} does not count any more: superseded by")


# Cautions.


def test_whoever_fills_no_seat_is_told_who_could(memory: Memory) -> None:
    found = context(memory, "eve")
    assert list(cautions(found, APPROVE)) == [
        "eve may fill no seat here, so this approval will not count; ben or dora could"
    ]
    require_sensible(found, APPROVE, "eve")


def test_an_approval_before_the_proposal_counts_later(memory: Memory) -> None:
    assert list(cautions(context(memory, "ben"), APPROVE)) == [
        "nobody has proposed exactly this content yet: the approval counts once somebody has"
    ]


def test_where_nobody_is_asked_an_approval_changes_nothing(memory: Memory) -> None:
    memory.put(memory.edited("records/services/mail.yaml", tier=2))
    found = context_for(memory.evaluator(), "service/mail", None, "ben")
    assert list(cautions(found, APPROVE)) == ["nobody has to decide here, so this approval changes nothing"]


def test_a_refusal_without_a_veto_blocks_nothing(memory: Memory) -> None:
    assert list(cautions(context(memory, "ben"), REFUSE)) == []
    rules = [rule | {"veto": False} if rule["id"] == "owner" else rule for rule in CHANGES["rules"]]
    memory.put(CHANGES | {"rules": rules})
    memory.land()
    assert list(cautions(context(memory, "ben"), REFUSE)) == [
        "no rule here gives refusals a veto, so this one blocks nothing"
    ]


def test_who_takes_a_refusal_back_loses_an_approval_of_their_own(memory: Memory) -> None:
    memory.act("ben", "approved", RECORD, at=at(minutes=2))
    (words,) = cautions(context(memory, "ben"), replace(WITHDRAW, withdraws=("APR-X",)))
    assert words.startswith("your own approval stops counting with this")
