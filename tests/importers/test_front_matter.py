"""Front matter of strangers: what would cost gigabytes or hours is left out at once."""

from __future__ import annotations

import pytest

from itsm_as_code.importers.front_matter import load_yaml


@pytest.mark.parametrize(
    "text",
    [
        "a: &a [" + "x, " * 1000 + "x]\nb: [" + ", ".join(["*a"] * 1000) + "]",
        "a: " + "[" * 5000,
        "a: " + "x" * 200_001,
    ],
    ids=["aliases", "brackets", "length"],
)
def test_front_matter_that_would_cost_too_much_is_refused_before_it_is_parsed(text: str) -> None:
    with pytest.raises(ValueError, match="too"):
        load_yaml(text)


def test_a_few_aliases_and_words_in_emphasis_are_read() -> None:
    assert load_yaml("a: &a [1]\nb: *a\nc: some *words* here") == {"a": [1], "b": [1], "c": "some *words* here"}
