"""`itsm new`: a record in the first state of its kind, at the path of its id."""

from __future__ import annotations

from typing import Any

import pytest

from itsm_as_code.app.writing.draft import Draft
from itsm_as_code.app.writing.new_record import NewRecord, new_record
from itsm_as_code.app.writing.verify import verified
from itsm_as_code.domain.errors import UsageFault
from itsm_as_code.domain.ids import parse_path
from itsm_as_code.store.snapshot import read_data
from tests.checks.memory import snapshot_of
from tests.checks.workspace import NOW

SNAPSHOT = snapshot_of({})
SERVICE = ("owner=it", "tier=2", "description=Pays people.")


def made(kind: str, label: str = "Portal is down", **more: Any) -> tuple[Draft, dict[str, Any]]:
    (draft,) = new_record(NewRecord(kind, label, **more), "ana", NOW, None)(SNAPSHOT)
    assert draft.before is None
    return draft, read_data(draft.path, draft.after).data or {}


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("incident", ("service=portal", "impact=high", "urgency=low")),
        ("change", ("service=portal", "type=normal", "reason=It expires")),
        ("problem", ()),
        ("service", SERVICE),
        ("article", ("owner=team/it",)),
        ("calendar", ()),
        ("policy", ("subject+=change", "gate=scheduled")),
    ],
)
def test_a_new_record_passes_its_own_check(kind: str, fields: tuple[str, ...]) -> None:
    draft, data = made(kind, fields=fields)
    located = parse_path(draft.path)
    assert located == (kind, data["id"])
    verified(SNAPSHOT.written({draft.path: draft.after}), [draft.path], NOW)


def test_a_ticket_is_born_in_the_first_state_of_its_kind_with_what_is_known() -> None:
    _, data = made("incident", fields=("impact=high", "urgency=high", "team=it"), note="Seen", public="Sorry")
    assert data["timeline"] == [{
        "at": "2026-11-21T12:00:00Z", "by": "ana", "state": "new", "impact": "high", "urgency": "high",
        "priority": "P1", "team": "it", "note": "Seen", "public": "Sorry",
    }]  # fmt: skip
    assert data["id"].startswith("INC-20261121-")


def test_a_major_incident_has_its_maker_for_commander() -> None:
    assert made("incident", major=True)[1]["major"] == {"commander": "ana"}


def test_a_name_gives_the_id_unless_another_is_chosen() -> None:
    assert made("service", "Pay Roll", fields=SERVICE)[1]["id"] == "pay-roll"
    assert made("service", "Pay Roll", id="wages", fields=SERVICE)[0].path == "records/services/wages.yaml"


@pytest.mark.parametrize(
    ("birth", "words"),
    [
        (NewRecord("service", "Portal", fields=SERVICE), "already exists"),
        (NewRecord("incident", "X", id="INC-20261121-7K3Q9"), "tickets get random ids"),
        (NewRecord("service", "X", id="No Id"), "is no id"),
        (NewRecord("approval", "X"), "made by a decision"),
        (NewRecord("service", "X"), "a new service needs"),
        (NewRecord("service", "X", fields=(*SERVICE, "tier=3")), "set twice"),
    ],
    ids=["taken", "ticket", "no id", "approval", "missing", "twice"],
)
def test_what_can_not_be_made_is_wrong_usage(birth: NewRecord, words: str) -> None:
    with pytest.raises(UsageFault, match=words):
        new_record(birth, "ana", NOW, None)(SNAPSHOT)


def test_lists_are_added_to_and_maps_are_made() -> None:
    _, data = made("incident", fields=("tags+=vpn", "tags+=login", "custom.rack=7"))
    assert (data["tags"], data["custom"]) == (["vpn", "login"], {"rack": data["custom"]["rack"]})
