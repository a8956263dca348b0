"""The risk of a change: from the tier at base, the outage, the backout; an author may only raise it."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest

from itsm_as_code.domain.kinds.change import Change
from itsm_as_code.domain.risk import assess

LEVELS = ("low", "moderate", "high")


def change(**more: Any) -> Change:
    data = {
        "id": "CHG-20261121-7K3Q9", "kind": "change", "schema": 1, "title": "x", "type": "normal", "reason": "y",
        "service": "portal", "plan": {"implementation": "do", "backout": "undo"},
        "timeline": [{"at": "2026-11-21T08:00:00Z", "by": "ana", "state": "draft"}],
    }  # fmt: skip
    return Change.model_validate(data | more)


@pytest.mark.parametrize(("tier", "level"), [(1, "moderate"), (2, "moderate"), (3, "low"), (4, "low")])
def test_a_critical_service_is_a_moderate_risk(tier: int, level: str) -> None:
    found = assess(change(), tier)
    assert found.level == level
    assert found.reasons == (f"the service is of tier {tier}",)


def test_an_expected_outage_is_one_step_up() -> None:
    found = assess(change(outage={"expected": True, "minutes": 5}), 4)
    assert found.level == "moderate"
    assert found.reasons[-1] == "an outage is expected"
    assert assess(change(outage={"expected": False}), 4).level == "low"


@pytest.mark.parametrize("plan", [None, {"implementation": "do"}])
def test_a_plan_without_a_backout_is_one_step_up_but_for_a_standard_change(plan: Any) -> None:
    found = assess(change(plan=plan), 4)
    assert found.level == "moderate"
    assert found.reasons[-1] == "the plan names no backout"
    assert assess(change(plan=plan, type="standard"), 4).level == "low"


def test_the_worst_tier_of_what_it_affects_counts() -> None:
    found = assess(change(), 4, {"service/mail": 3, "asset/node": 1})
    assert found.level == "moderate"
    assert found.reasons[-1] == "it affects asset/node, which is of tier 1"
    assert assess(change(), 1, {"service/mail": 4}) == assess(change(), 1)


def test_what_it_affects_and_is_not_on_base_is_the_highest_risk() -> None:
    found = assess(change(), 4, {"asset/new": None})
    assert found.level == "high"
    assert found.reasons == ("it affects asset/new, which is not on base",)


def test_steps_up_end_at_high() -> None:
    assert assess(change(plan=None, outage={"expected": True}), 1).level == "high"


def test_a_service_that_is_not_on_base_is_the_highest_risk() -> None:
    found = assess(change(type="standard"), None)
    assert found.level == "high"
    assert found.reasons == ("the service is not on base, so nothing is known about it",)


@pytest.mark.parametrize(("tier", "raised", "outage"), [*product((None, 1, 4), LEVELS, (True, False))])
def test_an_author_only_raises(tier: int | None, raised: str, outage: bool) -> None:
    plain = change(outage={"expected": outage})
    computed = assess(plain, tier)
    found = assess(plain.model_copy(update={"risk": change(risk={"raised_to": raised}).risk}), tier)
    assert LEVELS.index(found.level) == max(LEVELS.index(computed.level), LEVELS.index(raised))
    says = f"the author raised it to {raised}" in found.reasons
    assert says is (LEVELS.index(raised) > LEVELS.index(computed.level))
