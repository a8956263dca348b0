"""`itsm explain REF state|priority`: which entries made the value, and what may come next."""

from __future__ import annotations

import pytest

from itsm_as_code.app.reading.explain import reasons
from itsm_as_code.domain.errors import UsageFault
from tests.checkouts import checkout_over
from tests.checks.memory import as_files, entry, incident, snapshot_of
from tests.checks.workspace import NOW

WRITTEN = entry("08:00", state="new", impact="high", urgency="high", priority="P1")


def explained(aspect: str, *entries: dict[str, object], ref: str = "7K3Q9") -> list[str]:
    return list(reasons(checkout_over(snapshot_of(as_files(incident(*entries))), NOW), ref, aspect))


def test_a_state_is_explained_by_the_entries_that_set_it_and_the_ways_on() -> None:
    lines = explained("state", WRITTEN, entry("08:30", state="on_hold", reason="parts"))
    assert lines[:3] == [
        "INC-20261121-7K3Q9: state on_hold",
        "  1. 2026-11-21T08:00:00Z ana: state new",
        "  2. 2026-11-21T08:30:00Z ana: state on_hold, reason parts",
    ]
    assert "itsm resume (in_progress)" in lines[3] or "in_progress" in lines[3]


def test_an_entry_that_was_taken_back_is_told_as_that() -> None:
    lines = explained(
        "state", WRITTEN, entry("08:30", state="in_progress"), entry("08:31", void="2026-11-21T08:30:00Z")
    )
    assert lines[0].endswith("state new")
    assert lines[2].endswith("state in_progress (taken back)")


def test_of_a_final_state_nothing_comes_next() -> None:
    lines = explained("state", WRITTEN, entry("08:30", state="cancelled", reason="twice"))
    assert lines[-1] == "  next: nothing, cancelled is final"


def test_a_priority_is_explained_by_the_matrix() -> None:
    assert explained("priority", WRITTEN)[-1] == (
        "  the matrix of itsm.yaml gives P1 today for impact high and urgency high"
    )


def test_a_priority_of_another_matrix_is_told() -> None:
    lines = explained("priority", WRITTEN | {"priority": "P4"})
    assert lines[-1].startswith("  the priority was written by another matrix")


def test_a_priority_without_impact_is_told() -> None:
    bare = {key: value for key, value in WRITTEN.items() if key not in ("impact", "urgency")}
    assert "  impact and urgency are not both set" in explained("priority", bare)


@pytest.mark.parametrize(("ref", "aspect", "words"), [
    ("portal", "priority", "a service has no priority"), ("nothing", "state", "there is no record"),
])  # fmt: skip
def test_what_has_no_such_aspect_or_is_not_there_is_wrong_usage(ref: str, aspect: str, words: str) -> None:
    with pytest.raises(UsageFault, match=words):
        explained(aspect, WRITTEN, ref=ref)


def test_a_record_that_can_not_be_read_is_not_explained() -> None:
    path = "records/incidents/2026/11/INC-20261121-7K3Q9.yaml"
    with pytest.raises(UsageFault, match="can't be read"):
        list(reasons(checkout_over(snapshot_of({path: "id: [\n"}), NOW), "7K3Q9", "state"))
