"""`itsm sla status`: the clocks of tickets, most pressing first, and how each came to its time."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from itsm_as_code.app.checkout.checkout import Checkout
from itsm_as_code.app.reading.sla import book_of, clock_rows, itemised, sla_status, statuses
from itsm_as_code.domain.clocks.status import ClockState
from itsm_as_code.domain.errors import UsageFault
from tests.checkouts import checkout_over
from tests.checks.memory import as_files, change, entry, incident, snapshot_of
from tests.checks.workspace import BACKGROUND

AT = datetime(2026, 11, 21, 8, 50, tzinfo=UTC)
GOLD: dict[str, Any] = {"id": "gold", "kind": "sla", "schema": 1, "name": "Gold", "versions": [
    {"effective_from": "2026-01-01", "targets": {"resolution": {"duration": {"P1": "30m", "P2": "2h"}}}},
]}  # fmt: skip
PORTAL = BACKGROUND["records/services/portal.yaml"] + "slas:\n- gold\n"


def fault(tail: str, priority: str, *more: dict[str, Any]) -> dict[str, Any]:
    first = entry("08:00", state="new", impact="high", urgency="high", priority=priority)
    return incident(first, *more, id=f"INC-20261121-{tail}", service="portal")


LATE, CALM = fault("AAAAA", "P1"), fault("BBBBB", "P2")
OVER = fault("CCCCC", "P1", entry("08:10", state="resolved"))
QUIET = fault("DDDDD", "P5")


def desk(*more: dict[str, Any], **files: str) -> Checkout:
    records = as_files(GOLD, CALM, LATE, OVER, QUIET, *more)
    return checkout_over(snapshot_of({"records/services/portal.yaml": PORTAL, **records, **files}), AT)


def test_open_tickets_clocks_are_told_most_pressing_first() -> None:
    found = sla_status(desk(), (), everything=False)
    assert [(row.ticket.id[-5:], row.clock.state) for row in found.found] == [
        ("AAAAA", ClockState.BREACHED), ("BBBBB", ClockState.RUNNING),
    ]  # fmt: skip
    assert found.unreadable == 0


def test_ended_tickets_clocks_are_told_when_everything_is_asked_for() -> None:
    found = sla_status(desk(), (), everything=True).found
    assert [row.ticket.id[-5:] for row in found] == ["AAAAA", "BBBBB", "CCCCC"]
    assert found[-1].clock.state is ClockState.MET


def test_named_tickets_are_told_whether_open_or_not() -> None:
    assert [row.ticket.id[-5:] for row in sla_status(desk(), ["CCCCC"], everything=False).found] == ["CCCCC"]


def test_a_file_that_can_not_be_read_is_counted_for_its_clocks_are_unknown() -> None:
    broken = {"records/incidents/2026/11/INC-20261121-EEEEE.yaml": "id: [\n"}
    assert sla_status(desk(**broken), (), everything=False).unreadable == 1


@pytest.mark.parametrize(("ref", "words"), [("portal", "a service has no SLA clocks"), ("4M2XT", "a change has no")])
def test_records_without_clocks_are_wrong_usage(ref: str, words: str) -> None:
    with pytest.raises(UsageFault, match=words):
        sla_status(desk(change()), [ref], everything=False)


def test_a_priority_that_is_promised_nothing_has_no_clock() -> None:
    assert sla_status(desk(), ["DDDDD"], everything=False).found == ()


def test_the_agreements_of_a_service_are_those_of_its_list() -> None:
    other = GOLD | {"id": "other", "name": "Other"}
    snapshot = desk(other).here
    ticket: Any = snapshot.get("incident", LATE["id"])
    assert [each.sla for each in statuses(snapshot, book_of(snapshot), ticket, AT)] == ["gold"]
    assert [row.agreement.sla for row in clock_rows(snapshot, [ticket], AT)] == ["gold"]


def test_a_clock_is_told_interval_by_interval() -> None:
    held = fault("FFFFF", "P2", entry("08:20", state="on_hold", reason="parts"), entry("08:40", state="in_progress"))
    ((row, intervals),) = itemised(desk(held), "FFFFF")
    assert row.ticket.id == held["id"]
    assert [(each.start.minute, each.seconds // 60) for each in intervals] == [(0, 20), (20, 0), (40, 10)]
