"""The gates of one record: acts of both sides, rules and people of base."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import Any

import pytest

from itsm_as_code.app.approvals.acts import folder_of_acts, verified_acts
from itsm_as_code.app.approvals.evaluator import Evaluator, GateResult, attached_files
from itsm_as_code.app.approvals.repository_root import RootTrees
from itsm_as_code.domain.approval.gates import Gate
from itsm_as_code.domain.approval.verdict import GateStatus
from itsm_as_code.domain.instants import write_instant
from itsm_as_code.domain.revision import WORKFLOWS_KIND
from itsm_as_code.evidence.sshsig import fingerprint, key_blob
from tests.app.approvals.worlds import Memory
from tests.approvals.records import CHANGES, NOW, OPEN, Record, begun, change, incident, path, person, with_entry
from tests.approvals.test_debts import emergency, overdue
from tests.approvals.test_freezes import GATE, REASON, ahead, freeze, granted
from tests.approvals.world import act_id
from tests.checks.memory import article, as_files


def gates_of(memory: Memory, record: Record, *, now: datetime = NOW, **more: Any) -> dict[str, GateResult]:
    """How a record stands at each gate that it passes."""
    evaluator = Evaluator(memory.before, memory.after, now, **more)
    results = evaluator.evaluate_gates(path(record), memory.subject(evaluator, record))
    return {result.verdict.question.gate: result for result in results}


def put(memory: Memory, **fields: Any) -> Record:
    record = change(**fields)
    memory.put(record)
    return record


def test_what_is_proposed_and_approved_by_whom_base_names_is_open(memory: Memory) -> None:
    record = put(memory)
    memory.approved(record, "ben")
    result = gates_of(memory, record)["scheduled"]
    assert (result.path, result.verdict.is_open, result.passes) == (path(record), True, True)
    assert result.subject.id == record["id"]
    assert result.verdict.rules == ("changes/owner",)


def test_without_acts_it_waits_for_those_whom_base_names(memory: Memory) -> None:
    verdict = gates_of(memory, put(memory))["scheduled"].verdict
    assert (verdict.status, verdict.missing_proposal) == (GateStatus.PENDING, True)
    assert verdict.filled[0].could == ("ben", "dora")


def test_rules_that_come_with_the_proposal_do_not_let_it_pass(memory: Memory) -> None:
    record = put(memory)
    lax = {"id": "owner", "when": {"type": "normal"}, "seats": "none", "because": "We say so."}
    memory.put(CHANGES | {"rules": [lax]})
    assert gates_of(memory, record)["scheduled"].verdict.status is GateStatus.PENDING


def test_people_who_come_with_the_proposal_fill_no_seat(memory: Memory) -> None:
    record = put(memory)
    memory.put(memory.edited("records/teams/it.yaml", members=["ana", "ben", "dora", "eve", "robo"]))
    memory.approved(record, "eve")
    assert not gates_of(memory, record)["scheduled"].verdict.is_open


def test_a_record_that_stays_before_its_gate_passes_none(memory: Memory) -> None:
    assert gates_of(memory, put(memory, state="submitted")) == {}


def test_acts_are_verified_once(memory: Memory, monkeypatch: pytest.MonkeyPatch) -> None:
    record = put(memory)
    where = memory.act("ana", "proposed", record)
    asked: list[str] = []

    def counting(*arguments: Any) -> Any:
        asked.append(arguments[2])
        return verified_acts(*arguments)

    monkeypatch.setattr("itsm_as_code.app.approvals.evaluator.verified_acts", counting)
    evaluator = memory.evaluator()
    subject = memory.subject(evaluator, record)
    assert list(evaluator.evaluate_gates(path(record), subject)) and evaluator.acts(record["id"])
    found = evaluator.act(record["id"], act_id(where))
    assert found is not None and found.by == "ana"
    assert evaluator.act(record["id"], "APR-20261121-00000") is None
    assert asked == [record["id"]]


def test_an_act_that_can_not_be_read_leaves_the_answer_unknown(memory: Memory) -> None:
    record = put(memory)
    memory.approved(record, "ben")
    memory.write({f"{folder_of_acts(record['id'])}/APR-20261121-00000.yaml": "a: [\n"})
    verdict = gates_of(memory, record)["scheduled"].verdict
    assert verdict.status is GateStatus.UNKNOWN
    assert any("APR-20261121-00000.yaml in memory can't be read" in fault for fault in verdict.faults)


def test_a_policy_that_can_not_be_read_leaves_the_answer_unknown(memory: Memory) -> None:
    memory.write({"records/policies/lost.yaml": "rules: [\n"})
    memory.land()
    record = put(memory)
    memory.approved(record, "ben")
    verdict = gates_of(memory, record)["scheduled"].verdict
    assert (verdict.status, verdict.faults) == (
        GateStatus.UNKNOWN, ("records/policies/lost.yaml on base can't be read",)
    )  # fmt: skip


def test_each_freeze_over_the_window_is_a_gate_of_its_own(memory: Memory) -> None:
    memory.put(freeze())
    memory.land()
    record = put(memory, freeze_exception=REASON)
    memory.approved(record, "ben")
    assert {name: each.verdict.status for name, each in gates_of(memory, record).items()} == {
        "scheduled": GateStatus.APPROVED, GATE: GateStatus.PENDING,
    }  # fmt: skip
    granted(memory, record, "cleo")
    assert gates_of(memory, record)[GATE].verdict.is_open


def test_a_freeze_that_can_not_be_read_holds_every_change(memory: Memory) -> None:
    memory.write({"records/freezes/lost.yaml": "scope: [\n"})
    memory.land()
    record = put(memory)
    memory.approved(record, "ben")
    verdict = gates_of(memory, record)["exception/lost"].verdict
    assert verdict.status is GateStatus.UNKNOWN


def beginning(memory: Memory, record: Record) -> Record:
    """The change with its work begun in the proposal, and as it is on base not."""
    memory.put(record)
    memory.land()
    after = begun(record)
    memory.put(after)
    return after


def test_an_exception_that_was_granted_when_it_landed_is_not_asked_for_again(memory: Memory) -> None:
    memory.put(freeze())
    record = change(window=OPEN, freeze_exception=REASON)
    after = beginning(memory, record)
    asked: list[tuple[str, str]] = []

    def accepted(where: str, gate: str, digest: str, back: frozenset[str]) -> bool:
        asked.append((where, gate))
        return digest.startswith("itsm1:")

    assert gates_of(memory, after, accepted=accepted) == {}
    assert asked == [(path(record), GATE)]
    assert gates_of(memory, after, accepted=lambda *_: False)[GATE].verdict.status is GateStatus.PENDING
    assert gates_of(memory, after)[GATE].verdict.status is GateStatus.PENDING


def test_where_work_begins_a_refusal_of_the_change_stands(memory: Memory) -> None:
    record = change()
    memory.approved(record, "ben")
    memory.act("dora", "refused", record, comment="No backout")
    result = gates_of(memory, beginning(memory, record))["scheduled"]
    assert (result.verdict.status, [act.by for act in result.verdict.blocking]) == (GateStatus.REFUSED, ["dora"])
    assert (result.path, result.subject.id, result.passes) == (path(record), record["id"], False)


def test_where_work_begins_an_act_that_can_not_be_read_might_be_a_refusal(memory: Memory) -> None:
    record = change()
    memory.write({f"{folder_of_acts(record['id'])}/APR-20261121-00000.yaml": "a: [\n"})
    assert gates_of(memory, beginning(memory, record))["scheduled"].verdict.status is GateStatus.UNKNOWN


def test_where_work_begins_without_a_refusal_nothing_is_asked(memory: Memory) -> None:
    assert gates_of(memory, beginning(memory, change(window=OPEN))) == {}


def test_an_overdue_debt_holds_the_changes_of_its_team(memory: Memory) -> None:
    owed = overdue(memory)
    verdict = gates_of(memory, put(memory, number="5NRM1"))["scheduled"].verdict
    (words,) = verdict.question.held_back
    assert words.startswith(f"team it must first finish an overdue review: {owed['id']}")
    assert [debt.change for debt in memory.evaluator().debts] == [owed["id"]]


def test_whoever_proposed_a_change_decides_on_its_review_no_more(memory: Memory) -> None:
    record = emergency() | {"post_implementation_review": {"summary": "It helped.", "lessons": ["Watch it."]}}
    memory.put(record)
    memory.act("cleo", "proposed", record)
    memory.land()
    evaluator = memory.evaluator()
    verdict = evaluator.verdict(memory.subject(evaluator, record), Gate("post-review"))
    assert verdict.question.disqualified["cleo"] == "proposed it"


def test_an_emergency_begins_within_a_month_of_its_id(memory: Memory) -> None:
    day = (NOW - timedelta(days=40)).strftime("%Y%m%d")
    record = emergency(id=f"CHG-{day}-4N1GT")
    memory.put(record)
    memory.approved(record, "dora")
    (fault,) = gates_of(memory, record)["scheduled"].verdict.faults
    assert "must begin within 30 days" in fault


def test_an_emergency_that_base_has_under_way_is_not_asked_when_it_began(memory: Memory) -> None:
    day = (NOW - timedelta(days=40)).strftime("%Y%m%d")
    record = emergency(id=f"CHG-{day}-4N1GT")
    memory.put(record)
    memory.land()
    after = record | {"reason": "It ended.", "revision": 2}
    memory.put(after)
    assert gates_of(memory, after)["scheduled"].verdict.faults == ()


def test_the_incident_that_comes_with_an_emergency_gives_its_priority(memory: Memory) -> None:
    fault = incident("1NC0N", "P1")
    record = emergency(incident=fault["id"])
    memory.put(fault, record)
    memory.approved(record, "dora")
    assert gates_of(memory, record)["scheduled"].verdict.is_open


def test_an_edit_of_what_keeps_the_rules_names_what_it_replaces(memory: Memory) -> None:
    record = memory.edited("records/teams/cab.yaml", members=["ben", "cleo", "dora"])
    memory.put(record)
    memory.approved(record, "dora", proposer="ana")
    verdict = gates_of(memory, record)["edit"].verdict
    assert verdict.is_open and verdict.question.replaces is not None


def test_a_new_person_is_an_edit_that_replaces_nothing(memory: Memory) -> None:
    record = person("zoe", memory.public("eve"))
    memory.put(record)
    assert gates_of(memory, record)["edit"].verdict.question.replaces is None


def test_workflow_files_name_the_commit_that_changed_them_last(memory: Memory) -> None:
    memory.write({".github/workflows/check.yml": "on: push\n"})
    before, after = memory.before, memory.after
    roots = RootTrees(before.tree, after.tree, lambda: "c0ffee")
    evaluator = Evaluator(before, after, NOW, roots=roots)
    subject = evaluator.subject(WORKFLOWS_KIND, WORKFLOWS_KIND, *evaluator.workflows)
    (gate,) = evaluator.own_gates(subject)
    assert gate.name == "edit" and gate.replaces == {"schema": 1, "files": {}, "since": "c0ffee"}
    same = evaluator.subject(WORKFLOWS_KIND, WORKFLOWS_KIND, evaluator.workflows[1], evaluator.workflows[1])
    assert evaluator.own_gates(same) == ()


def test_files_of_an_article_are_part_of_it(memory: Memory) -> None:
    record = article("sign-in")
    memory.write(as_files(record))
    memory.land()
    assert gates_of(memory, record) == {}
    memory.write({"attachments/sign-in/a.txt": "first"})
    assert list(gates_of(memory, record)) == ["published"]
    digest = hashlib.sha256(b"first").hexdigest()
    assert dict(attached_files(memory.after.tree, "sign-in")) == {"attachments/sign-in/a.txt": f"sha256:{digest}"}


# What an evaluator is given, and what another one takes over from it.

LATEST = NOW + timedelta(hours=1)


def key_of(memory: Memory, name: str) -> str:
    """The fingerprint of a person's key."""
    return fingerprint(key_blob(memory.public(name)))


