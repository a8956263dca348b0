"""Lengths of time in words."""

from __future__ import annotations

import pytest

from itsm_as_code.render.durations import length


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "0s"), (30, "30s"), (5400, "1h 30m"), (3661, "1h 1m"), (40 * 3600, "40h"), (-(25 * 3600 + 60), "-25h 1m")],
)
def test_lengths_have_two_units_at_most_and_no_days(seconds: int, words: str) -> None:
    assert length(seconds) == words
