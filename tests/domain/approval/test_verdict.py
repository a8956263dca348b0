"""What a verdict says in single cases: who counts, who does not and why."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from itsm_as_code.domain.approval.act import Act, ActProof
from itsm_as_code.domain.approval.judge import judge
from itsm_as_code.domain.approval.verdict import GateStatus
from tests.domain.approval.world import (
    DIGEST,
    NOW,
    PEOPLE,
    PROPOSAL,
    QUESTION,
    STALE,
    TEAMS,
    act,
    name,
    person,
    policy,
    reasons,
    registry,
    rule,
    team,
    verdict,
)

BEN, CHO, DEE = act(2, "ben"), act(3, "cho"), act(4, "dee")
TWO = rule("cab", [{"teams": ["cab"]}, {"teams": ["security"]}])


def test_a_proposal_and_a_filled_seat_open_the_gate() -> None:
    found = verdict(PROPOSAL, BEN)
    assert found.is_open
    assert [(f.by, f.act, f.why) for f in found.filled] == [("ben", BEN.id, "team/cab")]
    assert found.proposed_by == ("ana",)
    assert found.rules == ("changes/cab",)
    assert not found.discarded


def test_without_a_proposal_the_gate_stays_shut() -> None:
    found = verdict(BEN)
    assert found.status is GateStatus.PENDING
    assert found.missing_proposal


def test_a_proposal_of_other_content_is_none_and_names_what_changed() -> None:
    stale = replace(PROPOSAL, digest=STALE, fields=(("plan.backout", "0" * 16), ("reason", "1" * 16)))
    found = verdict(stale, BEN)
    assert found.missing_proposal
    assert reasons(found) == {PROPOSAL.id: "stale: plan.backout changed since"}


def test_an_empty_seat_says_who_could_fill_it() -> None:
    found = verdict(PROPOSAL)
    assert found.status is GateStatus.PENDING
    assert found.filled[0].could == ("ben", "cho", "dee")


def test_a_stale_approval_names_the_fields_that_changed() -> None:
    fields = (("plan.backout", "2" * 16), ("reason", "9" * 16), ("scope", "3" * 16))
    found = verdict(PROPOSAL, replace(BEN, digest=STALE, fields=fields))
    assert found.status is GateStatus.PENDING
    assert reasons(found) == {BEN.id: "stale: reason, scope changed since"}


def test_a_stale_approval_with_the_same_fields_is_still_stale() -> None:
    found = verdict(PROPOSAL, replace(BEN, digest=STALE, fields=tuple(QUESTION.fields.items())))
    assert found.status is GateStatus.PENDING
    assert reasons(found) == {BEN.id: "stale: the content changed since"}


def test_an_edit_approved_for_other_content_on_base_does_not_count() -> None:
    asked = replace(QUESTION, replaces=STALE)
    found = verdict(replace(PROPOSAL, replaces=STALE), replace(BEN, replaces=DIGEST), question=asked)
    assert found.status is GateStatus.PENDING
    assert reasons(found) == {BEN.id: "it approves an edit of other content than base has now"}


@pytest.mark.parametrize("digest", [DIGEST, STALE])
def test_a_refusal_blocks_whatever_its_digest(digest: str) -> None:
    refusal = act(3, "cho", "refused", digest=digest)
    found = verdict(PROPOSAL, BEN, refusal)
    assert found.status is GateStatus.REFUSED
    assert found.blocking == (refusal,)


def test_the_refusal_of_somebody_who_left_blocks() -> None:
    assert verdict(PROPOSAL, BEN, act(3, "gone", "refused")).status is GateStatus.REFUSED


def test_a_refusal_outlives_the_delegation_it_was_made_under() -> None:
    refusal = act(3, "ben", "refused", on_behalf_of="cho")
    assert verdict(PROPOSAL, BEN, refusal).status is GateStatus.REFUSED


def test_a_refusal_does_not_expire() -> None:
    old = act(3, "cho", "refused", at=NOW - timedelta(days=400))
    assert verdict(PROPOSAL, BEN, old, rules=[rule(expires_after="1d")]).status is GateStatus.REFUSED


def test_where_no_rule_gives_a_veto_a_refusal_only_costs_its_makers_own_approval() -> None:
    plain = rule(veto=False)
    refusal = act(5, "cho", "refused")
    assert verdict(PROPOSAL, BEN, refusal, rules=[plain]).is_open
    found = verdict(PROPOSAL, CHO, refusal, rules=[plain])
    assert found.status is GateStatus.PENDING
    assert reasons(found)[refusal.id] == "no rule that applies has `veto`, so a refusal blocks nothing"
    assert reasons(found)[CHO.id] == "cho also refused or withdrew, and the stricter act counts"


def test_one_rule_with_a_veto_is_enough() -> None:
    both = [rule("one", veto=False), rule("two", "none", because="fine")]
    assert verdict(PROPOSAL, BEN, act(5, "cho", "refused"), rules=both).status is GateStatus.REFUSED


def test_its_maker_takes_a_refusal_back_by_naming_it() -> None:
    refusal = act(3, "cho", "refused", digest=STALE)
    found = verdict(PROPOSAL, refusal, act(4, "cho", supersedes=[3]))
    assert found.is_open
    assert reasons(found) == {refusal.id: f"superseded by {name(4)} of cho"}


def test_somebody_else_can_not_take_a_refusal_back() -> None:
    withdrawal = act(5, "ben", "withdrawn", supersedes=[3])
    assert verdict(PROPOSAL, BEN, act(3, "cho", "refused"), withdrawal).status is GateStatus.REFUSED


def test_a_named_role_withdraws_a_refusal() -> None:
    acts = (PROPOSAL, BEN, act(3, "cho", "refused"), act(5, "zoe", "withdrawn", supersedes=[3]))
    named = rule(withdraw_by=["change-manager"])
    assert verdict(*acts, rules=[named]).is_open
    assert verdict(*acts, rules=[named, rule("std", "none", because="routine")]).is_open
    assert verdict(*acts).status is GateStatus.REFUSED


@pytest.mark.parametrize("decision", ["approved", "proposed", "refused"])
def test_a_named_role_withdraws_by_a_withdrawal_only(decision: str) -> None:
    acts = (PROPOSAL, BEN, act(3, "cho", "refused"), act(5, "zoe", decision, supersedes=[3]))
    assert verdict(*acts, rules=[rule(withdraw_by=["change-manager"])]).status is GateStatus.REFUSED


def test_a_named_role_withdraws_no_approval() -> None:
    acts = (PROPOSAL, BEN, act(5, "zoe", "withdrawn", supersedes=[2]))
    assert verdict(*acts, rules=[rule(withdraw_by=["change-manager"])]).is_open


def test_a_holder_of_the_role_who_left_withdraws_nothing() -> None:
    people = registry([*PEOPLE, person("old", roles=("change-manager",), state="retired")])
    acts = (PROPOSAL, BEN, act(3, "cho", "refused"), act(5, "old", "withdrawn", supersedes=[3]))
    assert verdict(*acts, rules=[rule(withdraw_by=["change-manager"])], people=people).status is GateStatus.REFUSED


def test_what_was_withdrawn_does_not_come_back_when_the_withdrawal_is_superseded() -> None:
    acts = (PROPOSAL, BEN, act(5, "ben", "withdrawn", supersedes=[2]), act(6, "ben", "proposed", supersedes=[5]))
    found = verdict(*acts)
    assert found.status is GateStatus.PENDING
    assert reasons(found)[BEN.id] == f"superseded by {name(5)} of ben"


def test_a_withdrawn_approval_does_not_come_back_when_the_delegation_ends() -> None:
    withdrawal = act(5, "dee", "withdrawn", on_behalf_of="ben", supersedes=[2])
    for window in [(NOW - timedelta(days=2), NOW + timedelta(days=1)), (NOW - timedelta(days=2), NOW)]:
        people = registry([*(p for p in PEOPLE if p.id != "ben"), person("ben", delegate=("dee", *window))])
        assert verdict(PROPOSAL, BEN, withdrawal, people=people).status is GateStatus.PENDING


UNRELATED, SECOND_NAMES, FIRST_NAMES, EACH_OTHER = (), (2,), (1,), (1, 2)
NAMED = {
    "neither names the other": UNRELATED,
    "the second names the first": SECOND_NAMES,
    "the first names the second": FIRST_NAMES,
    "each names the other": EACH_OTHER,
}
COUNTS = {
    ("approved", "approved"): "approves approves approves pending",
    ("approved", "refused"): "refuses refuses approves pending",
    ("approved", "withdrawn"): "pending pending approves pending",
    ("approved", "proposed"): "pending pending approves pending",
    ("refused", "approved"): "refuses approves refuses pending",
    ("refused", "refused"): "refuses refuses refuses pending",
    ("refused", "withdrawn"): "refuses pending refuses pending",
    ("refused", "proposed"): "refuses pending refuses pending",
    ("withdrawn", "approved"): "pending approves pending pending",
    ("withdrawn", "refused"): "refuses refuses pending pending",
    ("withdrawn", "withdrawn"): "pending pending pending pending",
    ("withdrawn", "proposed"): "pending pending pending pending",
    ("proposed", "approved"): "pending approves pending pending",
    ("proposed", "refused"): "refuses refuses pending pending",
    ("proposed", "withdrawn"): "pending pending pending pending",
    ("proposed", "proposed"): "pending pending pending pending",
}
"""Of two acts of one person, for each way of `NAMED`: what comes of them where somebody else has proposed."""
WORDS = {"approves": GateStatus.APPROVED, "refuses": GateStatus.REFUSED, "pending": GateStatus.PENDING}


@pytest.mark.parametrize("named", NAMED)
@pytest.mark.parametrize("pair", COUNTS, ids=" then ".join)
def test_of_two_acts_of_one_person_the_naming_one_counts_else_the_stricter(pair: tuple[str, str], named: str) -> None:
    first = act(11, "ben", pair[0], supersedes=[12] if 1 in NAMED[named] else [])
    second = act(12, "ben", pair[1], supersedes=[11] if 2 in NAMED[named] else [])
    wanted = COUNTS[pair].split()[list(NAMED).index(named)]
    assert verdict(PROPOSAL, first, second).status is WORDS[wanted]


def test_an_act_that_names_itself_still_counts() -> None:
    assert verdict(PROPOSAL, act(2, "ben", supersedes=[2])).is_open


def test_an_act_that_does_not_verify_supersedes_nothing() -> None:
    forged = act(5, "cho", "withdrawn", supersedes=[3], fault="unsigned")
    found = verdict(PROPOSAL, BEN, act(3, "cho", "refused"), forged)
    assert found.status is GateStatus.REFUSED
    assert reasons(found)[forged.id] == "unsigned"


RULES = {
    "filled": (rule("filled", [{"people": ["ben"]}]), GateStatus.APPROVED),
    "empty": (rule("empty", [{"people": ["dee"]}]), GateStatus.PENDING),
    "needs nobody": (rule("nobody", "none", because="routine"), GateStatus.APPROVED),
    "can't be filled": (rule("impossible", [{"people": ["gone"]}]), GateStatus.UNKNOWN),
    "can't be decided": (rule("undecided", when={"incident_priority": {"lt": "P2"}}), GateStatus.UNKNOWN),
    "mandatory, not for this": (rule("must", when={"type": "standard"}, mandatory=True), GateStatus.UNKNOWN),
    "not for this": (rule("other", when={"type": "standard"}), None),
}
ORDER = (GateStatus.UNKNOWN, GateStatus.REFUSED, GateStatus.PENDING, GateStatus.APPROVED)
"""The worst first: what two rules come to together."""


@pytest.mark.parametrize("one", RULES)
@pytest.mark.parametrize("other", RULES)
@pytest.mark.parametrize("refused", [False, True])
def test_two_rules_come_to_the_worse_of_both(one: str, other: str, refused: bool) -> None:
    (first, says_first), (second, says_second) = RULES[one], RULES[other]
    each = [says for says in (says_first, says_second) if says is not None]
    wanted = min(each or [GateStatus.UNKNOWN], key=ORDER.index)
    if refused:
        wanted = min(wanted, GateStatus.REFUSED, key=ORDER.index)
    policies = [policy(first, id="one"), policy(second, id="two")]
    acts = [PROPOSAL, BEN, CHO, act(6, "zoe", "refused")] if refused else [PROPOSAL, BEN, CHO]
    if one == other == "filled":
        wanted = GateStatus.UNKNOWN  # one and the same person for two places
    if one == other == "empty":
        wanted = GateStatus.UNKNOWN
    assert judge(QUESTION, policies, acts, registry(), NOW).status is wanted


def test_a_rule_that_does_not_apply_says_why() -> None:
    found = verdict(PROPOSAL, BEN, rules=[rule(), rule("std", when={"type": "standard"})])
    assert found.is_open
    assert [(p.rule, p.why) for p in found.skipped_rules] == [("changes/std", "type = standard does not hold (normal)")]


def test_no_rule_no_policy_and_a_retired_policy_are_unknown() -> None:  # A007
    nothing = verdict(PROPOSAL, BEN, rules=[rule(when={"type": "standard"})])
    assert nothing.status is GateStatus.UNKNOWN
    assert nothing.faults == (f"no policy rule on base applies to {QUESTION.subject} at scheduled",)
    for policies in ([], [policy(rule(), state="retired")], [policy(rule(), gate="closed")]):
        assert judge(QUESTION, policies, [PROPOSAL, BEN], registry(), NOW).status is GateStatus.UNKNOWN


def test_a_mandatory_rule_that_does_not_apply_is_unknown() -> None:
    found = verdict(PROPOSAL, BEN, rules=[rule(), rule("sox", when={"type": "standard"}, mandatory=True)])
    assert found.faults == ("changes/sox is mandatory and does not apply: type = standard does not hold (normal)",)


def test_a_condition_on_a_field_that_is_no_field_is_unknown() -> None:
    found = verdict(PROPOSAL, BEN, rules=[rule(), rule("typo", when={"tpye": "normal"})])
    assert found.status is GateStatus.UNKNOWN
    assert found.faults == ("changes/typo: tpye: there is no field tpye",)


def test_a_fault_of_the_question_makes_the_answer_unknown() -> None:
    found = verdict(PROPOSAL, BEN, question=replace(QUESTION, faults=("the record has findings",)))
    assert found.status is GateStatus.UNKNOWN
    assert found.faults == ("the record has findings",)


def test_needing_nobody_passes_without_a_proposal_and_shows_why() -> None:
    found = verdict(rules=[rule("std", "none", because="its model is the approval")])
    assert found.is_open
    assert not found.missing_proposal
    assert found.because == ("changes/std: its model is the approval",)


def test_only_a_rule_that_needs_nobody_gives_its_reason_for_that() -> None:
    assert verdict(PROPOSAL, BEN, rules=[rule(because="as the auditors want it")]).because == ()


def test_a_bot_fills_no_seat_and_proposes_nothing() -> None:
    found = verdict(act(1, "robot", "proposed"), act(2, "robot"))
    assert found.missing_proposal
    assert reasons(found) == dict.fromkeys((name(1), name(2)), "robot is a bot")
    assert "robot" not in found.filled[0].could


def test_somebody_who_left_fills_no_seat() -> None:
    found = verdict(PROPOSAL, act(2, "gone"))
    assert found.status is GateStatus.PENDING
    assert reasons(found) == {name(2): "gone may not decide: base says that this person is retired"}


def test_somebody_unknown_at_base_fills_no_seat() -> None:
    found = verdict(PROPOSAL, act(2, "eve"))
    assert reasons(found) == {name(2): "eve is not on base"}


def test_somebody_outside_the_seat_fills_none() -> None:
    found = verdict(PROPOSAL, act(2, "zoe"))
    assert reasons(found) == {name(2): "zoe may fill no seat of changes/cab at base"}


@pytest.mark.parametrize("why", ["is one of its authors", "asked for it"])
def test_authors_and_requester_fill_no_seat(why: str) -> None:
    found = verdict(PROPOSAL, BEN, question=replace(QUESTION, disqualified={"ben": why}))
    assert found.status is GateStatus.PENDING
    assert found.filled[0].could == ("cho", "dee")
    assert reasons(found) == {BEN.id: f"ben {why}"}


def test_the_proposer_fills_no_seat() -> None:
    found = verdict(act(1, "ben", "proposed"), BEN)
    assert found.status is GateStatus.PENDING
    assert reasons(found) == {BEN.id: "ben proposed it"}


def test_a_second_proposer_does_not_free_the_first() -> None:
    assert verdict(PROPOSAL, act(5, "ben", "proposed"), BEN).status is GateStatus.PENDING


def test_whoever_withdraws_a_proposal_may_approve_that_of_another() -> None:
    assert verdict(PROPOSAL, act(5, "ben", "proposed"), act(2, "ben", supersedes=[5])).is_open


def test_a_rule_may_let_authors_approve_by_a_signed_act_only() -> None:
    lone = rule(author_may_approve=True, seats=[{"teams": ["cab"], "evidence": "any"}])
    asked = replace(QUESTION, disqualified={"ben": "is one of its authors"})
    proposal = act(1, "ben", "proposed")
    assert verdict(proposal, BEN, question=asked, rules=[lone]).is_open
    found = verdict(proposal, replace(BEN, proof=ActProof.REVIEW), question=asked, rules=[lone])
    assert found.status is GateStatus.PENDING
    assert reasons(found) == {BEN.id: "an author may approve by a signed act only"}
    assert found.filled[0].could == ("ben", "cho", "dee")


@pytest.mark.parametrize(
    ("takes", "proof", "passes"),
    [
        ("signed", ActProof.SIGNED, True), ("signed", ActProof.REVIEW, False), ("review", ActProof.SIGNED, False),
        ("review", ActProof.REVIEW, True), ("any", ActProof.SIGNED, True), ("any", ActProof.REVIEW, True),
    ],
)  # fmt: skip
def test_a_seat_says_which_evidence_it_takes(takes: str, proof: ActProof, passes: bool) -> None:
    found = verdict(PROPOSAL, replace(BEN, proof=proof), rules=[rule(seats=[{"teams": ["cab"], "evidence": takes}])])
    assert found.is_open is passes
    if not passes:
        assert reasons(found)[BEN.id] == f"changes/cab needs evidence of type {takes}, but this is a {proof} act"


def test_one_person_in_two_teams_fills_one_seat() -> None:  # A143
    found = verdict(PROPOSAL, CHO, rules=[TWO])
    assert found.status is GateStatus.PENDING
    assert [each.by for each in found.filled].count(None) == 1


def test_whoever_could_let_another_move_up_is_named_too() -> None:
    """cho sits in the CAB's place; ben, who is not of security, would free her for the other."""
    found = verdict(PROPOSAL, CHO, rules=[TWO])
    empty = next(each for each in found.filled if each.by is None)
    assert empty.could == ("ben", "dee")
    assert verdict(PROPOSAL, CHO, BEN, rules=[TWO]).is_open


