"""The SLA clocks as the site shows them: the engine's verdicts in plain values."""

from __future__ import annotations

from datetime import UTC, datetime

from itsm_as_code.app.publishing.sla_lines import sla_lines
from itsm_as_code.site.sla_line import SlaLine, SlaLineStatus
from tests.site.memory import MemorySnapshot, entry, incident, make, service

AT = datetime(2026, 11, 1, 8, 50, tzinfo=UTC)
GOLD = make("sla", "gold", name="Gold", versions=[{"effective_from": "2026-01-01", "targets": {
    "response": {"duration": {"P2": "15m"}}, "resolution": {"duration": {"P2": "1h"}},
    "own": {"duration": {"P1": "1h"}},
}}])  # fmt: skip
FAULT = incident(
    "INC-20261101-AAAA1",
    entry("2026-11-01T08:00:00Z", state="new", impact="high", urgency="medium", priority="P2"),
    entry("2026-11-01T08:10:00Z", state="on_hold", reason="parts", response=True),
    entry("2026-11-01T08:15:00Z", state="in_progress"),
)


def test_the_engines_clocks_become_lines() -> None:
    due = datetime(2026, 11, 1, 9, 5, tzinfo=UTC)
    response_due = datetime(2026, 11, 1, 8, 15, tzinfo=UTC)
    assert sla_lines(MemorySnapshot(GOLD, FAULT), AT) == {
        "INC-20261101-AAAA1": (
            SlaLine("gold", "resolution", SlaLineStatus.AT_RISK, due, 2700, 3600, "P2 gets 1h; 5 min paused"),
            SlaLine("gold", "response", SlaLineStatus.MET, response_due, 600, 900, "P2 gets 15m"),
        )
    }


def test_tickets_without_a_promise_have_no_lines() -> None:
    assert sla_lines(MemorySnapshot(FAULT), AT) == {}


def test_a_services_own_agreements_are_the_only_ones_that_hold_for_it() -> None:
    other = make("sla", "other", name="Other", versions=[{"effective_from": "2026-01-01", "targets": {}}])
    fault = incident(service="web")
    assert sla_lines(MemorySnapshot(GOLD, other, fault, service("web", slas=["other"])), AT) == {}
