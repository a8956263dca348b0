"""Timelines from base to head: append-only with interleaving, redactions, priorities, who wrote."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from itsm_as_code.domain.edit import Fix, SetValue
from itsm_as_code.domain.finding import Finding
from itsm_as_code.domain.timelines import matched
from tests.checks.memory import as_files, codes, entry, incident, look_at_step

FIRST = entry("08:00", state="new")
SECOND = entry("09:00", note="The certificate has run out.")
THIRD = entry("10:00", state="in_progress")
TOMBSTONE = {"by": "ben", "at": "2026-11-21T11:00:00Z", "reason": "It named a patient."}


def step(base: list[dict[str, Any]], head: list[dict[str, Any]], **more: Any) -> list[Finding]:
    return look_at_step(as_files(incident(*base)), as_files(incident(*head)), **more)


def test_new_entries_may_stand_between_those_of_base() -> None:
    assert step([FIRST, THIRD], [FIRST, SECOND, THIRD]) == []


@pytest.mark.parametrize(
    "head",
    [
        [FIRST, THIRD],
        [FIRST, THIRD, SECOND],
        [FIRST, {**SECOND, "note": "All is well."}, THIRD],
        [FIRST, {**SECOND, "at": "2026-11-21T09:00:01Z"}, THIRD],
        [FIRST, {**SECOND, "by": "ben"}, THIRD],
        [FIRST, {**SECOND, "response": True}, THIRD],
        [FIRST, entry("09:00"), THIRD],
    ],
    ids=["removed", "moved", "note", "instant", "person", "field added", "note removed"],
)
def test_an_entry_of_base_may_not_be_removed_moved_or_changed(head: list[dict[str, Any]]) -> None:
    (finding,) = step([FIRST, SECOND, THIRD], head)
    assert (finding.code, finding.field) == ("LIF021", ("timeline",))
    assert finding.message.removesuffix(" by ana was changed, removed or moved") in (
        "the entry of 2026-11-21T09:00:00Z", "the entry of 2026-11-21T10:00:00Z"
    )  # fmt: skip


def test_of_two_equal_entries_both_must_stay() -> None:
    assert codes(step([FIRST, SECOND, SECOND], [FIRST, SECOND])) == ["LIF021"]
    assert step([FIRST, SECOND], [FIRST, SECOND, SECOND]) == []


def test_each_lost_entry_is_told() -> None:
    assert codes(step([FIRST, SECOND, THIRD], [FIRST])) == ["LIF021", "LIF021"]


def test_the_same_instant_in_another_spelling_is_a_change() -> None:
    head = [FIRST, {**SECOND, "at": "2026-11-21T10:00:00+01:00"}]
    assert codes(step([FIRST, SECOND], head)) == ["LIF021"]


@settings(deadline=None, max_examples=50)
@given(st.lists(st.sampled_from(["08:10", "08:20", "08:30"]), max_size=5), st.data())
def test_any_interleaving_of_new_entries_is_an_addition(times: list[str], data: st.DataObject) -> None:
    base = [FIRST, *(entry(at, note=f"old {number}") for number, at in enumerate(times))]
    head = list(base)
    for number in range(data.draw(st.integers(0, 4))):
        head.insert(data.draw(st.integers(1, len(head))), entry("08:15", note=f"new {number}"))
    assert step(base, head) == []


@settings(deadline=None, max_examples=50)
@given(st.integers(1, 4), st.data())
def test_any_order_of_base_but_its_own_is_a_rewriting(count: int, data: st.DataObject) -> None:
    base = [FIRST, *(entry("09:00", note=f"note {number}") for number in range(count))]
    head = data.draw(st.permutations(base))
    assert bool(step(base, head)) is (head != base)


def test_a_redaction_takes_texts_out_and_leaves_a_tombstone() -> None:
    public = {**SECOND, "public": "Mrs Miller waits."}
    assert step([FIRST, SECOND], [FIRST, {**entry("09:00"), "redacted": TOMBSTONE}]) == []
    assert step([FIRST, public], [FIRST, {**SECOND, "redacted": TOMBSTONE}]) == []
    assert step([FIRST, public], [FIRST, {**entry("09:00"), "redacted": TOMBSTONE}]) == []


@pytest.mark.parametrize(
    ("after", "words"),
    [
        ({**entry("09:00"), "redacted": TOMBSTONE, "state": "cancelled"}, "also changes `state`"),
        ({**SECOND, "redacted": TOMBSTONE}, "the redaction removes no text"),
        ({**entry("09:00"), "note": "Other words.", "redacted": TOMBSTONE}, "also changes `note`"),
        ({**entry("09:00"), "public": "Added.", "redacted": TOMBSTONE}, "also changes `public`"),
    ],
    ids=["state", "nothing", "other words", "text added"],
)
def test_a_redaction_that_changes_more_is_told_once(after: dict[str, Any], words: str) -> None:
    (finding,) = step([FIRST, SECOND], [FIRST, after])
    assert finding.code == "LIF031"
    assert finding.message in (words, f"the redaction {words}")


def test_a_tombstone_on_a_new_entry_hides_nothing_and_is_told() -> None:
    (finding,) = step([FIRST], [FIRST, {**entry("09:00"), "redacted": TOMBSTONE}])
    assert (finding.code, finding.field) == ("LIF031", ("timeline", 1, "redacted"))
    assert finding.message == "base has no such entry, so no text can have been removed from it"


def test_a_tombstone_can_neither_be_changed_nor_removed() -> None:
    base = [FIRST, {**entry("09:00"), "redacted": TOMBSTONE}]
    other = {**TOMBSTONE, "reason": "Another one."}
    assert step(base, [*base, THIRD]) == []
    assert "LIF021" in codes(step(base, [FIRST, {**entry("09:00"), "redacted": other}]))
    assert codes(step(base, [FIRST, entry("09:00")])) == ["LIF021"]


def test_an_imported_record_may_come_with_tombstones() -> None:
    head = as_files(incident(FIRST, {**entry("09:00"), "redacted": TOMBSTONE}))
    assert look_at_step({}, head) == []


def priority(of: str, **fields: Any) -> dict[str, Any]:
    return entry("09:00", priority=of, **fields)


def test_a_new_priority_is_that_of_the_matrix_on_base() -> None:
    right = priority("P2", impact="high", urgency="medium")
    (finding,) = step([FIRST], [FIRST, {**right, "priority": "P1"}])
    assert finding.code == "LIF025"
    assert finding.message == "impact high and urgency medium give P2, not P1"
    assert finding.field == ("timeline", 1, "priority")
    assert finding.fix == Fix("write P2", (SetValue(("timeline", 1, "priority"), "P2"),))
    assert step([FIRST], [FIRST, right]) == []


@pytest.mark.parametrize("known", [{"impact": "high"}, {"urgency": "high"}, {}])
def test_a_priority_without_impact_or_urgency_is_told_of_by_another_check(known: dict[str, Any]) -> None:
    assert "LIF025" not in codes(step([FIRST], [FIRST, priority("P1", **known)]))


def test_urgency_alone_is_judged_with_the_impact_from_before() -> None:
    first = entry("08:00", state="new", impact="low", urgency="low", priority="P5")
    assert step([first], [first, priority("P3", urgency="high")]) == []
    assert codes(step([first], [first, priority("P5", urgency="high")])) == ["LIF025"]


def test_what_was_taken_back_does_not_count_for_later_priorities() -> None:
    first = entry("08:00", state="new", impact="low", urgency="low", priority="P5")
    slip = entry("08:50", impact="high", urgency="high", priority="P1")
    void = entry("08:55", void="2026-11-21T08:50:00Z")
    assert step([first], [first, slip, void, priority("P4", urgency="medium")]) == []


def test_old_priorities_stay_when_the_matrix_changes() -> None:
    matrix = {impact: dict.fromkeys(("high", "medium", "low"), "P1") for impact in ("high", "medium", "low")}
    settings = {"itsm.yaml": json.dumps({"id": "4h7k2m9qx1zt", "schema": 1, "name": "E", "priorities": matrix})}
    old = entry("08:00", state="new", impact="low", urgency="low", priority="P5", note="Mrs Miller.")
    base = {**settings, **as_files(incident(old))}
    assert look_at_step(base, {**settings, **as_files(incident(old, SECOND))}) == []
    redacted = {key: value for key, value in old.items() if key != "note"} | {"redacted": TOMBSTONE}
    assert look_at_step(base, {**settings, **as_files(incident(redacted))}) == []
    new = priority("P5", urgency="low")
    assert codes(look_at_step(base, {**settings, **as_files(incident(old, new))})) == ["LIF025"]


def test_imported_priorities_are_kept() -> None:
    taken_over = priority("P5", impact="high", urgency="high", imported=True)
    assert step([FIRST], [FIRST, taken_over]) == []


ANA = frozenset({"ana@example.org"})


def test_an_entry_by_somebody_who_made_no_commit_is_a_warning() -> None:
    (finding,) = step([FIRST], [FIRST, {**SECOND, "by": "ben"}], emails=ANA)
    assert (finding.code, finding.field) == ("LIF029", ("timeline", 1, "by"))
    assert finding.message == "ben made no commit of this step"
    assert step([FIRST], [FIRST, {**SECOND, "by": "ben", "recorded_by": "ana"}], emails=ANA) == []
    (finding,) = step([FIRST], [FIRST, {**SECOND, "by": "ana", "recorded_by": "ben"}], emails=ANA)
    assert (finding.code, finding.field) == ("LIF029", ("timeline", 1, "recorded_by"))
    assert step([FIRST], [FIRST, SECOND], emails=ANA) == []


def test_addresses_are_compared_without_their_case() -> None:
    assert step([FIRST], [FIRST, SECOND], emails=frozenset({"Ana@Example.ORG"})) == []


def test_old_redacted_imported_and_outside_entries_name_whom_they_will() -> None:
    old = {**SECOND, "by": "ben"}
    redacted = {key: value for key, value in old.items() if key != "note"} | {"redacted": TOMBSTONE | {"by": "ana"}}
    outside = {**SECOND, "by": {"name": "Supplier's night shift"}}
    unknown = {**SECOND, "by": "carla"}
    assert step([FIRST, old], [FIRST, redacted], emails=ANA) == []
    assert step([FIRST], [FIRST, {**old, "imported": True}, outside, unknown], emails=ANA) == []
    (finding,) = step([FIRST], [FIRST, outside, entry("10:00", note="It works.") | {"by": "ben"}], emails=ANA)
    assert finding.field == ("timeline", 2, "by")


def test_a_step_without_known_authors_is_not_judged_by_them() -> None:
    assert step([FIRST], [FIRST, {**SECOND, "by": "ben"}]) == []


def test_what_both_sides_changed_is_judged_when_the_branch_is_up_to_date() -> None:
    (path,) = as_files(incident())
    assert codes(step([FIRST, SECOND], [FIRST, THIRD], conflicts=(path,))) == ["LIF027"]


def test_entries_that_are_no_maps_are_compared_too() -> None:
    base = as_files({**incident(), "timeline": [FIRST, "a note"]})
    head = as_files({**incident(), "timeline": [FIRST, "another"]})
    (finding,) = look_at_step(base, head)
    assert finding.message == "the entry of ? by ? was changed, removed or moved"


class Uncomparable(dict[str, Any]):
    """An entry that can be looked up, and compared with none."""

    def __eq__(self, other: object) -> bool:
        raise AssertionError("entries were compared one by one")

    __hash__ = None


def test_entries_are_looked_up_not_compared_with_each_other() -> None:
    base = [Uncomparable(entry("08:00", note=f"Note {number}")) for number in range(3)]
    head = [base[0], Uncomparable(entry("08:00", note="Another")), base[2]]
    assert list(matched(base, head)) == [(0, 0), (1, None), (2, 2)]


def test_whether_a_field_is_true_or_one_makes_two_entries() -> None:
    assert list(matched([{"response": True}], [{"response": 1}])) == [(0, None)]