def test_one_person_in_two_rules_fills_one_seat() -> None:
    rules = [rule("cab"), rule("security", [{"teams": ["security"]}])]
    assert verdict(PROPOSAL, CHO, rules=rules).status is GateStatus.PENDING
    assert verdict(PROPOSAL, CHO, DEE, rules=rules).is_open


def test_two_places_of_a_seat_need_two_people_always() -> None:
    for distinct in (True, False):
        pair = rule(seats=[{"teams": ["cab"], "count": 2}], distinct_people=distinct)
        assert verdict(PROPOSAL, CHO, act(5, "cho"), rules=[pair]).status is GateStatus.PENDING
        assert verdict(PROPOSAL, CHO, DEE, rules=[pair]).is_open


def test_a_rule_may_let_one_person_fill_several_seats() -> None:
    lenient = TWO.model_copy(update={"distinct_people": False})
    found = verdict(PROPOSAL, CHO, rules=[lenient])
    assert found.is_open
    assert {each.by for each in found.filled} == {"cho"}
    one_empty = verdict(PROPOSAL, BEN, rules=[lenient])
    assert [each.could for each in one_empty.filled] == [(), ("cho", "dee")]


def test_an_act_meant_for_a_seat_fills_no_other() -> None:
    rules = [rule("cab"), rule("security", [{"teams": ["security"]}])]
    found = verdict(PROPOSAL, replace(CHO, seat="security"), replace(DEE, seat="security"), rules=rules)
    assert found.status is GateStatus.PENDING
    assert reasons(found) == {DEE.id: "it is meant for seat security"}
    both = verdict(PROPOSAL, replace(CHO, seat="security"), replace(DEE, seat="cab"), rules=rules)
    assert [each.by for each in both.filled] == ["dee", "cho"]


