"""What `approve --gate ratify` is about, and who is told that their act could never count."""

from __future__ import annotations

import pytest

from itsm_as_code.app.approvals.decision_context import DecisionContext, context_for
from itsm_as_code.app.checkout.evaluator_here import evaluator_here
from itsm_as_code.app.deciding.ratify import ratification_meant
from itsm_as_code.app.deciding.request import DecisionRequest, superseded
from itsm_as_code.domain.errors import UsageFault
from itsm_as_code.domain.kinds.approval import Decision
from tests.app.approvals.worlds import Local
from tests.app.deciding.conftest import Sit
from tests.approvals.records import change, path, person, team
from tests.approvals.world import act_id

RECORD = change()
JOINED = team("it", "ana", "ben", "dora", "robo", "eve", revision=2, authors=["ana"])


def meant(sit: Sit, who: str, ref: str = RECORD["id"]) -> DecisionContext:
    """The context of a ratification by somebody at the checkout."""
    checkout = sit(who)
    request = DecisionRequest(ref, Decision.APPROVED, "ratify")
    context = context_for(evaluator_here(checkout), ref, "ratify", who)
    return ratification_meant(checkout, context, request, who)


def forced(local: Local, *records: dict[str, object]) -> str:
    local.put(*records)
    return local.commit()


def test_what_was_approved_needs_no_ratification(local: Local, sit: Sit) -> None:
    local.put(RECORD)
    local.approved(RECORD, "ben")
    local.land()
    with pytest.raises(UsageFault, match="there is nothing to ratify"):
        meant(sit, "dora")


def test_the_content_that_went_past_is_decided_on(local: Local, sit: Sit) -> None:
    commit = forced(local, RECORD)
    found = meant(sit, "ben")
    assert found.ratifies is not None and found.ratifies.bypassed.commit == commit
    assert found.ratifies.cautions == () and found.gate.rules_of == "scheduled"
    assert [each.by for each in found.verdict.filled] == [None]


def test_who_has_their_right_from_the_step_is_told_who_could(local: Local, sit: Sit) -> None:
    forced(local, JOINED, RECORD)
    with pytest.raises(UsageFault, match="eve might fill no seat on the base before") as told:
        meant(sit, "eve")
    assert told.value.hint == "ben or dora could"


def test_who_came_with_the_step_is_told(local: Local, sit: Sit) -> None:
    forced(local, person("zoe", local.public("eve")), team("it", "ana", "ben", "zoe"), RECORD)
    with pytest.raises(UsageFault, match="zoe might not decide"):
        meant(sit, "zoe")


def test_a_key_that_came_with_the_step_is_none_of_before(local: Local, sit: Sit) -> None:
    forced(local, person("ben", local.public("eve")), RECORD)
    with pytest.raises(UsageFault, match="no key of ben was registered that is in force now"):
        meant(sit, "ben")


def test_an_older_step_that_stands_is_warned_of(local: Local, sit: Sit) -> None:
    older = forced(local, JOINED)
    forced(local, RECORD)
    found = meant(sit, "eve")
    assert found.ratifies is not None and older[:12] in found.ratifies.cautions[0]
    found = meant(sit, "ben")
    assert found.ratifies is not None and found.ratifies.cautions == ()


def test_the_newest_content_comes_first_and_each_has_an_act_of_its_own(local: Local, sit: Sit) -> None:
    forced(local, JOINED)
    second = JOINED | {"members": ["ana", "ben", "eve"], "revision": 3}
    forced(local, second)
    act = act_id(local.act("cleo", "approved", second, gate="ratify"))
    request = DecisionRequest("team/it", Decision.APPROVED, "ratify")
    found = meant(sit, "cleo", "team/it")
    assert found.subject.head["revision"] == 2
    assert superseded(found, request) == ()
    local.write({f"records/approvals/team/it/{act}.yaml": None})
    refusal = act_id(local.act("cleo", "refused", second, gate="ratify"))
    found = meant(sit, "cleo", "team/it")
    assert found.subject.head["revision"] == 3 and superseded(found, request) == (refusal,)


def test_what_was_changed_since_is_signed_as_it_was(local: Local, sit: Sit) -> None:
    forced(local, JOINED)
    local.put(JOINED | {"members": ["ana", "ben", "dora", "robo"], "revision": 3})
    local.approved(JOINED | {"members": ["ana", "ben", "dora", "robo"], "revision": 3}, "cleo")
    local.land()
    assert meant(sit, "dora", "team/it").subject.head["members"] == JOINED["members"]


def test_acts_that_were_taken_away_leave_nothing_to_ratify(local: Local, sit: Sit) -> None:
    forced(local, RECORD)
    refusal = local.act("dora", "refused", RECORD, gate="ratify")
    local.commit()
    local.write({refusal: None})
    local.commit()
    with pytest.raises(UsageFault, match="were taken away or rewritten past the check"):
        meant(sit, "ben")


def test_it_is_said_where_nobody_is_left(local: Local, sit: Sit) -> None:
    gone = [person(name, local.public(name), state="retired") for name in ("ben", "dora")]
    local.put(*gone, JOINED)
    commit = forced(local, RECORD)
    with pytest.raises(UsageFault, match="eve might fill no seat") as told:
        meant(sit, "eve")
    assert told.value.hint is not None and f"check --history --since {commit[:12]}" in told.value.hint
    assert path(RECORD) == meant(sit, "ben").path, "ben could once he is back"
