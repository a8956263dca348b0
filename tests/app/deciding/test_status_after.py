"""How a subject stands with what was just signed."""

from __future__ import annotations

from itsm_as_code.app.approvals.decision_context import context_for
from itsm_as_code.app.approvals.guarded_files import WORKFLOWS
from itsm_as_code.app.checkout.evaluator_here import evaluator_here
from itsm_as_code.app.deciding.request import DecisionRequest
from itsm_as_code.app.deciding.sign import act_draft
from itsm_as_code.app.deciding.status_after import StatusAfter, status_after, tickets_behind
from itsm_as_code.domain.approval.verdict import GateStatus
from itsm_as_code.domain.kinds.approval import Decision
from tests.app.approvals.worlds import Local, Memory
from tests.app.deciding.conftest import Sit
from tests.approvals.records import NOW, Record, change, incident, path
from tests.approvals.test_debts import emergency
from tests.approvals.test_freezes import GATE, REASON, freeze


def approved_by_ben(local: Local, sit: Sit, ref: str) -> StatusAfter:
    """How a record stands with an approval that ben has signed, which is not written."""
    checkout = sit("ben")
    context = context_for(evaluator_here(checkout), ref, None, "ben")
    act = act_draft(context, DecisionRequest(ref, Decision.APPROVED), "ben", local.home("ben"), NOW)
    return status_after(checkout, context, (act,))


def test_the_act_is_counted_before_it_is_written(local: Local, record: Record, sit: Sit) -> None:
    found = approved_by_ben(local, sit, record["id"])
    assert [(each.question.gate, each.status) for each in found.verdicts] == [("scheduled", GateStatus.APPROVED)]
    assert (found.path, found.to_land, found.to_commit) == (path(record), True, ())
    assert not list(local.ws.glob("records/approvals/*/*ben*"))


def test_a_record_that_is_not_committed_is_named(local: Local, record: Record, sit: Sit) -> None:
    local.put(record | {"reason": "It ends on Saturday."})
    assert approved_by_ben(local, sit, record["id"]).to_commit == (path(record),)


def test_a_record_that_is_on_base_has_landed(local: Local, record: Record, sit: Sit) -> None:
    local.git("switch", "--quiet", "main")
    local.git("merge", "--quiet", "--ff-only", "proposal")
    assert not approved_by_ben(local, sit, record["id"]).to_land


def test_the_gate_that_was_decided_on_comes_first_and_the_others_follow(local: Local, sit: Sit) -> None:
    local.put(freeze())
    local.land()
    local.git("switch", "--quiet", "-c", "proposal")
    record = change(freeze_exception=REASON)
    local.put(record)
    local.act("ana", "proposed", record)
    found = approved_by_ben(local, sit, record["id"])
    assert [(each.question.gate, each.status) for each in found.verdicts] == [
        ("scheduled", GateStatus.APPROVED), (GATE, GateStatus.PENDING),
    ]  # fmt: skip


def test_guarded_files_land_where_they_differ(local: Local, sit: Sit) -> None:
    local.git("switch", "--quiet", "-c", "proposal")
    local.write({"CODEOWNERS": "* @ana\n"})
    found = approved_by_ben(local, sit, "workflows")
    assert (found.path, found.to_land, found.to_commit) == (WORKFLOWS, True, ())


def test_the_incident_behind_an_emergency_must_be_committed_with_it(local: Local, sit: Sit) -> None:
    fault = incident("1NC0N", "P1")
    record = emergency(incident=fault["id"])
    local.git("switch", "--quiet", "-c", "proposal")
    local.put(fault, record)
    assert approved_by_ben(local, sit, record["id"]).to_commit == (path(record), path(fault))


def test_tickets_behind_a_change_are_those_that_lie_here_alone(memory: Memory) -> None:
    fault = incident("1NC0N", "P1")
    memory.put(fault)

    def behind(record: Record) -> tuple[str, ...]:
        memory.put(record)
        evaluator = memory.evaluator()
        return tickets_behind(evaluator, memory.subject(evaluator, record))

    assert behind(emergency(incident=fault["id"])) == (path(fault),)
    assert behind(emergency()) == (), "it is on base"
    assert behind(change()) == ()
    assert behind(fault) == ()
