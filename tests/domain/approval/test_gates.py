"""Which gates a step passes: births, skips, edits past a gate, and steps that pass none."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from itsm_as_code.domain.approval.gates import (
    EDITED,
    Gate,
    begins_work,
    gate_named,
    gates_of,
    is_past,
    is_unpublished,
    subject_of,
)
from itsm_as_code.domain.kinds import KINDS
from itsm_as_code.domain.kinds.change import Change
from itsm_as_code.domain.lifecycle import LIFECYCLES
from itsm_as_code.domain.revision import state_in

GATED = {"change": "scheduled", "request": "in_progress", "article": "published"}
PAST = {
    "change": {"scheduled", "implementing", "evaluation", "closed"},
    "request": {"in_progress", "on_hold", "fulfilled", "closed"},
    "article": {"published"},
}


WHOLE: dict[str, dict[str, Any]] = {
    "change": {"id": "CHG-20261121-7K3Q9", "title": "x", "type": "normal", "reason": "y", "service": "portal"},
    "request": {"id": "REQ-20261121-7K3Q9", "title": "x", "item": "laptop", "requester": "ana"},
    "article": {"id": "a", "title": "x", "type": "how_to", "owner": "team/it", "summary": "s", "body": "b"},
}
"""What a record of each kind needs besides its state."""


def record(kind: str, state: str, **more: Any) -> dict[str, Any]:
    data = {"kind": kind, "schema": 1, "tags": [], **WHOLE.get(kind, {}), **more}
    entries = [{"at": "2026-11-21T08:00:00Z", "by": "ana", "state": state}]
    return data | ({"state": state} if kind == "article" else {"timeline": entries})


def gates(kind: str, base: dict[str, Any] | None, head: dict[str, Any]) -> list[str]:
    return [gate.name for gate in gates_of(kind, base, head)]


STATES = [(kind, state) for kind in GATED for state in LIFECYCLES[kind].states]


@pytest.mark.parametrize(("kind", "state"), STATES)
def test_a_record_born_at_or_past_a_gate_passes_it(kind: str, state: str) -> None:
    assert gates(kind, None, record(kind, state)) == ([GATED[kind]] if state in PAST[kind] else [])


@pytest.mark.parametrize(("kind", "before"), STATES)
def test_a_step_passes_the_gate_that_lies_between_however_many_states_it_skips(kind: str, before: str) -> None:
    for after in LIFECYCLES[kind].states:
        passes = after in PAST[kind] and before not in PAST[kind]
        assert gates(kind, record(kind, before), record(kind, after)) == ([GATED[kind]] if passes else [])


@pytest.mark.parametrize(("kind", "before"), STATES)
def test_a_material_edit_passes_the_gate_again_where_it_ends_past_it(kind: str, before: str) -> None:
    for after in LIFECYCLES[kind].states:
        head = record(kind, after) | {"title": "y"}
        assert gates(kind, record(kind, before), head) == ([GATED[kind]] if after in PAST[kind] else [])


@pytest.mark.parametrize(("kind", "state"), STATES)
def test_an_edit_of_what_is_not_material_passes_no_gate(kind: str, state: str) -> None:
    edits = {"tags": ["new"], "authors": ["ana"], "aliases": {"jira": "X-1"}}
    edits |= {"verified": []} if kind == "article" else {"links": []}
    edits |= {"outcome": {"code": "successful"}} if kind == "change" else {}
    assert not gates(kind, record(kind, state), record(kind, state) | edits)


IMPORTED = {"imported": {"system": "old", "at": "2026-11-21T08:00:00Z"}}


@pytest.mark.parametrize("kind", ["change", "request"])
def test_imported_tickets_pass_no_gate(kind: str) -> None:
    assert not gates(kind, None, record(kind, sorted(PAST[kind])[0]) | IMPORTED)


def test_an_imported_article_passes_the_gate_that_others_pass_and_again_when_edited() -> None:
    article = record("article", "published") | IMPORTED
    assert gates("article", None, article) == ["published"]
    assert gates("article", article, article | {"title": "y"}) == ["published"]
    assert not gates("article", article, article)


def test_a_new_file_of_an_article_is_a_material_edit_of_it() -> None:
    article = record("article", "published")
    assert [gate.name for gate in gates_of("article", article, article, files_changed=True)] == ["published"]
    draft = record("article", "draft")
    assert not list(gates_of("article", draft, draft, files_changed=True))


@pytest.mark.parametrize("kind", GATED)
def test_a_record_that_cant_be_read_passes_each_gate_of_its_kind(kind: str) -> None:
    draft = record(kind, LIFECYCLES[kind].states[0])
    assert not gates(kind, draft, draft)
    assert list(gates_of(kind, draft, draft | {"colour": "red"})) == [Gate(GATED[kind])]


@pytest.mark.parametrize("before", [None, *LIFECYCLES["article"].states])
@pytest.mark.parametrize("after", LIFECYCLES["article"].states)
def test_an_article_leaves_the_site_where_it_was_published_and_is_not_any_more(before: str | None, after: str) -> None:
    base = record("article", before) if before is not None else None
    assert is_unpublished("article", base, record("article", after)) is (before == "published" != after)


def test_only_articles_leave_the_site() -> None:
    assert not is_unpublished("change", record("change", "scheduled"), record("change", "draft"))


@pytest.mark.parametrize("before", [None, *LIFECYCLES["change"].states])
@pytest.mark.parametrize("after", LIFECYCLES["change"].states)
def test_work_on_a_change_begins_once(before: str | None, after: str) -> None:
    base = record("change", before) if before is not None else None
    under_way = PAST["change"] - {"scheduled"}
    assert begins_work(base, record("change", after)) is (after in under_way and before not in under_way)
    assert not begins_work(base, record("change", after) | IMPORTED)


@pytest.mark.parametrize(
    ("kind", "name", "expected"),
    [
        ("change", "scheduled", Gate("scheduled")), ("change", "ratify", Gate("ratify", None, "scheduled")),
        ("request", "ratify", Gate("ratify", None, "in_progress")), ("team", "ratify", Gate("ratify", None, "edit")),
        ("team", "edit", Gate("edit", {"x": 1})), ("change", "post-review", Gate("post-review")),
        ("incident", "ratify", Gate("ratify")),
    ],
)  # fmt: skip
def test_a_gate_by_its_name_knows_what_it_replaces_and_whose_rules_apply(kind: str, name: str, expected: Gate) -> None:
    assert gate_named(kind, name, {"x": 1}) == expected


@pytest.mark.parametrize("kind", EDITED)
def test_what_all_rests_on_is_edited_through_a_gate_also_when_imported(kind: str) -> None:
    base = {"kind": kind, "schema": 1, "name": "x", "title": "x", "state": "active"}
    changed = base | {"name": "y", "title": "y"}
    imported = {"imported": {"system": "old", "at": "2026-11-21T08:00:00Z"}}
    assert list(gates_of(kind, None, base)) == [Gate("edit", None)]
    assert list(gates_of(kind, base, changed)) == [Gate("edit", base)]
    assert list(gates_of(kind, None, base | imported)) == [Gate("edit", None)]
    assert not list(gates_of(kind, base, dict(reversed(base.items()))))


@pytest.mark.parametrize("kind", [kind for kind in EDITED if kind in KINDS])
def test_who_wrote_a_sensitive_record_is_no_edit_of_it(kind: str) -> None:
    base = {"kind": kind, "schema": 1}
    assert not list(gates_of(kind, base, base | {"authors": ["ana"], "tags": ["x"], "revision": 2}))


def test_incidents_problems_and_assets_have_no_gate() -> None:
    for kind in ("incident", "problem", "asset", "approval"):
        assert not gates(kind, None, record(kind, "closed"))


def test_a_state_that_was_taken_back_is_not_where_the_record_stands() -> None:
    """The way back to draft is undone: the record is scheduled, so it passes the gate."""
    entries = [
        {"at": "2026-11-21T08:00:00Z", "by": "ana", "state": "draft"},
        {"at": "2026-11-21T08:01:00Z", "by": "ana", "state": "scheduled"},
        {"at": "2026-11-21T08:02:00Z", "by": "ana", "state": "draft"},
        {"at": "2026-11-21T08:03:00Z", "by": "ana", "void": "2026-11-21T09:02:00+01:00"},
    ]
    head = record("change", "x") | {"timeline": entries}
    assert gates("change", None, head) == ["scheduled"]
    assert gates("change", record("change", "x") | {"timeline": entries[:1]}, head) == ["scheduled"]
    of_another = [*entries[:3], entries[3] | {"by": "ben"}]
    assert not gates("change", None, head | {"timeline": of_another})


def test_a_slip_into_a_state_that_was_taken_back_passes_no_gate() -> None:
    entries = [
        {"at": "2026-11-21T08:00:00Z", "by": "ana", "state": "draft"},
        {"at": "2026-11-21T08:01:00Z", "by": "ana", "state": "scheduled"},
        {"at": "2026-11-21T08:02:00Z", "by": "ana", "void": "2026-11-21T08:01:00Z"},
    ]
    assert not gates("change", None, record("change", "x") | {"timeline": entries})


@pytest.mark.parametrize(
    ("kind", "record_id", "subject"),
    [
        ("change", "CHG-20261121-7K3Q9", "CHG-20261121-7K3Q9"), ("request", "REQ-20261121-7K3Q9", "REQ-20261121-7K3Q9"),
        ("policy", "changes", "policy/changes"), ("article", "sign-in", "article/sign-in"),
        ("settings", "", "workspace"), ("workflows", "", "workflows"),
    ],
)  # fmt: skip
def test_acts_name_their_subject(kind: str, record_id: str, subject: str) -> None:
    assert subject_of(kind, record_id) == subject


@pytest.mark.parametrize(("kind", "state"), STATES)
def test_a_state_is_past_its_own_gate_and_no_other(kind: str, state: str) -> None:
    assert is_past(kind, GATED[kind], state) is (state in PAST[kind])
    assert not is_past(kind, "edit", state)
    assert not is_past(kind, GATED[kind], None)


VOIDED = st.lists(
    st.fixed_dictionaries(
        {
            "at": st.sampled_from(["2026-11-21T08:00:00Z", "2026-11-21T09:00:00+01:00", "2026-11-21T08:01:00Z"]),
            "by": st.sampled_from(["ana", "ben"]),
        },
        optional={
            "state": st.sampled_from(["draft", "scheduled", "closed"]),
            "void": st.sampled_from(["2026-11-21T08:00:00Z", "2026-11-21T08:01:00Z"]),
        },
    ),
    min_size=1,
    max_size=7,
)


@given(VOIDED)
def test_gates_see_a_ticket_in_the_state_that_everybody_else_sees(entries: list[dict[str, Any]]) -> None:
    data = {
        "id": "CHG-20261121-7K3Q9", "kind": "change", "schema": 1, "title": "x", "type": "normal", "reason": "y",
        "service": "portal", "timeline": entries,
    }  # fmt: skip
    assert state_in("change", data) == Change.model_validate(data).state