def unsound(evaluator: Evaluator, record: Record) -> set[str]:
    """Whose acts on a record do not count."""
    return {act.by for act in evaluator.acts(record["id"]) if act.fault is not None}


def test_a_key_that_is_known_to_have_been_in_other_hands_lets_nothing_pass(memory: Memory) -> None:
    record = put(memory)
    memory.approved(record, "ben")
    stolen = {key_of(memory, "ben"): NOW - timedelta(hours=2)}
    assert gates_of(memory, record)["scheduled"].verdict.is_open
    assert not gates_of(memory, record, compromised=stolen)["scheduled"].verdict.is_open


def test_an_evaluator_of_another_instant_is_the_same_in_all_else(memory: Memory) -> None:
    memory.put(freeze())
    record = change(window=OPEN, freeze_exception=REASON)
    memory.approved(record, "ben", "dora")
    after = beginning(memory, record)
    given = {
        "roots": RootTrees(memory.before.tree, memory.after.tree), "latest": LATEST, "entry_of": lambda *_: None,
        "compromised": {key_of(memory, "ben"): NOW - timedelta(hours=2)}, "accepted": lambda *_: True,
    }  # fmt: skip
    first = Evaluator(memory.before, memory.after, NOW - timedelta(days=1), **given)  # type: ignore[arg-type]
    other = first.judged_at(NOW)
    assert (other.base, other.head, other.now) == (first.base, first.head, NOW)
    assert (other.roots, other.latest, other.entry_of) == (given["roots"], LATEST, given["entry_of"])
    assert unsound(other, record) == {"ben"}
    assert GATE not in {each.verdict.question.gate for each in other.evaluate_gates("x", memory.subject(other, after))}


