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
    said = f"itsm refuse {RECORD['id']} --gate authors --comment … --push"
    assert fault.hint == f"ben or dora could approve; if ana wrote none of it: {said}"


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


# Ending what somebody decided.


def delegating(memory: Memory, **to: str) -> None:
    """People of base have deputies now."""
    term = {"from": at(days=1), "until": at(days=-1)}
    memory.put(*(memory.edited(f"records/people/{who}.yaml", delegate=term | {"to": to[who]}) for who in to))
    memory.land()


def refused(memory: Memory, by: str, **fields: Any) -> str:
    """The id of a refusal of the change."""
    return act_id(memory.act(by, "refused", RECORD, comment="No", **fields))


@pytest.mark.parametrize("decision", [Decision.WITHDRAWN, Decision.APPROVED])
def test_an_author_does_not_end_a_refusal_as_the_refusers_deputy(memory: Memory, decision: Decision) -> None:
    delegating(memory, ben="ana")
    refusal = refused(memory, "ben")
    fault = objection(memory, DecisionRequest(REF, decision, on_behalf_of="ben"), "ana")
    assert fault.message == (
        f"ana is one of its authors, and {refusal} is not what ana decided in person, so ana can't take it back"
    )
    assert fault.hint == "who can: ben in person, or somebody with the role keeper who has no part in it"


def test_a_refusal_by_a_deputy_is_ended_by_whom_it_was_made_for_or_a_role(memory: Memory) -> None:
    delegating(memory, ben="eve")
    record = RECORD | {"authors": ["ana", "eve"]}
    refusal = act_id(memory.act("eve", "refused", record, comment="No", on_behalf_of="ben"))
    found = context(memory, "ben", record)
    with pytest.raises(UsageFault) as raised:
        require_sensible(found, replace(WITHDRAW, on_behalf_of="ben"), "eve")
    assert raised.value.message.startswith(
        f"eve is one of its authors, and {refusal} is not what eve decided in person"
    )
    require_sensible(found, WITHDRAW, "ben")


def test_where_no_role_is_named_only_the_refuser_in_person_ends_it(memory: Memory) -> None:
    rules = [{key: value for key, value in rule.items() if key != "withdraw_by"} for rule in CHANGES["rules"]]
    memory.put(CHANGES | {"rules": rules})
    memory.land()
    delegating(memory, ben="ana")
    refused(memory, "ben")
    fault = objection(memory, replace(WITHDRAW, on_behalf_of="ben"), "ana")
    assert fault.hint == "who can: ben in person"
    refusal = refused(memory, "dora")
    fault = objection(memory, replace(WITHDRAW, withdraws=(refusal,)), "eve")
    assert (fault.message, fault.hint) == (
        "eve may not take back what dora refused", f"dora can: itsm withdraw {REF} --gate scheduled"
    )  # fmt: skip


def test_where_all_have_a_part_nobody_ends_it(memory: Memory) -> None:
    rules = [{key: value for key, value in rule.items() if key != "withdraw_by"} for rule in CHANGES["rules"]]
    memory.put(CHANGES | {"rules": rules})
    memory.land()
    delegating(memory, ana="eve")
    refusal = refused(memory, "eve", on_behalf_of="ana")
    fault = objection(memory, WITHDRAW, "ana")
    assert fault.message.startswith(f"ana is one of its authors, and {refusal} is not what ana decided in person")
    assert fault.hint == "nobody can: cancel the record and make a new one"


def test_whoever_proposed_it_is_told_so(memory: Memory) -> None:
    delegating(memory, ben="eve")
    memory.act("eve", "proposed", RECORD)
    refusal = refused(memory, "ben")
    fault = objection(memory, replace(WITHDRAW, on_behalf_of="ben"), "eve")
    assert fault.message.startswith(f"eve proposed it, and {refusal} is not what eve decided in person")


def test_what_an_author_decided_in_person_is_theirs_to_end(memory: Memory) -> None:
    refused(memory, "ana")
    require_sensible(context(memory, "ana"), WITHDRAW, "ana")


def test_a_withdrawal_is_not_taken_back_by_somebody_with_a_part_either(memory: Memory) -> None:
    """It would bring back what was withdrawn."""
    delegating(memory, ben="ana")
    approval = act_id(memory.act("ben", "approved", RECORD))
    withdrawal = act_id(memory.act("ben", "withdrawn", RECORD, supersedes=[approval]))
    fault = objection(memory, replace(APPROVE, on_behalf_of="ben"), "ana")
    assert withdrawal in fault.message and fault.hint == "who can: ben in person"


