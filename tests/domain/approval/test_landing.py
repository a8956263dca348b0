"""What keeps an act from landing: judged by base and the clock, whatever it decides on."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from itsm_as_code.domain.approval.active_acts import landing_fault
from tests.domain.approval.world import (
    NOW,
    PEOPLE,
    PROPOSAL,
    WORKSPACE,
    act,
    name,
    person,
    reasons,
    registry,
    verdict,
)

DAY = timedelta(days=1)
DELEGATING = person("eli", delegate=("ben", NOW - DAY, NOW + DAY))
ENDED = person("fay", delegate=("ben", NOW - 2 * DAY, NOW - DAY))
BASE = registry([*PEOPLE, DELEGATING, ENDED])
CASES: dict[str, tuple[str, dict[str, Any], str | None]] = {
    "sound": ("ben", {}, None),
    "a fault of its evidence": ("ben", {"fault": "unsigned"}, "unsigned"),
    "another workspace": ("ben", {"workspace": "other000"}, "it was made in another workspace"),
    "just not too early": ("ben", {"at": NOW + timedelta(minutes=5)}, None),
    "too early": (
        "ben",
        {"at": NOW + timedelta(minutes=5, seconds=1)},
        "it is dated 2026-11-21T09:05:01Z, which is in the future",
    ),
    "long ago": ("ben", {"at": NOW - 999 * DAY}, None),
    "nobody": ("eve", {}, "eve may not decide: base has no person with that id"),
    "a bot": ("robot", {}, "robot may not decide: base says that this is a bot"),
    "somebody who left": ("gone", {}, "gone may not decide: base says that this person is retired"),
    "a deputy": ("ben", {"on_behalf_of": "eli"}, None),
    "another than the deputy": ("cho", {"on_behalf_of": "eli"}, "eli has not delegated to cho at base"),
    "for somebody without a deputy": ("ben", {"on_behalf_of": "cho"}, "cho has not delegated to ben at base"),
    "a delegation that is over": (
        "ben", {"on_behalf_of": "fay"}, "the delegation from fay to ben is not in force",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("by", "more", "wanted"), CASES.values(), ids=CASES.keys())
@pytest.mark.parametrize("decision", ["proposed", "approved", "refused", "withdrawn"])
def test_an_act_lands_unless_something_keeps_it(
    by: str, more: dict[str, Any], wanted: str | None, decision: str
) -> None:
    assert landing_fault(act(2, by, decision, **more), WORKSPACE, BASE, NOW) == wanted


def test_a_deputy_who_is_nobody_at_base_decides_for_nobody() -> None:
    orphaned = registry([person("eli", delegate=("ben", NOW - DAY, NOW + DAY))])
    assert orphaned.delegation_fault("ben", "eli", NOW) == "ben may not decide"


def test_an_act_that_may_not_end_a_refusal_still_ends_the_proposals_that_it_names_besides() -> None:
    """Its maker is not on base: what it says to make the answer laxer does not count, the rest does."""
    refusals = [act(number, "eve", "refused", on_behalf_of="ben") for number in range(10, 16)]
    proposals = [act(number, "eve", "proposed", on_behalf_of="ben") for number in range(20, 26)]
    ending = act(30, "eve", on_behalf_of="ben", supersedes=[*range(10, 16), *range(20, 26)])
    found = verdict(PROPOSAL, *refusals, *proposals, act(2, "ben", supersedes=[]), ending)
    assert [each.id for each in found.blocking] == [name(number) for number in range(10, 16)]
    assert reasons(found)[name(2)] == "ben also refused or withdrew, and the stricter act counts"
    assert "ben" in found.filled[0].could, "the proposals for ben are gone, so that ben is no proposer"