def test_an_evaluator_by_another_base_knows_the_stolen_keys_of_both(memory: Memory) -> None:
    record = put(memory)
    memory.approved(record, "ben", "dora")
    since = NOW - timedelta(hours=2)
    first = Evaluator(
        memory.before, memory.after, NOW, latest=LATEST, compromised={key_of(memory, "ben"): since}
    )  # fmt: skip
    base = memory.before
    other = first.by_base(base, {key_of(memory, "dora"): since})
    assert other.base is base and other.head is first.head
    assert (other.now, other.latest) == (NOW, LATEST)
    assert unsound(other, record) == {"ben", "dora"}
    assert unsound(first.by_base(base), record) == {"ben"}
    assert unsound(memory.evaluator().by_base(base), record) == set()


def test_without_roots_the_workspace_is_the_whole_repository(memory: Memory) -> None:
    before, after = memory.before, memory.after
    evaluator = Evaluator(before, after, NOW)
    assert (evaluator.roots.base, evaluator.roots.head) == (before.tree, after.tree)


def test_acts_are_dated_up_to_the_latest_time_at_which_the_step_can_have_landed(memory: Memory) -> None:
    record = put(memory)
    for who, decision in (("ana", "proposed"), ("ben", "approved")):
        memory.act(who, decision, record, at=write_instant(NOW + timedelta(minutes=30)))
    assert not gates_of(memory, record)["scheduled"].verdict.is_open
    assert gates_of(memory, record, latest=LATEST)["scheduled"].verdict.is_open


