"""Proposals on base that somebody has yet to decide on."""

from __future__ import annotations

import pytest

from itsm_as_code.app.approvals.open_proposals import acted_on, kind_and_id, open_proposals, subject_at_base
from tests.app.approvals.worlds import Memory
from tests.approvals.records import Record, at, change
from tests.approvals.world import act_id


def open_on(memory: Memory, name: str) -> list[str]:
    """The ids of the proposals of a subject that are open on base."""
    evaluator = memory.evaluator()
    return [act.id for act in open_proposals(evaluator, name, subject_at_base(evaluator, name))]


def proposed(memory: Memory, record: Record, landed: Record | None = None) -> str:
    """A proposal of a record, and of the record what is `landed` of it, on base; the id of the act."""
    if landed is not None:
        memory.put(landed)
    where = memory.act("ana", "proposed", record)
    memory.land()
    return act_id(where)


def test_the_subjects_that_somebody_acted_on_are_found_by_their_folders(memory: Memory) -> None:
    assert acted_on(memory.before.tree) == []
    record = change()
    proposed(memory, record)
    memory.act("cleo", "proposed", memory.edited("records/teams/it.yaml", members=["ana"]))
    assert acted_on(memory.before.tree) == [record["id"]]
    assert acted_on(memory.after.tree) == [record["id"], "team/it"]


def test_a_ticket_that_is_over_is_left_out_and_one_that_cannot_be_read_is_not(memory: Memory) -> None:
    record, over = change(), change(id="CHG-20261121-7K3Q9")
    over["timeline"] = [*over["timeline"], {"at": at(), "by": "ana", "state": "cancelled", "reason": "No need."}]
    for each in (record, over):
        proposed(memory, each, landed=each)
    assert acted_on(memory.before.tree) == [record["id"]]
    memory.put(over | {"plan": 5})
    memory.land()
    assert acted_on(memory.before.tree) == sorted([record["id"], over["id"]])


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("workspace", ("settings", "itsm.yaml")),
        ("workflows", ("workflows", "workflows")),
        ("team/it", ("team", "it")),
        ("CHG-20261121-4M2XT", ("change", "CHG-20261121-4M2XT")),
    ],
)
def test_a_subject_is_named_as_acts_name_it(name: str, meant: tuple[str, str]) -> None:
    assert kind_and_id(name) == meant


def test_a_subject_is_what_base_has_of_it(memory: Memory) -> None:
    memory.put(memory.edited("records/teams/it.yaml", members=["ana"]))
    evaluator = memory.evaluator()
    team = subject_at_base(evaluator, "team/it")
    assert team is not None and team.base == team.head and "ben" in team.head["members"]
    settings = subject_at_base(evaluator, "workspace")
    assert settings is not None and settings.head["name"] == "Approvals"
    files = subject_at_base(evaluator, "workflows")
    assert files is not None and files.head == {"schema": 1, "files": {}}
    assert subject_at_base(evaluator, "CHG-20261121-4M2XT") is None


def test_a_proposal_of_what_base_has_before_its_gate_is_open(memory: Memory) -> None:
    record = change(state="submitted")
    act = proposed(memory, record, record)
    assert open_on(memory, record["id"]) == [act]


def test_a_proposal_of_what_base_has_not_yet_is_open(memory: Memory) -> None:
    record = change()
    act = proposed(memory, record)
    assert open_on(memory, record["id"]) == [act]


def test_a_proposal_is_over_once_its_record_is_past_the_gate(memory: Memory) -> None:
    record = change()
    proposed(memory, record, record)
    assert open_on(memory, record["id"]) == []


def test_a_proposal_is_over_once_its_record_is(memory: Memory) -> None:
    record = change(state="submitted")
    entries = [*record["timeline"], {"at": at(minutes=1), "by": "ana", "state": "cancelled", "reason": "No need."}]
    proposed(memory, record, record | {"timeline": entries})
    assert open_on(memory, record["id"]) == []


def test_a_proposal_of_a_revision_to_come_is_open_and_of_an_earlier_one_is_overtaken(memory: Memory) -> None:
    record = change(state="submitted")
    later = record | {"revision": 2, "reason": "It ends on Saturday."}
    act = proposed(memory, later, record)
    assert open_on(memory, record["id"]) == [act]
    memory.put(record | {"revision": 2, "reason": "It ends on Sunday."})
    memory.land()
    assert open_on(memory, record["id"]) == []


def test_a_proposal_that_was_taken_back_is_over(memory: Memory) -> None:
    record = change(state="submitted")
    act = proposed(memory, record, record)
    later = memory.act("ana", "proposed", record, supersedes=[act])
    memory.land()
    assert open_on(memory, record["id"]) == [act_id(later)]
    memory.act("ana", "withdrawn", record, supersedes=[act_id(later)])
    memory.land()
    assert open_on(memory, record["id"]) == []


def test_nobody_else_takes_a_proposal_back(memory: Memory) -> None:
    record = change(state="submitted")
    act = proposed(memory, record, record)
    memory.act("ben", "withdrawn", record, supersedes=[act])
    memory.land()
    assert open_on(memory, record["id"]) == [act]


def test_a_proposal_that_is_not_sound_is_none(memory: Memory) -> None:
    record = change(state="submitted")
    memory.put(record)
    memory.file_act(memory.unsigned("ana", "proposed", record))
    memory.land()
    assert open_on(memory, record["id"]) == []


def test_an_edit_is_open_until_it_lands_or_base_moves_on(memory: Memory) -> None:
    edited = memory.edited("records/teams/it.yaml", members=["ana", "ben"])
    act = proposed(memory, edited)
    assert open_on(memory, "team/it") == [act]
    memory.put(edited)
    memory.land()
    assert open_on(memory, "team/it") == []
    memory.put(memory.edited("records/teams/it.yaml", members=["ana"]))
    memory.land()
    assert open_on(memory, "team/it") == []
