"""Who may take a refusal back: its maker, or a named role that has no part in what was refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from itsm_as_code.domain.approval.act import Act, ActProof
from itsm_as_code.domain.approval.verdict import GateStatus
from tests.domain.approval.world import NOW, PEOPLE, PROPOSAL, QUESTION, act, name, person, registry, rule, verdict

RULE = rule(withdraw_by=("change-manager",))
APPROVAL = act(3, "cho")
REFUSAL = act(4, "dee", "refused")


def status(*acts: Act, disqualified: tuple[str, ...] = ()) -> GateStatus:
    question = replace(QUESTION, disqualified=dict.fromkeys(disqualified, "is one of its authors"))
    return verdict(PROPOSAL, APPROVAL, REFUSAL, *acts, rules=[RULE], question=question).status


def test_a_named_role_takes_a_refusal_back() -> None:
    assert status() is GateStatus.REFUSED
    assert status(act(5, "zoe", "withdrawn", supersedes=(4,))) is GateStatus.APPROVED


@pytest.mark.parametrize("decision", ["approved", "proposed", "refused"])
def test_a_named_role_takes_it_back_by_a_withdrawal_only(decision: str) -> None:
    assert status(act(5, "zoe", decision, supersedes=(4,))) is GateStatus.REFUSED


def test_whoever_wrote_or_asked_for_it_takes_no_refusal_of_it_back() -> None:
    assert status(act(5, "zoe", "withdrawn", supersedes=(4,)), disqualified=("zoe",)) is GateStatus.REFUSED


@pytest.mark.parametrize("digest", [PROPOSAL.digest, "itsm1:" + "0" * 64])
def test_whoever_proposed_it_in_any_form_takes_no_refusal_of_it_back(digest: str) -> None:
    proposal = act(6, "zoe", "proposed", digest=digest)
    assert status(proposal, act(5, "zoe", "withdrawn", supersedes=(4,))) is GateStatus.REFUSED


def test_nobody_takes_it_back_for_an_author() -> None:
    for_an_author = act(5, "zoe", "withdrawn", supersedes=(4,), on_behalf_of="ana")
    assert status(for_an_author, disqualified=("ana",)) is GateStatus.REFUSED


def test_a_witness_takes_back_nothing_that_was_signed() -> None:
    seen = act(5, "dee", "withdrawn", supersedes=(4,), proof=ActProof.REVIEW, witness="robot")
    assert status(seen) is GateStatus.REFUSED
    assert status(replace(seen, proof=ActProof.SIGNED, witness=None)) is GateStatus.APPROVED


def test_a_signature_takes_back_what_a_witness_saw() -> None:
    seen = replace(REFUSAL, proof=ActProof.REVIEW, witness="robot")
    signed = act(5, "dee", "withdrawn", supersedes=(4,))
    assert verdict(PROPOSAL, APPROVAL, seen, signed, rules=[RULE]).status is GateStatus.APPROVED
    assert verdict(PROPOSAL, APPROVAL, seen, rules=[RULE]).status is GateStatus.REFUSED


def test_a_witness_may_replace_an_approval_that_was_signed() -> None:
    """That makes nothing laxer: the approval is gone, and the seat may want a signature."""
    seen = act(5, "cho", supersedes=(3,), proof=ActProof.REVIEW, witness="robot")
    found = verdict(PROPOSAL, APPROVAL, seen, rules=[RULE])
    assert found.status is GateStatus.PENDING
    assert {each.act.id for each in found.discarded} == {name(3), name(5)}


@pytest.mark.parametrize(
    ("acts", "expected"),
    [
        ([act(5, "zoe", "withdrawn", supersedes=(4,))], GateStatus.APPROVED),
        ([act(5, "zoe", "withdrawn")], GateStatus.REFUSED),
        ([act(5, "zoe", "withdrawn", supersedes=(4, 9))], GateStatus.PENDING),
        ([act(5, "zoe", "withdrawn", supersedes=(4, 3))], GateStatus.PENDING),
        ([act(5, "zoe", "refused", supersedes=(4,))], GateStatus.REFUSED),
    ],
)
def test_who_takes_back_what_others_said_keeps_their_own_approval(acts: list[Act], expected: GateStatus) -> None:
    """Zoe approved, and withdraws Dee's refusal; a withdrawal that names anything else is about her own word too."""
    role = rule(seats=[{"roles": ["change-manager"]}], withdraw_by=("change-manager",))
    assert verdict(PROPOSAL, act(3, "zoe"), REFUSAL, *acts, rules=[role]).status is expected