def test_an_approval_expires_by_the_clock_and_not_by_the_latest_time(memory: Memory) -> None:
    record = put(memory)
    for who, decision in (("ana", "proposed"), ("ben", "approved")):
        memory.act(who, decision, record, at=write_instant(NOW - timedelta(days=30) + timedelta(minutes=5)))
    assert gates_of(memory, record, latest=LATEST)["scheduled"].verdict.is_open
    assert not gates_of(memory, record, now=LATEST)["scheduled"].verdict.is_open


def test_only_approvals_that_are_to_count_fill_a_seat(memory: Memory) -> None:
    record = put(memory)
    memory.act("ana", "proposed", record)
    approval = act_id(memory.act("ben", "approved", record))
    evaluator = memory.evaluator()
    subject = memory.subject(evaluator, record)
    assert evaluator.verdict(subject, Gate("scheduled"), frozenset({approval})).is_open
    assert not evaluator.verdict(subject, Gate("scheduled"), frozenset()).is_open


# Where work begins.


def test_a_change_that_passes_its_gate_under_way_is_asked_about_its_window_there(memory: Memory) -> None:
    record = put(memory, state="implementing")
    memory.approved(record, "ben")
    verdict = gates_of(memory, record)["scheduled"].verdict
    assert (verdict.status, len(verdict.lapses)) == (GateStatus.PENDING, 1)


