"""Records from base to head: revisions, authors, approvals, states, deletions, imports."""

from __future__ import annotations

from typing import Any

import pytest

from itsm_as_code.checks.registry import StepContext
from itsm_as_code.checks.run import check_step
from itsm_as_code.domain.step import RecordChange, Side, Step
from tests.checks.memory import article, as_files, change, codes, entry, incident, look_at_step, service, snapshot_of
from tests.checks.workspace import NOW

DIGEST = f"itsm1:{'5d1c' * 16}"


def step(base: dict[str, Any] | None, head: dict[str, Any] | None) -> list[str]:
    return codes(look_at_step(as_files(base) if base else {}, as_files(head) if head else {}))


@pytest.mark.parametrize("record", [incident(), change(), service(), article()], ids=lambda record: record["kind"])
def test_no_record_may_be_deleted(record: dict[str, Any]) -> None:
    assert step(record, None) == ["LIF020"]


def test_a_rename_is_a_deletion() -> None:
    base, head = as_files(service("payroll")), as_files(service("pensions"))
    assert codes(look_at_step(base, head)) == ["LIF020"]


@pytest.mark.parametrize(
    ("before", "after", "right"),
    [
        ({}, {"tier": 1}, 2),
        ({"revision": 4}, {"tier": 1}, 5),
        ({"revision": 4}, {"tags": ["pay"]}, 4),
        ({"revision": 4}, {"authors": ["ana"]}, 4),
        ({}, {"state": "retired"}, 2),
        ({}, {"visibility": "it"}, 2),
    ],
    ids=["absent is 1", "plus one", "tags", "authors", "state", "visibility"],
)
def test_the_revision_goes_up_by_one_with_material_changes(
    before: dict[str, Any], after: dict[str, Any], right: int
) -> None:
    base = service(**before)
    for revision in (right - 1, right, right + 1):
        head = service(**{**before, **after, "revision": revision})
        assert step(base, head) == ([] if revision == right else ["LIF022"])


def test_a_new_record_has_revision_1() -> None:
    assert step(None, service()) == []
    assert step(None, service(revision=1)) == []
    (finding,) = look_at_step({}, as_files(service(revision=2)))
    assert finding.code == "LIF022"
    assert finding.fix is not None
    assert finding.fix.title == "set revision to 1"


def test_an_approved_old_version_cannot_be_rolled_back_to() -> None:
    assert step(service(tier=1, revision=2), service(tier=2)) == ["LIF022"]


def test_going_back_to_draft_raises_the_revision_though_nothing_material_changes() -> None:
    plan = {"implementation": "Do it.", "backout": "Undo it."}
    scheduled = change(entry("08:00", state="scheduled"), plan=plan)
    back = [*scheduled["timeline"], entry("09:00", state="draft")]
    assert step(scheduled, {**scheduled, "timeline": back}) == ["LIF022"]
    assert step(scheduled, {**scheduled, "timeline": back, "revision": 2}) == []
    again = {**scheduled, "timeline": [*back, entry("10:00", state="submitted")], "revision": 2}
    assert step({**scheduled, "timeline": back, "revision": 2}, again) == []


def test_incidents_have_no_revision() -> None:
    assert step(incident(), incident(title="The portal is down")) == []


def test_settings_carry_a_revision_too() -> None:
    base = {"itsm.yaml": "id: 4h7k2m9qx1zt\nschema: 1\nname: Example\n"}
    renamed = {"itsm.yaml": "id: 4h7k2m9qx1zt\nschema: 1\nname: Other\n"}
    counted = {"itsm.yaml": "id: 4h7k2m9qx1zt\nschema: 1\nrevision: 2\nname: Other\n"}
    assert codes(look_at_step(base, renamed)) == ["LIF022"]
    assert look_at_step(base, counted) == []


def test_authors_may_be_added_but_not_removed() -> None:
    assert step(service(authors=["ana"]), service(authors=["ben", "ana"])) == []
    assert step(service(authors=["ana", "ben"]), service(authors=["ben"])) == ["LIF023"]
    assert step(service(authors=["ana", "ben"]), service()) == ["LIF023", "LIF023"]


def approval(**fields: Any) -> dict[str, str]:
    record = {
        "id": "APR-20261121-B7N2S", "kind": "approval", "schema": 1, "workspace": "4h7k2m9qx1zt", "gate": "scheduled",
        "subject": "CHG-20261121-4M2XT", "digest": DIGEST, "decision": "refused", "by": "ben",
        "at": "2026-11-21T09:00:00Z", **fields,
    }  # fmt: skip
    (text,) = as_files(record).values()
    return {f"records/approvals/CHG-20261121-4M2XT/{record['id']}.yaml": text}


def test_an_approval_is_immutable() -> None:
    assert look_at_step({}, approval()) == []
    assert codes(look_at_step(approval(), approval(decision="approved"))) == ["LIF024"]
    assert codes(look_at_step(approval(), approval(tags=["x"]))) == ["LIF024"]
    assert codes(look_at_step(approval(), {})) == ["LIF020"]


@pytest.mark.parametrize(
    ("before", "after", "legal"),
    [
        ("draft", "published", True),
        ("in_review", "published", True),
        ("published", "draft", True),
        ("published", "in_review", False),
        ("retired", "published", False),
        ("retired", "draft", True),
    ],
)
def test_articles_follow_their_table(before: str, after: str, legal: bool) -> None:
    heir = {"replaced_by": "sign-in"} if "retired" in (before, after) else {}
    base = article(state=before, **heir)
    revision = 2 if after == "draft" or before == "retired" else 1
    found = step(base, article(state=after, revision=revision, **heir))
    assert found == ([] if legal else ["LIF026"])


def test_what_base_held_in_broken_form_cannot_be_compared() -> None:
    (path, text) = next(iter(as_files(service()).items()))
    assert codes(look_at_step({path: "tier: [2\n"}, {path: text})) == ["LIF028"]


IMPORTED = {"imported": {"system": "old-desk", "at": "2026-11-21T08:00:00Z"}, "aliases": {"old-desk": "CHG0030017"}}


def test_imported_records_come_in_new_and_ended() -> None:
    closed = entry("08:00", state="closed", imported=True)
    ended = change(closed, outcome={"code": "successful"}, **IMPORTED)
    assert step(None, ended) == []
    assert step(None, change(**IMPORTED)) == ["LIF030"]
    here = change(outcome={"code": "successful"})
    found = step(here, {**here, **IMPORTED, "revision": 2})
    assert found == ["LIF030", "LIF030"]


def test_an_imported_record_stays_as_it_is() -> None:
    closed = entry("08:00", state="closed", imported=True)
    ended = change(closed, outcome={"code": "successful"}, **IMPORTED)
    assert step(ended, {**ended, "tags": ["old"]}) == []


def test_what_does_not_fit_the_model_is_compared_as_far_as_it_can_be() -> None:
    assert step(service(authors=["ana"]), service(authors="ana")) == []
    assert step(service(revision="two"), service(revision="two", tier=1)) == []


def test_deleted_settings_are_told() -> None:
    before = {"itsm.yaml": "id: 4h7k2m9qx1zt\nschema: 1\nname: Example\n"}
    path = "itsm.yaml"
    snapshot = snapshot_of(before)
    gone = RecordChange(path, "settings", path, Side({"schema": 1}, None), None)
    found = list(check_step(StepContext(Step(snapshot, snapshot, (gone,)), NOW)))
    assert [(finding.code, finding.path) for finding in found] == [("LIF020", path)]
