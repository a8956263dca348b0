"""The gates of one record: acts of both sides, rules and people of base."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any

import pytest

from itsm_as_code.app.approvals.acts import folder_of_acts, verified_acts
from itsm_as_code.app.approvals.evaluator import Evaluator, GateResult, attached_files
from itsm_as_code.app.approvals.repository_root import RootTrees
from itsm_as_code.domain.approval.gates import Gate
from itsm_as_code.domain.approval.verdict import GateStatus
from itsm_as_code.domain.revision import WORKFLOWS_KIND
from tests.app.approvals.worlds import Memory
from tests.approvals.records import CHANGES, NOW, OPEN, Record, begun, change, incident, path, person
from tests.approvals.test_debts import emergency, overdue
from tests.approvals.test_freezes import GATE, REASON, freeze, granted
from tests.approvals.world import act_id
from tests.checks.memory import article, as_files


def gates_of(memory: Memory, record: Record, **more: Any) -> dict[str, GateResult]:
    """How a record stands at each gate that it passes."""
    evaluator = Evaluator(memory.before, memory.after, NOW, **more)
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
    assert (result.path, result.verdict.is_open) == (path(record), True)
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
