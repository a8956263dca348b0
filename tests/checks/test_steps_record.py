"""Records from base to head: revisions, authors, approvals, states, deletions, imports."""

from __future__ import annotations

from typing import Any

import pytest

from itsm_as_code.checks.registry import StepContext
from itsm_as_code.checks.run import check_step
from itsm_as_code.checks.steps_record import TORN
from itsm_as_code.domain.edit import Fix, SetValue
from itsm_as_code.domain.step import RecordChange, Side, Step
from tests.checks.memory import article, as_files, change, codes, entry, incident, look_at_step, service, snapshot_of
from tests.checks.workspace import NOW

DIGEST = f"itsm1:{'5d1c' * 16}"


def found_in(base: dict[str, Any], head: dict[str, Any]) -> list[tuple[Any, ...]]:
    """The codes, what is said, and of which field."""
    return [(each.code, each.message, each.field) for each in look_at_step(as_files(base), as_files(head))]


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
    (found,) = look_at_step(approval(), approval(decision="approved"))
    assert found.message == "an approval was changed after it was made"


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
    for before, after in ((["ben"], "ana"), ("ana", ["ben"]), (["ana"], None)):
        assert step(service(authors=before), service(authors=after)) == []
    assert step(service(revision="two"), service(revision="two", tier=1)) == []


def test_deleted_settings_are_told() -> None:
    before = {"itsm.yaml": "id: 4h7k2m9qx1zt\nschema: 1\nname: Example\n"}
    path = "itsm.yaml"
    snapshot = snapshot_of(before)
    gone = RecordChange(path, "settings", path, Side({"schema": 1}, None), None)
    found = list(check_step(StepContext(Step(snapshot, snapshot, (gone,)), NOW)))
    assert [(finding.code, finding.path) for finding in found] == [("LIF020", path)]


# What is said, and of which field.


@pytest.mark.parametrize(
    ("base", "head", "expected"),
    [
        (service(), None, ("LIF020", "payroll was deleted or renamed", (), False)),
        (service(), service(revision=3), ("LIF022", "revision is 3, but must be 1", ("revision",), False)),
        (service(), service(tier=1), ("LIF022", "revision is 1, but must be 2", ("revision",), False)),
        (service(authors=["ana"]), service(authors=[]), ("LIF023", "author ana was removed", ("authors",), False)),
        (article(state="published"), article(state="in_review"),
         ("LIF026", "article can't go from published to in_review", ("state",), False)),
    ],
)  # fmt: skip
def test_a_step_is_told_what_is_wrong_and_where(
    base: dict[str, Any], head: dict[str, Any] | None, expected: tuple[Any, ...]
) -> None:
    (found,) = look_at_step(as_files(base), as_files(head) if head else {})
    assert (found.code, found.message, found.field, found.at_key) == expected


def test_the_states_that_can_be_reached_are_named() -> None:
    (found,) = look_at_step(as_files(article()), as_files(article(state="in_review")))
    assert found.help == "from published: draft, retired"


def test_the_right_revision_is_set_by_a_fix() -> None:
    (found,) = look_at_step(as_files(service()), as_files(service(tier=1)))
    assert found.fix == Fix("set revision to 2", (SetValue(("revision",), 2),))


def test_a_file_that_both_sides_changed_is_torn() -> None:
    base, head = as_files(service()), as_files(service(tags=["x"]))
    (path,) = base
    (found,) = look_at_step(base, head, conflicts=(path, "records/services/other.yaml"))
    assert (found.code, found.message) == ("LIF027", str(TORN.message))


# Keys of people.

OLD, NEW = (f"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI{letter * 43}" for letter in "AB")
REVOKED = {"since": "2026-11-20T00:00:00Z", "reason": "The laptop was stolen."}


def person(*keys: dict[str, Any], revision: int = 2) -> dict[str, Any]:
    return {"id": "eve", "kind": "person", "schema": 1, "name": "Eve", "keys": list(keys), "revision": revision}


def test_a_key_stays_listed_in_any_place_and_with_any_end() -> None:
    base = person({"key": OLD}, revision=1)
    assert step(base, person({"key": NEW}, {"key": OLD, "valid_until": "2026-11-21T00:00:00Z"})) == []
    assert step(base, person({"key": OLD, "revoked": REVOKED})) == []
    (found,) = look_at_step(as_files(base), as_files(person({"key": NEW})))
    assert (found.code, found.field, found.at_key) == ("LIF032", ("keys",), True)
    assert found.message.startswith("the key ssh-ed25519 AAAAC3") and found.message.endswith(" was removed")


def test_a_revocation_stays_as_it_is() -> None:
    base = person({"key": OLD, "revoked": REVOKED}, revision=1)
    assert step(base, person({"key": OLD, "revoked": REVOKED}, {"key": NEW})) == []
    for other in ({}, {"revoked": REVOKED | {"since": "2026-11-21T00:00:00Z"}}):
        (found,) = look_at_step(as_files(base), as_files(person({"key": OLD} | other)))
        assert (found.code, found.field, found.at_key) == ("LIF032", ("keys",), True)
        assert found.message.startswith("the revocation of ssh-ed25519 AAAAC3") and found.message.endswith(" changed")