def test_nobody_is_named_who_could_withdraw_where_nothing_blocks() -> None:
    assert verdict(PROPOSAL, APPROVAL, rules=[RULE]).could_withdraw == ()
    assert verdict(PROPOSAL, APPROVAL, REFUSAL, rules=[RULE]).could_withdraw == ("zoe",)


def deciding_for(*pairs: tuple[str, str], **acts: dict[str, Any]) -> tuple[GateStatus, ...]:
    """The status with a refusal and an act that takes it back, for each decision that can: each pair of people is
    somebody and their deputy. `part` says how somebody takes part, and in what."""
    term = (NOW - timedelta(days=1), NOW + timedelta(days=1))
    to = dict(pairs)
    people = [person(p.id, roles=p.roles, delegate=(to[p.id], *term)) if p.id in to else p for p in PEOPLE]
    refusal = act(4, decision="refused", **acts["refusal"])
    part, asked, rest = acts.get("part", {}), QUESTION, []
    if "gate" in part or "digest" in part or "on_behalf_of" in part:
        rest = [act(8, part["by"], "proposed", **{k: v for k, v in part.items() if k != "by"})]
    elif part:
        asked = replace(QUESTION, disqualified={part["by"]: "is one of its authors"})
    return tuple(
        verdict(
            PROPOSAL, APPROVAL, refusal, *rest, act(5, decision=decision, supersedes=(4,), **acts["back"]),
            rules=[rule(withdraw_by=("change-manager",), author_may_approve=True)], question=asked,
            people=registry(people),
        ).status
        for decision in ("approved", "withdrawn", "proposed")
    )  # fmt: skip


REFUSED = (GateStatus.REFUSED,) * 3
PARTS = [
    {}, {"gate": "scheduled", "digest": "itsm1:" + "0" * 64}, {"gate": "exception/year-end"}, {"on_behalf_of": "cho"},
]  # fmt: skip


@pytest.mark.parametrize("part", PARTS, ids=["wrote", "proposed before", "proposed the exception", "proposed for cho"])
class TestWhoeverHasAPartEndsNoRefusalButTheirOwnInPerson:
    """However they take part, and whatever the decision is by which they would end it. Ben takes part."""

    def test_as_a_deputy_they_do_not_end_it_for_the_refuser(self, part: dict[str, Any]) -> None:
        back, pairs = {"by": "ben", "on_behalf_of": "dee"}, [("dee", "ben"), ("cho", "ben")]
        assert deciding_for(*pairs, refusal={"by": "dee"}, back=back, part=part | {"by": "ben"}) == REFUSED

    def test_as_a_deputy_they_do_not_end_what_they_refused_as_one(self, part: dict[str, Any]) -> None:
        as_deputy, pairs = {"by": "ben", "on_behalf_of": "dee"}, [("dee", "ben"), ("cho", "ben")]
        assert deciding_for(*pairs, refusal=as_deputy, back=as_deputy, part=part | {"by": "ben"}) == REFUSED

    def test_they_do_not_end_what_a_deputy_refused_for_them(self, part: dict[str, Any]) -> None:
        for_ben, pairs = {"by": "dee", "on_behalf_of": "ben"}, [("ben", "dee"), ("cho", "ben")]
        assert deciding_for(*pairs, refusal=for_ben, back={"by": "ben"}, part=part | {"by": "ben"}) == REFUSED

    def test_nor_does_the_deputy_end_it_for_them(self, part: dict[str, Any]) -> None:
        for_ben, pairs = {"by": "dee", "on_behalf_of": "ben"}, [("ben", "dee"), ("cho", "ben")]
        assert deciding_for(*pairs, refusal=for_ben, back=for_ben, part=part | {"by": "ben"}) == REFUSED

    def test_what_they_refused_in_person_they_end(self, part: dict[str, Any]) -> None:
        own = {"by": "ben"}
        found = deciding_for(("cho", "ben"), refusal=own, back=own, part=part | {"by": "ben"})
        assert GateStatus.REFUSED not in found

    def test_and_a_deputy_ends_that_for_them_who_takes_no_part(self, part: dict[str, Any]) -> None:
        for_ben, pairs = {"by": "dee", "on_behalf_of": "ben"}, [("ben", "dee"), ("cho", "ben")]
        found = deciding_for(*pairs, refusal={"by": "ben"}, back=for_ben, part=part | {"by": "ben"})
        assert GateStatus.REFUSED not in found[:2], "a deputy who proposes takes part"


