"""What is decided on: the record, the gate, and what the person has decided before."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from itsm_as_code.app.approvals.decision_context import (
    DecisionContext,
    also_waiting,
    context_for,
    contexts_to_propose,
    gate_meant,
    has_expired,
    proposal_of,
    subject_meant,
)
from itsm_as_code.app.approvals.guarded_files import WORKFLOWS
from itsm_as_code.domain.errors import UsageFault
from tests.app.approvals.worlds import Memory
from tests.approvals.records import NOW, Record, change, path
from tests.approvals.test_freezes import GATE, REASON, freeze
from tests.approvals.world import act_id


def put(memory: Memory, **fields: Any) -> Record:
    record = change(**fields)
    memory.put(record)
    return record


def context(
    memory: Memory, ref: str, person: str | None, gate: str | None = None, now: datetime = NOW
) -> DecisionContext:
    return context_for(memory.evaluator(now), ref, gate, person)


def test_a_record_is_meant_by_an_end_of_its_id(memory: Memory) -> None:
    record = put(memory)
    where, subject = subject_meant(memory.evaluator(), "4m2xt")
    assert (where, subject.id, subject.base) == (path(record), record["id"], None)
    assert subject.head["title"] == record["title"]


def test_what_base_has_of_the_record_is_its_other_side(memory: Memory) -> None:
    edited = memory.edited("records/teams/it.yaml", members=["ana"])
    memory.put(edited)
    _, subject = subject_meant(memory.evaluator(), "team/it")
    assert subject.base is not None and "ben" in subject.base["members"] and subject.head["members"] == ["ana"]


def test_the_settings_and_the_workflow_files_have_names_of_their_own(memory: Memory) -> None:
    memory.write({".github/workflows/check.yml": "on: push\n"})
    where, settings = subject_meant(memory.evaluator(), "workspace")
    assert (where, settings.kind, settings.head["name"]) == ("itsm.yaml", "settings", "Approvals")
    where, files = subject_meant(memory.evaluator(), "workflows")
    assert (where, files.kind, list(files.head["files"])) == (WORKFLOWS, "workflows", [".github/workflows/check.yml"])


def test_without_a_name_the_gate_is_meant_that_the_record_would_pass(memory: Memory) -> None:
    put(memory)
    evaluator = memory.evaluator()
    _, subject = subject_meant(evaluator, "4M2XT")
    assert gate_meant(evaluator, subject, None).name == "scheduled"
    assert gate_meant(evaluator, subject, "post-review").name == "post-review"
    assert gate_meant(evaluator, subject, "ratify").rules_of == "scheduled"


def test_what_passes_no_gate_yet_means_its_first_one(memory: Memory) -> None:
    put(memory, state="submitted")
    evaluator = memory.evaluator()
    assert gate_meant(evaluator, subject_meant(evaluator, "4M2XT")[1], None).name == "scheduled"
    assert gate_meant(evaluator, subject_meant(evaluator, "team/it")[1], None).name == "edit"


def test_what_needs_no_decision_is_wrong_usage(memory: Memory) -> None:
    evaluator = memory.evaluator()
    with pytest.raises(UsageFault, match=r"^incident INC-\d{8}-1NC01 needs no decision$"):
        gate_meant(evaluator, subject_meant(evaluator, "1NC01")[1], None)


def test_a_context_has_the_rules_that_apply_and_no_acts_before_the_first(memory: Memory) -> None:
    put(memory)
    found = context(memory, "4M2XT", "ben")
    assert list(found.rules) == ["changes/owner"]
    assert (found.stands_for, found.mine, found.changed) == ("ben", (), None)


def test_a_context_has_the_active_acts_of_the_person_and_what_changed_since(memory: Memory) -> None:
    record = put(memory)
    memory.act("ana", "proposed", record)
    where = memory.act("ben", "approved", record)
    memory.put(record | {"reason": "It ends on Saturday."})
    found = context(memory, "4M2XT", "ben")
    assert [act.id for act in found.mine] == [act_id(where)]
    assert found.changed == ("reason",)


def test_an_act_that_another_took_the_place_of_is_not_active(memory: Memory) -> None:
    record = put(memory)
    first = memory.act("ben", "approved", record)
    second = memory.act("ben", "refused", record, comment="No backout", supersedes=[act_id(first)])
    assert [act.id for act in context(memory, "4M2XT", "ben").mine] == [act_id(second)]


def test_a_proposal_is_of_exactly_this_content(memory: Memory) -> None:
    record = put(memory)
    where = memory.act("ana", "proposed", record)
    made = proposal_of(context(memory, "4M2XT", "ana"))
    assert made is not None and made.id == act_id(where)
    assert proposal_of(context(memory, "4M2XT", "ben")) is None
    memory.put(record | {"reason": "It ends on Saturday."})
    assert proposal_of(context(memory, "4M2XT", "ana")) is None


def test_an_act_expires_by_the_rules_that_apply(memory: Memory) -> None:
    memory.act("ben", "approved", put(memory))
    before = context(memory, "4M2XT", "ben", now=NOW + timedelta(days=29))
    after = context(memory, "4M2XT", "ben", now=NOW + timedelta(days=30))
    assert not has_expired(before, before.mine[0])
    assert has_expired(after, after.mine[0])


def test_every_gate_that_needs_somebody_is_proposed(memory: Memory) -> None:
    memory.put(freeze())
    memory.land()
    put(memory, freeze_exception=REASON)
    evaluator = memory.evaluator()
    where, subject = subject_meant(evaluator, "4M2XT")
    every = contexts_to_propose(evaluator, where, subject, None, "ana")
    assert [each.gate.name for each in every] == ["scheduled", GATE]
    (one,) = contexts_to_propose(evaluator, where, subject, GATE, "ana")
    assert one.gate.name == GATE


def test_a_record_before_its_gate_is_proposed_at_the_one_that_it_would_pass(memory: Memory) -> None:
    put(memory, state="submitted")
    evaluator = memory.evaluator()
    (one,) = contexts_to_propose(evaluator, *subject_meant(evaluator, "4M2XT"), None, "ana")
    assert one.gate.name == "scheduled"


def test_where_nobody_is_asked_nothing_is_proposed(memory: Memory) -> None:
    edited = memory.edited("records/services/mail.yaml", tier=2)
    memory.put(edited)
    evaluator = memory.evaluator()
    assert contexts_to_propose(evaluator, *subject_meant(evaluator, "service/mail"), None, "ana") == ()


def test_a_gate_that_waits_for_the_person_too_is_named(memory: Memory) -> None:
    memory.put(freeze())
    memory.land()
    put(memory, freeze_exception=REASON)
    assert also_waiting(context(memory, "4M2XT", "dora")) == (GATE,)
    assert also_waiting(context(memory, "4M2XT", "ben")) == ()
    assert also_waiting(context(memory, "4M2XT", "dora", GATE)) == ("scheduled",)
