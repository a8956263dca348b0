"""The tables that decide what is decided on at all. Written out again here: what goes from one must go from both."""

from __future__ import annotations

from datetime import timedelta

from itsm_as_code.domain.approval.active_acts import STRICT
from itsm_as_code.domain.approval.debts import REACH
from itsm_as_code.domain.approval.gates import BEYOND, EDITED, POLICED, names_of_gates
from itsm_as_code.domain.approval.question import AFTERWARDS
from itsm_as_code.domain.instants import CLOCK_TOLERANCE
from itsm_as_code.domain.kinds import KINDS

EDIT_GATES = (
    "policy", "person", "team", "service", "request-item", "freeze", "calendar", "sla", "change-model", "settings",
    "workflows",
)  # fmt: skip
GATES: dict[str, tuple[str, ...]] = {
    "incident": (), "problem": (), "approval": (), "asset": (),
    "change": ("scheduled", "post-review", "ratify"), "request": ("in_progress", "ratify"),
    "article": ("published", "ratify"),
    "policy": ("edit", "ratify"), "person": ("edit", "ratify"), "team": ("edit", "ratify"),
    "service": ("edit", "ratify"), "request-item": ("edit", "ratify"), "freeze": ("edit", "ratify"),
    "calendar": ("edit", "ratify"), "sla": ("edit", "ratify"), "change-model": ("edit", "ratify"),
    "settings": ("edit", "ratify"), "workflows": ("edit", "ratify"),
}  # fmt: skip


def test_all_that_decisions_rest_on_is_edited_through_a_gate_and_named_in_this_order() -> None:
    assert EDITED == EDIT_GATES


def test_the_gates_of_every_kind_are_those_of_the_table_the_usual_one_first() -> None:
    assert {kind: names_of_gates(kind) for kind in (*KINDS, "settings", "workflows")} == GATES


def test_policies_must_cover_every_gate_but_those_that_records_of_base_decide() -> None:
    others = {("change", "scheduled"), ("change", "post-review"), ("article", "published")}
    assert set(POLICED) == others | {(kind, "edit") for kind in EDIT_GATES}
    assert len(POLICED) == len(set(POLICED))


def test_a_state_is_at_or_past_its_gate() -> None:
    assert BEYOND == {
        "change": {"scheduled": ("scheduled", "implementing", "evaluation", "closed")},
        "request": {"in_progress": ("in_progress", "on_hold", "fulfilled", "closed")},
        "article": {"published": ("published",)},
    }


def test_what_has_happened_already_is_decided_on_without_a_proposal() -> None:
    assert AFTERWARDS == ("post-review", "ratify")


def test_acts_that_stand_against_are_refusals_and_withdrawals() -> None:
    assert set(STRICT) == {"refused", "withdrawn"}


def test_the_times_are_those_of_the_design() -> None:
    assert timedelta(minutes=5) == CLOCK_TOLERANCE
    assert timedelta(days=180) == REACH