def test_somebody_with_a_part_may_refuse_whatever_was_decided(memory: Memory) -> None:
    """That only makes the answer stricter."""
    refused(memory, "ben")
    delegating(memory, ben="ana")
    require_sensible(context(memory, "ben"), replace(REFUSE, on_behalf_of="ben"), "ana")


def test_an_approval_by_a_deputy_who_wrote_it_never_counts(memory: Memory) -> None:
    delegating(memory, ben="ana")
    fault = objection(memory, replace(APPROVE, on_behalf_of="ben"), "ana")
    assert fault.message == "ana is one of its authors, so an approval of theirs would never count"


def test_whoever_a_rule_lets_approve_their_own_needs_no_reason_for_a_normal_change(memory: Memory) -> None:
    rules = [rule | {"author_may_approve": True} if rule["id"] == "owner" else rule for rule in CHANGES["rules"]]
    memory.put(CHANGES | {"rules": rules})
    memory.land()
    require_sensible(context(memory, "ana"), APPROVE, "ana")


def test_where_nobody_is_asked_an_author_hears_no_objection(memory: Memory) -> None:
    record = memory.edited("records/services/mail.yaml", tier=2)
    memory.put(record | {"authors": ["ana"]})
    require_sensible(context_for(memory.evaluator(), "service/mail", None, "ana"), APPROVE, "ana")


def test_the_reason_for_an_own_approval_of_an_emergency_is_asked_for_in_words(memory: Memory) -> None:
    alone(memory)
    found = context(memory, "dora", emergency(authors=["dora"]))
    for comment in (None, "", " "):
        with pytest.raises(UsageFault) as raised:
            require_sensible(found, replace(APPROVE, comment=comment), "dora")
        assert raised.value.message == (
            "dora is one of its authors: an author's own approval of an emergency needs --comment"
        )
        assert raised.value.hint == "say why it can't wait for somebody else; it is signed with the rest"


def test_who_takes_an_act_back_that_is_not_there_hears_which_refusals_there_are(memory: Memory) -> None:
    request = replace(WITHDRAW, withdraws=("APR-X",))
    fault = objection(memory, request, "dora")
    assert (fault.message, fault.hint) == (f"there is no act APR-X on {REF} at gate scheduled", None)
    first, second = refused(memory, "ben"), refused(memory, "eve")
    listed = sorted([f"{first} of ben", f"{second} of eve"])
    assert objection(memory, request, "dora").hint == (
        f"active refusals: {', '.join(listed)}; somebody with a named role takes one back with --act"
    )


def test_what_is_said_of_an_act_that_can_not_be_taken_back(memory: Memory) -> None:
    approval = act_id(memory.act("ben", "approved", RECORD))
    fault = objection(memory, replace(WITHDRAW, withdraws=(approval,)), "dora")
    assert fault.hint == "only refusals are taken back for somebody"
    refusal = refused(memory, "ben")
    fault = objection(memory, replace(WITHDRAW, withdraws=(refusal,)), "eve")
    assert fault.hint == (
        f"ben can, or somebody with the role keeper: itsm withdraw {REF} --gate scheduled --act {refusal}"
    )
    stranger = replace(WITHDRAW, withdraws=(refusal,))
    with pytest.raises(UsageFault, match="nobody may not take back what ben refused"):
        require_sensible(context(memory, "nobody"), stranger, "nobody")


def test_a_proposer_is_told_what_to_do_instead_of_a_withdrawal(memory: Memory) -> None:
    memory.act("ana", "proposed", RECORD)
    assert objection(memory, WITHDRAW, "ana").hint == "a proposal is not taken back: change the record, or cancel it"


def test_where_no_rule_asks_for_anybody_no_seat_can_be_named(memory: Memory) -> None:
    memory.put(memory.edited("records/services/mail.yaml", tier=2))
    found = context_for(memory.evaluator(), "service/mail", None, "ben")
    with pytest.raises(UsageFault) as raised:
        require_sensible(found, replace(APPROVE, seat="s" * 50), "ben")
    assert raised.value.message == f"no rule {'s' * 39}… asks for anybody here" and raised.value.hint == "one of none"


