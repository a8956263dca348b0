"""Verdicts as findings: each names its gate and its subject."""

from __future__ import annotations

from dataclasses import replace

import pytest

from itsm_as_code.app.approvals.evaluator import GateResult
from itsm_as_code.app.approvals.gate_findings import findings_of, findings_of_gates
from itsm_as_code.app.approvals.opened_step import open_step
from itsm_as_code.domain.approval.verdict import GateStatus
from itsm_as_code.domain.finding import Finding
from itsm_as_code.git.repository import open_repository
from tests.app.approvals.worlds import Local, Memory
from tests.approvals.records import NOW, change, path
from tests.approvals.test_debts import overdue
from tests.approvals.world import act_id

RECORD = change()
HERE = path(RECORD)


def result_of(memory: Memory) -> GateResult:
    """How the change stands at its own gate."""
    memory.put(RECORD)
    evaluator = memory.evaluator()
    (result,) = evaluator.evaluate_gates(HERE, memory.subject(evaluator, RECORD))
    return result


def one(result: GateResult) -> Finding:
    (found,) = findings_of(result)
    return found


def test_who_is_still_asked_is_an_error_with_gate_and_subject(memory: Memory) -> None:
    found = one(result_of(memory))
    assert (found.code, found.path, found.gate, found.subject) == ("APR001", HERE, "scheduled", RECORD["id"])
    assert found.help


def test_an_open_gate_is_no_finding(memory: Memory) -> None:
    memory.approved(RECORD, "ben")
    assert list(findings_of(result_of(memory))) == []


def test_a_refusal_is_an_error_with_gate_and_subject(memory: Memory) -> None:
    memory.approved(RECORD, "ben")
    memory.act("dora", "refused", RECORD, comment="No backout")
    found = one(result_of(memory))
    assert (found.code, found.gate, found.subject) == ("APR002", "scheduled", RECORD["id"])
    assert "dora" in found.message


def test_what_can_not_be_decided_is_an_error_with_gate_and_subject(memory: Memory) -> None:
    found = one(
        GateResult(HERE, result_of(memory).subject, replace(result_of(memory).verdict, status=GateStatus.UNKNOWN))
    )
    assert (found.code, found.gate, found.subject) == ("APR003", "scheduled", RECORD["id"])


def test_a_debt_is_an_error_of_its_own_beside_what_people_decide(memory: Memory) -> None:
    overdue(memory)
    result = result_of(memory)
    debt, missing = findings_of(result)
    assert (debt.code, debt.gate, debt.subject) == ("APR007", "scheduled", RECORD["id"])
    assert missing.code == "APR001"
    memory.approved(RECORD, "ben")
    assert [found.code for found in findings_of(result_of(memory))] == ["APR007"]


# Of a whole step.


def judged(local: Local, head: str = "HEAD") -> list[Finding]:
    """The findings of the gates from main to a commit."""
    with open_repository(local.ws) as repository:
        return list(findings_of_gates(open_step(repository, "main", head, NOW)))


@pytest.fixture
def proposal(local: Local) -> Local:
    """A branch from main."""
    local.git("switch", "--quiet", "-c", "proposal")
    return local


def test_a_step_whose_gates_are_open_has_no_findings(proposal: Local) -> None:
    proposal.put(RECORD)
    proposal.approved(RECORD, "ben")
    proposal.commit()
    assert judged(proposal) == []


def test_an_act_that_may_not_land_is_found_at_its_file(proposal: Local) -> None:
    where = proposal.act("ben", "approved", RECORD, key=proposal.key("ana"))
    proposal.commit()
    (found,) = judged(proposal)
    assert (found.code, found.path) == ("APR004", where)


def test_a_refusal_that_is_only_in_the_proposal_can_be_taken_out_again(proposal: Local) -> None:
    proposal.put(RECORD)
    proposal.approved(RECORD, "ben")
    where = proposal.act("dora", "refused", RECORD, comment="No backout")
    proposal.commit()
    found = {each.code: each for each in judged(proposal)}
    assert set(found) == {"APR002", "APR005"}
    assert act_id(where) in found["APR005"].message


def test_whoever_wrote_on_a_record_is_among_its_authors(proposal: Local) -> None:
    proposal.put(RECORD)
    proposal.approved(RECORD, "ben")
    proposal.commit("ben")
    (found,) = judged(proposal)
    assert (found.code, found.path, found.field) == ("APR006", HERE, ("authors",))
    assert found.message.startswith("ben wrote on it")


def test_a_link_among_the_guarded_files_can_not_be_decided_on(proposal: Local) -> None:
    (proposal.ws / ".github").mkdir()
    (proposal.ws / ".github" / "workflows").symlink_to("elsewhere")
    proposal.commit()
    assert [(each.code, each.path) for each in judged(proposal)] == [("APR003", ".github/workflows")]


def test_guarded_files_are_one_subject_that_waits_for_the_keepers_of_rules(proposal: Local) -> None:
    proposal.write({".github/workflows/check.yml": "on: push\n"})
    proposal.commit()
    (found,) = judged(proposal)
    assert (found.code, found.gate, found.subject) == ("APR001", "edit", "workflows")
    assert found.message.endswith("; it changes .github/workflows/check.yml")


def test_of_many_guarded_files_the_first_are_named(proposal: Local) -> None:
    proposal.write({f"theme/{name}.html": "x" for name in "edcba"})
    proposal.commit()
    (found,) = judged(proposal)
    assert found.message.endswith("; it changes theme/a.html, theme/b.html, theme/c.html and 2 more")
