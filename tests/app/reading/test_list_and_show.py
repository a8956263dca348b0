"""`itsm list` and `itsm show`: records in rows, and one record with what follows from it."""

from __future__ import annotations

import pytest

from itsm_as_code.app.reading.list_and_show import COLUMNS, listed, shown
from itsm_as_code.domain.errors import UsageFault
from tests.checkouts import checkout_over
from tests.checks.memory import article, as_files, entry, incident, snapshot_of
from tests.checks.workspace import NOW

OUTAGE = incident(
    entry("08:00", state="new", impact="high", urgency="high", priority="P1", team="it"),
    entry("08:05", state="in_progress", assignee="ana"),
    service="portal",
)
OVER = incident(entry("07:00", state="new"), entry("07:30", state="cancelled", reason="twice"), id="INC-20261121-AAAAA")
CHECKOUT = checkout_over(snapshot_of(as_files(OUTAGE, OVER, article())), NOW)


def test_a_ticket_is_listed_with_what_its_timeline_says_by_now() -> None:
    rows, selection = listed(CHECKOUT, ["incident"], everything=False)
    assert rows == [{
        "id": "INC-20261121-7K3Q9", "kind": "incident", "state": "in_progress", "priority": "P1", "service": "portal",
        "team": "it", "assignee": "ana", "opened": "2026-11-21T08:00:00Z", "title": "Portal is down",
    }]  # fmt: skip
    assert [record.id for record in selection.records] == ["INC-20261121-7K3Q9"]


def test_what_has_ended_is_listed_when_everything_is_asked_for() -> None:
    rows, _ = listed(CHECKOUT, ["incident"], everything=True)
    assert {row["id"] for row in rows} == {OUTAGE["id"], OVER["id"]}


def test_a_record_without_a_timeline_has_its_own_columns() -> None:
    ((portal,), _) = listed(CHECKOUT, ["service"], everything=False)
    assert portal == {"id": "portal", "kind": "service", "tier": "1", "owner": "it", "title": "Portal"} | {
        name: portal[name] for name in portal.keys() & {"state"}
    }
    assert set(portal) <= set(COLUMNS)


def test_a_record_is_shown_as_written_with_what_follows_from_it() -> None:
    found = shown(CHECKOUT, "7K3Q9")
    assert (found.path, found.heading, found.state) == (
        "records/incidents/2026/11/INC-20261121-7K3Q9.yaml", "Portal is down", "in_progress",
    )  # fmt: skip
    assert found.data["timeline"] == OUTAGE["timeline"]
    assert found.derived["priority"] == "P1"
    assert {"service/portal", "person/ana", "team/it"} <= set(found.derived["references"])


def test_what_no_record_is_called_is_wrong_usage() -> None:
    with pytest.raises(UsageFault, match="there is no record `nowhere`"):
        shown(CHECKOUT, "nowhere")