def test_a_change_that_passes_its_gate_under_way_is_judged_there_once(memory: Memory) -> None:
    record = put(memory, state="implementing", window=OPEN)
    memory.act("dora", "refused", record, comment="Not now.")
    evaluator = memory.evaluator()
    results = list(evaluator.evaluate_gates(path(record), memory.subject(evaluator, record)))
    assert [(each.verdict.status, each.passes) for each in results] == [(GateStatus.REFUSED, True)]


def test_where_work_begins_in_a_freeze_both_are_asked_about(memory: Memory) -> None:
    memory.put(freeze())
    record = change(window=OPEN, freeze_exception=REASON)
    memory.act("dora", "refused", record, comment="Not now.")
    results = gates_of(memory, beginning(memory, record))
    assert {gate: each.passes for gate, each in results.items()} == {GATE: True, "scheduled": False}


def test_where_work_begins_history_is_asked_about_the_file_and_its_gate(memory: Memory) -> None:
    after = beginning(memory, change(window=OPEN))
    asked: list[tuple[str, str]] = []

    def entry_of(*about: str) -> None:
        asked.append((about[0], about[1]))

    assert not gates_of(memory, after, entry_of=entry_of)["scheduled"].verdict.is_open
    assert asked == [(path(after), "scheduled")]


def test_work_that_begins_outside_its_window_is_held_by_a_freeze_over_that_time(memory: Memory) -> None:
    memory.put(freeze(ahead(hours=-1), ahead(hours=5)))
    assert set(gates_of(memory, beginning(memory, change()))) == {GATE, "scheduled"}


def test_a_freeze_over_other_services_holds_nothing(memory: Memory) -> None:
    memory.put(freeze(scope={"service": "portal"}))
    memory.land()
    assert set(gates_of(memory, put(memory))) == {"scheduled"}


def test_a_note_on_work_under_way_asks_for_no_exception(memory: Memory) -> None:
    memory.put(freeze())
    record = begun(change(window=OPEN))
    memory.put(record)
    memory.land()
    after = with_entry(record, 1, note="Half of it.")
    memory.put(after)
    assert gates_of(memory, after) == {}


# Exceptions that were granted before.


def granted_once(*_: object) -> bool:
    """History says that everything was granted."""
    return True


def test_of_two_freezes_the_one_that_came_later_is_asked_about(memory: Memory) -> None:
    memory.put(freeze(), freeze(name="year-start"))
    after = beginning(memory, change(window=OPEN, freeze_exception=REASON))
    results = gates_of(memory, after, accepted=lambda where, gate, *_: gate == GATE)
    assert set(results) == {"exception/year-start"}


def test_an_exception_that_was_refused_since_is_not_granted(memory: Memory) -> None:
    memory.put(freeze())
    record = change(window=OPEN, freeze_exception=REASON)
    granted(memory, record, "cleo")
    memory.act("dora", "refused", record, gate=GATE, comment="No.")
    after = beginning(memory, record)
    assert gates_of(memory, after, accepted=granted_once)[GATE].verdict.status is GateStatus.REFUSED