def test_keys_of_a_new_person_and_of_one_who_is_not_there_any_more_are_not_compared() -> None:
    assert step(None, person({"key": OLD}, revision=1)) == []
    assert step(person({"key": OLD}, revision=1), None) == ["LIF020"]


# Emergencies, and when things began.

REST = {"plan": {"implementation": "Do it.", "backout": "Undo it."}, "incident": "INC-20261121-7K3Q9"}
SCHEDULED, WORK = entry("08:00", state="scheduled"), entry("09:00", state="implementing")


@pytest.mark.parametrize(
    ("before", "after", "kept"),
    [
        (("emergency", [SCHEDULED]), ("normal", [SCHEDULED]), False),
        (("emergency", [SCHEDULED]), ("emergency", [SCHEDULED]), True),
        (("normal", [SCHEDULED]), ("emergency", [SCHEDULED]), True),
        (("emergency", [entry("07:00", state="draft")]), ("normal", [entry("07:00", state="draft")]), True),
        (("emergency", [entry("07:00", state="draft")]), ("normal", [entry("07:00", state="draft"), SCHEDULED]), True),
    ],
)  # fmt: skip
def test_an_emergency_that_went_past_its_gate_stays_one(before: Any, after: Any, kept: bool) -> None:
    made = [change(*entries, type=sort, **REST) for sort, entries in (before, after)]
    found = [each for each in found_in(made[0], made[1] | {"revision": 2}) if each[0] == "LIF033"]
    words = "the change went past its gate as an emergency, but its type is normal now"
    assert found == ([] if kept else [("LIF033", words, ("type",))])


def test_a_change_began_when_base_says_so() -> None:
    base = change(SCHEDULED, WORK, **REST)
    earlier = change(entry("07:00", state="implementing"), SCHEDULED, WORK, **REST)
    assert [each for each in found_in(base, earlier) if each[0] == "LIF050"] == [
        ("LIF050",
         f"the change {what} at 2026-11-21T{was}:00:00Z, and now the timeline says 2026-11-21T07:00:00Z", ("timeline",))
        for what, was in (("was scheduled", "08"), ("began", "09"))
    ]  # fmt: skip
    later = change(SCHEDULED, WORK, entry("10:00", state="evaluation"), **REST)
    assert found_in(base, later) == []
    assert found_in(change(SCHEDULED, **REST), change(SCHEDULED, WORK, **REST)) == []


# The workspace, and what was imported.


def test_a_workspace_keeps_its_id() -> None:
    before = {"itsm.yaml": "id: 4h7k2m9qx1zt\nschema: 1\nname: Example\n"}
    after = {"itsm.yaml": "id: 4h7k2m9qx1zu\nschema: 1\nname: Example\nrevision: 2\n"}
    (found,) = look_at_step(before, after)
    assert (found.code, found.message, found.field) == ("LIF034", "the workspace's id was 4h7k2m9qx1zt", ("id",))


def test_what_an_imported_record_must_be_is_said_at_its_key() -> None:
    here = change(outcome={"code": "successful"})
    found = look_at_step(as_files(here), as_files({**here, **IMPORTED, "revision": 2}))
    assert [(each.message, each.field, each.at_key) for each in found if each.code == "LIF030"] == [
        ("the record is not new: base has it without `imported`", ("imported",), True),
        ("the record is not in a final state", ("imported",), True),
    ]


@pytest.mark.parametrize(("state", "ended"), [("published", True), ("retired", True), ("draft", False)])
def test_an_imported_article_has_ended_where_people_read_it_or_no_longer_do(state: str, ended: bool) -> None:
    heir = {"replaced_by": "sign-in"} if state == "retired" else {}
    assert step(None, article(state=state) | heir | IMPORTED) == ([] if ended else ["LIF030"])


def test_an_imported_service_may_be_in_use() -> None:
    assert step(None, service() | IMPORTED) == []


def test_a_request_that_is_imported_has_ended() -> None:
    asked = {"id": "REQ-20261121-7K3Q9", "kind": "request", "schema": 1, "title": "x", "item": "x", "requester": "ana"}
    for state, ended in (("closed", True), ("fulfilled", False)):
        listed = [entry("08:00", state=state, imported=True)]
        found = step(None, {**asked, **IMPORTED, "timeline": listed})
        assert ("LIF030" not in found) is ended


def test_a_broken_base_is_told_in_words() -> None:
    (path, text) = next(iter(as_files(service()).items()))
    (found,) = look_at_step({path: "tier: [2\n"}, {path: text})
    assert found.message == "the record on base can't be read"


def test_other_files_of_an_article_are_another_revision_of_it() -> None:
    data = article()
    snapshot = snapshot_of(as_files(data))
    loaded = snapshot.load("records/knowledge/reset-password.md")
    assert loaded is not None
    side = Side(loaded.data, loaded.record)
    for files_changed, expected in ((False, []), (True, ["LIF022"])):
        change_ = RecordChange("records/knowledge/reset-password.md", "article", data["id"], side, side, files_changed)
        assert codes(check_step(StepContext(Step(snapshot, snapshot, (change_,)), NOW))) == expected
