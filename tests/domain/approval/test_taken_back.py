"""Whether somebody went back on an approval, which then does not help any more."""

from __future__ import annotations

from dataclasses import replace

import pytest

from itsm_as_code.domain.approval.act import Act
from itsm_as_code.domain.approval.active_acts import still_approved, taken_back
from tests.domain.approval.world import DIGEST, STALE, act

APPROVAL = act(1, "ben")
GATE = APPROVAL.gate


@pytest.mark.parametrize("decision", ["withdrawn", "refused"])
def test_an_approval_that_its_maker_names_in_a_stricter_act_is_taken_back(decision: str) -> None:
    assert taken_back([APPROVAL, act(2, "ben", decision, supersedes=(1,))], GATE)
    assert taken_back([act(2, "ben", decision, supersedes=(1,)), APPROVAL], GATE)


@pytest.mark.parametrize(
    "acts",
    [
        [],
        [APPROVAL],
        [APPROVAL, act(2, "ben", "withdrawn")],
        [APPROVAL, act(2, "cho", "withdrawn", supersedes=(1,))],
        [APPROVAL, act(2, "ben", "approved", supersedes=(1,))],
        [APPROVAL, act(2, "ben", "proposed", supersedes=(1,))],
        [APPROVAL, act(2, "ben", "withdrawn", supersedes=(9,))],
        [APPROVAL, act(2, "ben", "withdrawn", supersedes=(1,), fault="unsigned")],
        [APPROVAL, act(2, "ben", "withdrawn", supersedes=(1,), gate="post-review")],
        [replace(APPROVAL, gate="post-review"), act(2, "ben", "withdrawn", supersedes=(1,))],
        [replace(APPROVAL, fault="unsigned"), act(2, "ben", "withdrawn", supersedes=(1,))],
        [act(1, "ben", "proposed"), act(2, "ben", "withdrawn", supersedes=(1,))],
    ],
)
def test_nothing_else_takes_it_back(acts: list[Act]) -> None:
    assert not taken_back(acts, GATE)


def test_it_is_taken_back_for_whom_it_was_given() -> None:
    for_cho = act(1, "ben", on_behalf_of="cho")
    assert taken_back([for_cho, act(2, "cho", "withdrawn", supersedes=(1,))], GATE)
    assert not taken_back([for_cho, act(2, "ben", "withdrawn", supersedes=(1,))], GATE)


BACK = act(2, "ben", "withdrawn", supersedes=(1,))


@pytest.mark.parametrize(
    "acts",
    [
        [APPROVAL],
        [APPROVAL, act(2, "cho", "refused", supersedes=(1,))],
        [APPROVAL, BACK, act(3, "cho")],
        [APPROVAL, BACK, act(3, "ben")],
        [APPROVAL, replace(BACK, fault="unsigned")],
        [replace(APPROVAL, digest=STALE), BACK, act(3, "cho")],
    ],
)
def test_a_content_stays_approved_while_one_approval_of_it_is_not_taken_back(acts: list[Act]) -> None:
    assert still_approved(acts, GATE, DIGEST)


@pytest.mark.parametrize(
    "acts",
    [
        [],
        [APPROVAL, BACK],
        [replace(APPROVAL, fault="unsigned")],
        [replace(APPROVAL, digest=STALE)],
        [replace(APPROVAL, gate="post-review")],
        [act(1, "ben", "proposed")],
        [act(1, "ben", "refused")],
        [APPROVAL, BACK, act(3, "cho", digest=STALE)],
        [APPROVAL, BACK, act(3, "cho", gate="post-review")],
    ],
)
def test_a_content_is_no_longer_approved_without_a_sound_approval_of_just_it(acts: list[Act]) -> None:
    assert not still_approved(acts, GATE, DIGEST)
