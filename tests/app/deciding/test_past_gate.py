"""What an approval means once a record has passed its gate."""

from __future__ import annotations

from datetime import timedelta

import pytest

from itsm_as_code.app.approvals.decision_context import DecisionContext, context_for
from itsm_as_code.app.checkout.evaluator_here import evaluator_here
from itsm_as_code.app.deciding.past_gate import nothing_to_approve, review_meant
from itsm_as_code.domain.errors import UsageFault
from tests.app.approvals.worlds import Local, Memory
from tests.app.deciding.conftest import Sit
from tests.approvals.records import NOW, Record, at, change
from tests.approvals.test_debts import REVIEW, emergency

RECORD = change()


def landed(local: Local, *by: str, record: Record = RECORD) -> None:
    """A change on main that these people have approved."""
    local.put(record)
    local.approved(record, *by)
    local.land()


def needless(sit: Sit, ref: str = RECORD["id"], who: str = "dora") -> str | None:
    """Why an approval at the record's own gate helps nobody."""
    checkout = sit(who)
    return nothing_to_approve(checkout, context_for(evaluator_here(checkout), ref, None, who))


# Approvals at its own gate.


def test_what_has_not_landed_yet_can_be_approved(record: Record, sit: Sit) -> None:
    assert needless(sit, record["id"]) is None


def test_what_landed_approved_needs_no_approval(local: Local, sit: Sit) -> None:
    landed(local, "ben")
    assert needless(sit) == f"{RECORD['id']} was already approved at gate scheduled when it landed"


def test_nobody_judged_the_first_commit(sit: Sit) -> None:
    said = needless(sit, "team/it") or ""
    assert said == "team/it was in the first commit, which nobody judged: there is nothing to approve"


def test_what_landed_without_approval_is_ratified_instead(local: Local, sit: Sit) -> None:
    landed(local)
    with pytest.raises(UsageFault, match="went past gate scheduled without approval") as raised:
        needless(sit)
    assert raised.value.hint == f"to ratify what is there: itsm approve {RECORD['id']} --gate ratify"


def test_what_is_ratified_needs_nothing_more(local: Local, sit: Sit) -> None:
    landed(local)
    local.act("ben", "approved", RECORD, gate="ratify")
    local.land()
    assert (needless(sit) or "").endswith("and is ratified already")


def test_what_was_taken_back_or_refused_since_can_be_approved_again(local: Local, sit: Sit) -> None:
    landed(local, "ben")
    local.act("ben", "refused", RECORD, comment="I was wrong")
    local.land()
    assert needless(sit) is None


def test_an_edit_of_what_landed_can_be_approved(local: Local, sit: Sit) -> None:
    landed(local, "ben")
    local.put(RECORD | {"revision": 2, "reason": "It ends on Saturday."})
    assert needless(sit) is None


def test_who_refused_it_can_approve_after_all(local: Local, sit: Sit) -> None:
    landed(local, "ben")
    local.act("dora", "refused", RECORD, comment="Hm.")
    assert needless(sit, who="dora") is None


def test_at_another_gate_nothing_is_needless(local: Local, sit: Sit) -> None:
    landed(local, "ben")
    checkout = sit("dora")
    context = context_for(evaluator_here(checkout), RECORD["id"], "ratify", "dora")
    assert nothing_to_approve(checkout, context) is None


# The review of an emergency.


def past(memory: Memory, record: Record, who: str = "cleo", days: float = 0) -> DecisionContext:
    """The context of a record that is on base."""
    memory.put(record)
    memory.land()
    return context_for(memory.evaluator(NOW + timedelta(days=days)), record["id"], None, who)


def test_the_review_that_is_written_is_what_waits(memory: Memory) -> None:
    found = review_meant(past(memory, emergency() | REVIEW))
    assert found is not None and (found.gate.name, found.stands_for) == ("post-review", "cleo")


def test_a_review_that_nobody_wrote_waits_for_nobody(memory: Memory) -> None:
    assert review_meant(past(memory, emergency())) is None


def test_a_change_that_is_no_emergency_has_no_review_to_accept(memory: Memory) -> None:
    assert review_meant(past(memory, RECORD)) is None


def test_a_review_that_is_accepted_waits_no_more(memory: Memory) -> None:
    record = emergency() | REVIEW
    memory.act("cleo", "approved", record, gate="post-review")
    assert review_meant(past(memory, record)) is None


def test_before_its_gate_the_own_one_is_meant(memory: Memory) -> None:
    memory.put(emergency() | REVIEW)
    assert review_meant(context_for(memory.evaluator(), emergency()["id"], None, "dora")) is None


def test_an_expired_approval_may_be_renewed(local: Local, sit: Sit) -> None:
    record = change(timeline=[{"at": at(days=31), "by": "ana", "state": "scheduled"}])
    date = at(days=31)
    local.git("commit", "--quiet", "--amend", "--no-edit", extra={"GIT_COMMITTER_DATE": date})
    local.put(record)
    local.act("ana", "proposed", record, at=date)
    local.act("ben", "approved", record, at=date)
    local.commit(GIT_COMMITTER_DATE=date, GIT_AUTHOR_DATE=date)
    assert needless(sit) is None
