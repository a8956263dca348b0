"""How the approvals of changes stand: the strictest answer of their gates, and for whom most waits."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from itsm_as_code.app.approvals.evaluator import Evaluator
from itsm_as_code.app.approvals.open_proposals import subject_at_base
from itsm_as_code.app.checkout.clone import Clone
from itsm_as_code.app.checkout.evaluator_here import evaluator_here
from itsm_as_code.app.reading.change_statuses import ChangeStatus, busiest, change_statuses, exceptions, further_gates
from itsm_as_code.domain.approval.verdict import GateStatus
from tests.approvals.records import NOW, change
from tests.approvals.test_freezes import freeze
from tests.approvals.world import World
from tests.checkouts import checkout_at

PLANNED = change(state="submitted")


@contextmanager
def opened(world: World) -> Iterator[tuple[Clone, Evaluator]]:
    checkout = checkout_at(world.ws, NOW)
    try:
        yield checkout.require_clone(), evaluator_here(checkout)
    finally:
        checkout.close()


def stand(world: World) -> list[ChangeStatus]:
    with opened(world) as (clone, evaluator):
        return change_statuses(clone, evaluator)


def test_changes_are_told_the_strictest_answer_first(lone: World) -> None:
    approved, refused = change(state="submitted", number="5N3YV"), change(state="submitted", number="6P4ZW")
    lone.put(PLANNED, approved, refused, change(state="cancelled", number="7Q5XA", service_id="portal"))
    lone.approved(approved, "ben")
    lone.act("ana", "proposed", refused)
    lone.act("ben", "refused", refused, comment="No")
    lone.commit()
    assert [(each.change.id, each.status) for each in stand(lone)] == [
        (refused["id"], GateStatus.REFUSED), (PLANNED["id"], GateStatus.PENDING), (approved["id"], GateStatus.APPROVED),
    ]  # fmt: skip


def test_what_lies_here_is_told_whether_or_not_it_is_committed(lone: World) -> None:
    lone.put(PLANNED)
    (found,) = stand(lone)
    assert (found.change.id, found.debt) == (PLANNED["id"], None)


def test_a_change_that_went_past_its_gate_keeps_the_answer_of_then(lone: World) -> None:
    scheduled = change()
    lone.put(scheduled)
    lone.approved(scheduled, "ben")
    lone.commit()
    ben = (lone.ws / "records/people/ben.yaml").read_text("utf-8")
    lone.write({"records/people/ben.yaml": ben + "state: retired\n"})
    lone.commit()
    (found,) = stand(lone)
    assert found.status is GateStatus.APPROVED


def test_a_freeze_over_the_window_is_a_further_gate(lone: World) -> None:
    lone.put(PLANNED, freeze())
    lone.commit()
    with opened(lone) as (_, evaluator):
        subject = subject_at_base(evaluator, PLANNED["id"])
        assert subject is not None
        names = [gate.name for gate in exceptions(evaluator, subject)]
        assert names == [f"exception/{freeze()['id']}"]
        assert [gate.name for gate in further_gates(evaluator, subject)] == names
    (found,) = stand(lone)
    assert [verdict.question.gate for verdict in found.verdicts] == ["scheduled", *names]


def test_most_waits_for_the_first_of_those_who_could_decide(lone: World) -> None:
    lone.put(PLANNED)
    lone.commit()
    with opened(lone) as (_, evaluator):
        assert busiest(evaluator) is None, "nobody has proposed it"
    lone.act("ana", "proposed", PLANNED)
    lone.commit()
    with opened(lone) as (_, evaluator):
        assert busiest(evaluator) == "ben"
