"""What an emergency owes, since when and until when: computed from its record and the acts on it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from itsm_as_code.domain.approval.act import Act
from itsm_as_code.domain.approval.debts import REACH, Debt, debt_of, entered_at, entry_fault
from itsm_as_code.domain.approval.gates import went_past
from itsm_as_code.domain.kinds.change import Change
from itsm_as_code.domain.settings import Deadlines
from tests.domain.approval.world import NOW, QUESTION, STALE, act

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
MIDNIGHT = datetime(2026, 11, 21, tzinfo=UTC)
Step = tuple[int, str]


def change(*steps: Step, **fields: Any) -> Change:
    """An emergency whose states were entered so many minutes after NOW; `void:5` takes back what happened at 5."""
    timeline: list[dict[str, Any]] = []
    for minute, word in steps:
        said = {"void": _at(int(word[5:]))} if word.startswith("void:") else {"state": word}
        timeline.append({"at": _at(minute), "by": "ana"} | said)
    data = {
        "id": "CHG-20261121-7K3Q9", "kind": "change", "schema": 1, "title": "x", "type": "emergency", "reason": "y",
        "service": "mail", "timeline": timeline,
    }  # fmt: skip
    return Change.model_validate(data | fields)


def _at(minute: int) -> str:
    return (NOW + minute * MINUTE).isoformat()


@pytest.mark.parametrize(
    ("steps", "minute"),
    [
        ([(0, "scheduled")], 0), ([(0, "implementing")], 0), ([(0, "closed")], 0),
        ([(0, "draft"), (3, "scheduled"), (9, "implementing"), (20, "closed")], 3),
        ([(0, "scheduled"), (5, "draft"), (9, "scheduled")], 0),
        ([(0, "draft")], None), ([(0, "submitted"), (1, "rejected")], None),
        ([(0, "scheduled"), (5, "cancelled")], None), ([(0, "scheduled"), (5, "draft")], None),
        ([(0, "draft"), (1, "scheduled"), (2, "void:1")], None),
    ],
)  # fmt: skip
def test_a_debt_counts_from_the_first_entry_past_the_gate(steps: list[Step], minute: int | None) -> None:
    expected = None if minute is None else NOW + minute * MINUTE
    assert entered_at(change(*steps)) == expected == went_past(change(*steps))


@pytest.mark.parametrize(
    "after",
    [[], [(9, "implementing")], [(9, "cancelled")], [(9, "draft")], [(9, "draft"), (10, "scheduled")]],
    ids=str,
)  # fmt: skip
def test_work_that_was_taken_back_is_owed_for_and_moves_nothing(after: list[Step]) -> None:
    """Within which ten minutes it was taken back is the author's word alone."""
    assert entered_at(change((0, "implementing"), (8, "void:0"), *after)) == NOW
    assert entered_at(change((0, "scheduled"), (5, "implementing"), (8, "void:5"), *after)) == NOW


@pytest.mark.parametrize("fields", [{"type": "normal"}, {"imported": {"system": "old", "at": _at(0)}}], ids=str)
def test_only_emergencies_that_were_judged_here_owe_something(fields: dict[str, Any]) -> None:
    assert entered_at(change((0, "closed"), **fields)) is None


def owed(*acts: Act, since: datetime = NOW, deadlines: Deadlines | None = None, **fields: Any) -> Debt:
    asked = replace(QUESTION, disqualified={"ana": "is one of its authors"})
    return debt_of(change((0, "implementing"), **fields), asked, acts, deadlines or Deadlines(), since)


OWN = act(7, "ana")
OTHER = act(8, "dee")


@pytest.mark.parametrize(
    ("acts", "days"),
    [
        ([], 5), ([OTHER], 5), ([OWN], 2), ([OWN, OTHER], 2), ([replace(OWN, fault="bad signature"), OTHER], 5),
        ([replace(OWN, gate="post-review")], 5), ([replace(OWN, digest=STALE)], 2), ([act(9, "ana", "refused")], 5),
        ([act(9, "dee", "proposed"), OTHER], 2), ([act(9, "zoe", "proposed"), OTHER], 5),
        ([replace(OTHER, on_behalf_of="ana")], 2), ([replace(OWN, on_behalf_of="dee")], 2),
        ([act(9, "dee", "proposed", on_behalf_of="zoe"), OTHER], 2),
    ],
)  # fmt: skip
def test_an_approval_by_whoever_wrote_or_proposed_it_makes_the_time_shorter(acts: list[Act], days: int) -> None:
    debt = owed(*acts)
    assert (debt.due, debt.self_approved) == (NOW + days * DAY, days == 2)
    assert (debt.change, debt.team, debt.since) == ("CHG-20261121-7K3Q9", "it", NOW)


