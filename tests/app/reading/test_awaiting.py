"""What waits for a person: on base and on the branches that are named, and what could not be looked at."""

from __future__ import annotations

from typing import Any

import pytest

from itsm_as_code.app.reading.awaiting import COLUMNS, AwaitingList, awaiting
from itsm_as_code.domain.errors import CouldNotCheck, UsageFault
from tests.approvals.records import NOW, at, change, path
from tests.approvals.test_debts import ago, emergency
from tests.approvals.world import World
from tests.checkouts import checkout_at, checkout_over
from tests.checks.memory import snapshot_of

CHANGE = change(state="submitted")


def waiting(world: World, person: str, *branches: str) -> AwaitingList:
    checkout = checkout_at(world.ws, NOW)
    try:
        return awaiting(checkout, person, branches)
    finally:
        checkout.close()


def proposed(world: World, record: dict[str, Any] = CHANGE) -> str:
    """The record on the branch that is checked out, proposed there by ana; the commit."""
    world.put(record)
    world.act("ana", "proposed", record, at=at(minutes=3))
    return world.commit()


def test_a_proposal_on_base_waits_for_who_could_fill_its_seat(lone: World) -> None:
    commit = proposed(lone)
    found = waiting(lone, "ben")
    assert found.commit == commit
    assert found.rows == [{
        "id": CHANGE["id"], "title": "Replace the certificate", "gate": "scheduled", "since": at(minutes=3),
        "proposed_by": "ana", "seat": "changes/owner", "where": "base", "command": f"itsm approve {CHANGE['id']}",
    }]  # fmt: skip
    assert tuple(found.rows[0]) == COLUMNS
    assert waiting(lone, "ana").rows == [], "nobody approves their own"
    assert waiting(lone, "eve").rows == [], "she belongs to no team that is asked"


def test_what_is_decided_waits_for_nobody(lone: World) -> None:
    proposed(lone)
    lone.act("ben", "approved", CHANGE)
    lone.commit()
    assert waiting(lone, "dora").rows == []


def test_a_branch_is_looked_at_when_it_is_named_and_the_way_there_is_told(lone: World) -> None:
    lone.git("switch", "--quiet", "-c", "proposal")
    proposed(lone, change())
    lone.git("switch", "--quiet", "main")
    assert waiting(lone, "ben").rows == []
    (row,) = waiting(lone, "ben", "proposal").rows
    assert row["where"] == "proposal"
    assert row["command"] == f"git switch proposal && itsm approve {CHANGE['id']}"


def test_what_base_and_a_branch_both_hold_is_listed_once(lone: World) -> None:
    proposed(lone)
    lone.git("branch", "same")
    assert len(waiting(lone, "ben", "same").rows) == 1


def test_a_proposal_whose_content_nobody_showed_is_told(lone: World) -> None:
    lone.act("ana", "proposed", CHANGE)
    lone.commit()
    found = waiting(lone, "ben")
    (unseen,) = found.unseen
    assert unseen.startswith(f"{CHANGE['id']} at gate scheduled, proposed by ana (APR-")
    assert found.rows == []


def test_a_proposal_that_base_has_overtaken_is_not_told(lone: World) -> None:
    proposed(lone)
    lone.put(CHANGE | {"reason": "Another one."})
    lone.commit()
    found = waiting(lone, "ben")
    assert (found.rows, found.unseen) == ([], [])


def test_a_subject_that_can_not_be_read_is_told(lone: World) -> None:
    proposed(lone)
    lone.write({path(CHANGE): "id: [\n"})
    lone.commit()
    assert waiting(lone, "ben").undecided == [f"{CHANGE['id']} (base): it can't be read"]


def test_who_is_nobody_on_base_and_a_branch_that_is_not_there_are_refused(lone: World) -> None:
    with pytest.raises(UsageFault) as fault:
        waiting(lone, "benn")
    assert "ben" in str(fault.value.hint)
    with pytest.raises(CouldNotCheck):
        waiting(lone, "ben", "nowhere")


def test_without_a_repository_nothing_can_be_said() -> None:
    with pytest.raises(CouldNotCheck):
        awaiting(checkout_over(snapshot_of({}), NOW), "ana", ())


@pytest.mark.parametrize("approved", [False, True])
def test_an_overdue_review_changes_nothing_about_who_is_asked(lone: World, *, approved: bool) -> None:
    """It holds the change back, whoever decides on it; it is not looked for, which would take long."""
    late = emergency(**ago(days=10))
    lone.put(late)
    lone.approved(late, "dora")
    lone.commit()
    lone.git("switch", "--quiet", "-c", "held")
    lone.put(change())
    lone.approved(change(), *(["ben"] if approved else []))
    lone.commit()
    assert len(waiting(lone, "ben", "held").rows) == (0 if approved else 1)
