"""Whether what is to be signed could land."""

from __future__ import annotations

import pytest

from itsm_as_code.app.approvals.decision_context import DecisionContext, context_for
from itsm_as_code.app.checkout.checkout import Checkout
from itsm_as_code.app.checkout.evaluator_here import evaluator_here
from itsm_as_code.app.deciding.landable import NotSigned, require_landable, step_findings
from itsm_as_code.domain.finding import Finding
from tests.app.approvals.worlds import Local
from tests.app.deciding.conftest import Sit
from tests.approvals.records import Record, change, path, text


def context(checkout: Checkout, ref: str) -> DecisionContext:
    return context_for(evaluator_here(checkout), ref, None, checkout.person)


def found(sit: Sit, ref: str) -> list[Finding]:
    checkout = sit("ben")
    return list(step_findings(checkout, context(checkout, ref)))


def unsigned(sit: Sit, ref: str) -> NotSigned:
    """Why a record could not land."""
    checkout = sit("ben")
    with pytest.raises(NotSigned) as raised:
        require_landable(checkout, context(checkout, ref))
    return raised.value


def test_what_only_waits_for_people_is_landable(record: Record, sit: Sit) -> None:
    checkout = sit("ben")
    assert [each.code for each in found(sit, record["id"])] == ["APR001"]
    require_landable(checkout, context(checkout, record["id"]))


def test_what_somebody_refused_is_landable(local: Local, record: Record, sit: Sit) -> None:
    local.act("dora", "refused", record, comment="No")
    checkout = sit("ben")
    require_landable(checkout, context(checkout, record["id"]))


def test_an_error_that_people_can_not_resolve_stops_the_signature(local: Local, sit: Sit) -> None:
    local.git("switch", "--quiet", "-c", "proposal")
    record = change(service="nowhere")
    local.put(record)
    fault = unsigned(sit, record["id"])
    assert fault.message == f"{path(record)} can't land as it is, so nothing was signed"
    assert "itsm fix --base main" in (fault.hint or "")
    assert {each.path for each in fault.findings} == {path(record)}
    assert all(each.position is not None for each in fault.findings if each.field)
    assert path(record) in fault.sources


def test_errors_of_other_records_do_not_matter(local: Local, record: Record, sit: Sit) -> None:
    local.put(change("nowhere", number="5NRM1"))
    local.commit()
    checkout = sit("ben")
    require_landable(checkout, context(checkout, record["id"]))


def test_a_person_who_wrote_on_it_and_is_no_author_stops_the_signature(local: Local, record: Record, sit: Sit) -> None:
    local.put(record | {"reason": "It ends on Saturday."})
    local.commit("ben")
    assert [each.code for each in unsigned(sit, record["id"]).findings] == ["APR006"]


def test_what_is_written_over_in_memory_is_judged(local: Local, record: Record, sit: Sit) -> None:
    checkout = sit("ben")
    require_landable(checkout, context(checkout, record["id"]))
    broken = checkout.written({path(record): text(record | {"service": "nowhere"})})
    with pytest.raises(NotSigned):
        require_landable(broken, context(broken, record["id"]))


def test_an_edit_that_base_overtook_must_be_brought_up_to_date(local: Local, sit: Sit) -> None:
    local.git("switch", "--quiet", "-c", "proposal")
    local.put(local.edited("records/teams/it.yaml", members=["ana", "ben"]))
    local.commit()
    local.git("switch", "--quiet", "main")
    local.put(local.edited("records/teams/it.yaml", members=["ana"]))
    local.land()
    local.git("switch", "--quiet", "proposal")
    assert any("base changed" in each.message for each in unsigned(sit, "team/it").findings)


def test_guarded_files_are_not_records_and_have_no_such_check(local: Local, sit: Sit) -> None:
    local.write({"CODEOWNERS": "* @ana\n"})
    checkout = sit("ben")
    require_landable(checkout, context(checkout, "workflows"))
