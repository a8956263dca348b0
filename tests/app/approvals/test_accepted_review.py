"""Whether the gate of a review is asked again where what was accepted changes."""

from __future__ import annotations

import pytest

from itsm_as_code.app.approvals.accepted_review import review_asked_again
from itsm_as_code.domain.approval.gates import Gate
from itsm_as_code.domain.digest import digest, reviewed
from tests.app.approvals.worlds import Memory
from tests.approvals.records import Record, path, service
from tests.approvals.test_debts import REVIEW, ago, emergency
from tests.approvals.world import act_id

RECORD = emergency(**ago(days=3)) | REVIEW
OTHER = RECORD | {"outcome": {"code": "failed"}}


def asked(memory: Memory, head: Record, *, accepted: bool | None = None) -> list[Gate]:
    """The gates that a step to this content passes; history says whether the review was accepted."""
    memory.put(head)
    evaluator = memory.evaluator()
    looked_up = None if accepted is None else lambda *_: accepted
    return list(review_asked_again(evaluator, memory.subject(evaluator, head), looked_up))


def landed(memory: Memory, *by: str, record: Record = RECORD) -> Memory:
    memory.put(record)
    for name in by:
        memory.act(name, "approved", record, gate="post-review")
    memory.land()
    return memory


def test_what_was_accepted_is_asked_about_again(memory: Memory) -> None:
    assert asked(landed(memory, "cleo"), OTHER) == [Gate("post-review")]
    assert asked(memory, {key: RECORD[key] for key in RECORD if key != "post_implementation_review"}) == [
        Gate("post-review")
    ]


def test_the_same_review_is_not(memory: Memory) -> None:
    assert asked(landed(memory, "cleo"), RECORD | {"tags": ["mail"]}) == []


def test_a_review_that_nobody_entitled_accepted_is_not(memory: Memory) -> None:
    assert asked(landed(memory, "eve"), OTHER) == asked(landed(memory, "eve"), OTHER, accepted=False) == []


def test_history_has_the_word_where_the_people_of_base_can_not_say_it(memory: Memory) -> None:
    assert asked(landed(memory, "eve"), OTHER, accepted=True) == [Gate("post-review")]


def test_without_any_approval_history_is_not_read(memory: Memory) -> None:
    def never(*_: object) -> bool:
        raise AssertionError

    landed(memory)
    memory.put(OTHER)
    evaluator = memory.evaluator()
    assert list(review_asked_again(evaluator, memory.subject(evaluator, OTHER), never)) == []


def test_new_changes_and_other_records_are_not_asked_about(memory: Memory) -> None:
    assert asked(memory, RECORD) == []
    assert asked(memory, service("mail", 2) | {"revision": 2}) == []


def test_history_is_asked_about_the_review_as_base_has_it(memory: Memory) -> None:
    questions: list[tuple[object, ...]] = []

    def looked_up(*asked: object) -> bool:
        questions.append(asked)
        return False

    landed(memory, "eve")
    memory.put(OTHER)
    evaluator = memory.evaluator()
    assert list(review_asked_again(evaluator, memory.subject(evaluator, OTHER), looked_up)) == []
    assert questions == [(path(RECORD), "post-review", digest("change", RECORD, None, reviewed(RECORD)), frozenset())]


@pytest.mark.parametrize("decision", ["refused", "proposed"])
def test_only_an_approval_accepts(memory: Memory, decision: str) -> None:
    landed(memory)
    memory.act("cleo", decision, RECORD, gate="post-review")
    memory.land()
    assert asked(memory, OTHER, accepted=True) == []


def test_an_approval_of_another_review_accepts_nothing(memory: Memory) -> None:
    landed(memory)
    memory.act("cleo", "approved", OTHER, gate="post-review")
    memory.act("cleo", "refused", RECORD, gate="post-review")
    memory.land()
    assert asked(memory, OTHER, accepted=True) == []


def test_an_approval_that_does_not_verify_accepts_nothing(memory: Memory) -> None:
    landed(memory)
    memory.act("cleo", "approved", RECORD, gate="post-review", key=memory.key("eve"))
    memory.land()
    assert asked(memory, OTHER, accepted=True) == []


def test_an_acceptance_that_was_taken_back_binds_nobody(memory: Memory) -> None:
    landed(memory)
    approval = act_id(memory.act("cleo", "approved", RECORD, gate="post-review"))
    memory.act("cleo", "withdrawn", RECORD, gate="post-review", supersedes=[approval])
    memory.land()
    assert asked(memory, OTHER, accepted=True) == []


def test_a_review_that_no_digest_covers_was_not_accepted(memory: Memory) -> None:
    """Base has what no check would let in; a step from there is judged like one without a review."""
    odd = RECORD | {"post_implementation_review": {"summary": "It helped.", "lessons": [2**60]}}
    assert asked(landed(memory, record=odd), RECORD, accepted=True) == []


def test_an_approval_of_no_review_at_all_accepts_none(memory: Memory) -> None:
    """It was made before anybody had written one."""
    without = {key: RECORD[key] for key in RECORD if key != "post_implementation_review"}
    assert asked(landed(memory, "cleo", record=without), RECORD, accepted=True) == []
