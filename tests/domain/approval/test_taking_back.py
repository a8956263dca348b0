"""Who may take a refusal back: its maker, or a named role that has no part in what was refused."""

from __future__ import annotations

from dataclasses import replace

import pytest

from itsm_as_code.domain.approval.act import Act, Proof
from itsm_as_code.domain.approval.answer import Status
from tests.domain.approval.world import PROPOSAL, QUESTION, act, name, rule, verdict

RULE = rule(withdraw_by=("change-manager",))
APPROVAL = act(3, "cho")
REFUSAL = act(4, "dee", "refused")


def status(*acts: Act, disqualified: tuple[str, ...] = ()) -> Status:
    question = replace(QUESTION, disqualified=dict.fromkeys(disqualified, "is one of its authors"))
    return verdict(PROPOSAL, APPROVAL, REFUSAL, *acts, rules=[RULE], question=question).status


def test_a_named_role_takes_a_refusal_back() -> None:
    assert status() is Status.REFUSED
    assert status(act(5, "zoe", "withdrawn", supersedes=(4,))) is Status.APPROVED


@pytest.mark.parametrize("decision", ["approved", "proposed", "refused"])
def test_a_named_role_takes_it_back_by_a_withdrawal_only(decision: str) -> None:
    assert status(act(5, "zoe", decision, supersedes=(4,))) is Status.REFUSED


def test_whoever_wrote_or_asked_for_it_takes_no_refusal_of_it_back() -> None:
    assert status(act(5, "zoe", "withdrawn", supersedes=(4,)), disqualified=("zoe",)) is Status.REFUSED


@pytest.mark.parametrize("digest", [PROPOSAL.digest, "itsm1:" + "0" * 64])
def test_whoever_proposed_it_in_any_form_takes_no_refusal_of_it_back(digest: str) -> None:
    proposal = act(6, "zoe", "proposed", digest=digest)
    assert status(proposal, act(5, "zoe", "withdrawn", supersedes=(4,))) is Status.REFUSED


def test_nobody_takes_it_back_for_an_author() -> None:
    for_an_author = act(5, "zoe", "withdrawn", supersedes=(4,), on_behalf_of="ana")
    assert status(for_an_author, disqualified=("ana",)) is Status.REFUSED


def test_a_witness_takes_back_nothing_that_was_signed() -> None:
    seen = act(5, "dee", "withdrawn", supersedes=(4,), proof=Proof.REVIEW, witness="robot")
    assert status(seen) is Status.REFUSED
    assert status(replace(seen, proof=Proof.SIGNED, witness=None)) is Status.APPROVED


def test_a_signature_takes_back_what_a_witness_saw() -> None:
    seen = replace(REFUSAL, proof=Proof.REVIEW, witness="robot")
    signed = act(5, "dee", "withdrawn", supersedes=(4,))
    assert verdict(PROPOSAL, APPROVAL, seen, signed, rules=[RULE]).status is Status.APPROVED
    assert verdict(PROPOSAL, APPROVAL, seen, rules=[RULE]).status is Status.REFUSED


def test_a_witness_may_replace_an_approval_that_was_signed() -> None:
    """That makes nothing laxer: the approval is gone, and the seat may want a signature."""
    seen = act(5, "cho", supersedes=(3,), proof=Proof.REVIEW, witness="robot")
    found = verdict(PROPOSAL, APPROVAL, seen, rules=[RULE])
    assert found.status is Status.PENDING
    assert {each.act.id for each in found.discarded} == {name(3), name(5)}


@pytest.mark.parametrize(
    ("acts", "expected"),
    [
        ([act(5, "zoe", "withdrawn", supersedes=(4,))], Status.APPROVED),
        ([act(5, "zoe", "withdrawn")], Status.REFUSED),
        ([act(5, "zoe", "withdrawn", supersedes=(4, 9))], Status.PENDING),
        ([act(5, "zoe", "withdrawn", supersedes=(4, 3))], Status.PENDING),
        ([act(5, "zoe", "refused", supersedes=(4,))], Status.REFUSED),
    ],
)
def test_who_takes_back_what_others_said_keeps_their_own_approval(acts: list[Act], expected: Status) -> None:
    """Zoe approved, and withdraws Dee's refusal; a withdrawal that names anything else is about her own word too."""
    role = rule(seats=[{"roles": ["change-manager"]}], withdraw_by=("change-manager",))
    assert verdict(PROPOSAL, act(3, "zoe"), REFUSAL, *acts, rules=[role]).status is expected


def test_nobody_is_named_who_could_withdraw_where_nothing_blocks() -> None:
    assert verdict(PROPOSAL, APPROVAL, rules=[RULE]).could_withdraw == ()
    assert verdict(PROPOSAL, APPROVAL, REFUSAL, rules=[RULE]).could_withdraw == ("zoe",)
