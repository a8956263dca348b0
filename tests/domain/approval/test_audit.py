"""What an audit comes to, from its parts."""

from __future__ import annotations

from datetime import timedelta

from itsm_as_code.domain.approval.audit import Audit, AuditFault, FaultyStep
from itsm_as_code.domain.approval.debts import Debt
from itsm_as_code.domain.finding import Finding
from tests.checks.memory import look_at
from tests.domain.approval.world import NOW, person

HOUR = timedelta(hours=1)


def finding() -> Finding:
    """Any finding."""
    return look_at(person("ana").model_dump(mode="json", exclude_none=True) | {"delegate": {"to": "nobody"}})[0]


def audit(*faulty: tuple[AuditFault, ...], due: timedelta | None = None) -> Audit:
    steps = tuple(FaultyStep(f"{n}", "ana", "x", NOW, faults) for n, faults in enumerate(faulty))
    debts = (Debt("CHG-20261121-7K3Q9", "it", NOW - 9 * HOUR, NOW + due, False),) if due is not None else ()
    return Audit("a", "b", "c", NOW, 9, 0, 0, steps, debts)


def test_an_audit_is_clean_where_nothing_went_past_the_check() -> None:
    assert audit().clean
    assert audit().faults == ()


def test_faults_of_all_steps_are_counted_and_those_that_nobody_took_over_stand() -> None:
    open_, taken = AuditFault(finding()), AuditFault(finding(), ("APR-20261121-7K3Q9",))
    found = audit((open_, taken), (taken,))
    assert found.faults == (open_, taken, taken)
    assert found.open_faults == (open_,)
    assert not found.clean
    assert audit((taken,)).clean


def test_a_debt_spoils_an_audit_when_it_is_overdue() -> None:
    assert audit(due=HOUR).clean
    for due in (timedelta(0), -HOUR):
        late = audit(due=due)
        assert late.overdue == late.debts
        assert not late.clean
