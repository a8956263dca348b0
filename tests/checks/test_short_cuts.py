"""What most records pass by a short way means the same as the long way."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from itsm_as_code.checks import privacy
from itsm_as_code.domain.content import content
from itsm_as_code.domain.kinds import KINDS
from itsm_as_code.domain.shape import references
from tests.checks.memory import as_files, codes, entry, incident, look
from tests.checks.strategies import records
from tests.checks.test_any_record import HURRIED


@pytest.mark.parametrize("kind", KINDS)
def test_targets_and_texts_leave_out_nothing_that_a_record_says(kind: str) -> None:
    @HURRIED
    @given(records(kind))
    def judge(record: Any) -> None:
        assert content(record).targets == {reference.target for reference in references(record)}
        together = content(record).texts
        assert all(text in together for _, text in privacy._texts(record) if type(text) is str)  # not of our words

    judge()


@pytest.mark.parametrize("kind", [kind for kind in KINDS if KINDS[kind].is_ticket])
def test_a_current_value_is_that_of_the_newest_entry_that_stands(kind: str) -> None:
    @HURRIED
    @given(records(kind))
    def judge(ticket: Any) -> None:
        standing = [each for index, each in enumerate(ticket.timeline) if index not in ticket.voided]
        for field in ticket.TRACKED_FIELDS:
            values = [getattr(each, field) for each in standing]
            assert ticket.current(field) == next((value for value in reversed(values) if value is not None), None)

    judge()


PIECES = (
    "://", "ana:", "s3cr3tpw", "@db", "@", ":", "=", "password", "api-key", " ", "\n", '"', "hunter22x", "ghp_",
    "a1B2" * 9, "AKIA", "IOSFODNN7EXAMPLE", "Bearer ", "glpat-", "xoxb-", "eyJ", ".", "-----BEGIN ", "PRIVATE KEY-----",
    "_",
)  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=8).map("".join))
def test_no_secret_passes_by_the_short_way(text: str) -> None:
    found, sought = privacy.find_secret(text), re.search(privacy._LEAK, text)
    assert (found and found.span()) == (sought and sought.span())


def test_each_mark_has_the_character_that_it_is_looked_for_by() -> None:
    assert all(letter in mark for letter, mark in privacy._MARKS)


@pytest.mark.parametrize("place", range(3))
@pytest.mark.parametrize(("instant", "code"), [("2027-01-01T00:00:00Z", "TIM002"), ("1970-01-01T00:00:00Z", "TIM006")])
def test_an_impossible_instant_is_told_wherever_it_stands(place: int, instant: str, code: str) -> None:
    entries = [entry("08:00", state="new"), entry("08:05", note="Seen."), entry("08:10", note="Seen again.")]
    entries[place]["at"] = instant
    assert code in codes(look(as_files(incident(*entries))))


AHEAD = "2027-01-01T00:00:00Z"


@pytest.mark.parametrize("more", [{"recorded": AHEAD}, {"redacted": {"by": "ana", "at": AHEAD, "reason": "A name."}}])
def test_an_instant_ahead_is_told_that_is_not_when_it_happened(more: dict[str, Any]) -> None:
    entries = entry("08:00", state="new"), entry("08:05", note="Seen.", **more)
    assert "TIM002" in codes(look(as_files(incident(*entries))))