def test_a_seat_that_somebody_else_fills_is_no_seat_of_theirs(memory: Memory) -> None:
    """ben could fill both seats of a change of the portal, dora that of its owner alone."""
    record = change("portal")
    found = context(memory, "dora", record)
    assert "this approval will not count" in next(cautions(found, replace(APPROVE, seat="board")))
    assert "nobody has proposed" in next(cautions(found, replace(APPROVE, seat="owner")))
    assert next(cautions(found, replace(APPROVE, seat="board"))).endswith("ben or cleo or dora could")


def test_who_takes_anothers_refusal_back_without_an_approval_of_their_own_hears_nothing(memory: Memory) -> None:
    refusal = refused(memory, "ben")
    assert list(cautions(context(memory, "dora"), replace(WITHDRAW, withdraws=(refusal,)))) == []
    memory.act("ben", "approved", RECORD, at=at(minutes=2))
    (words,) = cautions(context(memory, "ben"), replace(WITHDRAW, withdraws=("APR-X",)))
    assert words.endswith(f"approve again: itsm approve {REF} --gate scheduled")


def test_at_a_gate_of_statements_only_what_belongs_there_is_said(memory: Memory) -> None:
    found = context(memory, "ben", gate="authors")
    assert list(cautions(found, replace(REFUSE, gate="authors"))) == [
        "`authors` does not name ben, so there is nothing to object to"
    ]


def test_a_deputy_ends_no_more_than_the_author_whose_deputy_they_are(memory: Memory) -> None:
    delegating(memory, ana="eve")
    refusal = refused(memory, "eve", on_behalf_of="ana")
    fault = objection(memory, replace(WITHDRAW, on_behalf_of="ana"), "eve")
    assert fault.message == (
        f"ana is one of its authors, and {refusal} is not what ana decided in person, so ana can't take it back"
    )


def test_whoever_takes_back_their_own_is_not_stopped_by_what_others_decided(memory: Memory) -> None:
    refused(memory, "ben")
    refused(memory, "ana")
    require_sensible(context(memory, "ana"), WITHDRAW, "ana")


def test_all_roles_that_end_a_refusal_are_named(memory: Memory) -> None:
    both = {"withdraw_by": ["keeper", "emergency-approver"]}
    rules = [rule | both if rule["id"] == "owner" else rule for rule in CHANGES["rules"]]
    memory.put(CHANGES | {"rules": rules})
    memory.land()
    delegating(memory, ben="ana")
    refused(memory, "ben")
    fault = objection(memory, replace(WITHDRAW, on_behalf_of="ben"), "ana")
    roles = "the role emergency-approver or keeper"
    assert fault.hint == f"who can: ben in person, or somebody with {roles} who has no part in it"
    refusal = refused(memory, "dora")
    fault = objection(memory, replace(WITHDRAW, withdraws=(refusal,)), "eve")
    assert (fault.hint or "").startswith(f"dora can, or somebody with {roles}: ")


def test_what_a_deputy_approves_overrules_no_approval_in_person(memory: Memory) -> None:
    delegating(memory, ben="eve")
    memory.act("ben", "approved", RECORD | {"title": "Other words"})
    require_sensible(context(memory, "ben"), replace(APPROVE, on_behalf_of="ben"), "eve")


def test_a_rule_that_lets_authors_approve_lets_them_fill_its_own_seat_alone(memory: Memory) -> None:
    rules = [rule | {"author_may_approve": True} if rule["id"] == "owner" else rule for rule in CHANGES["rules"]]
    memory.put(CHANGES | {"rules": rules})
    memory.land()
    found = context(memory, "ben", change("portal", authors=["ben"]))
    require_sensible(found, replace(APPROVE, seat="owner"), "ben")
    with pytest.raises(UsageFault, match="would never count"):
        require_sensible(found, replace(APPROVE, seat="board"), "ben")


def test_the_team_of_the_service_fills_the_seat_of_its_owner(memory: Memory) -> None:
    rules = [rule | {"seats": [{"owner_team": True}]} if rule["id"] == "owner" else rule for rule in CHANGES["rules"]]
    memory.put(CHANGES | {"rules": rules})
    memory.land()
    memory.act("ana", "proposed", RECORD)
    assert list(cautions(context(memory, "ben"), APPROVE)) == []
