"""What a gate asks of a record: facts of base, people who may not decide, and what keeps it from an answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from itsm_as_code.domain.approval.gates import Gate
from itsm_as_code.domain.approval.inquiry import OWN_WORD, Subject, content_digest, question
from itsm_as_code.domain.approval.question import Question
from itsm_as_code.domain.approval.rules import names_of_changes
from itsm_as_code.domain.digest import digest, field_hashes, reviewed
from itsm_as_code.domain.kinds import KINDS
from tests.checks.memory import article, as_files, snapshot_of

Data = dict[str, Any]
CHANGE: Data = {
    "id": "CHG-20261121-7K3Q9", "kind": "change", "schema": 1, "title": "x", "type": "normal", "reason": "y",
    "service": "portal", "plan": {"implementation": "do", "backout": "undo"},
    "window": {"start": "2026-11-30T08:00:00Z", "end": "2026-11-30T09:00:00Z"},
    "timeline": [{"at": "2026-11-21T08:00:00Z", "by": "ana", "state": "draft"}],
}  # fmt: skip
INCIDENT: Data = {
    "id": "INC-20261121-7K3Q9", "kind": "incident", "schema": 1, "title": "down", "service": "portal",
    "timeline": [
        {
            "at": "2026-11-21T08:00:00Z", "by": "ana", "state": "new", "impact": "high", "urgency": "high",
            "priority": "P1", "team": "it",
        }
    ],
}  # fmt: skip
MODEL: Data = {
    "id": "renew", "kind": "change-model", "schema": 1, "title": "Renew", "plan": CHANGE["plan"],
    "revision": 2, "services": ["portal"], "valid_until": "2026-11-30", "risk": "high",
}  # fmt: skip
STANDARD = CHANGE | {"type": "standard", "model": {"id": "renew", "revision": 2}}
EMERGENCY = CHANGE | {"type": "emergency", "incident": INCIDENT["id"]}
SCHEDULED = Gate("scheduled")


def ask(
    head: Data,
    gate: Gate = SCHEDULED,
    *,
    was: Data | None = None,
    base: tuple[Data, ...] = (),
    also: tuple[Data, ...] = (),
    attachments: Mapping[str, str] | None = None,
) -> Question:
    """The question about `head`, with records of base, and of head besides."""
    record = KINDS[head["kind"]].model.model_validate(head)
    subject = Subject(head["kind"], head["id"], was, head, record, attachments or {})
    return question(subject, gate, snapshot_of(as_files(*base)), snapshot_of(as_files(*base, *also)))


def entered(ticket: Data, state: str, **more: Any) -> Data:
    step = {"at": "2026-11-21T09:00:00Z", "by": "ana", "state": state, **more}
    return ticket | {"timeline": [*ticket["timeline"], step]}


def test_a_question_names_its_subject_and_exactly_its_content() -> None:
    asked = ask(CHANGE, attachments={"attachments/x/a.png": "sha256:1"})
    assert (asked.workspace, asked.subject, asked.gate) == ("4h7k2m9qx1zt", CHANGE["id"], "scheduled")
    assert asked.digest == digest("change", CHANGE, {"attachments/x/a.png": "sha256:1"})
    assert asked.fields == field_hashes("change", CHANGE, {"attachments/x/a.png": "sha256:1"})
    assert asked.replaces is None
    assert not asked.faults


def test_the_gate_post_review_alone_decides_on_the_review_besides_the_content() -> None:
    closed = CHANGE | {"outcome": {"code": "successful"}, "post_implementation_review": {"summary": "It helped."}}
    asked = ask(closed, Gate("post-review"))
    assert asked.digest == digest("change", closed, {}, reviewed(closed)) != digest("change", closed)
    assert asked.fields == field_hashes("change", closed, {}, reviewed(closed))
    assert asked.fields.keys() - ask(closed).fields.keys() == {"outcome.code", "post_implementation_review.summary"}
    assert (ask(closed).digest, ask(closed).fields) == (digest("change", closed), field_hashes("change", closed))


def test_tier_risk_and_owner_team_are_those_of_base() -> None:
    service = {"id": "portal", "kind": "service", "schema": 1, "name": "P", "owner": "it", "description": "d"}
    asked = ask(CHANGE, also=(service | {"tier": 4},))
    assert asked.facts["tier"] == 1
    assert asked.facts["risk_level"] == "moderate"
    assert asked.owner_team == "it"
    assert asked.facts["type"] == "normal"
    assert asked.facts["depends_on"] == ()


@pytest.mark.parametrize(
    ("on_base", "on_head", "tier"), [(1, 4, 1), (4, 1, 1), (3, 3, 3), (None, 3, 3), ("unreadable", 4, 1)], ids=str
)
def test_a_service_has_the_more_critical_of_its_own_tiers(on_base: int | str | None, on_head: int, tier: int) -> None:
    portal: Data = {"id": "a", "kind": "service", "schema": 1, "name": "A", "owner": "it", "description": "x"}
    subject = Subject(
        "service", "a", None, portal, KINDS["service"].model.model_validate(portal | {"tier": on_head}), {}
    )
    files = as_files(portal | {"tier": on_base}) if isinstance(on_base, int) else {}
    files |= {"records/services/a.yaml": "id: ["} if on_base == "unreadable" else {}
    asked = question(subject, Gate("edit"), snapshot_of(files), snapshot_of(files))
    assert asked.facts["tier"] == tier


def test_what_the_step_changes_is_told_by_field() -> None:
    was = {key: value for key, value in CHANGE.items() if key != "window"} | {"title": "w", "tags": ["a"]}
    asked = ask(CHANGE, was=was)
    assert asked.facts["changes"] == ("state", "title", "window")
    past = entered(CHANGE, "scheduled")
    assert ask(past, was=entered(was, "scheduled")).facts["changes"] == ("title", "window")
    assert ask(entered(past, "implementing"), was=past).facts["changes"] == ()
    assert set(ask(CHANGE).facts["changes"]) == {*CHANGE, "state"} - {"timeline"}


@pytest.mark.parametrize(
    ("kind", "gate", "changes"),
    [("change", "scheduled", ("state",)), ("change", "ratify", ("state",)), ("change", "post-review", ()),
     ("change", "exception/year-end", ()), ("article", "published", ("attachments", "state"))],
)  # fmt: skip
def test_to_enter_a_gate_and_other_files_are_changes_too(kind: str, gate: str, changes: tuple[str, ...]) -> None:
    draft = CHANGE if kind == "change" else article(state="draft")
    record = KINDS[kind].model.model_validate(draft)
    subject = Subject(kind, "x", draft, draft, record, {}, files_changed=kind == "article")
    snapshot = snapshot_of({})
    asked = question(subject, Gate(gate, rules_of="scheduled" if gate == "ratify" else None), snapshot, snapshot)
    assert asked.facts["changes"] == changes
    assert set(changes) <= names_of_changes(kind)
    assert asked.facts["before"] == "draft"
    assert ask(CHANGE).facts["before"] is None


def test_requester_and_authors_of_both_sides_may_not_decide() -> None:
    asked = ask(
        CHANGE | {"requester": "ben", "authors": ["cho"]}, was=CHANGE | {"requester": "dee", "authors": ["ana"]}
    )
    assert asked.disqualified == {
        "ben": "asked for it", "dee": "asked for it", "ana": "is one of its authors", "cho": "is one of its authors",
    }  # fmt: skip
    assert ask(CHANGE | {"requester": {"name": "Somebody"}}).disqualified == {}


def test_an_edit_says_what_it_replaces_and_a_birth_replaces_nothing() -> None:
    asked = ask(MODEL, Gate("edit", MODEL | {"title": "Old"}), was=MODEL | {"title": "Old"})
    assert asked.replaces == digest("change-model", MODEL | {"title": "Old"})
    assert asked.subject == "change-model/renew"
    assert ask(MODEL, Gate("edit")).replaces is None


def test_the_owner_team_of_a_service_is_that_on_base() -> None:
    service = {
        "id": "mail", "kind": "service", "schema": 1, "name": "M", "owner": "it", "tier": 1, "description": "d",
    }  # fmt: skip
    assert ask(service | {"owner": "grabbers"}, Gate("edit", service), was=service).owner_team == "it"
    assert ask(service, Gate("edit")).owner_team is None


def test_a_service_that_is_not_on_base_waits_until_it_has_landed() -> None:
    service = {
        "id": "mail", "kind": "service", "schema": 1, "name": "M", "owner": "it", "tier": 4, "description": "d",
    }  # fmt: skip
    asked = ask(CHANGE | {"service": "mail"}, also=(service,))
    assert asked.faults == ("service mail is not on base yet, so its tier is unknown: land the service first",)
    assert asked.facts["risk_level"] == "high"
    assert asked.owner_team is None


PROBLEM: Data = INCIDENT | {"id": "PRB-20261121-7K3Q9", "kind": "problem"}
OPEN = (
    INCIDENT, entered(INCIDENT, "in_progress"), entered(INCIDENT, "on_hold"), entered(INCIDENT, "new", priority="P3"),
)  # fmt: skip


@pytest.mark.parametrize("incident", OPEN)
@pytest.mark.parametrize("landed", [True, False])
def test_an_emergency_rests_on_an_open_incident_in_base_or_head(incident: Data, landed: bool) -> None:
    asked = ask(EMERGENCY, base=(incident,) if landed else (), also=() if landed else (incident,))
    assert not asked.faults
    assert asked.facts["incident_priority"] in ("P1", "P3")


@pytest.mark.parametrize("state", ["resolved", "closed", "cancelled"])
def test_an_incident_that_is_over_makes_no_emergency(state: str) -> None:
    wanted = (
        "an emergency change needs an open incident or problem with a priority: name one, or reopen what was resolved "
        "(itsm reopen) until the change has landed",
    )
    assert ask(EMERGENCY, base=(entered(INCIDENT, state),)).faults == wanted
    assert ask(EMERGENCY, base=(INCIDENT,), also=(entered(INCIDENT, state),)).faults == wanted


def test_an_emergency_without_any_incident_has_no_answer() -> None:
    (fault,) = ask(EMERGENCY).faults
    assert fault.endswith(f"priority: {INCIDENT['id']} is neither on base nor in the proposal")
    assert ask({key: value for key, value in EMERGENCY.items() if key != "incident"}).faults
    assert not ask(CHANGE | {"incident": INCIDENT["id"]}).faults


def test_an_emergency_is_told_which_of_its_incident_and_problem_there_is_not() -> None:
    words = "an emergency change needs an open incident or problem with a priority"
    both = EMERGENCY | {"problem": PROBLEM["id"]}
    over = entered(PROBLEM, "closed")
    neither = f": {INCIDENT['id']} and {PROBLEM['id']} is neither on base nor in the proposal"
    assert ask(both).faults == (words + neither,)
    incident_alone = f": {INCIDENT['id']} is neither on base nor in the proposal"
    assert ask(both, base=(over,)).faults == ask(both, also=(over,)).faults == (words + incident_alone,)


def test_an_open_problem_is_enough_for_an_emergency() -> None:
    asked = ask(EMERGENCY | {"incident": INCIDENT["id"], "problem": PROBLEM["id"]}, base=(PROBLEM,))
    assert not asked.faults
    assert asked.facts["incident_priority"] == "P1"


def test_a_standard_change_that_keeps_to_its_model_has_no_fault() -> None:
    assert not ask(STANDARD, base=(MODEL,)).faults


OUTSIDE: dict[str, tuple[Data, Data, str]] = {
    "another plan": (STANDARD | {"plan": {"implementation": "do"}}, MODEL, "the plan differs from the change model"),
    "a longer plan": (STANDARD | {"plan": CHANGE["plan"] | {"test": "look"}}, MODEL, "the plan differs from"),
    "affects another": (STANDARD | {"affects": ["service/mail"]}, MODEL, "is not for service/mail, which the change"),
    "affects nothing": (STANDARD | {"affects": ["asset/lost"]}, MODEL, "is not for asset/lost, which the change"),
    "no model": ({key: value for key, value in STANDARD.items() if key != "model"}, MODEL, "needs a change model"),
    "unknown model": (STANDARD | {"model": {"id": "other", "revision": 2}}, MODEL, "needs a change model"),
    "older revision": (STANDARD | {"model": {"id": "renew", "revision": 1}}, MODEL, "is at revision 2, but the change"),
    "newer revision": (STANDARD | {"model": {"id": "renew", "revision": 3}}, MODEL, "is at revision 2, but the change"),
    "retired": (STANDARD, MODEL | {"state": "retired"}, "is retired"),
    "other service": (STANDARD, MODEL | {"services": ["mail"]}, "is not for service portal"),
    "too late": (STANDARD, MODEL | {"valid_until": "2026-11-29"}, "is valid until 2026-11-29"),
    "no window": ({k: v for k, v in STANDARD.items() if k != "window"}, MODEL, "needs the change to have a window"),
    "not allowed": (STANDARD, MODEL | {"allows": {"outage": {"set": True}}}, "does not allow this change"),
    "undecidable": (STANDARD, MODEL | {"allows": {"tpye": "standard"}}, "this change: tpye: there is no field tpye"),
    "too risky": (STANDARD, MODEL | {"allows": {"risk_level": "low"}}, "does not allow this change"),
}


@pytest.mark.parametrize(("change", "model", "wanted"), OUTSIDE.values(), ids=OUTSIDE.keys())
def test_a_standard_change_outside_its_model_has_no_answer(change: Data, model: Data, wanted: str) -> None:
    faults = ask(change, base=(model,)).faults
    assert len(faults) == 1
    assert wanted in faults[0]


ASSET: Data = {"id": "node", "kind": "asset", "schema": 1, "name": "N", "class": "server", "lifecycle": "in_use"}


def test_a_standard_change_may_leave_its_plan_out_and_affect_what_its_model_is_for() -> None:
    parts = {"affects": ["service/portal", "asset/node"]}
    bare = {key: value for key, value in STANDARD.items() if key != "plan"} | parts
    assert not ask(bare, base=(MODEL, ASSET | {"service": "portal"})).faults
    (fault,) = ask(bare, base=(MODEL, ASSET | {"service": "mail"})).faults
    assert fault == "the change model renew is not for asset/node of service mail, which the change affects"
    assert ask(bare, base=(MODEL, ASSET)).faults, "an asset of no service is of none of the model's"
    assert not ask(bare, base=({key: value for key, value in MODEL.items() if key != "services"}, ASSET)).faults


def test_the_worst_tier_that_a_change_affects_counts_in_its_risk_and_the_fact_tier_stays_the_services() -> None:
    small = {"id": "mail", "kind": "service", "schema": 1, "name": "M", "owner": "it", "tier": 4, "description": "d"}
    of_portal = ASSET | {"service": "portal"}

    def facts(*affects: str, base: tuple[Data, ...] = (of_portal,)) -> tuple[Any, Any]:
        asked = ask(CHANGE | {"service": "mail", "affects": list(affects)}, base=(small, *base))
        return asked.facts["tier"], asked.facts["risk_level"]

    assert facts() == facts("service/mail") == (4, "low")
    assert facts("service/portal") == facts("asset/node") == (4, "moderate")
    assert facts("asset/node", base=(ASSET,)) == (4, "low")
    assert facts("asset/node", base=()) == facts("service/new") == (4, "high")


def test_a_request_of_an_item_that_is_retired_has_no_answer() -> None:
    item: Data = {"id": "laptop", "kind": "request-item", "schema": 1, "title": "A laptop", "team": "it"}
    wish: Data = {
        "id": "REQ-20261121-7K3Q9", "kind": "request", "schema": 1, "title": "x", "item": "laptop", "requester": "ana",
        "timeline": [{"at": "2026-11-21T08:00:00Z", "by": "ana", "state": "submitted"}],
    }  # fmt: skip
    assert not ask(wish, Gate("in_progress"), base=(item,)).faults
    (fault,) = ask(wish, Gate("in_progress"), base=(item | {"state": "retired"},)).faults
    assert fault.startswith("the request item laptop is retired")


def test_only_the_model_on_base_counts() -> None:
    assert ask(STANDARD, also=(MODEL,)).faults
    assert not ask(STANDARD, base=(MODEL,), also=(MODEL | {"state": "retired"},)).faults


def test_a_model_may_allow_by_tier_and_risk() -> None:
    assert not ask(STANDARD, base=(MODEL | {"allows": {"risk_level": ["low", "moderate"], "tier": 1}},)).faults


def test_the_risk_that_a_model_allows_is_that_of_all_that_the_change_affects() -> None:
    small = {"id": "mail", "kind": "service", "schema": 1, "name": "M", "owner": "it", "tier": 4, "description": "d"}
    model = MODEL | {"services": ["mail", "portal"], "allows": {"risk_level": "low"}}
    alone = STANDARD | {"service": "mail"}
    assert not ask(alone, base=(small, model)).faults
    (fault,) = ask(alone | {"affects": ["service/portal"]}, base=(small, model)).faults
    assert fault == "the change model renew does not allow this change"


@pytest.mark.parametrize(
    ("end", "inside"),
    [
        ("2026-12-01T00:00:00Z", True), ("2026-12-01T00:00:01Z", False), ("2026-11-30T23:00:00-05:00", False),
        ("2026-12-01T05:00:00+05:00", True), ("2999-12-31T23:59:59Z", False), ("1900-01-01T00:00:00Z", True),
    ],
)  # fmt: skip
def test_a_models_last_day_ends_at_midnight_utc_whatever_offset_is_written(end: str, inside: bool) -> None:
    window = {"start": "1900-01-01T00:00:00Z", "end": end}
    assert (not ask(STANDARD | {"window": window}, base=(MODEL | {"window": {"longest": "999999d"}},)).faults) is inside


def test_a_request_waits_for_no_service() -> None:
    wish: Data = {
        "id": "REQ-20261121-7K3Q9", "kind": "request", "schema": 1, "title": "x", "item": "laptop", "requester": "ana",
        "timeline": [{"at": "2026-11-21T08:00:00Z", "by": "ana", "state": "submitted"}],
    }  # fmt: skip
    asked = ask(wish, Gate("in_progress"))
    assert not asked.faults
    assert asked.disqualified == {"ana": "asked for it"}
    assert (asked.facts["tier"], asked.owner_team) == (None, None)


def test_a_record_with_findings_has_no_answer() -> None:
    broken = CHANGE | {"authors": None, "plan": None, "titel": "x"}
    subject = Subject("change", CHANGE["id"], None, broken, None, {})
    asked = question(subject, SCHEDULED, snapshot_of({}), snapshot_of({}))
    assert "the record has findings, so nobody can decide on it" in asked.faults


@pytest.mark.parametrize("value", [None, 0.5, 2**60, {"ü": 1}])
def test_content_without_a_canonical_form_matches_no_act(value: Any) -> None:
    subject = Subject("change", CHANGE["id"], None, CHANGE | {"plan": value}, None, {})
    asked = question(subject, SCHEDULED, snapshot_of({}), snapshot_of({}))
    assert asked.digest == ""
    assert any("no canonical form" in fault for fault in asked.faults)


def test_an_attached_file_with_an_odd_name_is_a_fault_not_a_crash() -> None:
    assert "no canonical form" in ask(CHANGE, attachments={"attachments/x/ü.png": "sha256:1"}).faults[0]


def test_settings_are_asked_about_as_the_workspace() -> None:
    was = {"id": "4h7k2m9qx1zt", "schema": 1, "name": "Example"}
    subject = Subject("settings", "", was, was | {"time_zone": "Europe/Berlin"}, None, {})
    asked = question(subject, Gate("edit", was), snapshot_of({}), snapshot_of({}))
    assert asked.subject == "workspace"
    assert asked.replaces == digest("settings", was)
    assert asked.facts["changes"] == ("time_zone",)
    assert asked.facts["time_zone"] == "Europe/Berlin"
    assert not asked.faults


def test_a_statement_asks_for_nobody_but_its_maker() -> None:
    for gate in ("authors", "verified"):
        (asked,) = ask(CHANGE, Gate(gate)).own_rules.items()
        name, made = asked
        assert (name, made.id, made.seats, made.because) == (f"statement/{gate}", gate, "none", OWN_WORD)


def test_a_content_by_itself_has_the_digest_of_its_fields_and_files() -> None:
    files = {"attachments/x/a.png": "sha256:1"}
    record = KINDS["change"].model.model_validate(CHANGE)
    assert content_digest(Subject("change", CHANGE["id"], None, CHANGE, record, files)) == digest(
        "change", CHANGE, files
    )
    assert content_digest(Subject("change", CHANGE["id"], None, CHANGE | {"title": 1.5}, None, files)) == ""