def test_a_deputy_without_a_part_ends_a_refusal_in_somebodys_holidays() -> None:
    back = {"by": "ben", "on_behalf_of": "dee"}
    for one, other in (({"by": "dee"}, back), (back, {"by": "dee"}), (back, back)):
        found = deciding_for(("dee", "ben"), refusal=one, back=other)
        assert GateStatus.REFUSED not in found[:2], "who proposes takes part"


def test_a_chain_of_acts_ends_a_refusal_only_if_its_first_link_may() -> None:
    """Ben, who wrote it, withdraws Dee's refusal as her deputy; what ends his withdrawal does not end the refusal."""
    people = registry(
        [
            *(p for p in PEOPLE if p.id != "dee"),
            person("dee", delegate=("ben", NOW - timedelta(days=1), NOW + timedelta(days=1))),
        ]
    )
    asked = replace(QUESTION, disqualified={"ben": "is one of its authors"})
    first = act(5, "ben", "withdrawn", on_behalf_of="dee", supersedes=(4,))
    for second in (act(6, "ben", on_behalf_of="dee", supersedes=(5,)), act(6, "dee", supersedes=(5,))):
        found = verdict(PROPOSAL, APPROVAL, REFUSAL, first, second, rules=[RULE], question=asked, people=people)
        assert found.status is GateStatus.REFUSED
    both = act(6, "dee", "withdrawn", supersedes=(4, 5))
    assert verdict(PROPOSAL, APPROVAL, REFUSAL, first, both, rules=[RULE], question=asked, people=people).is_open


def test_an_author_brings_no_approval_back_that_was_withdrawn_in_anothers_name() -> None:
    people = registry(
        [
            *(p for p in PEOPLE if p.id != "dee"),
            person("dee", delegate=("ben", NOW - timedelta(days=1), NOW + timedelta(days=1))),
        ]
    )
    asked = replace(QUESTION, disqualified={"ben": "is one of its authors"})
    approved, withdrawn = act(3, "dee"), act(5, "dee", "withdrawn")
    back = act(6, "ben", "proposed", on_behalf_of="dee", supersedes=(5,))
    found = verdict(PROPOSAL, approved, withdrawn, back, question=asked, people=people)
    assert found.status is GateStatus.PENDING


def test_who_takes_part_through_a_deputy_is_not_named_among_those_who_could_withdraw() -> None:
    for_ana = act(1, "zoe", "proposed", on_behalf_of="ana")
    assert verdict(for_ana, APPROVAL, REFUSAL, rules=[RULE]).could_withdraw == ()


def test_a_role_of_a_rule_that_asks_for_nobody_takes_a_refusal_back_too() -> None:
    free = rule(seats="none", because="It is looked at afterwards.", withdraw_by=("change-manager",))
    assert verdict(REFUSAL, rules=[free]).status is GateStatus.REFUSED
    assert verdict(REFUSAL, act(5, "zoe", "withdrawn", supersedes=(4,)), rules=[free]).is_open


def test_a_refusal_by_somebody_without_a_seat_blocks_too() -> None:
    assert verdict(PROPOSAL, APPROVAL, act(4, "ana", "refused")).status is GateStatus.REFUSED