@pytest.mark.parametrize("state", ["scheduled", "implementing"])
def test_an_edit_of_a_change_in_a_freeze_needs_an_exception_of_its_own(memory: Memory, state: str) -> None:
    memory.put(freeze())
    record = put(memory, state=state, window=OPEN, freeze_exception=REASON)
    memory.land()
    after = record | {"reason": "It has ended.", "revision": 2}
    memory.put(after)
    assert GATE in gates_of(memory, after, accepted=granted_once)


def test_a_change_that_comes_under_way_from_a_draft_needs_an_exception_of_its_own(memory: Memory) -> None:
    memory.put(freeze())
    after = beginning(memory, change(state="draft", window=OPEN, freeze_exception=REASON))
    assert GATE in gates_of(memory, after, accepted=granted_once)


def test_an_exception_that_was_taken_back_is_not_granted(memory: Memory) -> None:
    memory.put(freeze())
    record = change(window=OPEN, freeze_exception=REASON)
    granted(memory, record)
    approval = act_id(memory.act("cleo", "approved", record, gate=GATE))
    memory.act("cleo", "withdrawn", record, gate=GATE, supersedes=[approval])
    after = beginning(memory, record)
    assert GATE in gates_of(memory, after, accepted=granted_once)


def test_an_exception_that_somebody_else_granted_too_is_looked_up_with_what_was_taken_back(memory: Memory) -> None:
    """dora, who has left since, granted it as well."""
    memory.put(freeze())
    record = change(window=OPEN, freeze_exception=REASON)
    granted(memory, record, "dora")
    approval = act_id(memory.act("cleo", "approved", record, gate=GATE))
    back = act_id(memory.act("cleo", "withdrawn", record, gate=GATE, supersedes=[approval]))
    memory.put(person("dora", memory.public("dora"), state="retired"))
    after = beginning(memory, record)
    asked: list[frozenset[str]] = []

    def accepted(where: str, gate: str, digest: str, taken_back: frozenset[str]) -> bool:
        asked.append(taken_back)
        return True

    assert GATE not in gates_of(memory, after, accepted=accepted)
    assert asked == [frozenset({back})]


# Who is barred, and what holds a change back.


def test_whoever_objects_to_being_named_as_an_author_is_none(memory: Memory) -> None:
    record = put(memory, authors=["ana", "ben"])
    memory.act("ben", "refused", record, gate="authors")
    assert gates_of(memory, record)["scheduled"].verdict.question.disqualified.keys() == {"ana"}
    memory.approved(record, "ben")
    assert gates_of(memory, record)["scheduled"].verdict.is_open


def test_an_objection_is_about_the_content_as_it_was(memory: Memory) -> None:
    record = put(memory, authors=["ana", "ben"])
    memory.act("ben", "refused", record | {"reason": "Another one."}, gate="authors")
    assert gates_of(memory, record)["scheduled"].verdict.question.disqualified.keys() == {"ana", "ben"}


@pytest.mark.parametrize("odd", ["unsound", "at another gate"])
def test_a_proposal_bars_from_the_review_only_where_it_is_sound_and_at_the_changes_own_gate(
    memory: Memory, odd: str
) -> None:
    record = emergency() | {"post_implementation_review": {"summary": "It helped.", "lessons": ["Watch it."]}}
    memory.put(record)
    if odd == "unsound":
        memory.act("cleo", "proposed", record, key=memory.key("eve"))
    else:
        memory.act("cleo", "proposed", record, gate="post-review")
    memory.land()
    evaluator = memory.evaluator()
    verdict = evaluator.verdict(memory.subject(evaluator, record), Gate("post-review"))
    assert "cleo" not in verdict.question.disqualified


