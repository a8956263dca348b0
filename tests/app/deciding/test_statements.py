"""What people say for themselves: that they did not write something, or that they verified an article."""

from __future__ import annotations

from dataclasses import replace

import pytest

from itsm_as_code.app.approvals.decision_context import context_for
from itsm_as_code.app.deciding.preconditions import cautions, require_sensible
from itsm_as_code.app.deciding.request import DecisionRequest
from itsm_as_code.app.deciding.statements import require_statement, statement_cautions
from itsm_as_code.domain.errors import UsageFault
from itsm_as_code.domain.kinds.approval import Decision
from tests.app.approvals.worlds import Memory
from tests.approvals.records import change, incident, service

RECORD = change(authors=["ana", "dora"])
OBJECT = DecisionRequest(RECORD["id"], Decision.REFUSED, gate="authors", comment="I have never seen it.")
VERIFY = DecisionRequest("article/how-to", Decision.APPROVED, gate="verified")


@pytest.mark.parametrize(
    "request_", [OBJECT, VERIFY, replace(OBJECT, decision=Decision.WITHDRAWN), replace(OBJECT, gate=None)], ids=str
)
def test_what_people_say_there_passes(request_: DecisionRequest) -> None:
    require_statement(request_)


@pytest.mark.parametrize("decision", [Decision.APPROVED, Decision.PROPOSED])
def test_nothing_else_is_said_about_authors(decision: Decision) -> None:
    with pytest.raises(UsageFault, match=f"nothing is {decision} at gate authors") as raised:
        require_statement(replace(OBJECT, decision=decision))
    assert (
        raised.value.hint == f"itsm refuse {RECORD['id']} --gate authors --comment '…' says that you did not write it"
    )


def test_nothing_else_is_said_about_a_verification() -> None:
    with pytest.raises(UsageFault, match="nothing is refused at gate verified"):
        require_statement(replace(VERIFY, decision=Decision.REFUSED))


def test_nobody_says_it_for_somebody_else() -> None:
    with pytest.raises(UsageFault, match="people speak for themselves"):
        require_statement(replace(OBJECT, on_behalf_of="ben"))


def test_whoever_is_named_hears_nothing(memory: Memory) -> None:
    memory.put(RECORD)
    found = context_for(memory.evaluator(), RECORD["id"], "authors", "dora")
    require_sensible(found, OBJECT, "dora")
    assert list(statement_cautions(found)) == list(cautions(found, OBJECT)) == []
    assert found.verdict.is_open and not found.verdict.faults


def test_whoever_is_not_named_or_proposed_it_is_told(memory: Memory) -> None:
    memory.put(RECORD)
    memory.act("dora", "proposed", RECORD)
    evaluator = memory.evaluator()
    assert list(statement_cautions(context_for(evaluator, RECORD["id"], "authors", "eve"))) == [
        "`authors` does not name eve, so there is nothing to object to"
    ]
    assert list(statement_cautions(context_for(evaluator, RECORD["id"], "authors", "dora"))) == [
        "dora proposed it, so this will not be believed"
    ]


def test_records_without_authors_have_no_such_gate(memory: Memory) -> None:
    with pytest.raises(UsageFault, match="no gate `authors`"):
        context_for(memory.evaluator(), incident("1NC01", "P1")["id"], "authors", "ana")
    with pytest.raises(UsageFault, match="no gate `verified`"):
        context_for(memory.evaluator(), f"service/{service('mail', 3)['id']}", "verified", "ana")
    assert context_for(memory.evaluator(), "workspace", "authors", "ana").gate.name == "authors"