def test_it_is_overdue_at_the_deadline_and_says_what_is_owed() -> None:
    debt = owed(OWN)
    assert not debt.overdue(debt.due - timedelta.resolution)
    assert debt.overdue(debt.due)
    assert debt.words == (
        "CHG-20261121-7K3Q9 lacks its post-implementation review, due 2026-11-23T09:00:00Z, "
        "earlier because an author approved it"
    )


def test_a_business_day_counts_as_a_day_and_self_approval_never_gives_more_time() -> None:
    deadlines = Deadlines.model_validate({"post_review": "3bd", "post_review_self_approved": "36h"})
    assert owed(deadlines=deadlines).due == NOW + 3 * DAY
    assert owed(OWN, deadlines=deadlines).due == NOW + 1.5 * DAY
    odd = Deadlines.model_validate({"post_review": "1d", "post_review_self_approved": "9d"})
    assert owed(OWN, deadlines=odd).due == owed(deadlines=odd).due == NOW + DAY


@pytest.mark.parametrize("span", ["91d", "91bd", "2161h"])
@pytest.mark.parametrize("key", ["post_review", "post_review_self_approved"])
def test_deadlines_leave_time_within_180_days(key: str, span: str) -> None:
    with pytest.raises(ValueError, match="at most 90 days"):
        Deadlines.model_validate({key: span})


SPANS = st.integers(1, 90).map(lambda days: f"{days}d")
ACTS = st.lists(
    st.builds(
        act, st.integers(10, 99), st.sampled_from(["ana", "ben", "dee", "zoe"]),
        st.sampled_from(["approved", "proposed", "refused", "withdrawn"]),
        on_behalf_of=st.sampled_from([None, "ana", "ben"]), gate=st.sampled_from(["scheduled", "post-review"]),
        fault=st.sampled_from([None, "bad signature"]),
    ),
    max_size=5,
)  # fmt: skip


@settings(max_examples=100)
@given(acts=ACTS, more=ACTS, since=st.integers(-400, 400), normal=SPANS, own=SPANS)
def test_more_acts_never_put_a_debt_off_and_it_falls_due_within_180_days_of_the_id(
    acts: list[Act], more: list[Act], since: int, normal: str, own: str
) -> None:
    deadlines = Deadlines.model_validate({"post_review": normal, "post_review_self_approved": own})
    entered = NOW + since * DAY
    debt = owed(*acts, since=entered, deadlines=deadlines)
    assert owed(*acts, *more, since=entered, deadlines=deadlines).due <= debt.due
    assert debt.due <= MIDNIGHT + REACH
    assert owed(*acts, since=entered - DAY, deadlines=deadlines).due <= debt.due


def test_an_id_that_names_no_day_leaves_the_time_of_the_deadline() -> None:
    assert owed(id="CHG-20261399-7K3Q9").due == NOW + 5 * DAY
    assert owed(id="CHG-20260525-7K3Q9").due == datetime(2026, 5, 25, tzinfo=UTC) + REACH


# Under which id an emergency may begin: a check finds what it owes by the id's date.


@pytest.mark.parametrize(
    ("day", "fault"),
    [
        ("20261121", None), ("20261120", None), ("20261122", None), ("20261022", None), ("20261021", "30 days"),
        ("20250101", "30 days"), ("20261123", "in the future"), ("20270601", "in the future"),
        ("20261399", "in the future"),
    ],
)  # fmt: skip
def test_an_emergency_begins_under_an_id_by_which_its_debt_is_found(day: str, fault: str | None) -> None:
    found = entry_fault(f"CHG-{day}-7K3Q9", NOW)
    assert found is None if fault is None else found is not None and fault in found


@settings(max_examples=100)
@given(days=st.integers(-40, 5), span=st.integers(1, 90))
def test_what_may_begin_under_its_id_falls_due_in_time_and_blocks_for_two_months(days: int, span: int) -> None:
    deadlines = Deadlines.model_validate({"post_review": f"{span}d"})
    born = NOW + days * DAY
    change_id = f"CHG-{born:%Y%m%d}-7K3Q9"
    if entry_fault(change_id, NOW) is None:
        due = owed(deadlines=deadlines, id=change_id).due
        assert due == NOW + span * DAY
        assert born + REACH - due > 59 * DAY