def test_when_all_who_could_are_disqualified_the_answer_is_unknown_and_names_who_is_left() -> None:  # A145
    barred = dict.fromkeys(("ben", "cho", "dee"), "is one of its authors")
    found = verdict(PROPOSAL, BEN, question=replace(QUESTION, disqualified=barred))
    assert found.status is GateStatus.UNKNOWN
    assert found.faults == ("changes/cab can't be filled (eligible and not barred: nobody)",)
    pair = rule(seats=[{"teams": ["cab"], "count": 2}])
    few = verdict(PROPOSAL, question=replace(QUESTION, disqualified={"ben": "x", "cho": "x"}), rules=[pair])
    assert few.faults == ("changes/cab can't be filled (eligible and not barred: dee)",)


def test_a_seat_of_the_owner_team_without_an_owner_team_can_not_be_filled() -> None:
    owners = rule(seats=[{"owner_team": True}])
    assert verdict(PROPOSAL, BEN, rules=[owners]).filled[0].why == "team/it"
    assert (
        verdict(PROPOSAL, BEN, rules=[owners], question=replace(QUESTION, owner_team=None)).status is GateStatus.UNKNOWN
    )


@pytest.mark.parametrize(("age", "passes"), [(timedelta(hours=23, minutes=59), True), (timedelta(days=1), False)])
def test_an_approval_expires_when_its_time_is_used_up(age: timedelta, passes: bool) -> None:
    for life in ("24h", "1d", "1bd"):
        found = verdict(PROPOSAL, replace(BEN, at=NOW - age), rules=[rule(expires_after=life)])
        assert found.is_open is passes
        if not passes:
            expired = f"it has expired: it was valid for {life} from 2026-11-20T09:00:00Z"
            assert reasons(found)[BEN.id].startswith(expired)


