"""Whether the gate of a review is asked again where what was accepted changes."""

from __future__ import annotations

from itsm_as_code.app.approvals.accepted_review import review_asked_again
from itsm_as_code.domain.approval.gates import Gate
from tests.app.approvals.worlds import Memory
from tests.approvals.records import Record, service
from tests.approvals.test_debts import REVIEW, ago, emergency

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
    def never(*_: str) -> bool:
        raise AssertionError

    landed(memory)
    memory.put(OTHER)
    evaluator = memory.evaluator()
    assert list(review_asked_again(evaluator, memory.subject(evaluator, OTHER), never)) == []


def test_new_changes_and_other_records_are_not_asked_about(memory: Memory) -> None:
    assert asked(memory, RECORD) == []
    assert asked(memory, service("mail", 2) | {"revision": 2}) == []
