"""Which entries of a timeline stayed, are new or became void in a step, however they are written."""

from __future__ import annotations

from typing import Any

import pytest

from itsm_as_code.domain.step import RecordChange, Side
from itsm_as_code.domain.timelines import canonical_entry, entries_of, matched, new_entries, voided_since

FIRST = {"at": "2026-11-21T08:00:00Z", "by": "ana", "state": "new"}
SECOND = {"at": "2026-11-21T09:00:00Z", "by": "ana", "note": "The certificate has run out."}


def removed(entry: dict[str, Any], **fields: Any) -> dict[str, Any]:
    kept = {key: value for key, value in entry.items() if key != "note"}
    return kept | {"redacted": {"by": "ben", "at": "2026-11-21T10:00:00Z", "reason": "A password"}} | fields


def step(base: Side | None, head: Side | None) -> RecordChange:
    return RecordChange("records/incidents/2026/11/INC-20261121-7K3Q9.yaml", "incident", "INC", base, head)


def side(*entries: Any) -> Side:
    return Side({"timeline": list(entries)}, None)


@pytest.mark.parametrize("data", [None, {}, {"timeline": None}, {"timeline": "new"}, {"timeline": {"at": "08:00"}}])
def test_what_is_no_list_has_no_entries(data: dict[str, Any] | None) -> None:
    assert entries_of(data) == []


def test_an_entry_is_the_same_whatever_the_order_of_its_keys() -> None:
    assert canonical_entry(SECOND) == canonical_entry(dict(reversed(SECOND.items())))
    nested = {"by": {"name": "The supplier", "email": "night@example.net"}}
    turned = {"by": {"email": "night@example.net", "name": "The supplier"}}
    assert canonical_entry(nested) == canonical_entry(turned) != canonical_entry({"by": nested})


def test_entries_that_differ_are_different() -> None:
    assert canonical_entry(FIRST) != canonical_entry(SECOND)
    assert list(matched([FIRST], [SECOND])) == [(0, None)]


def test_each_entry_of_head_is_that_of_one_entry_of_base() -> None:
    """Who writes the same twice has two entries, and takes one away if only one is left."""
    assert list(matched([FIRST, FIRST], [FIRST, SECOND, FIRST])) == [(0, 0), (1, 2)]
    assert list(matched([FIRST, FIRST], [FIRST])) == [(0, 0), (1, None)]


def test_an_entry_is_not_looked_for_before_the_one_ahead_of_it() -> None:
    assert list(matched([FIRST, SECOND], [SECOND, FIRST])) == [(0, 1), (1, None)]


def test_of_equal_entries_the_first_is_meant_so_that_those_after_it_are_found() -> None:
    assert list(matched([FIRST, SECOND], [FIRST, SECOND, FIRST, SECOND])) == [(0, 0), (1, 1)]


@pytest.mark.parametrize("other", [{"at": "2026-11-21T09:00:01Z"}, {"by": "ben"}])
def test_a_redacted_entry_is_the_one_of_that_person_and_instant(other: dict[str, Any]) -> None:
    assert list(matched([FIRST, SECOND], [FIRST, removed(SECOND)])) == [(0, 0), (1, 1)]
    assert list(matched([FIRST, SECOND], [FIRST, removed(SECOND, **other)])) == [(0, 0), (1, None)]
    assert list(matched([SECOND], [removed(SECOND, **other), removed(SECOND)])) == [(0, 1)]


def test_what_was_redacted_on_base_stays_as_it_was() -> None:
    again = removed(SECOND, redacted={"by": "ana", "at": "2026-11-21T11:00:00Z", "reason": "Nothing"})
    assert list(matched([removed(SECOND)], [again])) == [(0, None)]
    assert list(matched([removed(SECOND)], [removed(SECOND)])) == [(0, 0)]


def test_what_is_no_map_is_compared_as_it_is() -> None:
    assert list(matched(["one", 2, None], ["one", None])) == [(0, 0), (1, None), (2, 1)]


def test_new_is_what_base_does_not_have() -> None:
    assert new_entries(step(side(FIRST), side(FIRST, SECOND))) == {1}
    assert new_entries(step(None, side(FIRST, SECOND))) == {0, 1}
    assert new_entries(step(side(FIRST), None)) == set()


def test_what_can_not_be_read_says_nothing_about_what_is_void() -> None:
    assert voided_since(step(side(FIRST), side(FIRST))) == ()
    assert voided_since(step(None, side(FIRST))) == ()
    assert voided_since(step(side(FIRST), None)) == ()
