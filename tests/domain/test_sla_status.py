from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from itsm_as_code.domain.calendars.faults import calendar_faults
from itsm_as_code.domain.clocks.faults import sla_faults
from itsm_as_code.domain.clocks.rules import conditions_of
from itsm_as_code.domain.clocks.sla_status import SlaBook, SlaStatus
from itsm_as_code.domain.condition import ConditionError
from itsm_as_code.domain.condition.fields import NUMBER
from itsm_as_code.domain.errors import CouldNotCheck
from itsm_as_code.domain.kinds.freeze import Freeze
from itsm_as_code.domain.kinds.incident import Incident
from itsm_as_code.domain.kinds.sla import Sla
from tests.domain.slow_time import at, calendar
from tests.domain.tickets import hour, incident, sla, target

NEW = {"state": "new", "impact": "low", "urgency": "low", "priority": "P3"}
TARGETS: dict[str, Any] = {"resolution": {"duration": {"any": "4h"}}}
PORTAL = incident((9, NEW), service="portal")


def ids(found: tuple[SlaStatus, ...]) -> list[str]:
    return [status.sla for status in found]


def statuses(*slas: Sla, ticket: Incident = PORTAL, now: float = 10, **more: Any) -> tuple[SlaStatus, ...]:
    return SlaBook(slas, [calendar()]).status(ticket, hour(now), **more)


def test_an_sla_without_a_condition_holds_for_all_incidents() -> None:
    (status,) = statuses(sla())
    assert [(clock.target, clock.state.value) for clock in status.clocks] == [("resolution", "running")]


def test_an_sla_holds_for_the_tickets_that_its_condition_matches() -> None:
    portal, mail = (sla(name, applies_to={"service": name}, targets=TARGETS) for name in ("portal", "mail"))
    assert ids(statuses(portal, mail)) == ["portal"]


def test_an_sla_for_requests_does_not_hold_for_incidents() -> None:
    assert statuses(sla(kinds=["request"], targets=TARGETS)) == ()


def test_a_service_s_own_list_limits_the_slas_and_an_empty_list_does_not() -> None:
    both = (sla("gold"), sla("silver"))
    assert ids(statuses(*both, candidates=["silver"])) == ["silver"]
    assert ids(statuses(*both, candidates=[])) == ["gold", "silver"]


def test_overlapping_agreements_of_one_sort_are_reported_and_others_are_not() -> None:
    found = statuses(sla("gold"), sla("silver"), Sla.model_validate({**_data(sla("team")), "agreement": "ola"}))
    assert {status.sla: status.overlaps for status in found} == {
        "gold": ("silver",),
        "silver": ("gold",),
        "team": (),
    }


def _data(of: Sla) -> dict[str, Any]:
    return of.model_dump(by_alias=True, exclude_defaults=True)


def test_a_retired_sla_holds_for_nothing() -> None:
    assert statuses(Sla.model_validate({**_data(sla()), "state": "retired"})) == ()


def test_the_version_is_that_of_the_day_on_which_the_ticket_was_opened() -> None:
    two = sla(
        "gold",
        {"effective_from": "2026-01-01", "targets": TARGETS},
        {"effective_from": "2026-11-24", "targets": {"response": {"duration": {"any": "1h"}}}},
    )
    for opened, expected in [(23.9, "resolution"), (24, "response")]:
        (status,) = statuses(two, ticket=incident((opened, NEW)), now=99)
        assert [clock.target for clock in status.clocks] == [expected]


def test_the_day_of_a_version_begins_at_midnight_in_the_calendar_s_zone() -> None:
    east = calendar(zone="Asia/Kolkata")
    late = sla(effective_from="2026-11-24", calendar="hours", targets=TARGETS)
    book = SlaBook([late], [east])
    assert book.status(incident((18, NEW)), hour(20)) == ()
    assert ids(book.status(incident((18.5, NEW)), hour(20))) == ["gold"]


def test_before_the_first_version_nothing_was_promised() -> None:
    assert statuses(sla(effective_from="2027-01-01", targets=TARGETS)) == ()


def test_the_condition_reads_tracked_fields_as_they_are_at_the_clock() -> None:
    urgent = sla(applies_to={"priority": "P1"}, targets=TARGETS)
    ticket = incident((9, NEW), (12, {"priority": "P1"}))
    assert statuses(urgent, ticket=ticket, now=10) == ()
    assert ids(statuses(urgent, ticket=ticket, now=12)) == ["gold"]


