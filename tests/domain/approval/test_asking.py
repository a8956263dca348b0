"""What a gate asks of requests, settings and workflow files, and the facts that conditions read."""

from __future__ import annotations

from typing import Any

import pytest

from itsm_as_code.domain.approval.gates import Gate, is_past
from itsm_as_code.domain.approval.inquiry import Subject, question
from itsm_as_code.domain.approval.item import NOBODY
from itsm_as_code.domain.approval.rules import fields_for, select
from itsm_as_code.domain.condition import compile_condition, parse_condition
from itsm_as_code.domain.kinds.policy import Policy
from tests.checks.memory import as_files, snapshot_of
from tests.domain.approval.test_inquiry import CHANGE, MODEL, STANDARD, Data, ask

LAPTOP: Data = {"id": "laptop", "kind": "request-item", "schema": 1, "title": "A laptop", "team": "it"}
REQUEST: Data = {
    "id": "REQ-20261121-7K3Q9", "kind": "request", "schema": 1, "title": "x", "item": "laptop", "requester": "ana",
    "timeline": [{"at": "2026-11-21T08:00:00Z", "by": "ana", "state": "submitted", "impact": "low", "urgency": "low",
                  "priority": "P5"}],
}  # fmt: skip
WORK = Gate("in_progress")


def holds(facts: Any, kind: str, /, **terms: Any) -> bool:
    """Whether a condition with these terms holds, as a policy would ask it."""
    condition = parse_condition(terms)
    return compile_condition(condition, fields_for(kind)).matches(facts)


def test_a_request_is_decided_by_the_seats_of_its_item_on_base() -> None:
    asked = ask(REQUEST, WORK, base=(LAPTOP | {"seats": [{"roles": ["buyer"]}]},))
    assert asked.kind == "request"
    [(name, rule)] = asked.own_rules.items()
    assert name == "item/laptop"
    assert rule.id == "laptop"
    assert rule.seats != "none" and rule.seats[0].roles == ("buyer",)


def test_a_request_for_an_item_that_asks_nobody_says_so() -> None:
    [rule] = ask(REQUEST, WORK, base=(LAPTOP,)).own_rules.values()
    assert (rule.seats, rule.because) == ("none", NOBODY)


def test_a_request_for_an_item_that_is_only_proposed_has_no_rule() -> None:
    assert ask(REQUEST, WORK, also=(LAPTOP,)).own_rules == {}
    assert ask(CHANGE).own_rules == {}


def test_a_request_that_can_not_be_understood_has_no_rule() -> None:
    subject = Subject("request", REQUEST["id"], None, REQUEST, None, {})
    snapshot = snapshot_of(as_files(LAPTOP))
    assert question(subject, WORK, snapshot, snapshot).own_rules == {}


def test_every_computed_fact_can_be_asked_also_where_it_is_unset() -> None:
    for head, kind in ((REQUEST, "request"), (MODEL, "change-model")):
        facts = ask(head, Gate("edit"), base=(LAPTOP,)).facts
        for name in ("tier", "risk_level", "incident_priority", "before"):
            assert facts[name] is None
        assert not holds(facts, kind, risk_level="low")
        assert not holds(facts, kind, incident_priority="P1")
    assert ask(CHANGE).facts["incident_priority"] is None


def test_settings_and_workflow_files_can_be_asked_for_their_kind() -> None:
    base = snapshot_of({})
    for kind, head in (("settings", {"id": "4h7k2m9qx1zt", "schema": 1}), ("workflows", {"check.yml": "1"})):
        subject = Subject(kind, kind, None, head, None, {})
        asked = question(subject, Gate("edit"), base, base)
        assert asked.kind == kind
        rule = {"id": "all", "when": {"kind": kind}, "seats": [{"roles": ["keeper"]}]}
        data = {"id": "edits", "kind": "policy", "schema": 1, "title": "Edits", "subject": (kind,), "gate": "edit"}
        found = select([Policy.model_validate({**data, "rules": [rule]})], asked)
        assert list(found.rules) == ["edits/all"]
        assert found.faults == ()


def test_a_record_may_be_asked_for_its_kind_and_id() -> None:
    facts = ask(MODEL, Gate("edit")).facts
    assert holds(facts, "change-model", kind="change-model", id="renew")
    assert not holds(facts, "change-model", id="other")


def test_the_state_before_is_that_of_base() -> None:
    article: Data = {
        "id": "a", "kind": "article", "schema": 1, "title": "x", "type": "how_to",
        "owner": "team/it", "state": "published", "body": "x", "summary": "s",
    }  # fmt: skip
    subject = Subject("article", "a", article | {"state": "draft"}, article, None, {})
    asked = question(subject, Gate("published"), snapshot_of({}), snapshot_of({}))
    assert asked.facts["before"] == "draft"


def test_only_an_edit_replaces_something() -> None:
    assert ask(CHANGE, Gate("scheduled", CHANGE)).replaces is None


@pytest.mark.parametrize("owner", [None, 3, ["it"]])
def test_a_service_whose_owner_on_base_is_no_name_has_none(owner: Any) -> None:
    service = {"id": "mail", "kind": "service", "schema": 1, "name": "M", "owner": "it", "tier": 1, "description": "d"}
    assert ask(service, Gate("edit", service), was=service | {"owner": owner}).owner_team is None


def test_a_standard_change_without_a_model_says_so() -> None:
    assert ask(STANDARD).faults == ("a standard change needs a change model that is on base",)


@pytest.mark.parametrize(
    ("allows", "inside"),
    [
        ({"incident_priority": "P1"}, False),
        ({"changes": "title"}, False),
        ({"before": "draft"}, False),
        ({"any": [{"incident_priority": "P1"}, {"changes": "title"}, {"before": "draft"}, {"tier": 1}]}, True),
        ({"any": [{"incident_priority": "P1"}, {"changes": "title"}, {"before": "draft"}, {"tier": 2}]}, False),
    ],
)
def test_what_a_model_allows_may_ask_for_every_computed_fact(allows: Data, inside: bool) -> None:
    wanted = () if inside else ("the change model renew does not allow this change",)
    assert ask(STANDARD, base=(MODEL | {"allows": allows},)).faults == wanted


@pytest.mark.parametrize(
    ("end", "inside"),
    [("2026-12-01T00:00:00Z", True), ("2026-12-01T00:00:01Z", False), ("2026-12-02T00:00:00Z", False)],
)
def test_a_window_that_ends_at_midnight_touches_the_day_before(end: str, inside: bool) -> None:
    window = {"start": "2026-11-30T08:00:00Z", "end": end}
    assert (ask(STANDARD | {"window": window}, base=(MODEL,)).faults == ()) is inside


def test_a_kind_without_gates_is_past_none() -> None:
    assert not is_past("incident", "scheduled", "closed")
    assert not is_past("change", "published", "closed")
