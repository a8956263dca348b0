"""Selecting records by words."""

from __future__ import annotations

import pytest

from itsm_as_code.app.records.query import meant_kind, select
from itsm_as_code.domain.errors import UsageFault
from itsm_as_code.store.snapshot import TreeSnapshot
from tests.checks.memory import as_files, change, entry, incident, service, snapshot_of

NEW, DONE, CHANGE = "INC-20261121-7K3Q9", "INC-20261121-7K3Q8", "CHG-20261121-4M2XT"


@pytest.fixture(scope="module")
def records() -> TreeSnapshot:
    first = entry("08:00", state="new", impact="high", urgency="high", priority="P1")
    ended = entry("09:00", state="cancelled", reason="It was a drill.")
    return snapshot_of(as_files(
        incident(first, id=NEW, title="Mail is slow", service="portal"),
        incident(entry("08:00", state="new"), ended, id=DONE), change(), service(),
    ))  # fmt: skip


def ids(snapshot: TreeSnapshot, *words: str, everything: bool = True) -> list[str]:
    """The ids of what is selected."""
    return sorted(record.id for record in select(snapshot, words, everything=everything).records)


def test_without_a_kind_all_tickets_are_meant(records: TreeSnapshot) -> None:
    assert ids(records) == [CHANGE, DONE, NEW]


@pytest.mark.parametrize("word", ["incident", "incidents", "kind=incident"])
def test_a_kind_narrows_by_one_or_many_and_as_a_condition(records: TreeSnapshot, word: str) -> None:
    assert ids(records, word) == [DONE, NEW]


def test_several_kinds_are_all_meant(records: TreeSnapshot) -> None:
    assert ids(records, "incident", "service") == sorted([DONE, NEW, "payroll", "portal"])
    assert ids(records, "kind=change,service") == sorted([CHANGE, "payroll", "portal"])


def test_words_that_are_no_kind_are_conditions_and_all_must_hold(records: TreeSnapshot) -> None:
    assert ids(records, "priority=P1") == [NEW]
    assert ids(records, "mail") == [NEW]
    assert ids(records, "priority=P1", "service=payroll") == []


def test_a_field_that_some_kinds_lack_leaves_those_out(records: TreeSnapshot) -> None:
    assert ids(records, "type=normal") == [CHANGE]


def test_a_field_that_no_kind_has_is_wrong_usage(records: TreeSnapshot) -> None:
    with pytest.raises(UsageFault, match="colour"):
        select(records, ["colour=red"])


def test_tickets_can_be_asked_when_they_were_opened(records: TreeSnapshot) -> None:
    assert ids(records, "incident", "opened>=2026-11-21") == [DONE, NEW]
    assert ids(records, "incident", "opened<2026-11-21") == []


def test_what_is_over_is_left_out_unless_its_state_is_asked_for(records: TreeSnapshot) -> None:
    assert ids(records, "incident", everything=False) == [NEW]
    assert ids(records, "incident", "state=cancelled", everything=False) == [DONE]


def test_files_that_can_not_be_read_are_counted() -> None:
    broken = as_files(incident()) | {f"records/incidents/2026/11/{DONE}.yaml": "a: [\n"}
    found = select(snapshot_of(broken), ["incident"])
    assert ([record.id for record in found.records], found.unreadable) == ([NEW], 1)


def test_an_unknown_kind_is_wrong_usage_with_the_nearest_name(records: TreeSnapshot) -> None:
    with pytest.raises(UsageFault, match="there is no kind `sevice`") as raised:
        select(records, ["kind=incident,sevice"])
    assert "service" in (raised.value.hint or "")


def test_a_word_that_nearly_names_a_kind_is_noticed() -> None:
    assert meant_kind(["sevices"]) == "services"
    assert meant_kind(["services", "mail", "state=new"]) is None