def test_an_overdue_debt_holds_changes_alone_and_no_emergency_where_they_enter_the_calendar(memory: Memory) -> None:
    overdue(memory)
    record, urgent = put(memory, number="5NRM1"), emergency()
    memory.put(urgent)
    evaluator = memory.evaluator()
    planned = memory.subject(evaluator, record)
    assert evaluator.verdict(planned, Gate("scheduled")).question.held_back
    assert evaluator.verdict(planned, Gate("post-review")).question.held_back == ()
    assert evaluator.verdict(memory.subject(evaluator, urgent), Gate("scheduled")).question.held_back == ()
    assert evaluator.verdict(planned, Gate("scheduled"), held_back=False).question.held_back == ()


def test_a_debt_that_was_paid_when_its_acts_landed_holds_nothing(memory: Memory) -> None:
    overdue(memory)
    record = put(memory, number="5NRM1")
    evaluator = Evaluator(memory.before, memory.after, NOW, accepted=granted_once)
    assert evaluator.debts == ()
    assert evaluator.verdict(memory.subject(evaluator, record), Gate("scheduled")).question.held_back == ()


@pytest.mark.parametrize("was", [{"type": "normal", "state": "scheduled"}, {"type": "emergency", "state": "draft"}])
def test_an_old_change_that_was_no_emergency_under_way_begins_too_late_as_one(memory: Memory, was: Any) -> None:
    day = (NOW - timedelta(days=40)).strftime("%Y%m%d")
    record = change(**{"id": f"CHG-{day}-4N1GT", "incident": incident("1NC01", "P1")["id"]} | was)
    memory.put(record)
    memory.land()
    after = begun(record) | {"type": "emergency", "revision": 2}
    memory.put(after)
    (fault,) = gates_of(memory, after)["scheduled"].verdict.faults
    assert "must begin within 30 days" in fault


# Reviews and articles.


@pytest.mark.parametrize("left", [False, True])
def test_an_accepted_review_that_changes_is_asked_about_again(memory: Memory, left: bool) -> None:
    """Also where whoever accepted it has left since, and only history can tell."""
    record = emergency() | {"post_implementation_review": {"summary": "It helped.", "lessons": ["Watch it."]}}
    memory.put(record)
    memory.act("cleo", "approved", record, gate="post-review")
    if left:
        memory.put(person("cleo", memory.public("cleo"), state="retired"))
    memory.land()
    after = record | {"post_implementation_review": {"summary": "It did not.", "lessons": ["Watch it."]}}
    memory.put(after)
    assert ("post-review" in gates_of(memory, after)) is not left
    assert "post-review" in gates_of(memory, after, accepted=granted_once)


@pytest.mark.parametrize("state", ["draft", "retired"])
def test_an_article_that_leaves_the_site_passes_a_gate(memory: Memory, state: str) -> None:
    memory.write(as_files(article("sign-in")))
    memory.land()
    heir = {"replaced_by": "other"} if state == "retired" else {}
    after = article("sign-in", state=state, revision=2) | heir
    memory.write(as_files(after))
    assert set(gates_of(memory, after)) == {"unpublished"}


def test_a_subject_is_the_record_of_its_file_or_else_of_its_id(memory: Memory) -> None:
    evaluator = memory.evaluator()
    by_path = evaluator.subject("team", "it", None, {}, "records/teams/cab.yaml").record
    by_id = evaluator.subject("team", "it", None, {}).record
    assert (by_path and by_path.id, by_id and by_id.id) == ("cab", "it")


def test_only_an_article_has_files(memory: Memory) -> None:
    memory.write({"attachments/mail/a.txt": "first", "attachments/sign-in/a.txt": "first"})
    evaluator = memory.evaluator()
    service, page = evaluator.subject("service", "mail", None, {}), evaluator.subject("article", "sign-in", None, {})
    assert (service.attachments, service.files_changed) == ({}, False)
    assert (list(page.attachments), page.files_changed) == (["attachments/sign-in/a.txt"], True)