def test_values_from_other_records_come_as_context() -> None:
    top = sla(applies_to={"service_tier": {"lte": 2}}, targets=TARGETS)
    book = SlaBook([top], [], {"service_tier": NUMBER})
    assert ids(book.status(PORTAL, hour(10), context={"service_tier": 1})) == ["gold"]
    assert book.status(PORTAL, hour(10), context={"service_tier": 3}) == ()
    with pytest.raises(ConditionError, match="not set: service_tier"):
        book.status(PORTAL, hour(10))


def test_the_terms_of_a_selection_are_explained() -> None:
    portal = sla(applies_to={"service": "portal", "priority": "P1"}, targets=TARGETS)
    explained = SlaBook([portal], []).explain(portal, PORTAL)
    assert explained is not None
    assert [(term.words, term.holds) for term in explained.terms] == [
        ("service = portal", True),
        ("priority = P1", False),
    ]


def test_an_sla_with_an_unknown_calendar_can_not_be_checked() -> None:
    with pytest.raises(CouldNotCheck, match="no calendar nowhere"):
        statuses(sla(calendar="nowhere", targets=TARGETS))


def test_a_condition_on_a_field_that_tickets_have_not_can_not_be_checked() -> None:
    with pytest.raises(ConditionError, match="no field servce"):
        statuses(sla(applies_to={"servce": "portal"}, targets=TARGETS))


def test_defaults_follow_from_the_target_s_name() -> None:
    words = {key: str(condition) for key, condition in conditions_of("response", target())}
    assert words == {
        "start": "state is set",
        "stop": "any of (responded = true) or (state != new, submitted)",
        "pause": "None",
        "cancel": "state = cancelled",
        "repeat": "None",
    }


@pytest.mark.parametrize(
    ("version", "message"),
    [
        ({"targets": {"resolution": {"duration": {}}}}, "at least one priority"),
        ({"targets": {"resolution": {"duration": {"P1": "4h", "P2": "2h"}}}}, "P1 has 4h, longer than 2h for P2"),
        ({"targets": {"resolution": {"duration": {"any": "4h"}, "warn_at": [80, 50]}}}, "thresholds must rise"),
        ({"targets": {"resolution": {"duration": {"any": "4h"}, "warn_at": [100]}}}, "less than or equal to 99"),
        ({"targets": {"Resolution": {"duration": {"any": "4h"}}}}, "pattern"),
        ({"kinds": []}, "at least 1"),
        ({"availability": {"objective": "101", "window": "30d"}}, "pattern"),
    ],
)
def test_an_sla_that_makes_no_sense_is_refused(version: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        sla(**version)


def test_an_sla_is_written_as_it_is_read() -> None:
    written = sla(applies_to={"service": ["portal", "mail"], "any": [{"priority": {"lte": "P2"}}]}, targets=TARGETS)
    assert Sla.model_validate(_data(written)) == written


def test_a_freeze_of_everything_has_an_empty_scope() -> None:
    data = {"id": "year-end", "kind": "freeze", "schema": 1, "title": "Year end", "scope": {}, "reason": "Books close"}
    span = {"from": "2026-12-18T18:00:00+01:00", "until": "2027-01-04T06:00:00+01:00"}
    freeze = Freeze.model_validate({**data, **span})
    assert (str(freeze.scope), freeze.from_, freeze.exceptions) == ("always", at(span["from"]), ())


def test_faults_in_conditions_are_found_where_they_stand() -> None:
    faulty = sla(
        kinds=["incident", "request"],
        applies_to={"item": "laptop", "servce": "x", "tier": {"lte": 2}},
        targets={"resolution": {"duration": {"any": "4h"}, "pause": {"state": "onhold"}, "stop": {"responded": True}}},
    )
    found = [(fault.field, fault.message, fault.help) for fault in sla_faults(faulty)]
    assert ("incident: there is no field item") in [message for _, message, _ in found]
    assert "request: there is no field item" not in [message for _, message, _ in found]
    assert (
        ("versions", 0, "applies_to", "servce"),
        "incident: there is no field servce",
        "Did you mean service?",
    ) in found
    (pause,) = [each for each in found if "targets" in each[0]]
    assert pause[0] == ("versions", 0, "targets", "resolution", "pause", "state")
    assert "fulfilled" in pause[1]


def test_an_sla_of_states_and_fields_that_exist_has_no_faults() -> None:
    assert not list(sla_faults(sla(applies_to={"tier": 1, "state": "new"}, targets=TARGETS)))


def test_a_calendar_that_never_opens_or_knows_no_holidays_has_faults() -> None:
    assert not list(calendar_faults(calendar(holidays={"country": "DE"})))
    (closed,) = calendar_faults(calendar(weekly={}))
    assert closed.field == ("versions", 0, "weekly")
    (nowhere,) = calendar_faults(calendar(holidays={"country": "ZZ"}))
    assert nowhere.field == ("versions", 0, "holidays", "country")