@pytest.mark.parametrize(("ahead", "passes"), [(4, True), (5, True), (6, False)])
def test_an_act_may_be_five_minutes_ahead(ahead: int, passes: bool) -> None:
    early = replace(BEN, at=NOW + timedelta(minutes=ahead))
    found = verdict(PROPOSAL, early)
    assert found.is_open is passes
    if not passes:
        assert reasons(found) == {BEN.id: "it is dated 2026-11-21T09:06:00Z, which is in the future"}


def test_the_ends_of_time_are_no_trap() -> None:
    last = NOW.replace(year=9999, month=12, day=31, hour=23, minute=59)
    old = replace(BEN, at=last - timedelta(days=1))
    assert verdict(PROPOSAL, old, rules=[rule(expires_after="999999d")], now=last).is_open
    first = NOW.replace(year=1, month=1, day=1, hour=0)
    assert not verdict(PROPOSAL, BEN, rules=[rule(expires_after="999999d")], now=first).is_open


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"workspace": "other000"}, "it was made in another workspace"),
        ({"gate": "edit"}, "it decides on gate edit, not on scheduled"),
        ({"gate": "ratify"}, "it decides on gate ratify, not on scheduled"),
    ],
)
def test_an_act_of_another_workspace_or_gate_counts_for_nothing(change: dict[str, str], why: str) -> None:  # A040
    elsewhere: Act = replace(BEN, **change)  # type: ignore[arg-type]
    found = verdict(PROPOSAL, elsewhere)
    assert found.status is GateStatus.PENDING
    assert reasons(found) == {BEN.id: why}


def test_an_act_on_another_record_is_not_even_looked_at() -> None:
    found = verdict(PROPOSAL, replace(BEN, subject="CHG-20261121-0000A"))
    assert found.status is GateStatus.PENDING
    assert not found.discarded


def test_whoever_belongs_through_a_nested_team_is_shown_with_it() -> None:  # A144
    teams = [*TEAMS, team("night", "zoe", parents=["cab"]), team("weekend", "ana", parents=["night"])]
    found = verdict(PROPOSAL, act(2, "zoe"), people=registry(teams=teams))
    assert [each.why for each in found.filled] == ["team/cab through team/night"]


def test_an_approval_that_is_one_too_many_says_so() -> None:
    found = verdict(PROPOSAL, BEN, CHO)
    assert found.is_open
    assert reasons(found) == {CHO.id: "all places that it could fill are taken"}
